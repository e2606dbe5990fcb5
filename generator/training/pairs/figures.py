"""Figures of the pair tasks on scenes that were never trained on, beside the codec's own row.

A figure without the codec's row beside it says little: what the codec cannot hold no denoiser can
learn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.training.drawing.easel import Mask
from generator.training.drawing.places import PLACES, Place
from generator.training.evaluate import Floats, lab

DARKER = 0.92  # of the light on the bare ground: below this there is a shadow
OUT_OF_SHADOW = 0.02  # of a drawn shadow: less does not count as shadow
OPAQUE = 0.6  # alpha from which a pixel belongs to the subject


@dataclass(frozen=True, slots=True)
class Shadow:
    """How the patch under a subject compares with the same patch without it."""

    ground: bool  # whether the place is one with shadows
    light: float  # mean of blended / mean of background under the subject; 1 without shadow

    @property
    def found(self) -> bool:
        return self.light < DARKER


def foot_patch(alpha: Mask) -> NDArray[np.bool_]:
    """The uncovered pixels around the foot of a subject (alpha (h, w), 0..1): where it shades.

    The lowest tenth of its height and as much below, as wide as it is, less what it covers.
    """
    rows, columns = np.flatnonzero(alpha.max(1) > 0.3), np.flatnonzero(alpha.max(0) > 0.3)
    patch = np.zeros(alpha.shape, bool)
    if not len(rows):
        return patch
    reach = max(3, (rows[-1] - rows[0] + 1) // 12)
    foot = rows[-1]
    patch[max(0, foot - reach) : foot + reach + 1, columns[0] : columns[-1] + 1] = True
    return patch & (alpha < 0.1)


def shadow_under(alpha: Mask, background: Floats, blended: Floats, ground: bool) -> Shadow | None:
    """Compare the foot patch in both pictures (h, w, 3); None where too little of it is seen."""
    patch = foot_patch(alpha)
    if patch.sum() < 60:
        return None
    before, after = float(background[patch].mean()), float(blended[patch].mean())
    return Shadow(ground, after / max(before, 1e-3))


def shadow_shares(shadows: list[Shadow]) -> dict[str, float]:
    """The share of ground scenes with a shadow, and how much larger it is than that of air."""
    ground = [shadow.found for shadow in shadows if shadow.ground]
    air = [shadow.found for shadow in shadows if not shadow.ground]
    share, wrong = (float(np.mean(found)) if found else 0.0 for found in (ground, air))
    return {"shadow_found": share, "ground_minus_air": share - wrong}


def tint_nearer(neutral: Floats, found: Floats, right: Place) -> float:
    """The share of other places to whose light the right place's is preferred, 0..1.

    `neutral` and `found` are mean straight colours (3,) of the same subject, by neutral light and
    as found; distances are in CIELAB. Another place counts where its light differs visibly.
    """
    wanted = _lit(neutral, right)
    away = np.linalg.norm(lab(found) - wanted)
    others = [_lit(neutral, place) for place in PLACES if place is not right]
    seen = [other for other in others if np.linalg.norm(other - wanted) > 3.0]
    return float(np.mean([np.linalg.norm(lab(found) - other) > away for other in seen]))


def mean_colour(picture: Floats, alpha: Mask) -> Floats:
    """The mean colour (3,) of a picture (h, w, 3) where a subject covers it."""
    inside = alpha > OPAQUE
    colour: Floats = picture[inside].mean(0) if inside.any() else np.zeros(3, np.float32)
    return colour


def outside_change(alpha: Mask, shadow: Mask, layers: Floats, blended: Floats) -> float:
    """Mean absolute change of what was only to be copied: neither subject nor shadow."""
    untouched = (alpha < 0.02) & (shadow > 1 - OUT_OF_SHADOW)
    if not untouched.any():
        return 0.0
    return float(np.abs(blended - layers)[untouched].mean())


def _lit(neutral: Floats, place: Place) -> Floats:
    return lab(np.clip(neutral * np.array(place.light, np.float32), 0, 1))
