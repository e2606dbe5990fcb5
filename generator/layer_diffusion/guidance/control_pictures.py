"""What a control model looks at, made from any picture: edges and scribbles; the rest as given.

numpy alone. Depth and pose are not computed here: their pictures come from who asks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generator.layer_diffusion.guidance.edges import Mask, blurred, canny, widened

RGB8 = NDArray[np.uint8]  # (h, w, 3)
RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha

CANNY, SCRIBBLE = "canny", "scribble"
MID_GREY = 127

# What tells a drawing from a picture, in shares of its pixels and levels of 255.
NEUTRAL = 24  # most that channels differ in grey
DARK, LIGHT = 48, 207
DRAWN = 0.92  # so many pixels are dark or light, and none coloured
MOST_INK = 0.4
STROKE = 0.04  # of the shorter side: strokes are thinner than this
THIN = 0.2  # so little of the ink lies deeper than that

SCRIBBLE_BLUR = 1 / 256  # of the shorter side: what is finer is left out of a scribble
SCRIBBLE_WIDTH = 1 / 128
SCRIBBLE_WEAK, SCRIBBLE_STRONG = 40, 100


def control_picture(kind: str, picture: RGBA8) -> RGB8:
    """Return what a control model of that kind sees for a picture of any content.

    For canny and scribble a drawing (dark on light, light on dark, or strokes on nothing) is taken
    as it is, white on black; of any other picture the outlines are found. All other kinds are
    taken as they are, over black.
    """
    match kind:
        case "canny":
            lines = _drawn_lines(picture)
            lines = _ink(canny(_seen(picture))) if lines is None else lines
        case "scribble":
            lines = _drawn_lines(picture)
            lines = _ink(_scribble(picture)) if lines is None else lines
        case _:
            return _over(picture, 0)
    return np.repeat(lines[..., None], 3, axis=2)


def _seen(picture: RGBA8) -> NDArray[np.uint8]:
    """Return colour over mid grey and alpha, (h, w, 4): a grey thing has an outline, too."""
    return np.concatenate([_over(picture, MID_GREY), picture[..., 3:]], axis=2)


def _over(picture: RGBA8, grey: int) -> RGB8:
    alpha = picture[..., 3:].astype(np.uint16)
    mixed = picture[..., :3] * alpha + grey * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)


def _ink(mask: Mask) -> NDArray[np.uint8]:
    return np.where(mask, 255, 0).astype(np.uint8)


def _scribble(picture: RGBA8) -> Mask:
    """Outlines without the small things, as thick as a marker draws them."""
    side = min(picture.shape[:2])
    soft = blurred(_seen(picture), max(0.8, side * SCRIBBLE_BLUR))
    lines = canny(soft, SCRIBBLE_WEAK, SCRIBBLE_STRONG)
    return widened(lines, max(1, round(side * SCRIBBLE_WIDTH / 2)))


def _drawn_lines(picture: RGBA8) -> NDArray[np.uint8] | None:
    """Return a drawing's ink, (h, w), 255 where it is fullest; None where it is no drawing."""
    coverage = picture[..., 3]
    if _are_strokes(coverage >= 128):
        return coverage
    if coverage.min() < 255:
        return None
    colour = picture[..., :3].astype(np.int16)
    light = colour.mean(axis=2)
    is_grey = np.ptp(colour, axis=2) <= NEUTRAL
    if np.mean(is_grey & ((light <= DARK) | (light >= LIGHT))) < DRAWN:
        return None
    ink = light if light.mean() < 128 else 255 - light
    return np.rint(ink).astype(np.uint8) if _are_strokes(ink >= 128) else None


def _are_strokes(ink: Mask) -> bool:
    """Whether there is ink, not much, and nowhere thick."""
    if not 0 < ink.mean() <= MOST_INK:
        return False
    radius = max(1, round(min(ink.shape) * STROKE / 2))
    deep = ~widened(~ink, radius)
    return bool(deep.sum() <= THIN * ink.sum())
