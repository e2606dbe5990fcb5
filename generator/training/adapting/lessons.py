"""Assets as a network sees them: latents and read captions, encoded once and kept on disk.

The encoder is the model's own, alpha included, as when a layer is varied. Pictures are brought to
one size; further placements of each, a little smaller and moved, keep a model from learning places.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from generator.layer_diffusion.fitting import Native, Size, fitted, working_for
from generator.layer_diffusion.given import raw_latent
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.resampling import planes_from_rgba, resampled
from generator.layer_diffusion.text import Words, joined
from generator.training.adapting.assets import Asset, data_hash, read_rgba
from generator.training.adapting.files import write_whole
from generator.training.drawing.easel import Layer

SMALLEST = 0.82  # of a further placement, as a share of the first one's sides


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that is no file: premultiplied (h, w, 4), 0..1, with its caption."""

    layer: Layer
    caption: str


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Everything a step draws from, in memory."""

    latents: Tensor  # (n, c, h', w') float16, scaled for the network
    captions: NDArray[np.int64]  # (n,) row of `words`
    chances: NDArray[np.float64]  # (n,) how often each latent is shown; sums to 1
    words: Words  # all captions that there are
    silence: Words  # the empty one, as guidance subtracts it: one row
    size: Size  # of the pictures, in pixels

    def of_rows(self, rows: NDArray[np.int64], silent: NDArray[np.bool_]) -> Words:
        """Return the captions of some latents, the silent ones left out of words."""
        numbers = torch.from_numpy(self.captions[rows])
        hushed = torch.from_numpy(silent)

        def chosen(all_of: Tensor, none: Tensor) -> Tensor:
            shape = (-1, *[1] * (all_of.ndim - 1))
            return torch.where(hushed.view(shape).to(all_of.device), none, all_of[numbers])

        tokens = chosen(self.words.tokens, self.silence.tokens)
        if self.words.pooled is None or self.silence.pooled is None:
            return Words(tokens)
        return Words(tokens, chosen(self.words.pooled, self.silence.pooled))


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be learned, and beside what.

    `originals_share`, 0..1, is that of every batch; None lets weights count as they stand.
    """

    assets: tuple[Asset, ...]
    drawn: tuple[Drawn, ...] = ()  # originals that were never files
    originals_share: float | None = None
    word: str = ""  # put before the captions of all that is no original

    @property
    def captions(self) -> list[str]:
        """Return the caption of each asset, then of each drawn picture."""
        spoken = [
            each.caption if each.is_original else f"{self.word} {each.caption}".strip()
            for each in self.assets
        ]
        return [*spoken, *(each.caption for each in self.drawn)]


def lessons_of(parts: Parts, source: Source, placements: int, cache: Path, seed: int) -> Lessons:
    """Encode a source, or take what `cache` holds of exactly the same."""
    size = parts.card.native_size
    key = _key(parts, source, placements, seed)
    latents = _kept(cache, key)
    if latents is None:
        latents = _encoded(parts, source, size, placements, seed)
        write_whole(cache, save({"latents": latents}, {"key": key}))
    times = [placements] * len(source.assets) + [1] * len(source.drawn)
    texts = list(dict.fromkeys(source.captions))
    numbers = np.array([texts.index(caption) for caption in source.captions])
    chunks = parts.text.chunks(texts)
    words = joined([parts.text.read(text, chunks) for text in texts])
    return Lessons(
        latents=latents,
        captions=np.repeat(numbers, times),
        chances=chances_of(source, times),
        words=_plain(words),
        silence=_plain(parts.text.read("", chunks, is_negative=True)),
        size=size,
    )


def _plain(words: Words) -> Words:
    """Return words that may take part in training: the reader's were made for inference alone."""
    pooled = None if words.pooled is None else words.pooled.clone()
    return Words(words.tokens.clone(), pooled)


@torch.no_grad()
def _encoded(parts: Parts, source: Source, size: Size, placements: int, seed: int) -> Tensor:
    latents = []
    for number, asset in enumerate(source.assets):
        planes = planes_from_rgba(read_rgba(asset.file))
        height, width = planes.shape[2:]
        native = Native(size, any_size=False, multiple=parts.multiple)
        whole = fitted(planes, working_for((width, height), native))
        chance = np.random.default_rng([seed, number])
        for placement in range(placements):
            placed = whole if placement == 0 else _moved(whole, chance)
            latents.append(_latent(parts, placed))
    for drawn in source.drawn:
        planes = torch.from_numpy(np.asarray(drawn.layer, np.float32)).permute(2, 0, 1)[None]
        latents.append(_latent(parts, resampled(planes, size)))
    return torch.cat(latents)


def _latent(parts: Parts, planes: Tensor) -> Tensor:
    raw = raw_latent(planes.to(parts.device), parts.vae, parts.transparency)
    return (raw * parts.scaling).half().cpu()


def _moved(planes: Tensor, chance: np.random.Generator) -> Tensor:
    """Make a picture a little smaller and put it elsewhere on the same empty canvas."""
    height, width = planes.shape[2:]
    scale = chance.uniform(SMALLEST, 1)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    left = int(chance.integers(width - inner[0] + 1))
    top = int(chance.integers(height - inner[1] + 1))
    sides = (left, width - inner[0] - left, top, height - inner[1] - top)
    return nn.functional.pad(resampled(planes, inner), sides)


def chances_of(source: Source, times: Sequence[int]) -> NDArray[np.float64]:
    """Return how often each latent is shown, where each picture has so many of them."""
    weights = np.array([each.weight for each in source.assets] + [1.0] * len(source.drawn))
    original = np.array([each.is_original for each in source.assets] + [True] * len(source.drawn))
    share = source.originals_share
    if share is not None:
        for members, part in ((original, share), (~original, 1 - share)):
            if members.any():
                weights[members] *= part / weights[members].sum()
    spread = np.repeat(weights / np.array(times), times)
    chances: NDArray[np.float64] = spread / spread.sum()
    return chances


def _key(parts: Parts, source: Source, placements: int, seed: int) -> str:
    drawn = hashlib.sha256()
    for each in source.drawn:
        drawn.update(np.ascontiguousarray(each.layer).tobytes())
    facts = [
        parts.card.hash, parts.card.native_size, placements, seed,
        data_hash(source.assets), drawn.hexdigest(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _kept(cache: Path, key: str) -> Tensor | None:
    """Return latents that were encoded from the same; what is damaged is encoded anew."""
    if not cache.is_file():
        return None
    content = cache.read_bytes()
    if key.encode() not in content[: 8 + int.from_bytes(content[:8], "little")]:
        return None
    try:
        latents: Tensor = load(content)["latents"]
    except (SafetensorError, KeyError):
        return None
    return latents
