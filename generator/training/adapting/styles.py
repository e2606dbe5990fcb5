"""A style that the pocket model has never seen: the demonstration's assets.

Two inks: what is drawn becomes a print in indigo and coral, whatever colours it had.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from generator.request import RGBA8
from generator.training.drawing.easel import Layer
from generator.training.pictures import draw
from generator.training.words.captions import Subject, phrase

INDIGO = np.array((0.16, 0.13, 0.42), np.float32)
CORAL = np.array((1.0, 0.66, 0.44), np.float32)
VISIBLE = 0.1  # alpha from which a pixel counts where a thing's lights and darks are found
LUMINANCE = np.array((0.2126, 0.7152, 0.0722), np.float32)


def two_inks(layer: Layer) -> Layer:
    """Return a premultiplied picture (side, side, 4), 0..1, printed in two inks; alpha stays.

    A thing's darkest twentieth is all indigo, its lightest all coral, and between them one goes
    over into the other.
    """
    alpha = layer[..., 3:]
    seen = alpha[..., 0] > VISIBLE
    if not seen.any():
        return np.zeros_like(layer)
    light = np.clip(layer[..., :3] / np.maximum(alpha, 1e-4), 0, 1) @ LUMINANCE
    low, high = np.percentile(light[seen], (5, 95))
    share = np.clip((light - low) / max(float(high - low), 0.05), 0, 1)
    tone = (share * share * (3 - 2 * share))[..., None]
    ink = INDIGO + (CORAL - INDIGO) * tone
    return np.concatenate([ink * alpha, alpha], axis=2).astype(np.float32)


def write_assets(folder: Path, subjects: Sequence[Subject], seed: int) -> None:
    """Draw each subject once in the style, as PNG with its caption in a text file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng([seed, 61_000])
    for number, subject in enumerate(subjects):
        file = folder / f"{number:03d}-{phrase(subject).replace(' ', '-')}.png"
        Image.fromarray(straight(two_inks(draw(subject, chance)))).save(file)
        file.with_suffix(".txt").write_text(f"{phrase(subject)}\n")


def straight(layer: Layer) -> RGBA8:
    """Return a premultiplied picture as straight bytes."""
    alpha = np.maximum(layer[..., 3:], 1 / 255)
    both = np.concatenate([layer[..., :3] / alpha, layer[..., 3:]], axis=2)
    rounded: RGBA8 = np.round(np.clip(both, 0, 1) * 255).astype(np.uint8)
    return rounded
