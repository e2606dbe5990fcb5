"""Plain shapes and letters, drawn by code. Each: easel and colour in, one layer out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from generator.training.drawing.easel import Colour, Easel, Layer, Point

LETTER_WIDTH = 0.27  # of a letter's stroke, in object units

Line = list[Point]


def circle(easel: Easel, colour: Colour) -> Layer:
    return easel.flat(easel.ellipse((0, 0), (0.84, 0.84)), colour)


def square(easel: Easel, colour: Colour) -> Layer:
    return easel.flat(easel.box((-0.76, -0.76), (0.76, 0.76), 0.02), colour)


def triangle(easel: Easel, colour: Colour) -> Layer:
    return easel.flat(easel.polygon([(0, -0.80), (0.88, 0.72), (-0.88, 0.72)]), colour)


def ring(easel: Easel, colour: Colour) -> Layer:
    hole = 0.52 + easel.rng.uniform(-0.04, 0.04)
    band = easel.ellipse((0, 0), (0.84, 0.84)) - easel.ellipse((0, 0), (hole, hole))
    return easel.puffy(np.clip(band, 0, 1), colour, 0.6, 0.5)


def letter(name: str) -> Callable[[Easel, Colour], Layer]:
    """What draws one capital, "a" to "z", as round thick strokes."""
    lines = LETTERS[name]

    def drawn(easel: Easel, colour: Colour) -> Layer:
        return easel.puffy(easel.strokes(lines, LETTER_WIDTH), colour, 0.5, 0.15)

    return drawn


def _arc(centre: Point, radii: Point, start: float, end: float) -> Line:
    """Part of an ellipse in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 24))
    return [
        (centre[0] + radii[0] * math.cos(angle), centre[1] + radii[1] * math.sin(angle))
        for angle in angles
    ]


TOP, MIDDLE, FOOT, LEFT, RIGHT = -0.70, 0.0, 0.70, -0.46, 0.46
POST: Line = [(LEFT, TOP), (LEFT, FOOT)]
UPPER: Line = [(LEFT, TOP), (0.1, TOP), *_arc((0.1, -0.35), (0.36, 0.35), -90, 90), (LEFT, MIDDLE)]
LOWER: Line = [(LEFT, MIDDLE), (0.12, 0), *_arc((0.12, 0.35), (0.38, 0.35), -90, 90), (LEFT, FOOT)]
LETTERS: dict[str, tuple[Line, ...]] = {
    "a": ([(-0.56, FOOT), (0, TOP), (0.56, FOOT)], [(-0.36, 0.24), (0.36, 0.24)]),
    "b": (POST, UPPER, LOWER),
    "c": (_arc((0.06, 0), (0.60, 0.70), 310, 50),),
    "d": (POST, [(LEFT, TOP), (-0.1, TOP), *_arc((-0.1, 0), (0.6, 0.7), -90, 90), (LEFT, FOOT)]),
    "e": (POST, *([(LEFT, y), (x, y)] for y, x in ((TOP, 0.46), (MIDDLE, 0.32), (FOOT, 0.46)))),
    "f": (POST, [(LEFT, TOP), (RIGHT, TOP)], [(LEFT, MIDDLE), (0.32, MIDDLE)]),
    "g": ([*_arc((0.02, 0), (0.60, 0.70), 310, 50), (0.42, 0.14), (0.08, 0.14)],),
    "h": (POST, [(RIGHT, TOP), (RIGHT, FOOT)], [(LEFT, 0), (RIGHT, 0)]),
    "i": ([(0, TOP), (0, FOOT)], [(-0.3, TOP), (0.3, TOP)], [(-0.3, FOOT), (0.3, FOOT)]),
    "j": ([(0.32, TOP), *_arc((-0.06, 0.32), (0.38, 0.38), 0, 170)],),
    "k": (POST, [(RIGHT, TOP), (LEFT + 0.06, 0.1)], [(-0.16, -0.1), (0.5, FOOT)]),
    "l": ([(LEFT, TOP), (LEFT, FOOT), (RIGHT, FOOT)],),
    "m": ([(-0.6, FOOT), (-0.6, TOP), (0, 0.24), (0.6, TOP), (0.6, FOOT)],),
    "n": ([(LEFT, FOOT), (LEFT, TOP), (RIGHT, FOOT), (RIGHT, TOP)],),
    "o": (_arc((0, 0), (0.60, 0.70), 0, 360),),
    "p": (POST, UPPER),
    "q": (_arc((0, 0), (0.60, 0.70), 0, 360), [(0.22, 0.34), (0.60, 0.72)]),
    "r": (POST, UPPER, [(-0.02, 0.04), (0.48, FOOT)]),
    "s": ([*_arc((0, -0.35), (0.44, 0.35), -30, -270), *_arc((0, 0.35), (0.46, 0.35), -90, 150)],),
    "t": ([(-0.54, TOP), (0.54, TOP)], [(0, TOP), (0, FOOT)]),
    "u": ([(LEFT, TOP), *_arc((0, 0.22), (0.46, 0.48), 180, 0), (RIGHT, TOP)],),
    "v": ([(-0.54, TOP), (0, FOOT), (0.54, TOP)],),
    "w": ([(-0.68, TOP), (-0.36, FOOT), (0, -0.24), (0.36, FOOT), (0.68, TOP)],),
    "x": ([(-0.50, TOP), (0.50, FOOT)], [(0.50, TOP), (-0.50, FOOT)]),
    "y": ([(-0.52, TOP), (0, 0.04), (0.52, TOP)], [(0, 0.04), (0, FOOT)]),
    "z": ([(-0.50, TOP), (0.50, TOP), (-0.50, FOOT), (0.50, FOOT)],),
}
