"""Fruit, flowers, leaves and trees, drawn by code. Each: easel and colour in, one layer out."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    bent,
    darker,
    lighter,
    stacked,
)

BARK: Colour = (0.42, 0.27, 0.15)
LEAF: Colour = (0.30, 0.60, 0.24)
CREAM: Colour = (0.95, 0.90, 0.80)


def apple(easel: Easel, colour: Colour) -> Layer:
    """One round body with a dent at the stalk; its radius is a curve of the angle."""
    wide = 0.74 + easel.rng.uniform(-0.03, 0.03)
    angles = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    outline = []
    for angle in angles:
        dent = 0.24 * math.exp(-((angle - math.pi / 2) ** 2) / 0.10)
        foot = 0.07 * math.exp(-((angle - 3 * math.pi / 2) ** 2) / 0.06)
        reach = 1 - dent - foot
        taper = 1 - 0.10 * max(0.0, -math.sin(angle))
        outline.append(
            (wide * reach * math.cos(angle) * taper, 0.14 - 0.72 * reach * math.sin(angle))
        )
    body = easel.puffy(easel.polygon(outline), colour, 0.9, 0.0)
    gloss = easel.spot((-0.32, -0.16), (0.15, 0.20))
    body[..., :3] += (0.62 * gloss * body[..., 3])[..., None] * (1 - body[..., :3])
    stalk = easel.puffy(easel.stroke(bent((0, -0.34), (0.02, -0.62), (0.12, -0.82)), 0.09), BARK)
    return stacked(body, stalk, _leaf_at(easel, (0.32, -0.66), 0.27))


def orange(easel: Easel, colour: Colour) -> Layer:
    body = easel.solid((0, 0.07), (0.78, 0.76), colour, 0.35)
    return stacked(body, _leaf_at(easel, (0.2, -0.70), 0.27), _leaf_at(easel, (-0.18, -0.70), 0.2))


def lemon(easel: Easel, colour: Colour) -> Layer:
    tip = easel.ellipse((0, 0), (0.88, 0.2), -0.4)
    body = np.maximum(easel.ellipse((0, 0), (0.70, 0.54), -0.4), tip)
    return easel.puffy(body, colour, 0.9, 0.5)


def cherries(easel: Easel, colour: Colour) -> Layer:
    top = (0.22, -0.82)
    stalks = easel.strokes(
        [bent((-0.40, 0.3), (-0.2, -0.4), top), bent((0.40, 0.4), (0.35, -0.3), top)], 0.06
    )
    left = easel.solid((-0.42, 0.42), (0.38, 0.38), colour)
    right = easel.solid((0.40, 0.50), (0.38, 0.38), colour)
    return stacked(
        left, right, easel.flat(stalks, darker(LEAF, 0.9)), _leaf_at(easel, (0.42, -0.72), 0.24)
    )


def banana(easel: Easel, colour: Colour) -> Layer:
    outer = bent((-0.82, -0.28), (-0.25, 0.95), (0.78, 0.18), 24)
    inner = bent((0.78, 0.06), (-0.05, 0.28), (-0.66, -0.40), 24)
    body = easel.puffy(easel.polygon(outer + inner), colour, 0.6, 0.25)
    ends = [[(-0.76, -0.36), (-0.82, -0.52)], [(0.77, 0.12), (0.86, 0.09)]]
    return stacked(easel.flat(easel.strokes(ends, 0.1), (0.42, 0.32, 0.12)), body)


def strawberry(easel: Easel, colour: Colour) -> Layer:
    side = bent((0, -0.5), (0.95, -0.62), (0.62, 0.1)) + bent((0.62, 0.1), (0.35, 0.7), (0, 0.86))
    outline = side + [(-x, y) for x, y in reversed(side)]
    layers = [easel.puffy(easel.polygon(outline), colour, 0.8, 0.4)]
    seeds = np.zeros_like(easel.x)
    for row, width in ((-0.2, 0.45), (0.08, 0.4), (0.36, 0.26), (0.6, 0.0)):
        for step in (-1, 0, 1) if width else (0,):
            shift = 0.12 if row in (0.08, 0.6) and width else 0.0
            seeds = np.maximum(seeds, easel.ellipse((step * width + shift, row), (0.035, 0.055)))
    layers.append(easel.flat(seeds, (0.98, 0.86, 0.45)))
    for angle in (-1.15, -0.6, 0.0, 0.6, 1.15):
        tip = (0.5 * math.sin(angle), -0.52 - 0.24 * math.cos(angle) + 0.12)
        layers.append(easel.puffy(easel.stroke([(0, -0.5), tip], 0.15), LEAF, 0.4))
    return stacked(*layers)


def carrot(easel: Easel, colour: Colour) -> Layer:
    body = easel.polygon(
        bent((0.30, -0.35), (0.26, 0.35), (0.02, 0.92))
        + bent((-0.02, 0.92), (-0.26, 0.35), (-0.30, -0.35))
    )
    rings = [[(-0.24, y), (-0.02, y + 0.04)] for y in (-0.12, 0.2)] + [[(0.02, 0.06), (0.2, 0.02)]]
    ridges = easel.flat(easel.strokes(rings, 0.035) * body, darker(colour, 0.72))
    greens = [bent((0, -0.34), (x * 0.4, -0.6), (x, -0.9 + abs(x) * 0.4)) for x in (-0.34, 0, 0.34)]
    tops = easel.puffy(easel.strokes(greens, 0.14), LEAF, 0.5)
    return stacked(tops, easel.puffy(body, colour, 0.8, 0.3), ridges)


def mushroom(easel: Easel, colour: Colour) -> Layer:
    stem = easel.polygon([(-0.18, -0.05), (0.18, -0.05), (0.25, 0.88), (-0.25, 0.88)])
    dome = easel.ellipse((0, 0.04), (0.84, 0.84)) * easel.edge(easel.y - 0.1)
    cap = easel.puffy(dome, colour, 0.8, 0.4)
    dots = np.zeros_like(easel.x)
    for x, y, size in ((-0.42, -0.16, 0.13), (0.06, -0.46, 0.16), (0.46, -0.16, 0.12)):
        dots = np.maximum(dots, easel.ellipse((x, y), (size, size * 0.9)))
    return stacked(
        easel.puffy(stem, CREAM, 0.7, 0.1), cap, easel.flat(dots * dome, (0.98, 0.97, 0.94), 0.1)
    )


def flower(easel: Easel, colour: Colour) -> Layer:
    stem = easel.puffy(easel.stroke(bent((0, -0.2), (0.05, 0.4), (0, 0.9)), 0.09), LEAF, 0.4, 0.0)
    layers = [stem, _leaf_at(easel, (0.24, 0.58), 0.26)]
    for k in range(6):
        angle = 2 * math.pi * (k + 0.5) / 6
        place = (0.34 * math.cos(angle), -0.34 + 0.34 * math.sin(angle))
        petal = easel.ellipse(place, (0.27, 0.19), angle)
        layers.append(easel.puffy(petal, colour, 0.6, 0.1))
    layers.append(easel.solid((0, -0.34), (0.19, 0.19), (0.97, 0.78, 0.18), 0.2))
    return stacked(*layers)


def leaf(easel: Easel, colour: Colour) -> Layer:
    blade = bent((-0.68, 0.70), (-0.74, -0.62), (0.78, -0.80)) + bent(
        (0.78, -0.80), (0.64, 0.66), (-0.68, 0.70)
    )
    stalk = easel.flat(easel.stroke([(-0.86, 0.90), (-0.62, 0.64)], 0.08), darker(colour, 0.7))
    veins = [bent((-0.68, 0.70), (0, 0.04), (0.66, -0.68))]
    for t in (0.3, 0.5, 0.7):
        x, y = -0.68 + 1.34 * t, 0.70 - 1.38 * t
        veins += [[(x, y), (x - 0.05, y - 0.30 * (1 - t * 0.4))], [(x, y), (x + 0.32 - 0.1 * t, y)]]
    ribs = easel.flat(easel.strokes(veins, 0.035), darker(colour, 0.68))
    return stacked(stalk, easel.puffy(easel.polygon(blade), colour, 0.5, 0.15), ribs)


def tree(easel: Easel, colour: Colour) -> Layer:
    trunk = easel.polygon([(-0.14, 0.9), (0.14, 0.9), (0.08, 0.0), (-0.08, 0.0)])
    layers = [easel.puffy(trunk, BARK, 0.5, 0.0)]
    crown = ((-0.36, -0.12), (0.36, -0.12), (0.0, -0.02), (-0.26, -0.46), (0.26, -0.46), (0, -0.34))
    for x, y in crown:
        size = 0.37 + easel.rng.uniform(-0.03, 0.03)
        layers.append(easel.solid((x, y), (size, size * 0.95), colour, 0.06))
    return stacked(*layers)


def pine(easel: Easel, colour: Colour) -> Layer:
    trunk = easel.polygon([(-0.1, 0.92), (0.1, 0.92), (0.08, 0.5), (-0.08, 0.5)])
    layers = [easel.puffy(trunk, BARK, 0.5, 0.0)]
    for bottom, half, top in ((0.66, 0.62, -0.1), (0.24, 0.5, -0.48), (-0.18, 0.36, -0.9)):
        skirt = [(0.0, top), *bent((half, bottom), (0, bottom + 0.14), (-half, bottom), 12)]
        layers.append(easel.puffy(easel.polygon(skirt), colour, 0.55, 0.05))
    return stacked(*layers)


def _leaf_at(easel: Easel, centre: tuple[float, float], length: float) -> Layer:
    blade = easel.ellipse(centre, (length, length * 0.45), -0.5)
    return easel.puffy(blade, lighter(LEAF, 0.08), 0.5, 0.1)
