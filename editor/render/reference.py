"""Every blend mode as a formula in float64 numpy: to be read, to test the kernels, to stand in.

Colours are straight, in the document's own (non-linear) space, between 0 and 1, channels last.
The formulas are those of Photoshop as its files show them (PDF 1.7, section 11.3.5, where it has
the mode). Not fast: the kernels are.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from editor.document.layer import BlendMode

Floats = NDArray[np.float64]
Formula = Callable[[Floats, Floats], Floats]


def blend(mode: BlendMode, b: Floats, s: Floats) -> Floats:
    """Return B(backdrop, source), both (..., 3), as if both were opaque."""
    return FORMULAS[mode](b, s)


def composite_source(
    mode: BlendMode, backdrop: Floats, source: Floats, source_alpha: Floats
) -> Floats:
    """Return premultiplied (..., 4) of a straight source (..., 3) laid on a premultiplied backdrop.

    ar = ab + as - ab*as;  ar*cr = (1-as)*ab*b + as*((1-ab)*s + ab*B(b, s)).
    """
    alpha = source_alpha[..., None]
    below = backdrop[..., 3:]
    if mode in (BlendMode.NORMAL, BlendMode.DISSOLVE):
        mixed = source
    else:
        mixed = (1 - below) * source + below * blend(mode, straight(backdrop), source)
    color = (1 - alpha) * backdrop[..., :3] + alpha * mixed
    return np.concatenate([color, below + alpha - below * alpha], axis=-1)


def straight(premultiplied: Floats) -> Floats:
    """Return the straight colour (..., 3) of premultiplied (..., 4); black where alpha is 0."""
    alpha = premultiplied[..., 3:]
    color = premultiplied[..., :3] / np.where(alpha > 0, alpha, 1)
    clipped: Floats = np.clip(color, 0, 1)
    return clipped


def dissolved(alpha: Floats, x: int, y: int) -> Floats:
    """Return alpha made 0 or 1: 1 with its own probability, always the same at the same place.

    `alpha` is (h, w) and its first value lies at (x, y) in the document.
    """
    rows = np.arange(y, y + alpha.shape[0]).astype(np.uint32)[:, None]
    columns = np.arange(x, x + alpha.shape[1]).astype(np.uint32)[None, :]
    mixed = columns * np.uint32(0x9E3779B1) + rows * np.uint32(0x85EBCA77)
    for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39)):
        mixed = (mixed ^ (mixed >> np.uint32(shift))) * np.uint32(factor)
    mixed = mixed ^ (mixed >> np.uint32(15))
    threshold = ((mixed >> np.uint32(8)) + 0.5) / float(1 << 24)
    return np.where(alpha > threshold, 1.0, 0.0)


def near_discontinuity(mode: BlendMode, b: Floats, s: Floats, tolerance: float = 2e-3) -> bool:
    """Whether one pixel's backdrop and source, both (3,), lie where the formula jumps.

    There a rounding error of the inputs may change the result by any amount; see DISCONTINUITIES.
    """
    jumps = DISCONTINUITIES.get(mode)
    return jumps is not None and bool(np.any(jumps(b, s) <= tolerance))


def luminosity(color: Floats) -> Floats:
    """Return Lum (..., 1) of a colour (..., 3)."""
    result: Floats = color @ LUMA[:, None]
    return result


def saturation(color: Floats) -> Floats:
    """Return Sat (..., 1) of a colour (..., 3)."""
    result: Floats = color.max(axis=-1, keepdims=True) - color.min(axis=-1, keepdims=True)
    return result


def set_luminosity(color: Floats, lum: Floats) -> Floats:
    """Return a colour (..., 3) shifted to a luminosity (..., 1), pulled to grey into 0 to 1."""
    return _clip_color(color + (lum - luminosity(color)))


LUMA = np.array([0.30, 0.59, 0.11])


def _screen(b: Floats, s: Floats) -> Floats:
    return b + s - b * s


def _color_burn(b: Floats, s: Floats) -> Floats:
    burned = 1 - np.minimum(1, _divided(1 - b, s))
    return np.where(b >= 1, 1.0, np.where(s <= 0, 0.0, burned))


def _color_dodge(b: Floats, s: Floats) -> Floats:
    dodged = np.minimum(1, _divided(b, 1 - s))
    return np.where(b <= 0, 0.0, np.where(s >= 1, 1.0, dodged))


def _hard_light(b: Floats, s: Floats) -> Floats:
    return np.where(s <= 0.5, 2 * b * s, _screen(b, 2 * s - 1))


def _soft_light(b: Floats, s: Floats) -> Floats:
    root = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(np.maximum(b, 0)))
    dark = b - (1 - 2 * s) * b * (1 - b)
    return np.where(s <= 0.5, dark, b + (2 * s - 1) * (root - b))


def _vivid_light(b: Floats, s: Floats) -> Floats:
    burned = 1 - np.minimum(1, _divided(1 - b, 2 * s))
    dodged = np.minimum(1, _divided(b, 2 * (1 - s)))
    between = np.where(s <= 0.5, burned, dodged)
    return np.where(s <= 0, 0.0, np.where(s >= 1, 1.0, between))


def _pin_light(b: Floats, s: Floats) -> Floats:
    return np.where(s <= 0.5, np.minimum(b, 2 * s), np.maximum(b, 2 * s - 1))


def _hard_mix(b: Floats, s: Floats) -> Floats:
    total = b + s
    tie = np.abs(total - 1) < TIE
    return np.where(tie, b > 0.5, total > 1).astype(np.float64)


def _divide(b: Floats, s: Floats) -> Floats:
    return np.where(s <= 0, (b > 0).astype(np.float64), np.minimum(1, _divided(b, s)))


def _divided(numerator: Floats, denominator: Floats) -> Floats:
    quotient: Floats = numerator / np.where(denominator > 0, denominator, 1)
    return quotient


def _clip_color(color: Floats) -> Floats:
    lum = luminosity(color)
    low = color.min(axis=-1, keepdims=True)
    color = np.where(low < 0, lum + (color - lum) * _divided(lum, lum - low), color)
    high = color.max(axis=-1, keepdims=True)
    return np.where(high > 1, lum + (color - lum) * _divided(1 - lum, high - lum), color)


def _set_sat(color: Floats, sat: Floats) -> Floats:
    """Stretch a colour so that its largest channel is `sat` and its smallest 0."""
    low = color.min(axis=-1, keepdims=True)
    result: Floats = (color - low) * _divided(sat, saturation(color))
    return result


def _by_luminosity(b: Floats, s: Floats, *, darker: bool) -> Floats:
    difference = luminosity(s) - luminosity(b)
    return np.where(difference < 0 if darker else difference > 0, s, b)


TIE = 1e-5  # a sum nearer to 1 than this is the tie of hard mix: float32 cannot tell them apart

FORMULAS: dict[BlendMode, Formula] = {
    BlendMode.NORMAL: lambda b, s: s,
    BlendMode.DISSOLVE: lambda b, s: s,
    BlendMode.DARKEN: np.minimum,
    BlendMode.MULTIPLY: np.multiply,
    BlendMode.COLOR_BURN: _color_burn,
    BlendMode.LINEAR_BURN: lambda b, s: np.maximum(0, b + s - 1),
    BlendMode.DARKER_COLOR: lambda b, s: _by_luminosity(b, s, darker=True),
    BlendMode.LIGHTEN: np.maximum,
    BlendMode.SCREEN: _screen,
    BlendMode.COLOR_DODGE: _color_dodge,
    BlendMode.LINEAR_DODGE: lambda b, s: np.minimum(1, b + s),
    BlendMode.LIGHTER_COLOR: lambda b, s: _by_luminosity(b, s, darker=False),
    BlendMode.OVERLAY: lambda b, s: _hard_light(s, b),
    BlendMode.SOFT_LIGHT: _soft_light,
    BlendMode.HARD_LIGHT: _hard_light,
    BlendMode.VIVID_LIGHT: _vivid_light,
    BlendMode.LINEAR_LIGHT: lambda b, s: np.clip(b + 2 * s - 1, 0, 1),
    BlendMode.PIN_LIGHT: _pin_light,
    BlendMode.HARD_MIX: _hard_mix,
    BlendMode.DIFFERENCE: lambda b, s: np.abs(b - s),
    BlendMode.EXCLUSION: lambda b, s: b + s - 2 * b * s,
    BlendMode.SUBTRACT: lambda b, s: np.maximum(0, b - s),
    BlendMode.DIVIDE: _divide,
    BlendMode.HUE: lambda b, s: set_luminosity(_set_sat(s, saturation(b)), luminosity(b)),
    BlendMode.SATURATION: lambda b, s: set_luminosity(_set_sat(b, saturation(s)), luminosity(b)),
    BlendMode.COLOR: lambda b, s: set_luminosity(s, luminosity(b)),
    BlendMode.LUMINOSITY: lambda b, s: set_luminosity(b, luminosity(s)),
}

# Where each formula jumps, as the distance of a pixel (b, s) to the place.
DISCONTINUITIES: dict[BlendMode, Formula] = {
    # b = 1 gives 1 whatever s is, while b just below 1 falls to 0 as s does
    BlendMode.COLOR_BURN: lambda b, s: np.maximum(1 - b, s),
    # b = 0 gives 0 whatever s is, while b just above 0 rises to 1 as s does
    BlendMode.COLOR_DODGE: lambda b, s: np.maximum(b, 1 - s),
    # both of these, except that here the extreme of the source wins
    BlendMode.VIVID_LIGHT: lambda b, s: np.minimum(np.maximum(1 - b, s), np.maximum(b, 1 - s)),
    BlendMode.HARD_MIX: lambda b, s: np.abs(b + s - 1),
    BlendMode.DIVIDE: np.maximum,
    # the whole pixel is taken from one side or the other where their luminosities are equal
    BlendMode.DARKER_COLOR: lambda b, s: np.abs(luminosity(b) - luminosity(s)),
    BlendMode.LIGHTER_COLOR: lambda b, s: np.abs(luminosity(b) - luminosity(s)),
    # a grey has no hue, and the least departure from grey has one
    BlendMode.HUE: lambda b, s: saturation(s),
    BlendMode.SATURATION: lambda b, s: saturation(b),
}
