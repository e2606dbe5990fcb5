"""Places under the open sky, drawn by code: horizon in, an opaque picture out.

A picture is (side, side, 3) float32, sRGB 0..1. Forms are broad and soft on purpose: the codec sees
patches of 32 pixels and keeps no fine texture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from generator.training.drawing.easel import Colour, Easel, Layer, Mask, Point, darker, lighter

Picture = Layer  # here of three channels: (side, side, 3)


def graded(easel: Easel, stops: Sequence[tuple[float, Colour]]) -> Picture:
    """Colour that changes from top to bottom through the stops (height -1..1, colour)."""
    heights = [height for height, _ in stops]
    planes = [np.interp(easel.y, heights, [colour[k] for _, colour in stops]) for k in range(3)]
    return np.stack(planes, axis=2).astype(np.float32)


def over(picture: Picture, mask: Mask, colour: Colour, slope: float = 0.0) -> Picture:
    """Paint laid on a picture through a mask, lighter by `slope` towards the top."""
    side = mask.shape[0]
    heights = ((np.arange(side, dtype=np.float32) + 0.5) / side) * 2 - 1
    paint = np.array(colour, np.float32) * (1 - slope * heights)[:, None, None]
    mixed: Picture = picture + (paint - picture) * mask[..., None]
    return mixed


def varied(easel: Easel, colour: Colour, by: float = 0.05) -> Colour:
    """The colour a little off, as no two days are alike."""
    red, green, blue = (float(np.clip(v + easel.rng.uniform(-by, by), 0, 1)) for v in colour)
    return (red, green, blue)


def mottled(easel: Easel, picture: Picture, mask: Mask, strength: float, cells: int) -> Picture:
    """Broad light and dark spots where the mask is."""
    change = 1 + strength * (easel.noise(2, cells) - 0.5) * 2 * mask
    return picture * change[..., None]


def below(easel: Easel, height: float, wave: float = 0.0) -> Mask:
    """All under a horizon, which rolls by `wave`."""
    line = height
    if wave:
        phase, count = easel.rng.uniform(0, 2 * math.pi), easel.rng.uniform(0.8, 1.7)
        line = height + wave * np.sin(easel.x * count * math.pi + phase)
    return easel.edge(line - easel.y)


def clouds(easel: Easel, picture: Picture, colour: Colour, lowest: float) -> Picture:
    """Two or three soft banks above `lowest`."""
    for _ in range(int(easel.rng.integers(2, 4))):
        x, y = easel.rng.uniform(-0.9, 0.9), easel.rng.uniform(-0.85, lowest - 0.15)
        for _ in range(4):
            place = (x + easel.rng.uniform(-0.3, 0.3), y + easel.rng.uniform(-0.06, 0.06))
            spread = (easel.rng.uniform(0.18, 0.34), easel.rng.uniform(0.07, 0.12))
            picture = over(picture, 0.75 * easel.spot(place, spread), colour)
    return picture


def sky(easel: Easel, _horizon: float) -> Picture:
    top = varied(easel, (0.22, 0.48, 0.86))
    return clouds(easel, graded(easel, [(-1, top), (1, lighter(top, 0.62))]), (0.98, 0.98, 1.0), 1)


def sea(easel: Easel, horizon: float) -> Picture:
    air = varied(easel, (0.48, 0.70, 0.90))
    water = varied(easel, (0.05, 0.38, 0.56))
    picture = graded(easel, [(-1, air), (horizon, lighter(air, 0.5))])
    picture = clouds(easel, picture, (0.97, 0.97, 0.98), horizon)
    deep = graded(easel, [(horizon, lighter(water, 0.28)), (1, darker(water, 0.75))])
    depth = np.clip(easel.y - horizon, 0, None)
    swell = 0.05 * np.sin(30 * np.sqrt(depth) + 3 * easel.noise(1, 3) + 2 * easel.x)
    under = below(easel, horizon)[..., None]
    seen: Picture = picture + (deep + swell[..., None] - picture) * under
    return seen


def beach(easel: Easel, horizon: float) -> Picture:
    picture = sea(easel, horizon)
    sand = varied(easel, (0.92, 0.80, 0.56), 0.03)
    shore = below(easel, horizon + 0.16, 0.03)
    picture = over(picture, below(easel, horizon + 0.13, 0.03), (0.93, 0.96, 0.96))
    return mottled(easel, over(picture, shore, sand, 0.06), shore, 0.05, 6)


def forest(easel: Easel, horizon: float) -> Picture:
    leaves = varied(easel, (0.16, 0.36, 0.14), 0.04)
    picture = graded(easel, [(-1, darker(leaves, 0.7)), (horizon, lighter(leaves, 0.25))])
    picture = mottled(easel, picture, np.ones_like(easel.x), 0.3, 5)
    for _ in range(int(easel.rng.integers(6, 9))):
        x, wide = easel.rng.uniform(-1, 1), easel.rng.uniform(0.05, 0.1)
        bark = varied(easel, (0.25, 0.17, 0.11), 0.03)
        trunk = easel.box((x - wide, -1.2), (x + wide, horizon + easel.rng.uniform(0.0, 0.12)))
        picture = over(picture, trunk, bark)
    ground = below(easel, horizon + 0.05, 0.02)
    picture = over(picture, ground, varied(easel, (0.30, 0.44, 0.18), 0.04), 0.1)
    return mottled(easel, picture, ground, 0.14, 6)


def mountains(easel: Easel, horizon: float) -> Picture:
    air = varied(easel, (0.42, 0.64, 0.90))
    picture = graded(easel, [(-1, air), (horizon, lighter(air, 0.6))])
    for count, height, colour in ((3, 0.75, (0.52, 0.58, 0.70)), (3, 0.5, (0.34, 0.42, 0.54))):
        peaks = [_peak(easel, k, count, horizon, height) for k in range(count)]
        for peak in peaks:
            picture = over(picture, easel.polygon(peak), varied(easel, colour, 0.03))
            picture = over(picture, easel.polygon(_cap(peak)), (0.95, 0.96, 0.98))
    meadow = below(easel, horizon, 0.03)
    picture = over(picture, meadow, varied(easel, (0.44, 0.62, 0.28), 0.04), 0.1)
    return mottled(easel, picture, meadow, 0.08, 5)


def _peak(easel: Easel, number: int, count: int, base: float, height: float) -> list[Point]:
    x = -1 + 2 * (number + 0.5) / count + easel.rng.uniform(-0.25, 0.25)
    wide = easel.rng.uniform(0.55, 0.85)
    top = base - height * easel.rng.uniform(0.7, 1.2)
    return [(x - wide, base + 0.05), (x, top), (x + wide, base + 0.05)]


def _cap(peak: Sequence[Point], share: float = 0.28) -> list[Point]:
    """The snow: the top of a peak with a jagged lower line."""
    left, top, right = peak
    middle = (top[0], top[1] + (left[1] - top[1]) * share * 0.62)
    sides = [
        (top[0] + (end[0] - top[0]) * share, top[1] + (end[1] - top[1]) * share)
        for end in (left, right)
    ]
    return [top, sides[1], middle, sides[0]]


def street(easel: Easel, horizon: float) -> Picture:
    air = varied(easel, (0.66, 0.76, 0.86))
    picture = graded(easel, [(-1, air), (horizon, lighter(air, 0.4))])
    return _road(easel, _houses(easel, picture, horizon, 0.62, (0.36, 0.42, 0.50)), horizon, 0.44)


def night_city(easel: Easel, horizon: float) -> Picture:
    picture = graded(easel, [(-1, (0.03, 0.04, 0.13)), (horizon, (0.22, 0.16, 0.36))])
    picture = _houses(easel, picture, horizon, 0.13, (0.74, 0.58, 0.30))
    picture = _road(easel, picture, horizon, 0.15)
    for side in (-1, 1):
        glow = easel.spot((side * easel.rng.uniform(0.6, 0.8), horizon - 0.4), (0.2, 0.2))
        picture = over(picture, 0.75 * glow, (1.0, 0.82, 0.5))
    return picture


def _houses(easel: Easel, picture: Picture, horizon: float, light: float, panes: Colour) -> Picture:
    x = -1.1
    while x < 1.0:
        wide = easel.rng.uniform(0.3, 0.48)
        top = horizon - easel.rng.uniform(0.5, 1.2)
        tint = varied(easel, (light, light * 0.92, light * 0.86), light * 0.2)
        picture = over(picture, easel.box((x, top), (x + wide, horizon + 0.02)), tint)
        for row in np.arange(top + 0.1, horizon - 0.2, 0.32):
            for column in (x + 0.05, x + wide - 0.17):
                if easel.rng.random() < 0.6:
                    pane = easel.box((column, row), (column + 0.12, row + 0.18))
                    picture = over(picture, pane, panes)
        x += wide + easel.rng.uniform(0, 0.05)
    return picture


def _road(easel: Easel, picture: Picture, horizon: float, light: float) -> Picture:
    walk = varied(easel, (light * 1.3, light * 1.28, light * 1.26), 0.02)
    picture = over(picture, below(easel, horizon), walk)
    asphalt = varied(easel, (light, light, light * 1.05), 0.02)
    picture = over(picture, below(easel, horizon + 0.12), asphalt, 0.06)
    stripes = [easel.box((x, 0.90), (x + 0.34, 0.95)) for x in (-0.95, -0.17, 0.61)]
    return over(picture, np.maximum.reduce(stripes), lighter(asphalt, 0.6))


def snow(easel: Easel, horizon: float) -> Picture:
    air = varied(easel, (0.62, 0.74, 0.88), 0.04)
    picture = graded(easel, [(-1, air), (horizon, lighter(air, 0.5))])
    for k in range(int(easel.rng.integers(4, 7))):
        x = -0.95 + 0.4 * k + easel.rng.uniform(-0.1, 0.1)
        high = easel.rng.uniform(0.3, 0.55)
        fir = easel.polygon([(x - 0.16, horizon), (x, horizon - high), (x + 0.16, horizon)])
        picture = over(picture, fir, varied(easel, (0.30, 0.44, 0.46), 0.04))
    field = below(easel, horizon, 0.04)
    picture = over(picture, field, (0.93, 0.95, 0.99), 0.02)
    return mottled(easel, picture, field, 0.03, 4)


def space(easel: Easel, _horizon: float) -> Picture:
    picture = graded(easel, [(-1, (0.02, 0.02, 0.07)), (1, (0.05, 0.03, 0.12))])
    cloud = np.clip(easel.noise(2, 3) - 0.5, 0, 1)[..., None]
    hue = varied(easel, (0.36, 0.20, 0.56), 0.16)
    picture = picture + cloud * np.array(hue, np.float32)
    stars = [
        easel.spot((easel.rng.uniform(-1, 1), easel.rng.uniform(-1, 1)), (size, size))
        for size in easel.rng.uniform(0.012, 0.026, 12)
    ]
    return over(picture, np.maximum.reduce(stars), (0.95, 0.95, 1.0))
