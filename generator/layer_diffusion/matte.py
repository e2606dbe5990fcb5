"""The matte: colour under transparency, the levels of alpha, and pictures as tensors and back."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

BLACK_POINT = 0.05  # alpha up to here is what a codec leaves behind in empty places
WHITE_POINT = 0.95


def padded(premultiplied: Tensor, alpha: Tensor) -> Tensor:
    """Straight colour whose invisible pixels are filled smoothly from what is visible nearby.

    `premultiplied` (n, 3, h, w) and `alpha` (n, 1, h, w) in 0..1; sides are powers of two times a
    few. The pyramid halves until a side is odd or 1, then colour is laid under on the way back up.
    """
    levels = [(premultiplied, alpha)]
    while min(levels[-1][0].shape[2:]) > 1 and all(
        side % 2 == 0 for side in levels[-1][0].shape[2:]
    ):
        colour, cover = levels[-1]
        levels.append((nn.functional.avg_pool2d(colour, 2), nn.functional.avg_pool2d(cover, 2)))
    colour, cover = levels[-1]
    filled = colour.sum((2, 3), keepdim=True) / cover.sum((2, 3), keepdim=True).clamp_min(1e-8)
    for colour, cover in reversed(levels):
        below = nn.functional.interpolate(filled, size=colour.shape[2:], mode="bilinear")
        filled = colour + below * (1 - cover)
    return filled


def levelled(alpha: Tensor) -> Tensor:
    """Stretch alpha so that nearly nothing is nothing and nearly all is all."""
    return ((alpha - BLACK_POINT) / (WHITE_POINT - BLACK_POINT)).clamp(0, 1)


def to_rgba8(alpha: Tensor, colour: Tensor) -> NDArray[np.uint8]:
    """One picture, (1, h, w) and (3, h, w) in 0..1, as (h, w, 4) straight uint8, rounded."""
    both = torch.cat([colour, alpha], dim=0).clamp(0, 1)
    picture: NDArray[np.uint8] = (both * 255 + 0.5).to(torch.uint8).permute(1, 2, 0).cpu().numpy()
    return np.ascontiguousarray(picture)
