"""Documents to pixels: blend modes, compositing, the cache of composited tiles, resampling.

Straight RGBA8 tiles come in; inside, colour is premultiplied float32 between 0 and 1. Knows nothing
of Qt, torch or files; the one thing it keeps on disk is machine code in the user's cache folder.
"""
