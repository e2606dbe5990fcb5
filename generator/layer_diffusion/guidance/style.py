"""Style pictures by IP-Adapter: what a picture looks like goes beside the text into the attention.

Standard adapters and the plus kind, from single safetensors files; the image encoder's features are
computed once a job. Afterwards the UNet's own processors, the very objects, are back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from torch import Tensor, nn

from generator.layer_diffusion.attention_sharing import sharable_attentions
from generator.layer_diffusion.guidance.style_file import StyleAdapter
from generator.layer_diffusion.text import Words


@dataclass(frozen=True, slots=True, eq=False)
class StylePicture:
    """A picture as the attention reads it: tokens (1, n, c) of it and of none, and its weight."""

    tokens: Tensor
    nothing: Tensor
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class StyleGuide:
    """The style pictures of a job, read by one adapter; `halves` is 2 under guidance, else 1.

    All frames made together share the style. The negative half sees no picture.
    """

    adapter: StyleAdapter
    pictures: Sequence[StylePicture]
    halves: int

    @contextmanager
    def wearing(self, unet: nn.Module) -> Iterator[None]:
        """Let the UNet's attentions to text hear the pictures, too, while the block runs."""
        # set_processor is diffusers', which is not typed.
        attentions: list[Any] = list(sharable_attentions(unet))[1::2]
        replaced = [attention.processor for attention in attentions]
        hook = unet.register_forward_pre_hook(self._beside_text, with_kwargs=True)
        try:
            for attention, maps in zip(attentions, self.adapter.maps, strict=True):
                # Maps that were worn while a model came piece by piece were left where it waits.
                here = self.pictures[0].tokens.device
                attention.set_processor(self._processor(*(each.to(here) for each in maps)))
            yield
        finally:
            hook.remove()
            for attention, processor in zip(attentions, replaced, strict=True):
                attention.set_processor(processor)

    def arguments(self, latent: Tensor, time: Tensor, words: Words) -> dict[str, Any]:
        """Add nothing to the call: the pictures go where the text goes."""
        return {}

    def _processor(self, to_key: nn.Linear, to_value: nn.Linear) -> Any:
        """Return diffusers' processor for these pictures, all through the same two maps."""
        count = len(self.pictures)
        with torch.device("meta"):
            processor = IPAdapterAttnProcessor2_0(
                to_key.out_features,
                to_key.in_features,
                num_tokens=[each.tokens.shape[1] for each in self.pictures],
                scale=[each.weight for each in self.pictures],
            )
        processor.to_k_ip = nn.ModuleList([to_key] * count)
        processor.to_v_ip = nn.ModuleList([to_value] * count)
        return processor

    def _beside_text(
        self, unet: nn.Module, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Hand the attentions (text, pictures), as diffusers' processors expect it."""
        sample, time, *rest = inputs
        text = rest[0] if rest else named["encoder_hidden_states"]
        both = (text, [self._rows(each, text) for each in self.pictures])
        named = {name: value for name, value in named.items() if name != "encoder_hidden_states"}
        return (sample, time, both, *rest[1:]), named

    def _rows(self, picture: StylePicture, text: Tensor) -> Tensor:
        """Return a picture's tokens for every row of the batch, (b, 1, n, c)."""
        each = len(text) // self.halves
        halves = (picture.nothing, picture.tokens)[-self.halves :]
        return torch.cat([half.to(text).expand(each, -1, -1) for half in halves])[:, None]
