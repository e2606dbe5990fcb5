"""Toys, signs, vehicles, animals, drawn by code. Each: easel and colour in, one layer out."""

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
    premultiplied,
    ring_of,
    stacked,
)
from generator.training.drawing.soft_things import flame, halo

TYRE: Colour = (0.15, 0.15, 0.17)
PANE: Colour = (0.62, 0.82, 0.94)
EYE: Colour = (0.08, 0.08, 0.10)
WHITE: Colour = (0.97, 0.97, 0.96)


def ball(easel: Easel, colour: Colour) -> Layer:
    return easel.solid((0, 0), (0.84, 0.84), colour, 0.75)


def star(easel: Easel, colour: Colour) -> Layer:
    inner = 0.42 + easel.rng.uniform(-0.02, 0.02)
    return easel.puffy(easel.polygon(ring_of(10, (0.9, inner), (0, 0.05))), colour, 0.7, 0.3)


def heart(easel: Easel, colour: Colour) -> Layer:
    turns = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    outline = [
        (
            0.83 * math.sin(t) ** 3,
            -0.051
            * (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)),
        )
        for t in turns
    ]
    body = easel.puffy(easel.polygon(outline), colour, 0.9, 0.3)
    shine = 0.5 * easel.spot((-0.42, -0.36), (0.13, 0.13)) * body[..., 3]
    body[..., :3] += shine[..., None] * (1 - body[..., :3])
    return body


def balloon(easel: Easel, colour: Colour) -> Layer:
    string = easel.stroke(bent((0, 0.42), (0.16, 0.66), (-0.02, 0.92)), 0.03)
    knot = easel.polygon([(0, 0.30), (0.09, 0.44), (-0.09, 0.44)])
    return stacked(
        easel.flat(string, (0.55, 0.55, 0.57)),
        easel.flat(knot, darker(colour, 0.8)),
        easel.solid((0, -0.26), (0.54, 0.62), colour, 0.85),
    )


def gem(easel: Easel, colour: Colour) -> Layer:
    """A cut stone: facets of different lightness, a little see-through."""
    a, b, c, d = (-0.52, -0.52), (0.52, -0.52), (0.86, -0.10), (-0.86, -0.10)
    e, f, g, top = (-0.30, -0.10), (0.30, -0.10), (0.0, 0.86), (0.0, -0.52)
    facets = (
        ((a, e, d), 0.95),
        ((a, top, e), 1.25),
        ((top, f, e), 1.05),
        ((top, b, f), 1.3),
        ((b, c, f), 0.8),
        ((d, e, g), 0.78),
        ((e, f, g), 1.1),
        ((f, c, g), 0.6),
    )
    layers = [easel.flat(easel.polygon([a, b, c, g, d]), colour)]
    for points, light in facets:
        tint = darker(colour, light) if light <= 1 else lighter(colour, (light - 1) * 1.6)
        layers.append(easel.flat(easel.polygon(points), tint, 0.1))
    return stacked(*layers) * 0.92


def rocket(easel: Easel, colour: Colour) -> Layer:
    fins = [
        easel.puffy(easel.polygon([(s * 0.2, 0.12), (s * 0.58, 0.62), (s * 0.2, 0.5)]), colour, 0.4)
        for s in (-1, 1)
    ]
    hull_mask = easel.ellipse((0, -0.16), (0.32, 0.74)) * easel.edge(easel.y - 0.48)
    hull = easel.puffy(hull_mask, (0.90, 0.91, 0.93), 0.8, 0.2)
    nose = easel.puffy(hull_mask, colour, 0.8, 0.2) * easel.edge(easel.y + 0.44)[..., None]
    port = stacked(
        easel.flat(easel.ellipse((0, -0.14), (0.16, 0.16)), darker(colour, 0.75)),
        easel.solid((0, -0.14), (0.11, 0.11), (0.45, 0.75, 0.95), 0.6),
    )
    return stacked(flame(easel, (0, 0.62), -0.28), *fins, hull, nose, port)


def car(easel: Easel, colour: Colour) -> Layer:
    roof = [(-0.46, 0.02), (-0.30, -0.40), (0.26, -0.40), (0.50, 0.02)]
    cabin = easel.puffy(easel.polygon(roof), darker(colour, 0.92), 0.5, 0.2)
    panes = np.maximum(
        easel.polygon([(-0.36, 0.0), (-0.24, -0.31), (-0.04, -0.31), (-0.04, 0.0)]),
        easel.polygon([(0.04, 0.0), (0.04, -0.31), (0.21, -0.31), (0.38, 0.0)]),
    )
    body = easel.puffy(easel.box((-0.88, -0.04), (0.88, 0.36), 0.16), colour, 0.7, 0.3)
    wheels = []
    for x in (-0.48, 0.48):
        wheels.append(easel.puffy(easel.ellipse((x, 0.36), (0.22, 0.22)), TYRE, 0.5, 0.1))
        wheels.append(easel.solid((x, 0.36), (0.10, 0.10), (0.76, 0.77, 0.8), 0.3))
    light = easel.flat(easel.ellipse((0.80, 0.08), (0.07, 0.08)), (1.0, 0.92, 0.6))
    return stacked(cabin, easel.flat(panes, PANE, 0.2), body, light, *wheels)


def boat(easel: Easel, colour: Colour) -> Layer:
    hull = easel.polygon([(-0.84, 0.38), (0.84, 0.38), (0.52, 0.80), (-0.56, 0.80)])
    mast = easel.flat(easel.box((-0.06, -0.88), (0.0, 0.4)), (0.40, 0.28, 0.18))
    large = [(0.04, -0.84), *bent((0.04, -0.84), (0.62, -0.2), (0.68, 0.26)), (0.04, 0.26)]
    small = [(-0.10, -0.66), (-0.10, 0.26), (-0.60, 0.26)]
    return stacked(
        mast,
        easel.puffy(easel.polygon(large), colour, 0.5, 0.1),
        easel.puffy(easel.polygon(small), lighter(colour, 0.18), 0.5, 0.1),
        easel.puffy(hull, (0.55, 0.34, 0.20), 0.5, 0.15),
    )


def planet(easel: Easel, colour: Colour) -> Layer:
    """The back half of the ring lies behind the globe, the front half before it."""
    globe = easel.solid((0, 0), (0.56, 0.56), colour, 0.15)
    bands = 0.88 + 0.16 * np.sin(easel.y * 13 + easel.x * 4 + 2 * easel.noise(2, 3))
    globe[..., :3] = np.clip(globe[..., :3] * bands[..., None], 0, 1)
    tilt = 0.32
    across = math.cos(tilt) * easel.x - math.sin(tilt) * easel.y
    along = math.sin(tilt) * easel.x + math.cos(tilt) * easel.y
    reach = np.hypot(across / 0.92, along / 0.26)
    ring = easel.edge((np.abs(reach - 0.86) - 0.13) * 0.3) * 0.9
    paint = premultiplied(np.array((0.90, 0.80, 0.60), np.float32), ring)
    front = easel.edge(-along)[..., None]
    return stacked(paint * (1 - front), globe, paint * front)


def fish(easel: Easel, colour: Colour) -> Layer:
    dark = darker(colour, 0.78)
    tail = easel.polygon([(0.38, 0.0), (0.86, -0.42), (0.72, 0.0), (0.86, 0.42)])
    fins = np.maximum(
        easel.polygon([(-0.30, -0.28), (0.22, -0.62), (0.26, -0.24)]),
        easel.polygon([(-0.16, 0.30), (0.16, 0.58), (0.20, 0.24)]),
    )
    body = easel.puffy(easel.ellipse((-0.16, 0.0), (0.66, 0.42)), colour, 0.9, 0.4)
    gill = easel.flat(easel.stroke(bent((-0.3, -0.24), (-0.16, 0), (-0.3, 0.24)), 0.04), dark)
    return stacked(
        easel.puffy(tail, dark, 0.4), easel.puffy(fins, dark, 0.4), body, gill, _eye(easel, -0.54)
    )


def bird(easel: Easel, colour: Colour) -> Layer:
    tail = easel.polygon([(0.40, 0.05), (0.90, -0.22), (0.84, 0.16), (0.44, 0.34)])
    body = np.maximum(
        easel.ellipse((0.06, 0.20), (0.54, 0.44)), easel.ellipse((-0.36, -0.28), (0.34, 0.33))
    )
    wing = easel.puffy(easel.ellipse((0.20, 0.14), (0.36, 0.24), 0.35), darker(colour, 0.76), 0.6)
    beak = easel.polygon([(-0.66, -0.36), (-0.92, -0.22), (-0.64, -0.16)])
    legs = easel.strokes([[(-0.04, 0.6), (-0.08, 0.86)], [(0.18, 0.6), (0.18, 0.86)]], 0.055)
    return stacked(
        easel.flat(legs, (0.90, 0.58, 0.16)),
        easel.puffy(tail, darker(colour, 0.76), 0.4),
        easel.puffy(beak, (0.97, 0.66, 0.14), 0.4),
        easel.puffy(body, colour, 0.9, 0.15),
        wing,
        _eye(easel, -0.42, -0.34),
    )


def butterfly(easel: Easel, colour: Colour) -> Layer:
    layers = []
    for side in (-1, 1):
        upper = easel.ellipse((side * 0.46, -0.30), (0.46, 0.36), side * -0.6)
        lower = easel.ellipse((side * 0.36, 0.36), (0.34, 0.28), side * 0.7)
        layers.append(easel.puffy(lower, darker(colour, 0.82), 0.5, 0.1))
        layers.append(easel.puffy(upper, colour, 0.5, 0.15))
        layers.append(easel.flat(easel.ellipse((side * 0.54, -0.36), (0.15, 0.13)), WHITE))
        layers.append(easel.flat(easel.ellipse((side * 0.40, 0.40), (0.1, 0.1)), WHITE))
    feelers = [bent((0, -0.4), (s * 0.08, -0.7), (s * 0.24, -0.82), 8) for s in (-1, 1)]
    layers.append(easel.flat(easel.strokes(feelers, 0.035), EYE))
    layers.append(easel.puffy(easel.ellipse((0, 0.02), (0.09, 0.5)), (0.2, 0.16, 0.16), 0.6))
    return stacked(*layers)


def crown(easel: Easel, colour: Colour) -> Layer:
    spikes = [(-0.8, -0.42), (-0.4, 0.0), (0, -0.7), (0.4, 0.0), (0.8, -0.42), (0.64, 0.62)]
    band = easel.polygon([*spikes, (-0.64, 0.62)])
    gold = easel.puffy(band, colour, 0.5, 0.4)
    base = easel.puffy(easel.box((-0.66, 0.44), (0.66, 0.70), 0.05), darker(colour, 0.8), 0.5, 0.3)
    tips = [
        easel.solid(place, (0.09, 0.09), lighter(colour, 0.2))
        for place in (spikes[0], spikes[2], spikes[4])
    ]
    return stacked(gold, base, *tips)


def sword(easel: Easel, colour: Colour) -> Layer:
    blade = easel.polygon([(-0.12, 0.36), (-0.12, -0.68), (0, -0.92), (0.12, -0.68), (0.12, 0.36)])
    half = easel.polygon([(0, 0.36), (0, -0.92), (0.12, -0.68), (0.12, 0.36)])
    guard = easel.puffy(easel.box((-0.40, 0.34), (0.40, 0.48), 0.06), (0.86, 0.68, 0.24), 0.5, 0.4)
    grip = easel.puffy(easel.box((-0.08, 0.46), (0.08, 0.82), 0.03), (0.40, 0.24, 0.16), 0.5, 0.1)
    end = easel.solid((0, 0.84), (0.11, 0.10), (0.86, 0.68, 0.24))
    return stacked(
        easel.flat(blade, colour), easel.flat(half, darker(colour, 0.76)), grip, guard, end
    )


def sun(easel: Easel, colour: Colour) -> Layer:
    rays = easel.flat(easel.polygon(ring_of(24, (0.88, 0.58))), darker(colour, 0.96))
    return stacked(
        halo(easel, (0, 0), 0.9, colour) * 0.4,
        rays,
        easel.puffy(easel.ellipse((0, 0), (0.52, 0.52)), lighter(colour, 0.3), 0.4, 0.0),
    )


def moon(easel: Easel, colour: Colour) -> Layer:
    bite = 1 - easel.ellipse((0.36, -0.14), (0.70, 0.70))
    return easel.puffy(easel.ellipse((0, 0), (0.84, 0.84)) * bite, colour, 0.6, 0.1)


def snowflake(easel: Easel, colour: Colour) -> Layer:
    arms = []
    for k in range(6):
        angle = k * math.pi / 3 + math.pi / 6
        out = (math.cos(angle), math.sin(angle))
        arms.append([(0.0, 0.0), (out[0] * 0.84, out[1] * 0.84)])
        for reach in (0.42, 0.66):
            root = (out[0] * reach, out[1] * reach)
            for lean in (-0.8, 0.8):
                tip = (math.cos(angle + lean) * 0.24, math.sin(angle + lean) * 0.24)
                arms.append([root, (root[0] + tip[0], root[1] + tip[1])])
    return easel.puffy(easel.strokes(arms, 0.085), colour, 0.4, 0.2)


def _eye(easel: Easel, x: float, y: float = -0.08) -> Layer:
    return stacked(
        easel.flat(easel.ellipse((x, y), (0.12, 0.12)), WHITE),
        easel.flat(easel.ellipse((x - 0.02, y), (0.07, 0.07)), EYE),
    )
