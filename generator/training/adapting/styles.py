"""A style that the pocket model has never seen: the demonstration's assets.

Paper cut: what is drawn becomes two flat tones with hard edges on a rim of cream paper.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from generator.request import RGBA8
from generator.training.drawing.easel import Layer
from generator.training.pictures import draw
from generator.training.words.captions import Subject, phrase

PAPER = (0.97, 0.93, 0.82)
RIM = 0.035  # of the picture's side
SMOOTHING = 0.012  # of the side: tones have clean borders
VISIBLE = 0.15  # alpha from which on something is paper
LIGHTER, DARKER = 1.25, 0.72  # the two tones, times the thing's mean colour
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def paper_cut(layer: Layer) -> Layer:
    """Return a premultiplied picture (side, side, 4), 0..1, as if cut from two sheets of paper."""
    side = layer.shape[0]
    cover = _hard(layer[..., 3], side)
    alpha = np.maximum(layer[..., 3:], 1e-4)
    colour = np.clip(layer[..., :3] / alpha, 0, 1)
    light = _blurred((colour @ LUMINANCE) * cover, side) / np.maximum(_blurred(cover, side), 1e-4)
    inside = cover > 0.5
    if not inside.any():
        return np.zeros_like(layer)
    mean = colour[inside].mean(0)
    is_light = (light > np.median(light[inside]))[..., None]
    tones = np.where(is_light, np.clip(mean * LIGHTER + 0.08, 0, 1), mean * DARKER)
    rim = np.maximum(_grown(cover, side), cover)
    made = tones * cover[..., None] + np.array(PAPER) * (rim - cover)[..., None]
    return np.concatenate([made, rim[..., None]], axis=2).astype(np.float32)


def write_assets(folder: Path, subjects: list[Subject], seed: int) -> None:
    """Draw each subject once in the style, as PNG with its caption in a text file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng([seed, 61_000])
    for number, subject in enumerate(subjects):
        file = folder / f"{number:03d}-{phrase(subject).replace(' ', '-')}.png"
        Image.fromarray(straight(paper_cut(draw(subject, chance)))).save(file)
        file.with_suffix(".txt").write_text(f"{phrase(subject)}\n")


def straight(layer: Layer) -> RGBA8:
    """Return a premultiplied picture as straight bytes."""
    alpha = np.maximum(layer[..., 3:], 1 / 255)
    both = np.concatenate([layer[..., :3] / alpha, layer[..., 3:]], axis=2)
    rounded: RGBA8 = np.round(np.clip(both, 0, 1) * 255).astype(np.uint8)
    return rounded


def _hard(alpha: Layer, side: int) -> Layer:
    """Make soft alpha a clean cut, one pixel soft."""
    smooth = _blurred(alpha, side, 0.5)
    cover: Layer = np.clip((smooth - VISIBLE) * side / 24 + 0.5, 0, 1)
    return cover


def _grown(cover: Layer, side: int) -> Layer:
    size = 2 * round(RIM * side) + 1
    picture = _bytes(cover).filter(ImageFilter.MaxFilter(size))
    # A square brush leaves corners; blurred and cut again they are round.
    blurred = picture.filter(ImageFilter.GaussianBlur(RIM * side / 2))
    return np.clip((np.asarray(blurred, np.float32) / 255 - 0.5) * 6 + 0.5, 0, 1)


def _blurred(plane: Layer, side: int, share: float = 1.0) -> Layer:
    blurred = _bytes(plane).filter(ImageFilter.GaussianBlur(SMOOTHING * side * share))
    return np.asarray(blurred, np.float32) / 255


def _bytes(plane: Layer) -> Image.Image:
    levels: NDArray[np.uint8] = np.round(np.clip(plane, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(levels)
