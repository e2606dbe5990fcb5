"""The second program: requests of plain arrays in, layers of plain arrays out.

Knows nothing of the editor. Torch is imported only in `layer_diffusion`, `training` and the
backends, all of which run in the worker process; Qt only in `thread.py`.
"""
