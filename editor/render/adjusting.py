"""Adjustments as formulas in float64, and in the form that both engines run them in.

Brightness, levels, curves and inversion change each channel by itself: they are a table of the 256
levels, and colours between two levels lie between their entries. Colour balance is one too, but may
give the luminosity back. Hue and saturation mix the channels, in the colour model HSL.
"""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from editor.document.adjustment import (
    Adjustment,
    BrightnessContrast,
    ColorBalance,
    Curve,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
    Shift,
)
from editor.render.reference import Floats, luminosity, set_luminosity

LEVELS = np.arange(256) / 255
TABLE = 257  # entries of a channel: the last one twice, so that each has one after it
MIDDLE = 127 / 255  # what contrast pulls from, as Photoshop's files have it
MOST_SATURATION = 255.0  # times as much: a grey that is one level off becomes a full colour


class How(IntEnum):
    """What the engines do with the values."""

    TABLE = 0  # (3, 257): red, green, blue
    TABLE_KEEPING_LUMINOSITY = 1
    HSL = 2  # turn in sixths of a circle, factor of saturation, lightness, 0
    ONE_HUE = 3  # hue in sixths of a circle, saturation, lightness, 0


class Prepared(NamedTuple):
    """An adjustment as the engines take it."""

    how: How
    values: NDArray[np.float32]


@lru_cache(256)
def prepared(adjustment: Adjustment) -> Prepared:
    """Return an adjustment in the form the engines run it in; kept, for each tile asks."""
    if isinstance(adjustment, HueSaturation):
        how, values = How.ONE_HUE if adjustment.colorize else How.HSL, _hsl_values(adjustment)
    else:
        keeps = isinstance(adjustment, ColorBalance) and adjustment.keep_luminosity
        how = How.TABLE_KEEPING_LUMINOSITY if keeps else How.TABLE
        table = np.clip(channel_tables(adjustment), 0, 1)
        values = np.concatenate([table, table[:, -1:]], axis=1)
    packed = np.ascontiguousarray(values, np.float32)
    packed.flags.writeable = False
    return Prepared(how, packed)


def channel_tables(
    adjustment: BrightnessContrast | Levels | Curves | ColorBalance | Invert,
) -> Floats:
    """Return what becomes of each level, (3, 256), not yet cut to 0 to 1."""
    match adjustment:
        case BrightnessContrast():
            return np.tile(_brightened(adjustment), (3, 1))
        case Levels(rgb, red, green, blue):
            return np.stack([_levelled(_levelled(LEVELS, own), rgb) for own in (red, green, blue)])
        case Curves(rgb, red, green, blue):
            own = [curve_values(each, LEVELS) for each in (red, green, blue)]
            return np.stack([curve_values(rgb, each) for each in own])
        case ColorBalance():
            return _balanced(adjustment)
        case Invert():
            return np.tile(1 - LEVELS, (3, 1))
        case _:
            assert_never(adjustment)


def adjusted(how: How, values: NDArray[np.float32], color: Floats) -> Floats:
    """Return straight colour (..., 3) after an adjustment; the reference for the kernels."""
    if how in (How.HSL, How.ONE_HUE):
        return _in_hsl(values.astype(np.float64), color, one_hue=how is How.ONE_HUE)
    place = np.clip(color, 0, 1) * 255
    below = place.astype(np.int64)
    share = place - below
    table = values.astype(np.float64).reshape(3, TABLE)
    result = np.empty_like(color)
    for channel in range(3):
        own, at = table[channel], below[..., channel]
        result[..., channel] = own[at] + (own[at + 1] - own[at]) * share[..., channel]
    if how is How.TABLE_KEEPING_LUMINOSITY:
        return set_luminosity(result, luminosity(color))
    return result


def curve_values(curve: Curve, at: Floats) -> Floats:
    """Return a natural cubic spline through the points, level beyond the outermost ones."""
    x = np.array([point[0] for point in curve], np.float64) / 255
    y = np.array([point[1] for point in curve], np.float64) / 255
    bends = _bends(x, y)
    at = np.asarray(np.clip(at, x[0], x[-1]), np.float64)
    index = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    wide = x[index + 1] - x[index]
    a, b = (x[index + 1] - at) / wide, (at - x[index]) / wide
    bent = (a**3 - a) * bends[index] + (b**3 - b) * bends[index + 1]
    values: Floats = np.clip(a * y[index] + b * y[index + 1] + bent * wide**2 / 6, 0, 1)
    return values


def _bends(x: Floats, y: Floats) -> Floats:
    """Return the second derivative at each point, 0 at both ends."""
    count = len(x)
    matrix: Floats = np.eye(count)
    right: Floats = np.zeros(count)
    for i in range(1, count - 1):
        before, after = x[i] - x[i - 1], x[i + 1] - x[i]
        matrix[i, i - 1 : i + 2] = before / 6, (before + after) / 3, after / 6
        right[i] = (y[i + 1] - y[i]) / after - (y[i] - y[i - 1]) / before
    return np.asarray(np.linalg.solve(matrix, right), np.float64)


def _brightened(adjustment: BrightnessContrast) -> Floats:
    """Photoshop's older formula, which its files call legacy: a straight line."""
    contrast = adjustment.contrast / 100
    slope = 1 + contrast if contrast < 0 else 1 / max(1 - contrast, 1e-6)
    result: Floats = (LEVELS + adjustment.brightness / 255 - MIDDLE) * slope + MIDDLE
    return result


def _levelled(values: Floats, levels: LevelRange) -> Floats:
    spread = max(levels.white - levels.black, 1)
    share = np.clip((np.clip(values, 0, 1) * 255 - levels.black) / spread, 0, 1)
    out = share ** (1 / levels.gamma)
    result: Floats = (levels.out_black + (levels.out_white - levels.out_black) * out) / 255
    return result


def _balanced(adjustment: ColorBalance) -> Floats:
    """Each shift weighs most in its own tones; the weights are ramps about thirds of the range."""
    dark = np.clip((1 / 3 - LEVELS) * 4 + 0.5, 0, 1)
    light = np.clip((LEVELS - 2 / 3) * 4 + 0.5, 0, 1)
    middle = (1 - dark) * (1 - light)

    def shifted(weight: Floats, shift: Shift) -> Floats:
        return weight[None] * (np.array(shift, np.float64)[:, None] / 100 * 0.7)

    total = shifted(dark, adjustment.shadows) + shifted(middle, adjustment.midtones)
    result: Floats = LEVELS[None] + total + shifted(light, adjustment.highlights)
    return result


def _hsl_values(adjustment: HueSaturation) -> Floats:
    saturation = adjustment.saturation / 100
    if adjustment.colorize:
        first = max(saturation, 0.0)
    elif saturation > 0:
        first = min(MOST_SATURATION, 1 / max(1 - saturation, 1e-9))
    else:
        first = 1 + saturation
    return np.array([adjustment.hue % 360 / 60, first, adjustment.lightness / 100, 0])


def _in_hsl(values: Floats, color: Floats, *, one_hue: bool) -> Floats:
    """HSL with chroma in the place of saturation: s = c / (1 - |2l - 1|), which needs no case."""
    turn, factor, lighter = values[0], values[1], values[2]
    high, low = color.max(axis=-1), color.min(axis=-1)
    if one_hue:
        light = luminosity(color)[..., 0]
        hue, chroma = np.full_like(light, turn), factor * (1 - np.abs(2 * light - 1))
    else:
        light = (high + low) / 2
        hue = _hue(color, high, high - low) + turn
        chroma = np.minimum((high - low) * factor, 1 - np.abs(2 * light - 1))
    sixths = (hue[..., None] + np.array([0.0, 4.0, 2.0])) % 6
    part = np.clip(np.abs(sixths - 3) - 1, 0, 1) - 0.5
    result = np.clip(light[..., None] + chroma[..., None] * part, 0, 1)
    white = 1.0 if lighter > 0 else 0.0
    mixed: Floats = result + (white - result) * abs(lighter)
    return mixed


def _hue(color: Floats, high: Floats, spread: Floats) -> Floats:
    """Return the hue in sixths of a circle, 0 for greys."""
    red, green, blue = (color[..., channel] for channel in range(3))
    safe = np.where(spread > 0, spread, 1)
    hue = np.where(
        red >= high,
        (green - blue) / safe,
        np.where(green >= high, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return np.where(spread > 0, hue, 0.0)
