"""LayerDiffusion on torch: from a request's words and pictures to pixels with their own alpha.

Torch lives here and in `training`. Runs in the worker process only; knows no editor and no Qt.
"""
