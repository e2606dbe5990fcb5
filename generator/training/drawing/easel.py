"""The drawing board of the training pictures: masks and paint on a square grid.

The pose (scale, turn, shift) is applied to the grid itself, so nothing is ever resampled. Every
layer is premultiplied float32 RGBA in 0..1, because that is what adds up correctly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

# Any: numpy's stubs lose float32 in most arithmetic; what is computed here is float32.
Mask: TypeAlias = NDArray[np.floating[Any]]  # (side, side), 0..1
Layer: TypeAlias = NDArray[np.floating[Any]]  # (side, side, 4), premultiplied, 0..1
Colour: TypeAlias = tuple[float, float, float]  # sRGB, 0..1
Point: TypeAlias = tuple[float, float]  # -1..1, y down

SUPERSAMPLING = 3
RELIEF_SIDE = 64  # the relief of puffy shading is smooth, so it is computed small
LIGHT = (-0.45, -0.62, 0.643)  # towards the light: upper left, in front


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the object stands: scale around the centre, turn in radians, shift in grid units."""

    scale: float = 1.0
    turn: float = 0.0
    right: float = 0.0
    down: float = 0.0


class Easel:
    """One square of paper of `side` pixels, seen through a pose, with the chance that varies it."""

    def __init__(self, side: int, rng: np.random.Generator, pose: Pose | None = None) -> None:
        self.side = side
        self.rng = rng
        self.pose = pose or Pose()
        axis = ((np.arange(side, dtype=np.float32) + 0.5) / side) * 2 - 1
        across, along = np.meshgrid(axis - self.pose.right, axis - self.pose.down)
        cosine = math.cos(self.pose.turn) / self.pose.scale
        sine = math.sin(self.pose.turn) / self.pose.scale
        self.x: Mask = (cosine * across + sine * along).astype(np.float32)
        self.y: Mask = (-sine * across + cosine * along).astype(np.float32)
        self.pixel = 2 / side / self.pose.scale

    # masks

    def edge(self, distance: Mask) -> Mask:
        """Coverage from a signed distance in object units (negative is inside), one pixel soft."""
        cover: Mask = np.clip(0.5 - distance / self.pixel, 0, 1)
        return cover

    def ellipse(self, centre: Point, radii: Point, turn: float = 0.0) -> Mask:
        return self.edge((self._reach(centre, radii, turn) - 1) * min(radii))

    def box(self, corner: Point, opposite: Point, rounding: float = 0.0) -> Mask:
        half = ((opposite[0] - corner[0]) / 2, (opposite[1] - corner[1]) / 2)
        away_x = np.abs(self.x - corner[0] - half[0]) - half[0] + rounding
        away_y = np.abs(self.y - corner[1] - half[1]) - half[1] + rounding
        outside = np.hypot(np.maximum(away_x, 0), np.maximum(away_y, 0))
        return self.edge(outside + np.minimum(np.maximum(away_x, away_y), 0) - rounding)

    def polygon(self, points: Sequence[Point]) -> Mask:
        paper, pen = self._paper()
        pen.polygon(self._places(points), fill=255)
        return self._reduced(paper)

    def stroke(self, points: Sequence[Point], width: float) -> Mask:
        """A line of round joints and round ends; `width` in object units."""
        paper, pen = self._paper()
        self._pull(pen, points, width)
        return self._reduced(paper)

    def strokes(self, lines: Sequence[Sequence[Point]], width: float) -> Mask:
        """Many lines of one width in one mask."""
        paper, pen = self._paper()
        for points in lines:
            self._pull(pen, points, width)
        return self._reduced(paper)

    def noise(self, octaves: int, cells: int) -> Mask:
        """Smooth noise, mean about 0.5; `cells` of the first octave lie across the paper."""
        total = np.zeros((self.side, self.side), np.float32)
        for octave in range(octaves):
            count = cells * 2**octave + 1
            rough = Image.fromarray(self.rng.random((count, count), dtype=np.float32))
            total += (
                np.asarray(rough.resize((self.side, self.side), Image.Resampling.BICUBIC))
                / 2**octave
            )
        return total / np.float32(2 - 2.0 ** (1 - octaves))

    # paint

    def flat(self, mask: Mask, colour: Colour, slope: float = 0.0) -> Layer:
        """Plain paint, lighter by `slope` towards the light."""
        light = (1 - slope * (self.x * 0.6 + self.y * 0.8))[..., None]
        return premultiplied(np.array(colour, np.float32) * light, mask)

    def puffy(self, mask: Mask, colour: Colour, bulge: float = 0.6, gloss: float = 0.35) -> Layer:
        """Paint shaded as if the mask were a cushion lit from the upper left."""
        lit = self.relief(mask, bulge)
        shine = gloss * np.clip((lit - 0.86) / 0.14, 0, 1) ** 2
        light = 1 + 1.05 * (lit - LIGHT[2])
        rgb = np.array(colour, np.float32) * light[..., None] + shine[..., None]
        return premultiplied(rgb, mask)

    def solid(
        self, centre: Point, radii: Point, colour: Colour, gloss: float = 0.7, turn: float = 0.0
    ) -> Layer:
        """An ellipsoid with true normals and a highlight."""
        x, y = self._inside(centre, radii, turn)
        depth = np.sqrt(np.clip(1 - x * x - y * y, 0, 1))
        lit = np.clip(x * LIGHT[0] + y * LIGHT[1] + depth * LIGHT[2], 0, 1)
        rgb = np.array(colour, np.float32) * (0.42 + 0.72 * lit)[..., None]
        rgb = rgb + (gloss * lit**22)[..., None]
        return premultiplied(rgb, self.ellipse(centre, radii, turn))

    def spot(self, centre: Point, spread: Point) -> Mask:
        """A soft round light: a Gaussian bell of height 1."""
        across = (self.x - centre[0]) / spread[0]
        along = (self.y - centre[1]) / spread[1]
        bell: Mask = np.exp(-(across * across + along * along))
        return bell

    # inside

    def _inside(self, centre: Point, radii: Point, turn: float) -> tuple[Mask, Mask]:
        cosine, sine = math.cos(turn), math.sin(turn)
        across, along = self.x - centre[0], self.y - centre[1]
        return (
            (cosine * across + sine * along) / radii[0],
            (-sine * across + cosine * along) / radii[1],
        )

    def _reach(self, centre: Point, radii: Point, turn: float) -> Mask:
        x, y = self._inside(centre, radii, turn)
        return np.hypot(x, y)

    def _paper(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        large = self.side * SUPERSAMPLING
        paper = Image.new("L", (large, large))
        return paper, ImageDraw.Draw(paper)

    def _places(self, points: Sequence[Point]) -> list[Point]:
        """Object coordinates to pixels of the supersampled paper (the grid's pose, undone)."""
        cosine = math.cos(self.pose.turn) * self.pose.scale
        sine = math.sin(self.pose.turn) * self.pose.scale
        half = self.side * SUPERSAMPLING / 2
        return [
            (
                (cosine * x - sine * y + self.pose.right + 1) * half,
                (sine * x + cosine * y + self.pose.down + 1) * half,
            )
            for x, y in points
        ]

    def _pull(self, pen: ImageDraw.ImageDraw, points: Sequence[Point], width: float) -> None:
        thick = max(1, round(width * self.pose.scale * self.side * SUPERSAMPLING / 2))
        places = self._places(points)
        pen.line(places, fill=255, width=thick, joint="curve")
        for x, y in (places[0], places[-1]):
            pen.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], fill=255)

    def _reduced(self, paper: Image.Image) -> Mask:
        return np.asarray(paper.reduce(SUPERSAMPLING), np.float32) / 255

    def relief(self, mask: Mask, bulge: float) -> Mask:
        """How much light each pixel of a cushion with this outline gets."""
        factor = self.side // RELIEF_SIDE
        small = mask.reshape(RELIEF_SIDE, factor, RELIEF_SIDE, factor).mean((1, 3))
        blur = _blur_matrix(RELIEF_SIDE, 3.2)
        height = np.sqrt(np.clip(blur @ small @ blur.T, 0, 1)) * (bulge * 7)
        along, across = np.gradient(height)
        length = np.sqrt(1 + along * along + across * across)
        lit = (LIGHT[2] - across * LIGHT[0] - along * LIGHT[1]) / length
        smooth = Image.fromarray(lit.astype(np.float32))
        return np.asarray(smooth.resize((self.side, self.side), Image.Resampling.BICUBIC))


@cache
def _blur_matrix(side: int, spread: float) -> NDArray[np.float32]:
    place = np.arange(side)
    bell = np.exp(-((place[:, None] - place[None, :]) ** 2) / (2 * spread**2))
    row = np.exp(-(np.arange(-side, side + 1) ** 2) / (2 * spread**2)).sum()
    matrix: NDArray[np.float32] = (bell / row).astype(np.float32)
    return matrix


def premultiplied(rgb: Layer, alpha: Mask) -> Layer:
    """Colour (side, side, 3) or (3,) and alpha as one layer; both are clipped to 0..1."""
    alpha = np.clip(alpha, 0, 1)[..., None]
    colour = np.broadcast_to(np.clip(rgb, 0, 1), (*alpha.shape[:2], 3)) * alpha
    return np.concatenate([colour, alpha], axis=2, dtype=np.float32)


def stacked(*layers: Layer) -> Layer:
    """Layers over one another, the bottom one first."""
    result = layers[0]
    for layer in layers[1:]:
        result = layer + result * (1 - layer[..., 3:])
    return result


def darker(colour: Colour, factor: float) -> Colour:
    return (colour[0] * factor, colour[1] * factor, colour[2] * factor)


def lighter(colour: Colour, share: float) -> Colour:
    """Mixed with `share` of white."""
    red, green, blue = (value + (1 - value) * share for value in colour)
    return (red, green, blue)


def bent(start: Point, pull: Point, end: Point, count: int = 16) -> list[Point]:
    """A quadratic curve as points."""
    steps = [step / (count - 1) for step in range(count)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * pull[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * pull[1] + t * t * end[1],
        )
        for t in steps
    ]


def ring_of(count: int, radii: Sequence[float], centre: Point = (0.0, 0.0)) -> list[Point]:
    """Points around a centre from the top on; the radii take turns (two of them make a star)."""
    return [
        (
            centre[0] + radii[k % len(radii)] * math.sin(2 * math.pi * k / count),
            centre[1] - radii[k % len(radii)] * math.cos(2 * math.pi * k / count),
        )
        for k in range(count)
    ]
