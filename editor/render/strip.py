"""How a strip of a picture in work lies in memory; stated once, for kernels and their callers."""

from typing import Any

import numpy as np

from editor.document.pixels import TILE

F = np.float32
STRIP_ROWS = 8  # with fewer a step costs more, with more the pictures in work leave the cache
STRIP = STRIP_ROWS * TILE  # pixels
RED, GREEN, BLUE, ALPHA, ASIDE = (plane * STRIP for plane in range(5))
PLANES = 5 * STRIP  # values of one picture in work
TINY = F(1e-9)  # what no divisor may be below

# What the row of a step holds, as 64-bit integers; addresses are 0 where there is nothing.
OP, KERNEL_ADDRESS, DISSOLVES, OPACITY, MASK, FUSED, SOURCE_X, SOURCE_Y, TILES = range(9)
ROW = TILES + 4
OPACITY_ONE = 1 << 24

# Options of every kernel. The code is kept by `native.py`, not by numba, and called without the
# interpreter's lock.
FAST: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy"}

# A formula that is called rather than inlined keeps its kernel from being vectorised.
INLINE: dict[str, Any] = {**FAST, "forceinline": True}
