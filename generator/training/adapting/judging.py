"""Whether an adapter did what it was trained for: what is shown, and in which style.

Both are told by fresh renders that no training has seen, sent through the model's own autoencoder
so that they are as soft as what it makes. Things are told by the nearest one in outline and light;
colours take no part, since the style replaces them. The style is told by logistic regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from generator.layer_diffusion.given import raw_latent
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.resampling import planes_from_rgba
from generator.request import RGBA8
from generator.training.adapting.styles import LUMINANCE, straight, two_inks
from generator.training.drawing.easel import Layer
from generator.training.pictures import draw
from generator.training.words.captions import Subject

Rows = NDArray[np.float64]

SIDE = 16  # of the small pictures that are compared
FIRST_SEED = 880_000
RIDGE, ROUNDS = 1e-2, 25  # of the regression: Newton's method


@dataclass(frozen=True, slots=True, eq=False)
class Render:
    """A fresh picture, what it shows, and whether it is in the style."""

    pixels: RGBA8
    name: str
    is_styled: bool


def renders(parts: Parts, subjects: Sequence[Subject], each: int, seed: int) -> list[Render]:
    """Draw each subject so many times, plain and in the style, as the model's codec keeps them."""
    chance = np.random.default_rng([seed, FIRST_SEED])
    found = []
    for subject in subjects:
        for _ in range(each):
            layer = draw(subject, chance)
            for is_styled in (False, True):
                pixels = straight(two_inks(layer) if is_styled else layer)
                found.append(Render(through(parts, pixels), subject.name, is_styled))
    return found


@torch.no_grad()
def through(parts: Parts, pixels: RGBA8) -> RGBA8:
    """Encode and decode a straight picture of the model's size."""
    raw = raw_latent(planes_from_rgba(pixels), parts.vae, parts.transparency)
    picture = (parts.vae.decode(raw).sample.float() * 0.5 + 0.5).clamp(0, 1)
    argb = parts.transparency.decode(picture, raw, False, lambda _done, _all: None)
    return parts.transparency.rgba(argb[0])


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """Says what a picture shows and whether it is in the style."""

    shapes: Rows  # (n, features)
    names: tuple[str, ...]
    style: Rows  # weights of the style's features, a constant last
    centre: Rows
    spread: Rows

    def thing(self, pixels: RGBA8) -> str:
        """Return the name of the nearest render."""
        away = np.square(self.shapes - shape_of(pixels)).sum(1)
        return self.names[int(away.argmin())]

    def is_styled(self, pixels: RGBA8) -> bool:
        """Say whether a picture looks printed in two inks rather than plain."""
        row = (style_of(pixels) - self.centre) / self.spread
        return bool(np.append(row, 1.0) @ self.style > 0)

    def shares(self, pictures: Sequence[RGBA8], names: Sequence[str]) -> tuple[float, float]:
        """Return the shares of pictures that show what they should, and that have the style."""
        right = [self.thing(one) == name for one, name in zip(pictures, names, strict=True)]
        return float(np.mean(right)), float(np.mean([self.is_styled(one) for one in pictures]))


def judge_of(known: Sequence[Render]) -> Judge:
    """Teach a judge by renders of both kinds."""
    rows = np.stack([style_of(each.pixels) for each in known])
    centre, spread = rows.mean(0), rows.std(0) + 1e-3
    seen = np.concatenate([(rows - centre) / spread, np.ones((len(rows), 1))], axis=1)
    wanted = np.array([each.is_styled for each in known], np.float64)
    return Judge(
        shapes=np.stack([shape_of(each.pixels) for each in known]),
        names=tuple(each.name for each in known),
        style=_regressed(seen, wanted),
        centre=centre,
        spread=spread,
    )


def shape_of(pixels: RGBA8) -> Rows:
    """Return alpha and light on a small grid: what a thing is, whatever its colours."""
    small = _small(pixels)
    light = small[..., :3] @ LUMINANCE.astype(np.float64)
    alpha = small[..., 3]
    mean = light.sum() / max(float(alpha.sum()), 1e-6)
    relief = light - mean * alpha  # a dark thing and a light one of the same relief are alike
    return np.concatenate([2 * alpha.ravel(), relief.ravel()])


def style_of(pixels: RGBA8) -> Rows:
    """Return mean, spread and correlation of straight colours where something is seen: (9,)."""
    small = _small(pixels)
    seen = small[..., 3] > 0.3
    if seen.sum() < 2:
        return np.zeros(9)
    colour = small[seen][:, :3] / small[seen][:, 3:]
    red, green, blue = colour.T
    products = [float(np.mean((a - a.mean()) * (b - b.mean()))) for a, b in (
        (red, green), (red, blue), (green, blue),
    )]  # fmt: skip
    return np.array([*colour.mean(0), *colour.std(0), *products], np.float64)


def _small(pixels: RGBA8) -> Layer:
    layer = pixels.astype(np.float64) / 255
    layer[..., :3] *= layer[..., 3:]
    cell = layer.shape[0] // SIDE
    small: Layer = layer.reshape(SIDE, cell, SIDE, cell, 4).mean((1, 3))
    return small


def _regressed(rows: Rows, wanted: Rows) -> Rows:
    """Fit a logistic regression with a small ridge by Newton's method."""
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chance - wanted) / len(rows) + RIDGE * weights
        bend = (rows * (chance * (1 - chance))[:, None]).T @ rows / len(rows)
        weights = weights - np.linalg.solve(bend + RIDGE * np.eye(len(weights)), slope)
    return weights
