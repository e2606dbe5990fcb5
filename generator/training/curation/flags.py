"""What looks wrong about a transparent picture by its alpha alone. It only flags, never rejects."""

from __future__ import annotations

import numpy as np

from generator.request import RGBA8

LEAST_COVER, MOST_COVER = 0.02, 0.95  # shares of the picture that something covers
VISIBLE = 26  # alpha from which a pixel counts as covered: a tenth
BORDER, BORDER_SHARE = 2, 0.05  # pixels, and the share of them that may be covered
LEAST_SOFT = 0.08  # share of the covered pixels that are neither hidden nor opaque
MOST_SOFT = 0.6
SOFT_WORDS = frozenset(
    {
        "glass", "bubble", "smoke", "fire", "flame", "glow", "cloud", "steam", "fog", "mist",
        "water", "drop", "ghost", "ice", "crystal", "jelly", "veil", "lace", "light", "spark",
    }
)  # fmt: skip


def flags_of(rgba: RGBA8, prompt: str) -> tuple[str, ...]:
    """Return what a person should look at first in a straight picture (h, w, 4)."""
    alpha = rgba[..., 3]
    covered = alpha >= VISIBLE
    cover = float(covered.mean())
    if cover < LEAST_COVER:
        return ("nearly empty",)
    found = []
    if cover > MOST_COVER:
        found.append("covers all")
    elif border_share(rgba) > BORDER_SHARE:
        found.append("touches the border")
    expected = bool(SOFT_WORDS & {word.strip(".,").lower() for word in prompt.split()})
    soft = soft_share(rgba)
    if expected and soft < LEAST_SOFT:
        found.append("too little transparency")
    if not expected and soft > MOST_SOFT:
        found.append("transparent where it should not be")
    return tuple(found)


def soft_share(rgba: RGBA8) -> float:
    """Return the share of covered pixels that are semi-transparent, 0..1."""
    alpha = rgba[..., 3]
    covered = alpha >= VISIBLE
    return float((alpha[covered] < 255 - VISIBLE).mean()) if covered.any() else 0.0


def border_share(rgba: RGBA8) -> float:
    """Return the share of the outermost pixels that something covers, 0..1."""
    covered = rgba[..., 3] >= VISIBLE
    inner = np.zeros_like(covered)
    inner[BORDER:-BORDER, BORDER:-BORDER] = True
    return float(covered[~inner].mean())
