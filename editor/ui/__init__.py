"""The window: widgets that read a workspace and call it.

Thin on purpose. Pixels are composited in `render`, changed in `edits` and made in `generator`; here
they are only shown. Never imports torch or psd-tools, and numba only through rooms that come after
the first paint.
"""
