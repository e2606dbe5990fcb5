"""PackBits both ways as numba kernels: what the compiler makes machine code of, and nothing else.

A row is a string of pieces: a byte n < 128 and n + 1 bytes as they are, or a byte n > 128 and one
byte to be repeated 257 - n times (TIFF 6.0, section 9). Everything passes as addresses and
integers, so that it could be C.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

from numba import carray, cfunc, njit, types

from editor.formats.psd.machine import CLEARED, ON_WHITE
from editor.render.stages import pointer
from editor.render.strip import FAST

WORD = types.int64


@njit(**FAST)
def _pack_row(row, width, out, at):
    """Write one row and return where it ends; two equal bytes are not worth a run."""
    start = 0
    while start < width:
        value = row[start]
        limit = min(width, start + 128)
        end = start + 1
        while end < limit and row[end] == value:
            end += 1
        if end - start >= 3:
            out[at] = 257 - (end - start)
            out[at + 1] = value
            at += 2
        else:
            while end < limit:
                if end + 2 < width and row[end] == row[end + 1] and row[end] == row[end + 2]:
                    break
                end += 1
            out[at] = end - start - 1
            at += 1
            for x in range(start, end):
                out[at] = row[x]
                at += 1
        start = end
    return at


@njit(**FAST)
def _unpack_row(data, at, end, out, first, step, width):  # noqa: PLR0913  as a C call
    """Fill one row, and return whether the bytes were as many as that takes."""
    x = 0
    while x < width:
        if at + 1 >= end:
            return False
        head = WORD(data[at])
        at += 1
        if head < 128:
            count = head + 1
            if at + count > end or x + count > width:
                return False
            for i in range(count):
                out[first + (x + i) * step] = data[at + i]
            at += count
            x += count
        elif head > 128:
            count = 257 - head
            if x + count > width:
                return False
            value = data[at]
            for i in range(count):
                out[first + (x + i) * step] = value
            at += 1
            x += count
    return True


@njit(**FAST)
def _gather_row(source, first, step, alpha_at, row, kind):
    """Copy one row of bytes `step` apart; where `kind` says so, as its alpha makes it."""
    for x in range(row.shape[0]):
        at = first + x * step
        value = types.int32(source[at])
        if kind == CLEARED:
            value = value if source[at + alpha_at] != 0 else types.int32(0)
        elif kind == ON_WHITE:
            alpha = types.int32(source[at + alpha_at])
            scaled = (
                value * alpha + types.int32(255) * (types.int32(255) - alpha) + types.int32(128)
            )
            value = (scaled + (scaled >> types.int32(8))) >> types.int32(8)
        row[x] = value


@cfunc(WORD(*[WORD] * 10), **FAST)
def pack(plane, height, width, row_step, step, alpha_at, kind, row, out, counts):  # noqa: PLR0913  a C call
    """Pack a plane, its bytes `step` apart, and return how many bytes that took.

    The alpha of a pixel lies `alpha_at` bytes after it; see `rle.py` for what it is for. `row` is
    room for one row; `out` for width + width // 64 + 16 bytes a row; `counts` becomes the length
    of each row.
    """
    source = carray(pointer(plane, types.uint8), (height * row_step,))
    one = carray(pointer(row, types.uint8), (width,))
    packed = carray(pointer(out, types.uint8), (height * (width + width // 64 + 16),))
    lengths = carray(pointer(counts, types.int64), (height,))
    at = WORD(0)
    for y in range(height):
        _gather_row(source, y * row_step, step, alpha_at, one, kind)
        end = _pack_row(one, width, packed, at)
        lengths[y] = end - at
        at = end
    return at


@cfunc(WORD(WORD, WORD, WORD, WORD, WORD, WORD, WORD), **FAST)
def unpack(data, counts, height, width, row_step, step, out):  # noqa: PLR0913  as above
    """Unpack rows of the given lengths and return 1, or 0 where a row is not what it should be."""
    lengths = carray(pointer(counts, types.int64), (height,))
    total = WORD(0)
    for y in range(height):
        total += lengths[y]
    packed = carray(pointer(data, types.uint8), (total,))
    plane = carray(pointer(out, types.uint8), (height * row_step,))
    at = WORD(0)
    for y in range(height):
        end = at + lengths[y]
        if not _unpack_row(packed, at, end, plane, y * row_step, step, width):
            return 0
        at = end
    return 1
