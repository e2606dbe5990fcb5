"""From a subject, its background and their blended picture to a shadow and a light.

What the blended picture multiplies the background by is shadow, and what it screens it with is
light. Makes no picture: it only divides up what is there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.light.displacement import set_back
from generator.light.drift import LEVEL, drift_between, noise
from generator.light.layers import kept, multiply_layer, screen_layer, slope
from generator.light.planes import Planes, largest_channel, mean_channel, widest
from generator.light.subject import corrected
from generator.request import RGBA8

Picture8 = NDArray[np.uint8]  # (h, w, 3) or (h, w, 4), sRGB, straight alpha

OUTSIDE = 4 * LEVEL  # alpha up to here hides nothing that could be seen
OPAQUE = 0.9  # alpha from which what lies beneath does not matter for the colour
BORDER = 2  # pixels beside the subject that a model's blended picture blurs it into
DISPLACED = 0.7  # pixels by which a model's picture may be off
REPAINTED = 5 * LEVEL  # by which the subject's colour may be off after its correction
LEAST_KNOWN = 64  # pixels; with fewer, drift and light cannot be told apart


@dataclass(frozen=True, slots=True, eq=False)
class ShadowAndLight:
    """Layers to lay on the background in this order; each (h, w, 4), or None if there is none."""

    shadow: RGBA8 | None  # for Multiply
    light: RGBA8 | None  # for Screen
    subject: RGBA8  # its colour corrected towards the blended picture, its alpha as given


def shadow_and_light(subject: RGBA8, background: Picture8, blended: Picture8) -> ShadowAndLight:
    """Divide the blended picture up into what is laid on the background one after the other.

    With b the background and d the blended picture without drift and displacement, the shadow is
    the least-squares m of d = m b where d is darker, and the light the q of 1 - d = q (1 - b) where
    it is lighter: the inverses of Multiply and Screen. A channel of a pixel has one of the two.
    They are first measured outside the subject and continued smoothly under it; once the subject's
    colour is known from that, they are measured through its soft edge and its glass, too. Raises
    ValueError if the pictures differ in size or are not 8-bit colour.
    """
    _check(subject, background, blended)
    below, seen = _colour(background), _colour(blended)
    shown = _alpha(background) * _alpha(blended)
    outside = shown * (widest(_alpha(subject), BORDER) <= OUTSIDE)
    seen = set_back(seen, below, outside)
    spread = max(2 * LEVEL, noise(mean_channel(seen - below)[..., 0], outside[..., 0] > 0))
    weight = _trust(outside, below, np.full_like(shown, spread**2))
    seen = drift_between(below, seen, weight).undone(seen, below)
    if np.count_nonzero(outside) < LEAST_KNOWN:
        return ShadowAndLight(None, None, corrected(subject, shown, below, seen))
    around = _ratios(below, seen, weight)
    # What shows through glass is only guessed so far.
    opaque = shown * (_alpha(subject) >= OPAQUE)
    rough = corrected(subject, opaque, _lit(below, *around), seen)
    behind, variance = _behind(rough, below, seen, spread)
    through = _ratios(below, behind, _trust(shown, below, variance))
    # A displaced edge of the subject may look like light, so what is not around it is not there.
    shadow, light = (
        new if old is not None else None for new, old in zip(through, around, strict=True)
    )
    return ShadowAndLight(
        None if shadow is None else multiply_layer(shadow, shown),
        None if light is None else screen_layer(light, shown),
        corrected(subject, shown, _lit(below, shadow, light), seen),
    )


def _check(subject: RGBA8, background: Picture8, blended: Picture8) -> None:
    named = {"subject": subject, "background": background, "blended picture": blended}
    for name, picture in named.items():
        channels = (4,) if name == "subject" else (3, 4)
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] not in channels:
            raise ValueError(f"The {name} is not a picture of 8-bit colour.")
        if 0 in picture.shape:
            raise ValueError(f"The {name} has no pixels.")
        if picture.shape[:2] != subject.shape[:2]:
            raise ValueError(f"The {name} and the subject differ in size.")


def _colour(picture: Picture8) -> Planes:
    return picture[..., :3].astype(np.float32) * np.float32(LEVEL)


def _alpha(picture: Picture8) -> Planes:
    if picture.shape[2] == 3:
        return np.ones((*picture.shape[:2], 1), np.float32)
    return picture[..., 3:].astype(np.float32) * np.float32(LEVEL)


def _ratios(below: Planes, seen: Planes, weight: Planes) -> tuple[Planes | None, Planes | None]:
    """Return what shadow leaves of the background and light of 1 - background, None for all."""
    dark = slope(below, seen, weight)
    bright = np.where(dark < 1, 1, slope(1 - below, 1 - seen, weight))
    return (
        kept(np.minimum(dark, 1), below, seen, weight),
        kept(np.minimum(bright, 1), 1 - below, 1 - seen, weight),
    )


def _lit(below: Planes, shadow: Planes | None, light: Planes | None) -> Planes:
    shaded = below if shadow is None else below * shadow
    return shaded if light is None else 1 - (1 - shaded) * light


def _trust(known: Planes, below: Planes, variance: Planes) -> Planes:
    """Return how much a pixel says about light, (h, w, 1), near 1 where there is nothing against.

    The inverse of its variance, to which steep surroundings add, as the background may be
    displaced; in units of what most of the pixels have that say anything.
    """
    moved = (_steepness(below) * np.float32(DISPLACED)) ** 2
    weight: Planes = np.divide(known, variance + moved)
    sure = weight > 0
    return weight / np.median(weight[sure]) if sure.any() else weight


def _behind(subject: RGBA8, below: Planes, seen: Planes, spread: float) -> tuple[Planes, Planes]:
    """Return the background as seen through the subject (h, w, 3), and its variance (h, w, 1).

    behind = (seen - alpha colour) / (1 - alpha), so what is uncertain of the colour, and of alpha
    where that is steep, makes the more uncertain the less shows through.
    """
    colour, alpha = _colour(subject), _alpha(subject)
    through: Planes = np.maximum(1 - alpha, np.float32(LEVEL))
    behind: Planes = np.clip((seen - alpha * colour) / through, 0, 1)
    contrast = largest_channel(np.abs(colour - below))
    moved = _steepness(alpha) * contrast * DISPLACED
    unsure = spread**2 + (alpha * REPAINTED) ** 2 + moved**2
    variance: Planes = np.divide(unsure, through**2)
    return behind, variance


def _steepness(planes: Planes) -> Planes:
    """Return the largest change per pixel around each, over channels, (h, w, 1)."""
    steep: Planes = np.divide(largest_channel(widest(planes, 1) + widest(-planes, 1)), 2)
    return steep
