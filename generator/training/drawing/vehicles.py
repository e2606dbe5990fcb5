"""Vehicles and a robot, drawn by code. Each: easel and colour in, one layer out."""

from __future__ import annotations

import math

import numpy as np

from generator.training.drawing.easel import (
    Colour,
    Easel,
    Layer,
    Mask,
    Point,
    darker,
    lighter,
    stacked,
)

TYRE: Colour = (0.15, 0.15, 0.17)
HUB: Colour = (0.76, 0.77, 0.80)
PANE: Colour = (0.62, 0.82, 0.94)
CARGO: Colour = (0.88, 0.88, 0.86)
LAMP: Colour = (1.0, 0.92, 0.60)
DARK: Colour = (0.24, 0.25, 0.29)


def truck(easel: Easel, colour: Colour) -> Layer:
    """A light box behind a cab; the colour is the cab's and a stripe's."""
    cargo = easel.puffy(easel.box((-0.88, -0.52), (0.30, 0.34), 0.04), CARGO, 0.4, 0.1)
    stripe = easel.flat(easel.box((-0.86, -0.14), (0.28, 0.04)), colour, 0.1)
    cab = easel.polygon([(0.33, -0.30), (0.62, -0.30), (0.82, 0.02), (0.88, 0.36), (0.33, 0.36)])
    pane = easel.polygon([(0.42, -0.20), (0.58, -0.20), (0.72, 0.03), (0.42, 0.03)])
    frame = easel.flat(easel.box((-0.86, 0.32), (0.88, 0.43)), DARK)
    light = easel.flat(easel.ellipse((0.83, 0.24), (0.05, 0.06)), LAMP)
    return stacked(
        frame,
        cargo,
        stripe,
        easel.puffy(cab, colour, 0.6, 0.2),
        easel.flat(pane, PANE, 0.2),
        light,
        *_wheels(easel, (-0.58, -0.20, 0.58), 0.42, 0.19),
    )


def bus(easel: Easel, colour: Colour) -> Layer:
    body = easel.puffy(easel.box((-0.88, -0.52), (0.88, 0.40), 0.14), colour, 0.6, 0.2)
    panes: Mask = np.zeros_like(easel.x)
    for x in (-0.66, -0.31, 0.04):
        panes = np.maximum(panes, easel.box((x - 0.13, -0.34), (x + 0.15, -0.04), 0.04))
    door = easel.flat(easel.box((0.28, -0.34), (0.50, 0.34), 0.03), PANE, 0.2)
    split = easel.flat(easel.box((0.38, -0.34), (0.40, 0.34)), darker(colour, 0.6))
    front = easel.flat(easel.box((0.60, -0.34), (0.82, 0.0), 0.05), PANE, 0.2)
    band = easel.flat(easel.box((-0.87, 0.08), (0.25, 0.15)), lighter(colour, 0.5))
    light = easel.flat(easel.ellipse((0.81, 0.22), (0.05, 0.06)), LAMP)
    return stacked(
        body,
        easel.flat(panes, PANE, 0.2),
        door,
        split,
        front,
        band,
        light,
        *_wheels(easel, (-0.52, 0.56), 0.40, 0.2),
    )


def airplane(easel: Easel, colour: Colour) -> Layer:
    """Seen from the side, climbing a little; the colour is that of wings and tail."""
    lean = -0.22
    hull = easel.ellipse((0.0, 0.02), (0.86, 0.22), lean)
    tail = easel.polygon([(-0.80, 0.12), (-0.88, -0.38), (-0.66, -0.40), (-0.44, 0.02)])
    fin = easel.polygon([(-0.82, 0.20), (-0.90, 0.42), (-0.76, 0.40), (-0.52, 0.14)])
    far = easel.polygon([(0.10, -0.12), (-0.16, -0.56), (0.02, -0.58), (0.40, -0.16)])
    near = easel.polygon([(-0.14, 0.06), (-0.52, 0.72), (-0.26, 0.70), (0.30, 0.02)])
    panes: Mask = np.zeros_like(easel.x)
    for k in range(6):
        along = -0.36 + 0.16 * k
        panes = np.maximum(panes, easel.ellipse((along, -0.05 + along * -0.22), (0.04, 0.045)))
    nose = easel.ellipse((0.66, -0.18), (0.11, 0.07), lean)
    return stacked(
        easel.flat(far, darker(colour, 0.7), 0.1),
        easel.puffy(tail, colour, 0.5, 0.1),
        easel.puffy(hull, (0.93, 0.94, 0.96), 0.7, 0.2),
        easel.flat(np.maximum(panes, nose), (0.30, 0.52, 0.72)),
        easel.flat(fin, darker(colour, 0.8)),
        easel.puffy(near, colour, 0.5, 0.15),
    )


def bicycle(easel: Easel, colour: Colour) -> Layer:
    """Thick tubes: thin ones are lost on the model's grid."""
    left, right = (-0.50, 0.32), (0.50, 0.32)
    layers = []
    for middle in (left, right):
        tyre = easel.ellipse(middle, (0.38, 0.38)) - easel.ellipse(middle, (0.29, 0.29))
        spokes: list[list[Point]] = []
        for k in range(3):
            across, along = 0.3 * math.cos(k * math.pi / 3), 0.3 * math.sin(k * math.pi / 3)
            spokes.append(
                [(middle[0] - across, middle[1] - along), (middle[0] + across, middle[1] + along)]
            )
        layers.append(easel.flat(easel.strokes(spokes, 0.022), HUB))
        layers.append(easel.flat(np.clip(tyre, 0, 1), TYRE))
    crank, saddle, head = (-0.08, 0.32), (-0.22, -0.22), (0.34, -0.24)
    frame = [[left, crank, saddle, left], [saddle, head, crank], [head, right]]
    posts = [[saddle, (-0.25, -0.36)], [head, (0.31, -0.44), (0.46, -0.50)]]
    seat = easel.ellipse((-0.26, -0.40), (0.18, 0.06))
    return stacked(
        *layers,
        easel.flat(easel.strokes(posts, 0.06), DARK),
        easel.puffy(easel.strokes(frame, 0.085), colour, 0.4, 0.2),
        easel.flat(np.maximum(seat, easel.ellipse(crank, (0.08, 0.08))), DARK),
    )


def toy_robot(easel: Easel, colour: Colour) -> Layer:
    metal: Colour = (0.70, 0.73, 0.78)
    feet = np.maximum(
        easel.box((-0.36, 0.72), (-0.06, 0.88), 0.05), easel.box((0.06, 0.72), (0.36, 0.88), 0.05)
    )
    legs = easel.strokes([[(-0.2, 0.44), (-0.2, 0.76)], [(0.2, 0.44), (0.2, 0.76)]], 0.15)
    lift = easel.rng.uniform(-0.08, 0.08)
    arms = [
        [(-0.36, -0.08), (-0.62, 0.12 + lift), (-0.60, 0.34 + lift)],
        [(0.36, -0.08), (0.62, 0.12 - lift), (0.60, 0.34 - lift)],
    ]
    body = easel.puffy(easel.box((-0.40, -0.20), (0.40, 0.52), 0.08), colour, 0.6, 0.25)
    plate = easel.flat(easel.box((-0.22, 0.0), (0.22, 0.3), 0.04), lighter(metal, 0.4), 0.2)
    knobs = easel.flat(easel.ellipse((-0.09, 0.15), (0.07, 0.07)), (0.9, 0.3, 0.25))
    knob = easel.flat(easel.ellipse((0.11, 0.15), (0.07, 0.07)), (0.25, 0.7, 0.4))
    head = easel.puffy(easel.box((-0.34, -0.70), (0.34, -0.24), 0.1), lighter(colour, 0.1))
    eyes = [easel.solid((x, -0.50), (0.1, 0.1), (0.98, 0.96, 0.72), 0.3) for x in (-0.15, 0.15)]
    mouth = easel.flat(easel.box((-0.16, -0.36), (0.16, -0.30), 0.02), DARK)
    rod = easel.flat(easel.box((-0.025, -0.84), (0.025, -0.66)), metal)
    bulb = easel.solid((0, -0.84), (0.07, 0.07), (0.94, 0.32, 0.28), 0.5)
    return stacked(
        easel.puffy(np.maximum(legs, easel.strokes(arms, 0.13)), metal, 0.5, 0.3),
        easel.puffy(feet, darker(colour, 0.8), 0.5, 0.15),
        body,
        plate,
        knobs,
        knob,
        rod,
        head,
        *eyes,
        mouth,
        bulb,
    )


def _wheels(easel: Easel, places: tuple[float, ...], y: float, radius: float) -> list[Layer]:
    layers = []
    for x in places:
        layers.append(easel.puffy(easel.ellipse((x, y), (radius, radius)), TYRE, 0.5, 0.1))
        layers.append(easel.solid((x, y), (radius * 0.45, radius * 0.45), HUB, 0.3))
    return layers
