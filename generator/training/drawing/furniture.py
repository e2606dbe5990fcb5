"""Furniture, pots, drinks and cloth, drawn by code. Each: easel and colour in, one layer out."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    Mask,
    bent,
    darker,
    lighter,
    premultiplied,
    stacked,
)

WOOD: Colour = (0.42, 0.28, 0.18)
LEAF: Colour = (0.24, 0.55, 0.24)
CACTUS: Colour = (0.28, 0.56, 0.34)
CLAY: Colour = (0.80, 0.44, 0.28)
SOIL: Colour = (0.28, 0.19, 0.14)
STRAW: Colour = (0.90, 0.90, 0.90)
CLEAR: Colour = (0.86, 0.93, 0.97)


def sofa(easel: Easel, colour: Colour) -> Layer:
    feet = easel.strokes([[(-0.70, 0.46), (-0.70, 0.60)], [(0.70, 0.46), (0.70, 0.60)]], 0.09)
    back = easel.box((-0.74, -0.46), (0.74, 0.22), 0.16)
    seats = np.maximum(
        easel.box((-0.62, 0.02), (-0.01, 0.26), 0.08), easel.box((0.01, 0.02), (0.62, 0.26), 0.08)
    )
    base = easel.box((-0.72, 0.2), (0.72, 0.48), 0.06)
    arms = np.maximum(
        easel.box((-0.90, -0.14), (-0.60, 0.50), 0.13), easel.box((0.60, -0.14), (0.90, 0.50), 0.13)
    )
    seam = easel.flat(easel.box((-0.012, -0.4), (0.012, 0.1)), darker(colour, 0.55))
    return stacked(
        easel.flat(feet, WOOD),
        easel.puffy(back, darker(colour, 0.86), 0.6, 0.06),
        seam,
        easel.puffy(base, darker(colour, 0.7), 0.4, 0.0),
        easel.puffy(seats, lighter(colour, 0.1), 0.6, 0.1),
        easel.puffy(arms, colour, 0.6, 0.08),
    )


def armchair(easel: Easel, colour: Colour) -> Layer:
    feet = easel.strokes([[(-0.46, 0.70), (-0.46, 0.84)], [(0.46, 0.70), (0.46, 0.84)]], 0.1)
    back = easel.box((-0.50, -0.82), (0.50, 0.3), 0.26)
    seat = easel.box((-0.42, 0.06), (0.42, 0.34), 0.1)
    base = easel.box((-0.52, 0.3), (0.52, 0.74), 0.06)
    arms = np.maximum(
        easel.box((-0.72, -0.10), (-0.38, 0.76), 0.16), easel.box((0.38, -0.10), (0.72, 0.76), 0.16)
    )
    buttons: Mask = np.zeros_like(easel.x)
    for x, y in ((-0.2, -0.46), (0.2, -0.46), (0.0, -0.22)):
        buttons = np.maximum(buttons, easel.ellipse((x, y), (0.035, 0.035)))
    return stacked(
        easel.flat(feet, WOOD),
        easel.puffy(back, darker(colour, 0.88), 0.7, 0.06),
        easel.flat(buttons, darker(colour, 0.55)),
        easel.puffy(base, darker(colour, 0.7), 0.4, 0.0),
        easel.puffy(seat, lighter(colour, 0.12), 0.6, 0.1),
        easel.puffy(arms, colour, 0.6, 0.08),
    )


def bed(easel: Easel, colour: Colour) -> Layer:
    """Seen from the foot, a little from the side; the colour is the blanket's."""
    board = easel.puffy(easel.box((-0.88, -0.56), (-0.72, 0.62), 0.05), WOOD, 0.4, 0.1)
    foot = easel.puffy(easel.box((0.76, -0.06), (0.88, 0.62), 0.05), WOOD, 0.4, 0.1)
    rail = easel.flat(easel.box((-0.8, 0.3), (0.82, 0.44)), darker(WOOD, 0.8))
    mattress = easel.puffy(easel.box((-0.76, 0.02), (0.80, 0.32), 0.06), (0.95, 0.94, 0.92))
    pillow = easel.puffy(easel.box((-0.70, -0.20), (-0.30, 0.06), 0.11), (0.98, 0.97, 0.95))
    fold = [(-0.24, -0.12), (0.78, -0.08), (0.80, 0.42), (-0.22, 0.42)]
    blanket = easel.puffy(easel.polygon(fold), colour, 0.6, 0.1)
    turned = easel.puffy(easel.box((-0.28, -0.14), (-0.08, 0.42), 0.05), lighter(colour, 0.45))
    return stacked(board, rail, mattress, pillow, blanket, turned, foot)


def potted_plant(easel: Easel, colour: Colour) -> Layer:
    """Long leaves over a pot; the colour is the pot's."""
    layers = []
    for k, shade in enumerate((0.72, 0.9, 1.05, 0.82, 1.0)):
        angle = (-0.95 + 0.475 * k) + easel.rng.normal(0, 0.05)
        length = 0.98 - 0.2 * abs(k - 2) / 2
        tip = (length * math.sin(angle) * 0.95, 0.28 - length * math.cos(angle) * 1.12)
        layers.append(_long_leaf(easel, tip, lighter(LEAF, 0.1) if shade > 1 else LEAF, shade))
    return stacked(*layers, _pot(easel, colour))


def potted_cactus(easel: Easel, colour: Colour) -> Layer:
    """A ribbed trunk with two arms; the colour is the cactus's."""
    trunk = easel.box((-0.2, -0.84), (0.2, 0.44), 0.2)
    arms = easel.strokes(
        [
            [(-0.1, 0.12), (-0.44, 0.08), (-0.46, -0.24)],
            [(0.1, -0.08), (0.42, -0.12), (0.44, -0.46)],
        ],
        0.2,
    )
    whole = np.maximum(trunk, arms)
    ribs = easel.strokes([[(x, -0.74), (x, 0.4)] for x in (-0.09, 0.09)], 0.022) * trunk
    spines = []
    for x, y in ((-0.2, -0.5), (0.2, -0.6), (-0.2, 0.0), (0.2, 0.2), (0.0, -0.7), (0.0, -0.2)):
        spines += [[(x - 0.05, y - 0.05), (x + 0.05, y + 0.05)], [(x + 0.05, y - 0.05), (x, y)]]
    return stacked(
        easel.puffy(whole, colour, 0.6, 0.1),
        easel.flat(ribs, darker(colour, 0.72)),
        easel.flat(easel.strokes(spines, 0.018), (0.96, 0.96, 0.86)),
        _pot(easel, CLAY),
    )


def potted_tree(easel: Easel, colour: Colour) -> Layer:
    """A clipped ball of leaves on a thin trunk in a pot."""
    trunk = easel.puffy(easel.box((-0.05, -0.2), (0.05, 0.4), 0.02), WOOD, 0.4, 0.0)
    ball = easel.ellipse((0, -0.40), (0.48, 0.46))
    spots = easel.noise(2, 9)
    crown = easel.puffy(ball, colour, 0.8, 0.05)
    crown[..., :3] = np.clip(crown[..., :3] * (0.75 + 0.5 * spots)[..., None], 0, crown[..., 3:])
    return stacked(trunk, crown, _pot(easel, CLAY))


def drink(easel: Easel, colour: Colour) -> Layer:
    """A tumbler of a see-through drink, with ice and a straw; the colour is the drink's."""
    level = -0.34 + easel.rng.uniform(-0.05, 0.05)
    straw = easel.stroke([(0.02, 0.6), (0.24, -0.56), (0.46, -0.86)], 0.07)
    wall = easel.polygon([(-0.44, -0.56), (0.44, -0.56), (0.34, 0.84), (-0.34, 0.84)])
    inner = easel.polygon([(-0.39, -0.56), (0.39, -0.56), (0.295, 0.74), (-0.295, 0.74)])
    glass = premultiplied(np.array(CLEAR, np.float32), wall * (0.62 - 0.44 * inner))
    body = inner * easel.edge(level - easel.y)
    liquid = easel.puffy(body, colour, 0.5, 0.1) * 0.74
    top = easel.flat(easel.ellipse((0, level), (0.38, 0.06)), lighter(colour, 0.3)) * 0.8
    ice = np.maximum(
        easel.polygon([(-0.26, -0.24), (-0.02, -0.30), (0.04, -0.06), (-0.2, 0.0)]),
        easel.polygon([(0.04, -0.02), (0.26, -0.08), (0.24, 0.16), (0.02, 0.2)]),
    )
    cubes = premultiplied(np.array(lighter(colour, 0.75), np.float32), ice * 0.6)
    rim = easel.ellipse((0, -0.56), (0.44, 0.07)) * (1 - easel.ellipse((0, -0.56), (0.40, 0.05)))
    edge = premultiplied(np.array(CLEAR, np.float32), rim * 0.85)
    glint = premultiplied(
        np.ones(3, np.float32), 0.6 * easel.spot((-0.28, 0.2), (0.04, 0.4)) * wall
    )
    return stacked(easel.flat(straw, STRAW), glass, liquid, top, cubes, edge, glint)


def curtain(easel: Easel, colour: Colour) -> Layer:
    """Cloth in folds from a rod, thin enough that a little light comes through."""
    rod = easel.puffy(easel.stroke([(-0.82, -0.78), (0.82, -0.78)], 0.08), (0.62, 0.48, 0.26))
    knobs = np.maximum(
        easel.ellipse((-0.84, -0.78), (0.07, 0.07)), easel.ellipse((0.84, -0.78), (0.07, 0.07))
    )
    phase, folds = easel.rng.uniform(0, 6), 22 + easel.rng.uniform(-2, 2)
    swing = 0.04 * np.sin(easel.y * 3 + phase)
    wave = np.sin((easel.x + swing * (easel.y + 0.8)) * folds + phase)
    hem = 0.80 + 0.03 * np.sin(easel.x * folds + phase)
    mask = easel.box((-0.72, -0.76), (0.72, 0.88), 0.03) * easel.edge(easel.y - hem)
    rgb = np.array(colour, np.float32) * (0.82 + 0.2 * wave)[..., None]
    cloth = premultiplied(rgb + 0.06 * np.clip(wave, 0, 1)[..., None], mask * (0.92 - 0.06 * wave))
    return stacked(cloth, rod, easel.flat(knobs, (0.72, 0.57, 0.32)))


def _pot(easel: Easel, colour: Colour) -> Layer:
    body = easel.polygon([(-0.38, 0.42), (0.38, 0.42), (0.27, 0.88), (-0.27, 0.88)])
    rim = easel.box((-0.44, 0.28), (0.44, 0.46), 0.04)
    soil = easel.flat(easel.ellipse((0, 0.29), (0.36, 0.04)), SOIL)
    return stacked(
        easel.puffy(body, darker(colour, 0.9), 0.6, 0.1), easel.puffy(rim, colour, 0.5, 0.15), soil
    )


def _long_leaf(easel: Easel, tip: tuple[float, float], colour: Colour, shade: float) -> Layer:
    """A pointed leaf from the middle of the pot to a tip, bent outwards."""
    x, y = tip
    middle = (x * 0.42, (y + 0.28) / 2 - 0.08)
    wide = (0.13, 0.05 * (1 if x < 0 else -1))
    side = bent((0, 0.32), (middle[0] + wide[0], middle[1] + wide[1]), tip, 10)
    other = bent((0, 0.32), (middle[0] - wide[0], middle[1] - wide[1]), tip, 10)
    mask = easel.polygon([*side, *reversed(other)])
    vein = easel.stroke(bent((0, 0.32), middle, (x * 0.9, y * 0.9 + 0.03), 10), 0.02) * mask
    tint = darker(colour, min(shade, 1.0))
    return stacked(easel.puffy(mask, tint, 0.6, 0.15), easel.flat(vein, lighter(tint, 0.25)))
