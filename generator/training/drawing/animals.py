"""Whole animals, drawn by code. Each: easel and colour of the coat in, one layer out."""

from __future__ import annotations

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

EYE: Colour = (0.08, 0.08, 0.10)
WHITE: Colour = (0.97, 0.97, 0.96)
NOSE: Colour = (0.20, 0.14, 0.14)
HOOF: Colour = (0.20, 0.16, 0.14)
BEAK: Colour = (0.25, 0.23, 0.24)
MUZZLE: Colour = (0.94, 0.72, 0.68)


def parrot(easel: Easel, colour: Colour) -> Layer:
    """On a perch, looking right: long tail, a wing in a second colour, a hooked beak."""
    wing_tint: Colour = (0.15, 0.42, 0.86) if colour[2] < 0.6 else (0.96, 0.78, 0.18)
    perch = easel.puffy(easel.stroke([(-0.62, 0.46), (0.58, 0.46)], 0.1), (0.45, 0.30, 0.18))
    tail = easel.polygon([(-0.16, 0.2), (0.10, 0.3), (-0.20, 0.90), (-0.38, 0.88)])
    body = np.maximum(
        easel.ellipse((0.0, 0.02), (0.32, 0.50), 0.28), easel.ellipse((0.14, -0.50), (0.29, 0.30))
    )
    wing = easel.ellipse((-0.12, 0.10), (0.20, 0.46), 0.32)
    face = easel.ellipse((0.26, -0.50), (0.17, 0.18))
    beak = easel.polygon(
        [(0.34, -0.64), *bent((0.34, -0.64), (0.68, -0.62), (0.54, -0.26), 10), (0.36, -0.40)]
    )
    feet = easel.strokes([[(0.0, 0.44), (0.0, 0.50)], [(0.14, 0.42), (0.14, 0.50)]], 0.08)
    return stacked(
        easel.puffy(tail, darker(wing_tint, 0.85), 0.4, 0.1),
        perch,
        easel.puffy(body, colour, 0.7, 0.1),
        easel.puffy(wing, wing_tint, 0.6, 0.1),
        easel.flat(feet, (0.5, 0.45, 0.42)),
        easel.flat(face, (0.97, 0.95, 0.92)),
        easel.puffy(beak, BEAK, 0.5, 0.2),
        easel.flat(easel.ellipse((0.24, -0.54), (0.05, 0.055)), EYE),
    )


def sitting_cat(easel: Easel, colour: Colour) -> Layer:
    """From the front, the tail around its side."""
    tail = easel.stroke(
        bent((0.24, 0.76), (0.78, 0.84), (0.66, 0.34))
        + bent((0.66, 0.34), (0.6, 0.12), (0.74, 0.1)),
        0.15,
    )
    body = easel.polygon(
        [
            *bent((0.0, -0.14), (0.34, 0.0), (0.44, 0.60), 10),
            *bent((0.44, 0.60), (0.46, 0.88), (0.2, 0.88), 8),
            *bent((-0.2, 0.88), (-0.46, 0.88), (-0.44, 0.60), 8),
            *bent((-0.44, 0.60), (-0.34, 0.0), (0.0, -0.14), 10),
        ]
    )
    paws = np.maximum(
        easel.ellipse((-0.15, 0.82), (0.14, 0.08)), easel.ellipse((0.15, 0.82), (0.14, 0.08))
    )
    chest = easel.ellipse((0, 0.24), (0.18, 0.28))
    return stacked(
        easel.puffy(tail, darker(colour, 0.82), 0.5, 0.0),
        easel.puffy(body, colour, 0.7, 0.05),
        easel.flat(chest, lighter(colour, 0.4)),
        easel.puffy(paws, lighter(colour, 0.3), 0.4, 0.0),
        _cat_head(easel, colour),
    )


def standing_dog(easel: Easel, colour: Colour) -> Layer:
    """From the side, looking right, tail up."""
    legs = [[(x, 0.2), (x, 0.80)] for x in (-0.46, 0.26)]
    far = [[(x, 0.2), (x, 0.74)] for x in (-0.28, 0.42)]
    body = easel.box((-0.62, -0.16), (0.54, 0.36), 0.24)
    neck = easel.stroke([(0.36, 0.0), (0.50, -0.36)], 0.30)
    tail = easel.stroke(bent((-0.56, 0.0), (-0.84, -0.12), (-0.80, -0.46)), 0.12)
    head = np.maximum(
        easel.ellipse((0.50, -0.46), (0.24, 0.23)), easel.box((0.48, -0.50), (0.86, -0.26), 0.10)
    )
    ear = easel.ellipse((0.38, -0.42), (0.11, 0.24), 0.25)
    paws: Mask = np.zeros_like(easel.x)
    for x in (-0.44, 0.28):
        paws = np.maximum(paws, easel.ellipse((x + 0.03, 0.82), (0.12, 0.06)))
    return stacked(
        easel.flat(easel.strokes(far, 0.16), darker(colour, 0.6)),
        easel.puffy(easel.strokes(legs, 0.18), darker(colour, 0.9), 0.4, 0.0),
        easel.flat(paws, lighter(colour, 0.35)),
        easel.puffy(np.maximum(np.maximum(body, neck), tail), colour, 0.6, 0.05),
        easel.puffy(head, lighter(colour, 0.06), 0.6, 0.05),
        easel.puffy(ear, darker(colour, 0.55), 0.4, 0.0),
        easel.flat(easel.ellipse((0.84, -0.44), (0.06, 0.06)), NOSE),
        easel.flat(easel.ellipse((0.58, -0.52), (0.04, 0.045)), EYE),
        easel.flat(easel.box((0.28, -0.20), (0.62, -0.13), 0.03), (0.85, 0.2, 0.2)),
    )


def horse(easel: Easel, colour: Colour) -> Layer:
    """From the side, looking right; mane and tail are darker."""
    dark = darker(colour, 0.42)
    body = easel.ellipse((-0.12, 0.06), (0.50, 0.26))
    neck = easel.polygon([(0.10, -0.06), (0.34, -0.66), (0.58, -0.58), (0.42, 0.18)])
    head = easel.stroke([(0.50, -0.62), (0.76, -0.36)], 0.22)
    ear = easel.polygon([(0.40, -0.70), (0.44, -0.90), (0.54, -0.72)])
    mane = easel.stroke(bent((0.38, -0.78), (0.16, -0.44), (0.06, -0.10)), 0.16)
    tail = easel.stroke(bent((-0.58, -0.04), (-0.86, 0.1), (-0.76, 0.56)), 0.15)
    near = _legs(easel, ((-0.44, -0.48), (0.26, 0.30)), 0.76, 0.14)
    far = _legs(easel, ((-0.30, -0.26), (0.38, 0.44)), 0.70, 0.12)
    hooves: Mask = np.zeros_like(easel.x)
    for x in (-0.48, 0.30):
        hooves = np.maximum(hooves, easel.box((x - 0.09, 0.76), (x + 0.09, 0.88), 0.02))
    return stacked(
        easel.flat(tail, dark),
        easel.flat(far, darker(colour, 0.6)),
        easel.puffy(near, darker(colour, 0.88), 0.4, 0.0),
        easel.flat(hooves, HOOF),
        easel.puffy(np.maximum(np.maximum(body, neck), head), colour, 0.6, 0.08),
        easel.flat(ear, darker(colour, 0.85)),
        easel.flat(mane, dark),
        easel.flat(easel.ellipse((0.56, -0.56), (0.04, 0.045)), EYE),
        easel.flat(easel.ellipse((0.80, -0.32), (0.03, 0.03)), NOSE),
    )


def cow(easel: Easel, colour: Colour) -> Layer:
    """White with patches of the colour, looking right, with horns and an udder."""
    body = easel.box((-0.68, -0.32), (0.44, 0.34), 0.2)
    cells = np.maximum(easel.noise(1, 3) - 0.5, 0)
    patches = np.clip(cells * 14, 0, 1) * body
    legs = _legs(easel, ((-0.54, -0.54), (0.28, 0.28)), 0.76, 0.17)
    far = _legs(easel, ((-0.36, -0.36), (0.12, 0.12)), 0.70, 0.14)
    hooves: Mask = np.zeros_like(easel.x)
    for x in (-0.54, 0.28):
        hooves = np.maximum(hooves, easel.box((x - 0.10, 0.76), (x + 0.10, 0.86), 0.02))
    head = easel.box((0.32, -0.60), (0.72, -0.08), 0.16)
    muzzle = easel.box((0.34, -0.24), (0.76, 0.0), 0.11)
    horns = easel.strokes(
        [
            bent((0.36, -0.58), (0.26, -0.72), (0.36, -0.84)),
            bent((0.66, -0.58), (0.78, -0.72), (0.68, -0.84)),
        ],
        0.075,
    )
    ears = np.maximum(
        easel.ellipse((0.26, -0.48), (0.13, 0.07), 0.4),
        easel.ellipse((0.78, -0.48), (0.10, 0.07), -0.4),
    )
    eyes = np.maximum(
        easel.ellipse((0.44, -0.40), (0.04, 0.05)), easel.ellipse((0.62, -0.40), (0.04, 0.05))
    )
    nostrils = np.maximum(
        easel.ellipse((0.46, -0.12), (0.04, 0.035)), easel.ellipse((0.64, -0.12), (0.04, 0.035))
    )
    tail = easel.stroke(bent((-0.64, -0.2), (-0.84, 0.0), (-0.78, 0.40)), 0.06)
    tuft = easel.ellipse((-0.78, 0.44), (0.07, 0.11))
    return stacked(
        easel.flat(tail, darker(WHITE, 0.85)),
        easel.flat(tuft, colour),
        easel.flat(far, darker(WHITE, 0.66)),
        easel.flat(easel.ellipse((-0.18, 0.36), (0.17, 0.10)), MUZZLE),
        easel.puffy(legs, darker(WHITE, 0.92), 0.4, 0.0),
        easel.flat(hooves, HOOF),
        easel.puffy(body, WHITE, 0.5, 0.0),
        easel.puffy(patches, colour, 0.3, 0.05),
        easel.flat(horns, (0.86, 0.80, 0.66)),
        easel.flat(ears, darker(colour, 0.9) if sum(colour) > 0.4 else lighter(colour, 0.1)),
        easel.puffy(head, WHITE, 0.5, 0.0),
        easel.flat(easel.box((0.32, -0.60), (0.50, -0.22), 0.09), colour),
        easel.puffy(muzzle, MUZZLE, 0.5, 0.0),
        easel.flat(np.maximum(eyes, nostrils), EYE),
    )


def _cat_head(easel: Easel, colour: Colour) -> Layer:
    ears = np.maximum(
        easel.polygon([(-0.36, -0.50), (-0.36, -0.90), (-0.08, -0.68)]),
        easel.polygon([(0.36, -0.50), (0.36, -0.90), (0.08, -0.68)]),
    )
    inner = np.maximum(
        easel.polygon([(-0.31, -0.58), (-0.32, -0.79), (-0.16, -0.68)]),
        easel.polygon([(0.31, -0.58), (0.32, -0.79), (0.16, -0.68)]),
    )
    eyes = np.maximum(
        easel.ellipse((-0.15, -0.44), (0.07, 0.08)), easel.ellipse((0.15, -0.44), (0.07, 0.08))
    )
    pupils = np.maximum(
        easel.ellipse((-0.15, -0.44), (0.03, 0.07)), easel.ellipse((0.15, -0.44), (0.03, 0.07))
    )
    iris: Colour = (0.62, 0.80, 0.30) if colour[1] < 0.75 or colour[0] > 0.8 else (0.95, 0.75, 0.2)
    whiskers = [
        [(s * 0.12, -0.30 + d), (s * 0.48, -0.33 + 2.4 * d)] for s in (-1, 1) for d in (0, 0.05)
    ]
    return stacked(
        easel.puffy(ears, colour, 0.4, 0.0),
        easel.flat(inner, (0.93, 0.66, 0.66)),
        easel.solid((0, -0.40), (0.40, 0.34), colour, 0.05),
        easel.flat(easel.ellipse((0, -0.25), (0.17, 0.12)), lighter(colour, 0.5)),
        easel.flat(easel.strokes(whiskers, 0.018), (0.92, 0.92, 0.92)),
        easel.flat(eyes, iris),
        easel.flat(pupils, EYE),
        easel.flat(easel.polygon([(-0.05, -0.31), (0.05, -0.31), (0, -0.25)]), (0.85, 0.45, 0.5)),
    )


def _legs(easel: Easel, places: tuple[Point, ...], down: float, width: float) -> Mask:
    """Straight legs from the belly to the ground; each place is x above and x below."""
    return easel.strokes([[(top, 0.14), (foot, down)] for top, foot in places], width)
