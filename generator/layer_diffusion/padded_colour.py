"""Colour that goes on smoothly under transparency, exactly as the method was trained.

The published method fills invisible pixels from a pyramid of area averages in steps of 1.2; the
pocket model has its own, simpler padding. No OpenCV: its two resizes are written out here.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

STEP = 1.2  # each level's sides are int(side / STEP)
TAPS = 3  # pixels that one averaged pixel can touch, as no step shrinks by more than 2


def padded_colour(colour: Tensor, alpha: Tensor) -> Tensor:
    """Pad straight colour (n, 3, h, w) under alpha (n, 1, h, w), both 0..1.

    Source: `pad_rgb` as released (LayerDiffuse_DiffusersCLI 3061d9a). Level 0 is (colour x alpha,
    alpha); each next level is their area average, until a side is 1. From there, starting with the
    mean visible colour, each level lays its own colour over the level below, enlarged bilinearly: c
    = level_colour + c x (1 - level_alpha). Opaque pixels keep their colour; an empty picture is
    black.
    """
    levels = [torch.cat([colour * alpha, alpha], dim=1)]  # (n, 4, h, w), premultiplied
    while min(levels[-1].shape[2:]) > 1:
        height, width = (int(side / STEP) for side in levels[-1].shape[2:])
        levels.append(area_averaged(levels[-1], height, width))
    total = levels[-1].sum((2, 3), keepdim=True)  # (n, 4, 1, 1)
    filled = total[:, :3] / total[:, 3:].clamp_min(1e-8)
    for level in reversed(levels):
        below = nn.functional.interpolate(
            filled, size=level.shape[2:], mode="bilinear", align_corners=False
        )
        filled = level[:, :3] + below * (1 - level[:, 3:])
    return filled


def area_averaged(planes: Tensor, height: int, width: int) -> Tensor:
    """Shrink (n, c, h, w) by at most 2 a side; each pixel is the mean of the area it covers.

    The rows of the area matrix have at most three entries, so it is applied as three weighted
    picks.
    """
    return _averaged_along(_averaged_along(planes, 2, height), 3, width)


def _averaged_along(planes: Tensor, dim: int, size: int) -> Tensor:
    before = planes.shape[dim]
    assert size <= before <= 2 * size, "one step shrinks by at most 2"
    # In float64, so that the borders of the covered spans are exact.
    start = torch.arange(size, dtype=torch.float64) * (before / size)
    end = start + before / size
    shape = [1] * planes.ndim
    shape[dim] = size
    averaged = torch.zeros_like(planes.narrow(dim, 0, size))
    for tap in range(TAPS):
        pixel = start.floor() + tap
        covered = (torch.minimum(end, pixel + 1) - torch.maximum(start, pixel)).clamp_min(0)
        weight = (covered * (size / before)).to(planes).view(shape)
        picked = planes.index_select(dim, pixel.clamp_max(before - 1).long().to(planes.device))
        averaged.addcmul_(picked, weight)
    return averaged
