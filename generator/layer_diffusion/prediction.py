"""One prediction of the network: words, guidance, and whatever else takes part in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.sampling import Predict
from generator.layer_diffusion.text import Words, joined


class Guide(Protocol):
    """What takes part in every prediction beside the words, as a ControlNet does.

    A job's guides are made once a stage; the network's batch has the negative half first, then the
    conditional one; each half is variants x frames, frame fastest. Without guidance there is the
    conditional half alone.
    """

    def wearing(self, unet: nn.Module) -> AbstractContextManager[None]:
        """Change the network for a stage, as an IP-Adapter does; afterwards it is as before.

        Entered before and left after shared attention and weight patches are laid on.
        """
        ...

    def arguments(self, latent: Tensor, time: Tensor, words: Words) -> dict[str, Any]:
        """Return keyword arguments for the UNet's call, as `down_block_additional_residuals`.

        `latent` (b, 4, h, w) is scaled for the network, of its type and device, and without the
        channels of joined conditions; b and `words`' rows are the whole batch with both halves.
        What several guides give under one name is added: tensors, tuples and lists element by
        element, dicts entry by entry.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the network is told in a stage: one text a half, and how strongly to follow it."""

    negative: Words
    positive: Words
    guidance: float
    guides: Sequence[Guide] = ()

    @property
    def halves(self) -> int:
        """Return 2, or 1 where guidance of exactly 1 makes the negative half cancel out."""
        return halves_of(self.guidance)


def halves_of(guidance: float) -> int:
    """Return how many halves a batch has under that guidance."""
    return 1 if guidance == 1 else 2


def predictor(
    parts: Parts, told: Told, size: tuple[int, int], on_call: Callable[[Tensor], None]
) -> Predict:
    """Build what samples are made with: with w the guidance, negative + w (positive - negative).

    `size` is the working picture's (width, height), which SDXL is told. `on_call` hears the
    timestep before each call of the network, which it may change.
    """

    def predict(seen: Tensor, time: Tensor) -> Tensor:
        on_call(time)
        latent = torch.cat([seen] * told.halves).to(parts.dtype)
        words = _words(told, len(seen))
        arguments = known_besides(words, size)
        for guide in told.guides:
            arguments = merged(arguments, guide.arguments(latent, time, words))
        predicted = parts.unet(latent, time, words.tokens, **arguments).sample.to(seen.dtype)
        if told.halves == 1:
            return _tensor(predicted)
        without, towards = predicted.chunk(2)
        return _tensor(without + told.guidance * (towards - without))

    return predict


def merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Add two sets of arguments for the UNet."""
    both = {**ours, **theirs}
    return both | {name: _sum(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()}


def _sum(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, dict):
        return merged(ours, theirs)
    if isinstance(ours, (tuple, list)):
        return type(ours)(_sum(one, other) for one, other in zip(ours, theirs, strict=True))
    return ours + theirs


def _words(told: Told, rows: int) -> Words:
    halves = [told.positive] if told.halves == 1 else [told.negative, told.positive]
    return joined([half.repeated(rows) for half in halves])


def known_besides(words: Words, size: tuple[int, int]) -> dict[str, Any]:
    """Return what a network with pooled text is told besides: original size, crop, target size."""
    if words.pooled is None:
        return {}
    width, height = size
    row = torch.tensor([[height, width, 0, 0, height, width]]).to(words.pooled)
    times = row.expand(len(words.pooled), -1)
    return {"added_cond_kwargs": {"text_embeds": words.pooled, "time_ids": times}}


def _tensor(value: Any) -> Tensor:
    assert isinstance(value, Tensor)
    return value
