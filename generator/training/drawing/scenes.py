"""Scenes: a subject put into a place, with the light of the place on it and a shadow below it.

What a model is to learn of a pair is here in formulas: light multiplies the subject's colour, a
shadow multiplies the ground, darkest where the subject touches it. Nothing casts a shadow where
nothing stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.training.drawing.easel import Layer, Mask, Pose
from generator.training.drawing.outdoors import Picture
from generator.training.drawing.places import Place, draw_place
from generator.training.pictures import draw
from generator.training.words.captions import Subject

SCALES = (0.45, 0.92)  # of a subject, 1 being the whole width
MARGIN = 0.02  # between a subject and the border, in -1..1
SUN = 0.10  # by how much of its size a shadow falls to the right of its subject
FOOT = 0.12  # half height of the contact shadow as a share of the subject's width


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The layers of one scene, float32 0..1.

    `foreground` is the subject by neutral light and `lit` by the place's, both (side, side, 4)
    premultiplied; `shadow` (side, side, 1) is what multiplies the background.
    """

    foreground: Layer
    lit: Layer
    background: Picture
    shadow: Mask

    @property
    def blended(self) -> Picture:
        """What is seen: the lit subject over the shaded background."""
        return laid_over(self.lit, self.background * self.shadow)


def laid_over(layer: Layer, picture: Picture) -> Picture:
    """A premultiplied layer over an opaque picture."""
    seen: Picture = layer[..., :3] + picture * (1 - layer[..., 3:])
    return seen


def draw_scene(subject: Subject, place: Place, rng: np.random.Generator, side: int) -> Scene:
    """One fresh scene; the same rng state gives the same scene."""
    horizon = float(rng.uniform(*place.horizon))
    background = draw_place(place, rng, horizon, side)
    foreground = _put(subject, place, rng, horizon, side)
    lit = foreground.copy()
    lit[..., :3] = np.minimum(
        foreground[..., :3] * np.array(place.light, np.float32), foreground[..., 3:]
    )
    shadow = np.ones((side, side, 1), np.float32)
    if place.ground:
        shadow = 1 - place.shadow * cast(foreground[..., 3])[..., None]
    return Scene(foreground, lit, background, shadow)


def cast(alpha: Mask) -> Mask:
    """How much of the light a subject (its alpha, (side, side)) keeps from the ground, 0..1.

    A narrow dark ellipse at its foot and a wide faint one to the right. A subject that lets light
    through keeps away less.
    """
    rows, columns = np.flatnonzero(alpha.max(1) > 0.3), np.flatnonzero(alpha.max(0) > 0.3)
    if not len(rows):
        return np.zeros_like(alpha)
    side = alpha.shape[0]
    foot, height = rows[-1], rows[-1] - rows[0] + 1
    low = alpha[max(0, foot - max(1, height // 8)) : foot + 1].max(0)
    touching = np.flatnonzero(low > 0.3)
    width = max((touching[-1] - touching[0] + 1), 0.55 * (columns[-1] - columns[0] + 1))
    middle = (touching[0] + touching[-1]) / 2
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    tall = max(4.0, FOOT * width)
    near = np.exp(-(((x - middle) / (0.60 * width)) ** 2) - ((y - foot) / tall) ** 2)
    across = (x - middle - SUN * width - 0.3 * width) / (0.8 * width)
    far = np.exp(-(across**2) - ((y - foot) / (1.5 * tall)) ** 2)
    density = float(alpha[alpha > 0.05].mean())
    whole: Mask = (1 - (1 - near) * (1 - 0.45 * far)) * (0.4 + 0.6 * density)
    return whole


def _put(
    subject: Subject, place: Place, rng: np.random.Generator, horizon: float, side: int
) -> Layer:
    """The subject in the place: on the ground with its foot below the horizon, or anywhere."""
    scale = float(rng.uniform(*SCALES))
    turn = float(rng.normal(0, 0.03))
    state = rng.bit_generator.state
    trial = draw(subject, rng, 64, Pose(scale=scale, turn=turn))[..., 3]
    rows, columns = np.flatnonzero(trial.max(1) > 0.1), np.flatnonzero(trial.max(0) > 0.1)
    left, right = _span(columns)
    top, bottom = _span(rows)
    aside = float(rng.uniform(-1 + MARGIN - left, 1 - MARGIN - right)) * 0.7
    if place.ground:
        lowest = 1 - 3 * MARGIN
        foot = float(rng.uniform(max(horizon + 0.2, lowest - 0.35), lowest))
        down = max(foot - bottom, -1 + MARGIN - top)
    else:
        down = float(rng.uniform(-1 + MARGIN - top, 1 - MARGIN - bottom)) * 0.7
    rng.bit_generator.state = state  # the same proportions as on trial
    return draw(subject, rng, side, Pose(scale, turn, aside, down))


def _span(places: np.ndarray[tuple[int], np.dtype[np.intp]]) -> tuple[float, float]:
    """First and last of 64 rows or columns in -1..1; the middle where there is none."""
    if not len(places):
        return (0.0, 0.0)
    return (float(places[0]) / 32 - 1, float(places[-1] + 1) / 32 - 1)
