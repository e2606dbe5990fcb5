"""Simple people, a hand and hair, drawn by code. Colour in: that of clothes or hair."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    Mask,
    Point,
    bent,
    darker,
    lighter,
    stacked,
)

SKINS: tuple[Colour, ...] = (
    (0.98, 0.82, 0.70),
    (0.91, 0.70, 0.54),
    (0.72, 0.50, 0.35),
    (0.47, 0.31, 0.21),
)
HAIRS: tuple[Colour, ...] = (
    (0.16, 0.11, 0.09),
    (0.36, 0.22, 0.12),
    (0.85, 0.68, 0.36),
    (0.60, 0.30, 0.14),
)
TROUSERS: Colour = (0.22, 0.26, 0.38)
SHOE: Colour = (0.15, 0.13, 0.13)
EYE: Colour = (0.10, 0.09, 0.10)


def man(easel: Easel, colour: Colour) -> Layer:
    """Standing, seen from the front; the colour is the shirt's."""
    skin, hair = _looks(easel)
    legs = easel.strokes([[(-0.13, 0.24), (-0.14, 0.80)], [(0.13, 0.24), (0.14, 0.80)]], 0.21)
    shoes = np.maximum(
        easel.ellipse((-0.18, 0.85), (0.15, 0.07)), easel.ellipse((0.18, 0.85), (0.15, 0.07))
    )
    arms = [
        [(-0.27, -0.24), (-0.40, 0.02), (-0.38, 0.22)],
        [(0.27, -0.24), (0.40, 0.02), (0.38, 0.22)],
    ]
    hands = np.maximum(
        easel.ellipse((-0.38, 0.27), (0.08, 0.09)), easel.ellipse((0.38, 0.27), (0.08, 0.09))
    )
    body = easel.box((-0.29, -0.34), (0.29, 0.32), 0.13)
    return stacked(
        easel.flat(shoes, SHOE),
        easel.puffy(legs, TROUSERS, 0.5, 0.0),
        easel.flat(hands, skin),
        easel.puffy(easel.strokes(arms, 0.16), darker(colour, 0.86), 0.5, 0.05),
        easel.puffy(body, colour, 0.6, 0.08),
        easel.flat(easel.box((-0.07, -0.42), (0.07, -0.28), 0.03), darker(skin, 0.85)),
        _head(easel, (0.0, -0.60), skin, hair),
    )


def woman(easel: Easel, colour: Colour) -> Layer:
    """Standing, with long hair; the colour is the dress's."""
    skin, hair = _looks(easel)
    fall = np.maximum(
        easel.ellipse((0, -0.54), (0.29, 0.32)), easel.box((-0.29, -0.56), (0.29, -0.18), 0.1)
    )
    legs = easel.strokes([[(-0.11, 0.4), (-0.11, 0.80)], [(0.11, 0.4), (0.11, 0.80)]], 0.12)
    shoes = np.maximum(
        easel.ellipse((-0.14, 0.85), (0.12, 0.06)), easel.ellipse((0.14, 0.85), (0.12, 0.06))
    )
    arms = [[(-0.22, -0.24), (-0.42, 0.14)], [(0.22, -0.24), (0.42, 0.14)]]
    side = [(0.20, -0.34), (0.17, -0.02), *bent((0.17, -0.02), (0.34, 0.22), (0.46, 0.52), 8)]
    dress = easel.polygon([*side, *((-x, y) for x, y in reversed(side))])
    return stacked(
        easel.flat(shoes, darker(colour, 0.6)),
        easel.flat(np.maximum(legs, easel.strokes(arms, 0.12)), skin, 0.1),
        easel.puffy(fall, hair, 0.5, 0.1),
        easel.puffy(dress, colour, 0.7, 0.1),
        easel.flat(easel.box((-0.06, -0.42), (0.06, -0.28), 0.03), darker(skin, 0.85)),
        _head(easel, (0.0, -0.60), skin, hair),
    )


def walking_man(easel: Easel, colour: Colour) -> Layer:
    """Seen from the side, in a wide stride to the right."""
    skin, hair = _looks(easel)
    far_leg = easel.stroke([(-0.02, 0.2), (-0.22, 0.50), (-0.50, 0.72)], 0.19)
    near_leg = easel.stroke([(0.0, 0.2), (0.26, 0.46), (0.34, 0.80)], 0.2)
    far_shoe = easel.ellipse((-0.50, 0.79), (0.15, 0.075), 0.8)
    near_shoe = easel.ellipse((0.42, 0.85), (0.16, 0.07))
    far_arm = easel.stroke([(0.02, -0.22), (0.26, 0.0), (0.44, -0.06)], 0.13)
    near_arm = easel.stroke([(0.0, -0.22), (-0.22, 0.02), (-0.30, 0.22)], 0.15)
    body = easel.box((-0.21, -0.36), (0.21, 0.28), 0.15)
    hands = np.maximum(
        easel.ellipse((0.49, -0.07), (0.08, 0.07)), easel.ellipse((-0.32, 0.27), (0.08, 0.08))
    )
    return stacked(
        easel.flat(np.maximum(far_shoe, near_shoe), SHOE),
        easel.puffy(far_leg, darker(TROUSERS, 0.7), 0.4, 0.0),
        easel.flat(far_arm, darker(colour, 0.62)),
        easel.puffy(near_leg, TROUSERS, 0.5, 0.0),
        easel.puffy(body, colour, 0.6, 0.08),
        easel.flat(hands, skin),
        easel.puffy(near_arm, darker(colour, 0.82), 0.5, 0.05),
        easel.flat(easel.box((-0.05, -0.43), (0.09, -0.3), 0.03), darker(skin, 0.85)),
        _head(easel, (0.05, -0.61), skin, hair, 0.09),
    )


def sitting_man(easel: Easel, colour: Colour) -> Layer:
    """Seen from the side, sitting on a wooden stool."""
    skin, hair = _looks(easel)
    wood: Colour = (0.55, 0.37, 0.22)
    stool = easel.strokes([[(-0.44, 0.42), (-0.48, 0.86)], [(0.06, 0.42), (0.10, 0.86)]], 0.08)
    seat = easel.box((-0.54, 0.34), (0.16, 0.44), 0.04)
    leg = easel.stroke([(-0.18, 0.24), (0.34, 0.24), (0.40, 0.78)], 0.2)
    shoe = easel.ellipse((0.50, 0.85), (0.17, 0.07))
    arm = easel.stroke([(-0.16, -0.18), (0.02, 0.06), (0.30, 0.08)], 0.15)
    hand = easel.ellipse((0.36, 0.09), (0.08, 0.07))
    body = easel.box((-0.42, -0.36), (0.02, 0.34), 0.16)
    return stacked(
        easel.flat(stool, darker(wood, 0.7)),
        easel.flat(seat, wood, 0.1),
        easel.flat(shoe, SHOE),
        easel.puffy(leg, TROUSERS, 0.5, 0.0),
        easel.puffy(body, colour, 0.6, 0.08),
        easel.flat(hand, skin),
        easel.puffy(arm, darker(colour, 0.82), 0.5, 0.05),
        easel.flat(easel.box((-0.24, -0.43), (-0.10, -0.3), 0.03), darker(skin, 0.85)),
        _head(easel, (-0.15, -0.61), skin, hair, 0.09),
    )


def hand(easel: Easel, colour: Colour) -> Layer:
    """An open palm, fingers up; the colour is the skin's."""
    spread = easel.rng.uniform(0.9, 1.1)
    fingers: list[list[Point]] = []
    for x, tip, lean in (
        (-0.30, -0.52, -0.16),
        (-0.10, -0.72, -0.06),
        (0.11, -0.70, 0.05),
        (0.30, -0.50, 0.14),
    ):
        fingers.append([(x, 0.1), (x + lean * spread, tip)])
    thumb = easel.stroke([(-0.28, 0.52), (-0.55, 0.22), (-0.66, 0.0)], 0.2)
    palm = np.maximum(
        easel.box((-0.42, 0.0), (0.42, 0.68), 0.2), easel.box((-0.24, 0.4), (0.26, 0.88), 0.06)
    )
    whole = np.maximum(np.maximum(palm, thumb), easel.strokes(fingers, 0.185))
    lines = [bent((-0.26, 0.26), (0.0, 0.36), (0.32, 0.2)), bent((-0.2, 0.3), (0.0, 0.4), (0, 0.6))]
    creases = easel.flat(easel.strokes(lines, 0.03) * whole, darker(colour, 0.72))
    return stacked(easel.puffy(whole, colour, 0.5, 0.05), creases)


def curly_hair(easel: Easel, colour: Colour) -> Layer:
    """A wig of curls around an empty place for the face."""
    layers = []
    for shade, count in ((0.5, 34), (0.72, 30), (1.0, 30)):
        curls: Mask = np.zeros_like(easel.x)
        for k in range(count):
            angle = math.pi * (-0.24 + 1.48 * k / (count - 1)) + easel.rng.normal(0, 0.05)
            reach = 0.54 + easel.rng.uniform(-0.20, 0.18)
            middle = (reach * math.cos(angle), 0.16 - reach * 1.12 * math.sin(angle))
            size = easel.rng.uniform(0.11, 0.16)
            whole = easel.ellipse(middle, (size, size))
            curls = np.maximum(curls, whole * (1 - 0.75 * easel.ellipse(middle, (0.045, 0.045))))
        layers.append(easel.puffy(curls, darker(colour, shade), 0.6, 0.1))
    return stacked(*layers)


def ponytail(easel: Easel, colour: Colour) -> Layer:
    """A head's hair from the side, without the head: tied, with a long tail of strands."""
    crown = easel.ellipse((0.20, -0.34), (0.50, 0.48)) * easel.edge(0.55 * easel.x + easel.y - 0.10)
    layers = [easel.puffy(crown, colour, 0.7, 0.3)]
    for shade in (0.66, 0.85, 1.0):
        lines = []
        for _ in range(12):
            root, end = easel.rng.uniform(-0.07, 0.07), easel.rng.normal(0, 0.11)
            first = bent((-0.26, -0.44 + root), (-0.72, -0.52 + root), (-0.66 + root, 0.1), 10)
            lines.append(first + bent(first[-1], (-0.66 + root, 0.5), (-0.44 + end, 0.86), 8))
        layers.append(easel.flat(easel.strokes(lines, 0.045), darker(colour, shade)))
    band: Colour = (0.86, 0.20, 0.30) if colour[0] < 0.6 or colour[1] > 0.5 else (0.2, 0.3, 0.7)
    layers.append(easel.puffy(easel.ellipse((-0.29, -0.44), (0.09, 0.13)), band, 0.5, 0.2))
    return stacked(*layers)


def _looks(easel: Easel) -> tuple[Colour, Colour]:
    """Skin and hair of somebody."""
    return (
        SKINS[easel.rng.integers(len(SKINS))],
        HAIRS[easel.rng.integers(len(HAIRS))],
    )


def _head(easel: Easel, centre: Point, skin: Colour, hair: Colour, turned: float = 0.0) -> Layer:
    """A head; `turned` moves the face to the right."""
    x, y = centre
    face = easel.solid(centre, (0.22, 0.25), skin, 0.1)
    top = easel.ellipse((x - turned * 0.4, y - 0.05), (0.25, 0.25))
    bare = easel.ellipse((x + turned * 1.6, y + 0.15), (0.24, 0.25))
    eyes = np.maximum(
        easel.ellipse((x - 0.08 + turned, y + 0.02), (0.028, 0.036)),
        easel.ellipse((x + 0.08 + turned, y + 0.02), (0.028, 0.036)),
    )
    mouth = easel.stroke(
        bent((x - 0.07 + turned, y + 0.12), (x + turned, y + 0.17), (x + 0.07 + turned, y + 0.12)),
        0.028,
    )
    return stacked(
        face,
        easel.flat(eyes, EYE),
        easel.flat(mouth, (0.65, 0.25, 0.24)),
        easel.puffy(top * (1 - bare), lighter(hair, 0.04), 0.5, 0.12),
    )
