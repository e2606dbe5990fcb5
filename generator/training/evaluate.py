"""Numbers for what a model draws: is it the thing, is it the colour, is its surround empty.

Everything is compared with fresh renders of the same drawing code that were never trained on, and
the same questions are asked of further fresh renders: that is the ceiling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.training.drawing.things import THINGS
from generator.training.pictures import SIDE, draw
from generator.training.words.captions import HELD_OUT, Subject

RGBA8 = NDArray[np.uint8]  # (h, w, 4), straight
Floats = NDArray[np.floating[Any]]  # Any: numpy's stubs lose float32 in arithmetic
Maker = Callable[[Subject, int], RGBA8]  # (what, seed) -> picture

TESTED_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
TESTED_THINGS = (
    "ball",
    "glass ball",
    "apple",
    "box",
    "star",
    "heart",
    "flower",
    "balloon",
    "bottle",
    "mug",
    "chair",
    "table",
    "lamp",
    "house",
    "umbrella",
    "fish",
    "mushroom",
    "candle",
    "gem",
    "leaf",
    "feather",
    "rocket",
    "car",
    "boat",
)
RENDERS = 3  # references of every thing in every colour
SHAPE_SIDE, COLOUR_SIDE = 16, 64
CORNER, CORNER_ALPHA = 8, 8  # pixels a side; alpha below which a corner counts as empty


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found in one picture."""

    subject: Subject
    seed: int
    thing: str
    colour: str
    corners_empty: bool

    @property
    def held_out(self) -> bool:
        return (self.subject.colour, self.subject.name) in HELD_OUT


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of right answers, 0..1."""

    count: int
    thing: float
    colour: float
    corners: float


class References:
    """Fresh renders to compare with."""

    def __init__(self, seed: int = 90_000) -> None:
        self._names: list[str] = []
        self._shapes: list[Floats] = []
        self._weights: dict[str, Floats] = {}
        self._tints: dict[str, Floats] = {}
        rng = np.random.default_rng(seed)
        for thing in THINGS:
            if thing.name in TESTED_THINGS:
                self._add_coloured(thing.name, rng)
            else:
                renders = [render(Subject(thing.name), rng) for _ in range(2 * RENDERS)]
                self._add_shapes(thing.name, renders)

    def answer(self, picture: RGBA8, subject: Subject, seed: int) -> Answer:
        """Judge one picture that should show `subject`, a tested thing in a tested colour."""
        premultiplied = _premultiplied(picture)
        away = np.square(np.stack(self._shapes) - _pooled(premultiplied, SHAPE_SIDE)).sum((1, 2, 3))
        tint = _tint(premultiplied, self._weights[subject.name])
        nearest = np.square(self._tints[subject.name] - tint).sum(1).argmin()
        corners = (picture[:CORNER], picture[-CORNER:])
        alpha = [
            part[:, side, 3].max()
            for part in corners
            for side in (slice(CORNER), slice(-CORNER, None))
        ]
        return Answer(
            subject,
            seed,
            self._names[int(away.argmin())],
            TESTED_COLOURS[int(nearest)],
            bool(max(alpha) < CORNER_ALPHA),
        )

    def _add_shapes(self, name: str, renders: list[RGBA8]) -> None:
        for picture in renders:
            self._names.append(name)
            self._shapes.append(_pooled(_premultiplied(picture), SHAPE_SIDE))

    def _add_coloured(self, name: str, rng: np.random.Generator) -> None:
        renders = [
            [render(Subject(name, colour), rng) for _ in range(RENDERS)]
            for colour in TESTED_COLOURS
        ]
        self._add_shapes(name, [picture for group in renders for picture in group])
        small = np.array(
            [
                [_pooled(_premultiplied(picture), COLOUR_SIDE) for picture in group]
                for group in renders
            ]
        )
        # Where the named colour shows: the places that differ from colour to colour.
        weight = small.mean(1)[..., :3].std(0).mean(2)
        self._weights[name] = (weight * (weight > 0.5 * weight.max())).astype(np.float32)
        self._tints[name] = np.stack(
            [
                np.mean([_tint(_premultiplied(p), self._weights[name]) for p in group], axis=0)
                for group in renders
            ]
        )


def render(subject: Subject, rng: np.random.Generator) -> RGBA8:
    """A fresh picture by the drawing code, as straight uint8."""
    layer = draw(subject, rng, SIDE)
    straight = layer.copy()
    straight[..., :3] /= np.maximum(layer[..., 3:], 1 / 255)
    return np.round(np.clip(straight, 0, 1) * 255).astype(np.uint8)


def answers(
    references: References, make: Maker, seeds: range, things: Sequence[str] = TESTED_THINGS
) -> list[Answer]:
    """Ask for every thing in every tested colour, once for each seed."""
    return [
        references.answer(make(Subject(thing, colour), seed), Subject(thing, colour), seed)
        for thing in things
        for colour in TESTED_COLOURS
        for seed in seeds
    ]


def figures(found: list[Answer]) -> Figures:
    """The shares over any selection of answers."""
    return Figures(
        len(found),
        float(np.mean([answer.thing == answer.subject.name for answer in found])),
        float(np.mean([answer.colour == answer.subject.colour for answer in found])),
        float(np.mean([answer.corners_empty for answer in found])),
    )


def lab(rgb: Floats) -> Floats:
    """sRGB 0..1, (..., 3), to CIELAB under D65."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ matrix.T / np.array([0.9505, 1.0, 1.089])
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = np.moveaxis(bent, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def _premultiplied(picture: RGBA8) -> Floats:
    layer = picture.astype(np.float32) / 255
    layer[..., :3] *= layer[..., 3:]
    return layer


def _pooled(layer: Floats, side: int) -> Floats:
    cell = layer.shape[0] // side
    pooled: Floats = layer.reshape(side, cell, side, cell, 4).mean((1, 3))
    return pooled


def _tint(layer: Floats, weight: Floats) -> Floats:
    """The mean straight colour under a weight, in CIELAB."""
    small = _pooled(layer, COLOUR_SIDE)
    total = (small * weight[..., None]).sum((0, 1))
    return lab(np.clip(total[:3] / max(float(total[3]), 1e-6), 0, 1))
