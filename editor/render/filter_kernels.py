"""The one thing of filters that numpy is too slow for, compiled: weighted sums of rows."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

from numba import carray, cfunc, types

from editor.render.stages import pointer
from editor.render.strip import FAST, F


@cfunc(types.void(*[types.int64] * 6), **FAST)
def sum_rows(source, out, rows, width, weights, taps):
    """Write into each of `rows` rows the weighted sum of `taps` rows of the source from it on.

    source: of (rows + taps - 1, width) float32; out: of (rows, width); weights: of (taps,).
    """
    given = carray(pointer(source, types.float32), (rows + taps - 1, width))
    result = carray(pointer(out, types.float32), (rows, width))
    shares = carray(pointer(weights, types.float32), (taps,))
    for row in range(rows):
        for column in range(width):
            result[row, column] = F(0)
        for tap in range(taps):
            share = shares[tap]
            for column in range(width):
                result[row, column] += given[row + tap, column] * share
