"""Dabs stamped, paint laid on a tile, pictures resampled: compiled with the blend kernels.

Everything passes as addresses and integers. `painting.py` and `transforming.py` hold the formulas.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

import math

import numpy as np
from numba import carray, cfunc, njit, types

from editor.document.pixels import TILE
from editor.render.stages import pointer
from editor.render.strip import FAST, INLINE, F

DAB = 5  # x, y, radius, width of the edge, flow
PIXELS = TILE * TILE
ZERO, HALF, ONE, TWO, THREE, WHITE = F(0), F(0.5), F(1), F(2), F(3), F(255)
TINY = F(1e-6)
NEAREST, SMOOTH, CUBIC = 0, 1, 2
D = np.float64  # rounding down and up is an instruction for these, a call for float32


@cfunc(types.void(*[types.int64] * 5), **FAST)
def stamp(cover, x0, y0, dabs, count):
    """Build up a tile's coverage, (128, 128) float32 from 0 to 1, by dabs of (count, 5) float32.

    (x0, y0) is the tile's corner in the coordinates of the dabs.
    """
    values = carray(pointer(cover, types.float32), (TILE, TILE))
    rows = carray(pointer(dabs, types.float32), (count, DAB))
    for index in range(count):
        x, y = rows[index, 0] - F(x0), rows[index, 1] - F(y0)
        radius, edge, flow = rows[index, 2], rows[index, 3], rows[index, 4]
        reach = radius + ONE
        top, bottom = max(0, math.floor(D(y - reach))), min(TILE, math.ceil(D(y + reach)))
        left, right = max(0, math.floor(D(x - reach))), min(TILE, math.ceil(D(x + reach)))
        for row in range(top, bottom):
            dy = F(row) + HALF - y
            for column in range(left, right):
                dx = F(column) + HALF - x
                distance = np.sqrt(dx * dx + dy * dy)
                ramp = min(max((radius + HALF - distance) / edge, ZERO), ONE)
                share = ramp * ramp * (THREE - TWO * ramp) * flow
                values[row, column] += share * (ONE - values[row, column])


@cfunc(types.void(*[types.int64] * 8), **FAST)
def lay(base, cover, mask, out, colour, strength, keep_alpha, erase):  # noqa: PLR0913 - a C function
    """Lay paint on a tile of straight RGBA8 by its coverage; base and mask may be 0 for none.

    `colour` is 0xBBGGRR; `strength` the opacity in steps of 1 / 65536. With `erase` alpha is taken
    away instead. What stays fully transparent keeps the colour it had.
    """
    before = carray(pointer(base, types.uint32), (PIXELS,))
    shares = carray(pointer(cover, types.float32), (PIXELS,))
    limits = carray(pointer(mask, types.uint8), (PIXELS,))
    after = carray(pointer(out, types.uint32), (PIXELS,))
    opacity = F(strength) * F(1 / 65536)
    red, green, blue = F(colour & 255), F((colour >> 8) & 255), F((colour >> 16) & 255)
    byte = np.uint32(255)
    for i in range(PIXELS):
        pixel = before[i] if base != 0 else np.uint32(0)
        share = shares[i] * opacity
        if mask != 0:
            share *= F(limits[i]) * F(1 / 255)
        r, g = F(pixel & byte), F((pixel >> np.uint32(8)) & byte)
        b, alpha = F((pixel >> np.uint32(16)) & byte), F(pixel >> np.uint32(24)) * F(1 / 255)
        if erase != 0:
            alpha *= ONE - share
        else:
            if keep_alpha == 0:
                alpha += share * (ONE - alpha)
                share /= max(alpha, TINY)
            r += (red - r) * share
            g += (green - g) * share
            b += (blue - b) * share
        level = np.uint32(alpha * WHITE + HALF)
        painted = (
            np.uint32(min(max(r, ZERO), WHITE) + HALF)
            | (np.uint32(min(max(g, ZERO), WHITE) + HALF) << np.uint32(8))
            | (np.uint32(min(max(b, ZERO), WHITE) + HALF) << np.uint32(16))
            | (level << np.uint32(24))
        )
        had = pixel >> np.uint32(24)
        after[i] = painted if level | had else pixel


@cfunc(types.void(*[types.int64] * 6), **FAST)
def lay_pixels(base, source, mask, out, strength, keep_alpha):
    """Lay a tile of straight RGBA8 over another one, as `lay` does a colour."""
    before = carray(pointer(base, types.uint32), (PIXELS,))
    pixels = carray(pointer(source, types.uint32), (PIXELS,))
    limits = carray(pointer(mask, types.uint8), (PIXELS,))
    after = carray(pointer(out, types.uint32), (PIXELS,))
    opacity = F(strength) * F(1 / 65536)
    byte = np.uint32(255)
    for i in range(PIXELS):
        pixel = before[i] if base != 0 else np.uint32(0)
        laid = pixels[i]
        share = F(laid >> np.uint32(24)) * F(1 / 255) * opacity
        if mask != 0:
            share *= F(limits[i]) * F(1 / 255)
        r, g = F(pixel & byte), F((pixel >> np.uint32(8)) & byte)
        b, alpha = F((pixel >> np.uint32(16)) & byte), F(pixel >> np.uint32(24)) * F(1 / 255)
        if keep_alpha == 0:
            alpha += share * (ONE - alpha)
            share /= max(alpha, TINY)
        r += (F(laid & byte) - r) * share
        g += (F((laid >> np.uint32(8)) & byte) - g) * share
        b += (F((laid >> np.uint32(16)) & byte) - b) * share
        level = np.uint32(alpha * WHITE + HALF)
        painted = (
            np.uint32(min(max(r, ZERO), WHITE) + HALF)
            | (np.uint32(min(max(g, ZERO), WHITE) + HALF) << np.uint32(8))
            | (np.uint32(min(max(b, ZERO), WHITE) + HALF) << np.uint32(16))
            | (level << np.uint32(24))
        )
        had = pixel >> np.uint32(24)
        after[i] = painted if level | had else pixel


@njit(**INLINE)
def _weight(distance, kind):
    """Return a filter's value: a tent, or Catmull and Rom's cubic (a = -0.5)."""
    d = abs(distance)
    if kind == SMOOTH:
        return max(ZERO, ONE - d)
    if d < ONE:
        return (F(1.5) * d - F(2.5)) * d * d + ONE
    if d < TWO:
        return ((F(-0.5) * d + F(2.5)) * d - F(4)) * d + TWO
    return ZERO


@njit(**INLINE)
def _within(place, size, unit):
    """Return how much of a new pixel, `unit` wide in the old picture, lies inside of it."""
    before = min(max(place / unit + HALF, ZERO), ONE)
    return before * min(max((size - place) / unit + HALF, ZERO), ONE)


@njit(**FAST)
def _filtered(source, x, y, reach_x, reach_y, kind):
    """Return the straight RGBA8 at a place: neighbours inside the picture mixed by alpha."""
    height, width = source.shape
    support = ONE if kind == SMOOTH else TWO
    wide, high = support * reach_x, support * reach_y
    left, right = max(0, math.ceil(D(x - HALF - wide))), math.floor(D(x - HALF + wide))
    top, bottom = max(0, math.ceil(D(y - HALF - high))), math.floor(D(y - HALF + high))
    r = g = b = a = total = ZERO
    byte = np.uint32(255)
    for row in range(top, min(bottom + 1, height)):
        down = _weight((F(row) + HALF - y) / reach_y, kind)
        for column in range(left, min(right + 1, width)):
            weight = down * _weight((F(column) + HALF - x) / reach_x, kind)
            total += weight
            pixel = source[row, column]
            alpha = weight * F(pixel >> np.uint32(24))
            a += alpha
            r += alpha * F(pixel & byte)
            g += alpha * F((pixel >> np.uint32(8)) & byte)
            b += alpha * F((pixel >> np.uint32(16)) & byte)
    return r, g, b, a, total


@njit(**INLINE)
def _packed(mixed, share):
    """Return what was mixed as straight RGBA8, its alpha times a share; 0 where nothing is left."""
    r, g, b, a, total = mixed
    if a <= ZERO or total <= ZERO:
        return np.uint32(0)
    level = np.uint32(min(a / total, WHITE) * share + HALF)
    if level == 0:
        return np.uint32(0)
    return (
        np.uint32(min(max(r / a, ZERO), WHITE) + HALF)
        | (np.uint32(min(max(g / a, ZERO), WHITE) + HALF) << np.uint32(8))
        | (np.uint32(min(max(b / a, ZERO), WHITE) + HALF) << np.uint32(16))
        | (level << np.uint32(24))
    )


@cfunc(types.void(*[types.int64] * 8), **FAST)
def resample(source, width, height, out, out_width, out_height, matrix, kind):  # noqa: PLR0913 - a C function
    """Fill a straight RGBA8 picture from another one through an affine, pixel centres at .5.

    matrix: six float64 that take a place of the new picture to one of the old.
    """
    pixels = carray(pointer(source, types.uint32), (height, width))
    result = carray(pointer(out, types.uint32), (out_height, out_width))
    m = carray(pointer(matrix, types.float64), (6,))
    unit_x = math.sqrt(m[0] * m[0] + m[1] * m[1])
    unit_y = math.sqrt(m[3] * m[3] + m[4] * m[4])
    reach_x, reach_y = F(max(1.0, unit_x)), F(max(1.0, unit_y))
    for row in range(out_height):
        for column in range(out_width):
            x = m[0] * (column + 0.5) + m[1] * (row + 0.5) + m[2]
            y = m[3] * (column + 0.5) + m[4] * (row + 0.5) + m[5]
            if kind == NEAREST:
                at_x, at_y = math.floor(x), math.floor(y)
                inside = 0 <= at_x < width and 0 <= at_y < height
                result[row, column] = pixels[at_y, at_x] if inside else np.uint32(0)
                continue
            share = _within(F(x), F(width), F(unit_x)) * _within(F(y), F(height), F(unit_y))
            if share <= ZERO:
                result[row, column] = np.uint32(0)
                continue
            mixed = _filtered(pixels, F(x), F(y), reach_x, reach_y, kind)
            result[row, column] = _packed(mixed, share)
