"""Every pair task on scenes it never saw: pictures for a sheet, figures for the card.

Each task is asked alone, with true pictures given, so that a figure tells of one task. The codec's
row is the same figure for the drawn scene after it went through the codec.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from generator.light.extract import shadow_and_light
from generator.request import Role
from generator.training.codec import Codec
from generator.training.drawing.places import place_named
from generator.training.drawing.scenes import Scene, laid_over
from generator.training.evaluate import Floats
from generator.training.pairs import figures
from generator.training.pairs.denoiser import PairDenoiser, lesson
from generator.training.pairs.lessons import PLANES, SceneLatents, encoded, scene_of, scribble_of
from generator.training.pairs.samples import Manner, changed, layers, opaque, sampled
from generator.training.pairs.tasks import PairTask
from generator.training.words.captions import Subject, phrase

SEED = 50_000  # of the scenes that are asked for; training has others
Figures = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Fresh scenes, drawn and as latents."""

    latents: SceneLatents
    scenes: tuple[Scene, ...]

    def texts(self, task: str) -> list[str]:
        """What each is asked for: half of them are told thing and place, the others what is new."""
        found = []
        pairs = zip(self.latents.subjects, self.latents.places, strict=True)
        for number, (subject, place) in enumerate(pairs):
            new = place if task in ("place", "background") else phrase(subject)
            both = f"{phrase(subject)} {place_named(place).where}"
            found.append(new if number % 2 or task == "scribble" else both)
        return [""] * len(found) if task == "extract" else found


def questions(codec: Codec, count: int, seed: int = SEED) -> Questions:
    """Draw and encode so many fresh scenes."""
    drawn = [scene_of(number, seed) for number in range(count)]
    rows = [encoded(codec, scene, 5) for _, _, scene in drawn]
    planes = {name: torch.stack([row[name] for row in rows]) for name in PLANES}
    subjects: tuple[Subject, ...] = tuple(subject for subject, _, _ in drawn)
    places = tuple(place for _, place, _ in drawn)
    latents = SceneLatents(planes, subjects, places)
    return Questions(latents, tuple(scene for _, _, scene in drawn))


def answered(
    model: PairDenoiser,
    tokenizer: PreTrainedTokenizerFast,
    asked: Questions,
    task: PairTask,
    manner: Manner,
) -> Tensor:
    """The latents that a task makes of all questions; of `over` tasks the blended one."""
    given = [found[1] for found in _lessons(asked, task)]
    latent = sampled(model, tokenizer, given, asked.texts(task.name), task, manner)
    return _whole(asked, task, latent)


def wanted(asked: Questions, task: PairTask) -> Tensor:
    """The drawn answers as latents, as the codec holds them."""
    return _whole(asked, task, torch.stack([found[0] for found in _lessons(asked, task)]))


def _lessons(asked: Questions, task: PairTask) -> list[tuple[Tensor, dict[Role, Tensor]]]:
    numbers = range(len(asked.scenes))
    return [lesson(asked.latents, task, number, bool(task.lit)) for number in numbers]


def _whole(asked: Questions, task: PairTask, latent: Tensor) -> Tensor:
    """Latents of pictures, from differences where the task makes such."""
    if not task.over:
        return latent
    over = asked.latents.planes["over_lit" if task.lit else "over"]
    return changed(_padded(over, latent), latent)


def judged(codec: Codec, asked: Questions, task: PairTask, latent: Tensor) -> Figures:
    """The figures of one task for latents that it made, or for the wanted ones: the codec's row."""
    if task.makes is Role.BLENDED:
        return _of_blended(asked, opaque(codec, latent), bool(task.lit))
    if task.makes is Role.BACKGROUND:
        return _of_background(asked, opaque(codec, latent))
    return _of_foreground(asked, layers(codec, latent), task)


def _of_blended(asked: Questions, found: Floats, is_lit: bool) -> Figures:
    shadows, copied, away, right, tints = [], [], [], [], []
    for number, scene in enumerate(asked.scenes):
        alpha, blended = scene.foreground[..., 3], found[number]
        place = place_named(asked.latents.places[number])
        shadow = figures.shadow_under(alpha, scene.background, blended, place.ground)
        if shadow is not None:
            shadows.append(shadow)
        subject = scene.lit if is_lit else scene.foreground
        seen = laid_over(subject, scene.background)
        copied.append(figures.outside_change(alpha, scene.shadow[..., 0], seen, blended))
        straight = np.concatenate([_straight(subject), subject[..., 3:]], 2)
        page = recomposed(straight, scene.background, blended)
        away.append(float(np.abs(page - blended).mean()))
        right.append(float(np.abs(scene.blended - blended).mean()))
        neutral = figures.mean_colour(_straight(scene.foreground), alpha)
        if alpha.max() > figures.OPAQUE:
            tinted = figures.mean_colour(blended, alpha)
            tints.append(figures.tint_nearer(neutral, tinted, place))
    return {
        "copied": float(np.mean(copied)),
        "recomposed": float(np.mean(away)),
        "against_drawn": float(np.mean(right)),
        "tint_nearer": float(np.mean(tints)),
        **figures.shadow_shares(shadows),
    }


def recomposed(subject: Floats, background: Floats, blended: Floats) -> Floats:
    """The layers that a user gets over one another: background, shadow, light, subject.

    The subject (h, w, 4) is straight; of the blended picture only shadow and light are taken.
    """
    found = shadow_and_light(_bytes(subject), _bytes(background), _bytes(blended))
    picture = background
    if found.shadow is not None:
        layer = found.shadow.astype(np.float32) / 255
        picture = picture * (1 - layer[..., 3:] * (1 - layer[..., :3]))
    if found.light is not None:
        layer = found.light.astype(np.float32) / 255
        picture = 1 - (1 - picture) * (1 - layer[..., 3:] * layer[..., :3])
    layer = found.subject.astype(np.float32) / 255
    return layer[..., :3] * layer[..., 3:] + picture * (1 - layer[..., 3:])


def _of_background(asked: Questions, found: Floats) -> Figures:
    """Whether it is the right place: the nearest drawn one of the other questions is of it."""
    small = np.stack([_pooled(scene.background) for scene in asked.scenes])
    names = np.array(asked.latents.places)
    hits = []
    for number, picture in enumerate(found):
        away = np.square(small - _pooled(picture)).sum((1, 2, 3))
        away[number] = np.inf
        hits.append(names[int(away.argmin())] == names[number])
    return {"place": float(np.mean(hits))}


def _of_foreground(asked: Questions, found: Floats, task: PairTask) -> Figures:
    alphas, colours, overlaps, tints, empty = [], [], [], [], []
    for number, scene in enumerate(asked.scenes):
        truth, alpha = scene.foreground[..., 3], found[number][..., 3]
        place = place_named(asked.latents.places[number])
        alphas.append(float(np.abs(alpha - truth).mean()))
        seen = found[number][..., :3] * alpha[..., None]
        colours.append(float(np.square(seen - scene.lit[..., :3]).mean()))
        filled = (truth > 0.5, alpha > 0.5)
        union = np.logical_or(*filled).sum()
        overlaps.append(np.logical_and(*filled).sum() / union if union else 0.0)
        empty.append(alpha.mean() < 0.01)
        if truth.max() > figures.OPAQUE and alpha.max() > figures.OPAQUE:
            neutral = figures.mean_colour(_straight(scene.foreground), truth)
            tinted = figures.mean_colour(found[number][..., :3], alpha)
            tints.append(figures.tint_nearer(neutral, tinted, place))
    tint = float(np.mean(tints)) if tints else 0.0
    shares = {"tint_nearer": tint, "empty": float(np.mean(empty))}
    if task.name == "foreground":
        return shares
    overlap = {"overlap": float(np.mean(overlaps)), "empty": shares["empty"]}
    if task.name == "scribble":
        return overlap
    error = float(-10 * np.log10(np.mean(colours)))
    return {"alpha_error": float(np.mean(alphas)), "psnr": error, **shares, **overlap}


def scribbles(asked: Questions) -> Floats:
    """The outlines that the scribble task is given, (n, h, w, 3)."""
    lines = [scribble_of(scene.foreground[..., 3], 5) for scene in asked.scenes]
    return np.repeat(np.stack(lines)[..., None], 3, axis=3)


def _pooled(picture: Floats) -> Floats:
    cell = picture.shape[0] // 8
    pooled: Floats = picture.reshape(8, cell, 8, cell, 3).mean((1, 3))
    return pooled


def _straight(layer: Floats) -> Floats:
    straight: Floats = layer[..., :3] / np.maximum(layer[..., 3:], 1 / 255)
    return np.clip(straight, 0, 1)


def _bytes(picture: Floats) -> NDArray[np.uint8]:
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _padded(colours: Tensor, like: Tensor) -> Tensor:
    """Colour channels with zeros behind them, as many channels as `like`."""
    missing = like.shape[1] - colours.shape[1]
    return torch.nn.functional.pad(colours.float(), (0, 0, 0, 0, 0, missing))
