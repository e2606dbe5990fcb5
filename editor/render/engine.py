"""Runs the steps of one tile, strip by strip, with the kernels: the one door to machine code.

Everything passes as addresses and integers, so that it could be C. All strips of a tile are done in
one call without the interpreter's lock; memory is read once per layer.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

import numpy as np
from numba import carray, cfunc, njit, types

from editor.document.pixels import TILE
from editor.render.adjust_kernels import adjust, begin, end
from editor.render.program import Op
from editor.render.stages import (
    LEVEL,
    blend,
    clear,
    copy,
    dissolve,
    floats,
    lay_layer,
    lerp,
    lerp_within,
    mask,
    pack_display,
    pack_straight,
    pointer,
    prefetch_row,
    restore,
    set_aside,
    straighten,
    unpack_layer,
)
from editor.render.strip import (
    DISSOLVES,
    FAST,
    FUSED,
    KERNEL_ADDRESS,
    MASK,
    OP,
    OPACITY,
    OPACITY_ONE,
    PLANES,
    ROW,
    SOURCE_X,
    STRIP_ROWS,
    TILES,
    F,
)

SOURCE, BEGIN, BEGIN_COPY = int(Op.SOURCE), int(Op.BEGIN), int(Op.BEGIN_COPY)
ADJUST = int(Op.ADJUST)
OPAQUE, RESTORE, END, END_LERP = int(Op.OPAQUE), int(Op.RESTORE), int(Op.END), int(Op.END_LERP)
PICTURE = 4 * PLANES  # bytes
OBJECT_HEAD = object.__basicsize__  # bytes of an array object before the address of its values


@njit(**FAST)
def _lay(top, source_address, step, x, y, row):
    """Blend a source whose alpha is already times opacity."""
    source = floats(source_address)
    if step[MASK] != 0:
        mask(step[MASK], row, source)
    if step[DISSOLVES] != 0:
        dissolve(x, y + row, source)
    blend(step[KERNEL_ADDRESS], top, source_address)


@njit(**FAST)
def _run_source(steps, index, work, top, x, y, row):  # noqa: PLR0913 - machine code, as run_tiles
    """Blend a layer's strip on the top, asking for the one that comes after it meanwhile."""
    step, after, next_row = steps[index], steps[0], row + STRIP_ROWS
    if step[TILES] | step[TILES + 1] | step[TILES + 2] | step[TILES + 3] == 0:
        return
    if index + 1 < steps.shape[0]:
        after, next_row = steps[index + 1], row
    strength = F(step[OPACITY]) * F(1 / OPACITY_ONE) * LEVEL
    if step[FUSED] != 0:
        lay_layer(step, row, top, strength, after, next_row)
        return
    for i in range(STRIP_ROWS):
        prefetch_row(after, next_row + i)
    unpack_layer(step, row, work, strength)
    _lay(top, work, step, x, y, row)


@njit(**FAST)
def _run_strip(steps, work, x, y, row):
    """Run all steps on one strip. The first picture of `work` is for sources, the rest a stack."""
    top = work + PICTURE
    clear(floats(top))
    for index in range(steps.shape[0]):
        step = steps[index]
        op = step[OP]
        opacity = F(step[OPACITY]) * F(1 / OPACITY_ONE)
        if op == SOURCE:
            _run_source(steps, index, work, top, x, y, row)
        elif op == ADJUST:
            begin(floats(top), floats(work), opacity)
            adjust(floats(top), floats(work), step[TILES], step[SOURCE_X])
            _lay(top, work, step, x, y, row)
            end(floats(top), floats(work))
        elif op == BEGIN:
            top += PICTURE
            clear(floats(top))
        elif op == BEGIN_COPY:
            top += PICTURE
            copy(floats(top - PICTURE), floats(top))
        elif op == OPAQUE:
            set_aside(floats(top))
        elif op == RESTORE:
            restore(floats(top))
        elif op == END:
            straighten(floats(top), opacity)
            top -= PICTURE
            _lay(top, top + PICTURE, step, x, y, row)
        elif op == END_LERP:
            top -= PICTURE
            lerp(floats(top), floats(top + PICTURE), opacity, step[MASK], row)
        else:
            top -= 2 * PICTURE
            lerp_within(floats(top), floats(top + PICTURE), floats(top + 2 * PICTURE))


@njit(**FAST)
def _find_values(rows):
    """Replace the addresses of array objects by those of their values."""
    for index in range(rows.shape[0]):
        for column in (MASK, TILES, TILES + 1, TILES + 2, TILES + 3):
            place = rows[index, column]
            if place != 0:
                rows[index, column] = carray(pointer(place + OBJECT_HEAD, types.int64), (1,))[0]


@njit(**FAST)
def _run_tile(steps, work, x, y, out, out_stride, for_display):  # noqa: PLR0913 - as run_tiles
    for row in range(0, TILE, STRIP_ROWS):
        _run_strip(steps, work, x, y, row)
        for i in range(STRIP_ROWS):
            picture = floats(work + PICTURE + 4 * i * TILE)
            packed = carray(pointer(out + (row + i) * out_stride, types.uint32), (TILE,))
            if for_display:
                pack_display(picture, packed)
            else:
                pack_straight(picture, packed)


SIGNATURE = types.void(*[types.int64] * 8)


@cfunc(SIGNATURE, **FAST)
def run_tiles(tiles, steps, count, work, corners, outs, out_stride, for_display):  # noqa: PLR0913 - a C function
    """Composite so many 128 x 128 tiles of the document.

    steps: address of (tiles, count, ROW) integers; work: of PLANES floats of scratch for each
    picture and one more; corners: of (tiles, 2) integers, x and y in the document; outs: of the
    address of each result, 128 rows of 128 uint32, their stride in bytes, premultiplied BGRA for
    display, else straight RGBA.
    """
    rows = carray(pointer(steps, types.int64), (tiles * count, ROW))
    _find_values(rows)
    places = carray(pointer(corners, types.int64), (tiles, 2))
    results = carray(pointer(outs, types.int64), (tiles,))
    for tile in range(tiles):
        own = rows[tile * count : (tile + 1) * count]
        x, y = places[tile, 0], places[tile, 1]
        _run_tile(own, work, x, y, results[tile], out_stride, for_display)


@njit(**FAST)
def _halve_row(upper, lower, count, out):
    """Two channels at a time, each in 16 of 32 bits; the two remainders round to the nearest."""
    first = carray(pointer(upper, types.uint32), (TILE,))
    second = carray(pointer(lower, types.uint32), (TILE,))
    half = carray(pointer(out, types.uint32), (TILE,))
    mask, two = np.uint32(0x00FF00FF), np.uint32(0x00020002)
    two_bits, byte = np.uint32(2), np.uint32(8)
    for i in range(count):
        a, b, c, d = first[2 * i], first[2 * i + 1], second[2 * i], second[2 * i + 1]
        even = np.uint32((a & mask) + (b & mask) + (c & mask) + (d & mask) + two)
        odd = np.uint32(
            ((a >> byte) & mask)
            + ((b >> byte) & mask)
            + ((c >> byte) & mask)
            + ((d >> byte) & mask)
            + two
        )
        half[i] = np.uint32(((even >> two_bits) & mask) | (((odd >> two_bits) & mask) << byte))


@cfunc(types.void(*[types.int64] * 5), **FAST)
def halve(source, source_stride, out, out_stride, side):
    """Write the mean of every 2 x 2 pixels of a square into one of `side`; strides in bytes."""
    for row in range(side):
        upper = source + 2 * row * source_stride
        _halve_row(upper, upper + source_stride, side, out + row * out_stride)
