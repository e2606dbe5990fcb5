"""A sheet of the pair tasks to be looked at: what was given, what was made, what was drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from transformers import PreTrainedTokenizerFast

from generator.training.codec import Codec
from generator.training.drawing.scenes import laid_over
from generator.training.evaluate import Floats
from generator.training.pairs.denoiser import PairDenoiser
from generator.training.pairs.evaluate import Questions, answered, scribbles, wanted
from generator.training.pairs.samples import Manner, layers, opaque
from generator.training.pairs.tasks import task_named

CELL = 112
GREY = 0.6  # what transparent pictures are shown over


def pair_sheet(
    model: PairDenoiser,
    tokenizer: PreTrainedTokenizerFast,
    codec: Codec,
    asked: Questions,
    seed: int = 7,
) -> Image.Image:
    """One row a picture, one column a scene; of each task what was given stands above."""
    made = {
        name: answered(model, tokenizer, asked, task_named(name), Manner(seed))
        for name in ("place", "background", "foreground", "blended", "extract", "scribble")
    }
    scenes = asked.scenes
    given = np.stack([_shown_premultiplied(scene.foreground) for scene in scenes])
    grounds = np.stack([scene.background for scene in scenes])
    subjects = layers(codec, made["foreground"])
    rows = [
        given,
        grounds,
        opaque(codec, made["place"]),
        opaque(codec, made["background"]),
        np.stack([_on(layer, below) for layer, below in zip(subjects, grounds, strict=True)]),
        np.stack([laid_over(scene.foreground, scene.background) for scene in scenes]),
        opaque(codec, made["blended"]),
        opaque(codec, wanted(asked, task_named("blended"))),
        _shown(layers(codec, made["extract"])),
        scribbles(asked),
        _shown(layers(codec, made["scribble"])),
    ]
    return _paper(rows)


def _on(layer: Floats, below: Floats) -> Floats:
    """A straight layer over a picture."""
    laid: Floats = layer[..., :3] * layer[..., 3:] + below * (1 - layer[..., 3:])
    return laid


def _shown(pictures: Floats) -> Floats:
    return np.stack([_on(layer, np.full_like(layer[..., :3], GREY)) for layer in pictures])


def _shown_premultiplied(layer: Floats) -> Floats:
    shown: Floats = layer[..., :3] + GREY * (1 - layer[..., 3:])
    return shown


def _paper(rows: list[Floats]) -> Image.Image:
    lines = [np.concatenate([_small(picture) for picture in row], axis=1) for row in rows]
    return Image.fromarray(np.concatenate(lines, axis=0))


def _small(picture: Floats) -> NDArray[np.uint8]:
    whole = Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))
    return np.asarray(whole.resize((CELL, CELL), Image.Resampling.LANCZOS))
