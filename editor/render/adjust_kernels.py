"""Adjustments on a strip of a picture in work, compiled; the formulas are in `adjusting.py`.

Compiled together with the kernels; the same rules about float32 and divisors hold.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators
# The compiler gives these functions their types; hints would be ignored by it, and wrong.

import numpy as np
from numba import carray, njit, types

from editor.render.adjusting import TABLE as ENTRIES
from editor.render.adjusting import How
from editor.render.kernels_hsl import BLUE_PART, GREEN_PART, RED_PART, set_lum
from editor.render.stages import pointer, straighten
from editor.render.strip import ALPHA, ASIDE, BLUE, FAST, GREEN, INLINE, RED, STRIP, TINY, F

ZERO, HALF, ONE, TWO, THREE, FOUR, SIX = F(0), F(0.5), F(1), F(2), F(3), F(4), F(6)
WHITE = F(255)
TABLE, KEEPING = int(How.TABLE), int(How.TABLE_KEEPING_LUMINOSITY)
ONE_HUE = int(How.ONE_HUE)


@njit(**FAST)
def begin(top, source, opacity):
    """Make the top opaque and straight, its alpha kept in the source, whose own is `opacity`."""
    for i in range(STRIP):
        source[ASIDE + i] = top[ALPHA + i]
    straighten(top, ONE)
    for i in range(STRIP):
        top[ALPHA + i] = ONE
        source[ALPHA + i] = opacity


@njit(**FAST)
def end(top, source):
    """Give the top its alpha back."""
    for i in range(STRIP):
        alpha = source[ASIDE + i]
        top[RED + i] *= alpha
        top[GREEN + i] *= alpha
        top[BLUE + i] *= alpha
        top[ALPHA + i] = alpha


@njit(**FAST)
def adjust(top, source, address, how):
    """Write the colours of the top, straight, into the source as the adjustment makes them."""
    if how <= KEEPING:
        _by_table(top, source, address)
        if how == KEEPING:
            _keep_luminosity(top, source)
    else:
        values = carray(pointer(address, types.float32), (4,))
        _in_hsl(top, source, values[0], values[1], values[2], how == ONE_HUE)


@njit(**FAST)
def _by_table(top, source, address):
    _look_up(top, source, RED, address)
    _look_up(top, source, GREEN, address + 4 * ENTRIES)
    _look_up(top, source, BLUE, address + 8 * ENTRIES)


@njit(**FAST)
def _look_up(top, source, plane, address):
    table = carray(pointer(address, types.float32), (ENTRIES,))
    for i in range(STRIP):
        place = min(ONE, max(ZERO, top[plane + i])) * WHITE
        whole = np.int32(place)
        below = np.uint64(whole)  # unsigned, or each look asks whether it counts from the end
        first = table[below]
        source[plane + i] = first + (table[below + np.uint64(1)] - first) * (place - F(whole))


@njit(**FAST)
def _keep_luminosity(top, source):
    for i in range(STRIP):
        lum = top[RED + i] * RED_PART + top[GREEN + i] * GREEN_PART + top[BLUE + i] * BLUE_PART
        made = set_lum((source[RED + i], source[GREEN + i], source[BLUE + i]), lum, ONE)
        source[RED + i], source[GREEN + i], source[BLUE + i] = made


@njit(**INLINE)
def _hue(red, green, blue, high, spread):
    inverse = ONE / max(spread, TINY)
    if red >= high:
        return (green - blue) * inverse
    if green >= high:
        return (blue - red) * inverse + TWO
    return (red - green) * inverse + FOUR


@njit(**INLINE)
def _of_hue(hue, light, chroma, white, lighter):
    turned = hue - SIX * np.floor(hue / SIX)
    part = min(ONE, max(ZERO, abs(turned - THREE) - ONE)) - HALF
    value = min(ONE, max(ZERO, light + chroma * part))
    return value + (white - value) * abs(lighter)


@njit(**FAST)
def _in_hsl(top, source, turn, factor, lighter, one_hue):
    white = ONE if lighter > ZERO else ZERO
    for i in range(STRIP):
        red, green, blue = top[RED + i], top[GREEN + i], top[BLUE + i]
        high, low = max(red, green, blue), min(red, green, blue)
        hue, chroma, light = turn, factor, (high + low) * HALF
        if one_hue:
            light = red * RED_PART + green * GREEN_PART + blue * BLUE_PART
            chroma = factor * (ONE - abs(TWO * light - ONE))
        else:
            hue = _hue(red, green, blue, high, high - low) + turn
            chroma = min((high - low) * factor, ONE - abs(TWO * light - ONE))
        source[RED + i] = _of_hue(hue, light, chroma, white, lighter)
        source[GREEN + i] = _of_hue(hue + FOUR, light, chroma, white, lighter)
        source[BLUE + i] = _of_hue(hue + TWO, light, chroma, white, lighter)
