"""Places with walls, drawn by code: where wall and floor meet in, an opaque picture out."""

from __future__ import annotations

import numpy as np

from generator.training.drawing.easel import Easel, darker, lighter
from generator.training.drawing.outdoors import Picture, below, graded, mottled, over, varied


def room(easel: Easel, horizon: float) -> Picture:
    """A wall with a window and a skirting board over a wooden floor."""
    wall = varied(easel, (0.88, 0.80, 0.68), 0.06)
    picture = graded(easel, [(-1, wall), (horizon, darker(wall, 0.9))])
    x, y = easel.rng.uniform(-0.55, 0.15), easel.rng.uniform(-0.8, -0.65)
    frame = easel.box((x - 0.05, y - 0.05), (x + 0.55, y + 0.65))
    picture = over(picture, frame, (0.96, 0.95, 0.92))
    panes = [
        easel.box((x + dx, y + dy), (x + dx + 0.22, y + dy + 0.27))
        for dx in (0, 0.28)
        for dy in (0, 0.33)
    ]
    picture = over(picture, np.maximum.reduce(panes), varied(easel, (0.66, 0.84, 0.96), 0.03))
    floor = below(easel, horizon)
    wood = varied(easel, (0.58, 0.38, 0.22), 0.04)
    picture = over(picture, below(easel, horizon - 0.07), lighter(wall, 0.5))
    picture = over(picture, floor, wood, 0.08)
    boards = (0.5 + 0.5 * np.sin(easel.x * 9 / (0.6 + easel.y - horizon).clip(0.3))) * floor
    shaded: Picture = picture * (1 - 0.08 * boards)[..., None]
    return shaded


def table(easel: Easel, horizon: float) -> Picture:
    """A wooden tabletop before a blurred room."""
    wall = varied(easel, (0.50, 0.44, 0.40), 0.08)
    picture = graded(easel, [(-1, darker(wall, 0.7)), (horizon, wall)])
    for _ in range(3):
        place = (easel.rng.uniform(-1, 1), easel.rng.uniform(-0.9, -0.1))
        glow = easel.spot(place, (0.24, 0.24))
        picture = over(picture, 0.4 * glow, (0.98, 0.86, 0.62))
    top = below(easel, horizon)
    picture = over(picture, top, varied(easel, (0.66, 0.44, 0.24), 0.05), 0.1)
    grain = np.sin(42 * np.sqrt(np.clip(easel.y - horizon, 0, None) + 0.02) + easel.noise(1, 2))
    grained: Picture = picture * (1 - 0.04 * grain * top)[..., None]
    return grained


def studio(easel: Easel, horizon: float) -> Picture:
    """A seamless backdrop: a light wall that bends into a light floor."""
    tone = varied(easel, (0.80, 0.80, 0.82), 0.035)
    bend = [(-1, darker(tone, 0.86)), (horizon - 0.2, tone), (horizon + 0.2, lighter(tone, 0.3))]
    picture = graded(easel, [*bend, (1.0, darker(tone, 0.96))])
    spot = easel.spot((0, horizon - 0.5), (0.9, 0.7))
    return mottled(easel, over(picture, 0.25 * spot, (1.0, 1.0, 1.0)), np.ones_like(spot), 0.02, 3)
