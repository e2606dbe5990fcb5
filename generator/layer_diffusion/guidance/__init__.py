"""What guides a job beside words: control pictures, styles, the user's LoRAs, and checks of both.

Everything here is put on for a run and taken off again, and leaves a model bit for bit as it was.
"""
