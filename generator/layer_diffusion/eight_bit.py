"""Weights in eight bits with a scale for each output channel: half the size of half precision.

A weight `name` of two dimensions or more is stored as int8 under its name, with float32 scales,
(out,), under `name` + SCALE; weight = stored x scale. Its error is at most half a scale, which is
1/254 of the channel's largest weight. What is small or one-dimensional stays in half precision.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

SCALE = "::scale"
LARGEST = 127
LEAST_NUMBERS = 1024  # fewer are not worth the loss


def in_eight_bits(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what to store for weights of any float type."""
    stored: dict[str, Tensor] = {}
    for name, weight in weights.items():
        if weight.ndim < 2 or weight.numel() < LEAST_NUMBERS:
            stored[name] = weight.half().contiguous()
            continue
        rows = weight.float().flatten(1)
        scale = rows.abs().amax(1).clamp_min(torch.finfo(torch.float32).tiny) / LARGEST
        stored[name] = (rows / scale[:, None]).round().to(torch.int8).view(weight.shape)
        stored[name + SCALE] = scale
    return stored


def from_eight_bits(stored: Tensor, scale: Tensor) -> Tensor:
    """Return the weight, float32."""
    return stored.float() * scale.view(-1, *[1] * (stored.ndim - 1))
