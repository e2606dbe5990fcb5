"""Pictures as premultiplied planes and back, and their size changed: sharp, without fringes.

Planes are (1, 4, h, w) float32, 0..1: red, green, blue times alpha, then alpha. Mixing neighbours
on straight colour would let the hidden colour of transparent pixels bleed in.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha

LOBES = 3  # of the Lanczos window, as editors have it
FAINTEST = 1 / 510  # half a level: colour under less alpha than this cannot be told
ROUNDING = 1e-5


def planes_from_rgba(rgba: RGBA8) -> Tensor:
    """Return a straight picture as premultiplied planes (1, 4, h, w)."""
    straight = torch.from_numpy(np.array(rgba)).permute(2, 0, 1)[None].float() / 255
    return torch.cat([straight[:, :3] * straight[:, 3:], straight[:, 3:]], dim=1)


def rgba_from_planes(planes: Tensor) -> RGBA8:
    """Return premultiplied planes (1, 4, h, w) as a straight picture, rounded.

    Where alpha is less than half a level, all four values are 0.
    """
    alpha = planes[:, 3:].clamp(0, 1)
    seen = alpha >= FAINTEST
    straight = torch.where(seen, planes[:, :3] / alpha.clamp_min(FAINTEST), 0)
    both = torch.cat([straight, torch.where(seen, alpha, 0)], dim=1)[0].clamp(0, 1)
    levels = (both * 255 + 0.5).to(torch.uint8)
    rgba: RGBA8 = np.ascontiguousarray(levels.permute(1, 2, 0).cpu().numpy())
    return rgba


def straight_colour(planes: Tensor) -> Tensor:
    """Return the straight colour (n, 3, h, w) of premultiplied planes; black where there is none.

    Times alpha it is the premultiplied colour again, up to rounding.
    """
    alpha = planes[:, 3:]
    colour = torch.where(alpha > 0, planes[:, :3] / alpha.clamp_min(1e-6), 0)
    return colour.clamp(0, 1)


def resampled(planes: Tensor, size: tuple[int, int]) -> Tensor:
    """Return premultiplied planes (n, 4, h, w) in another size (width, height), Lanczos-3.

    The same size gives the very same tensor. Overshoot is cut, so that colour <= alpha <= 1.
    """
    width, height = size
    if planes.shape[2:] == (height, width):
        return planes
    larger = lanczos_along(lanczos_along(planes, 2, height), 3, width)
    alpha = larger[:, 3:].clamp(0, 1)
    # The weights' rounding must not make an opaque picture a cut-out, nor nothing something.
    alpha = torch.where(alpha > 1 - ROUNDING, 1, torch.where(alpha < ROUNDING, 0, alpha))
    return torch.cat([torch.minimum(larger[:, :3].clamp_min(0), alpha), alpha], dim=1)


def resampled_coverage(coverage: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a selection or mask (1, 1, h, w) in another size, without overshoot.

    What was nothing or all around stays exactly so: the mean of the area, or bilinear.
    """
    width, height = size
    if coverage.shape[2:] == (height, width):
        return coverage
    return torch.nn.functional.interpolate(
        coverage, size=(height, width), mode="bilinear", antialias=True
    ).clamp(0, 1)


def lanczos_along(planes: Tensor, dim: int, size: int) -> Tensor:
    """Resample one axis by the Lanczos-3 window, widened where it shrinks; edges count as ends.

    Source: Duchon 1979, with the weights of each pixel normalised to 1, so that an even colour
    stays even.
    """
    start, weights = lanczos_weights(planes.shape[dim], size)
    shape = [1] * planes.ndim
    shape[dim] = size
    out_shape = list(planes.shape)
    out_shape[dim] = size
    total = torch.zeros(out_shape, dtype=planes.dtype, device=planes.device)
    for tap in range(weights.shape[1]):
        places = (start + tap).clamp(0, planes.shape[dim] - 1).to(planes.device)
        total.addcmul_(planes.index_select(dim, places), weights[:, tap].to(planes).view(shape))
    return total


def lanczos_weights(before: int, after: int) -> tuple[Tensor, Tensor]:
    """Return for each of `after` pixels its first source pixel and the weights (after, taps).

    Weights of places beyond the ends are zero.
    """
    scale = before / after
    reach = LOBES * max(scale, 1.0)
    centre = (torch.arange(after, dtype=torch.float64) + 0.5) * scale
    start = (centre - reach).floor().long()
    taps = math.ceil(2 * reach) + 1
    places = start[:, None] + torch.arange(taps)
    distance = (places + 0.5 - centre[:, None]) / max(scale, 1.0)
    window = torch.sinc(distance) * torch.sinc(distance / LOBES)
    inside = (distance.abs() < LOBES) & (places >= 0) & (places < before)
    weights = torch.where(inside, window, 0)
    return start, weights / weights.sum(dim=1, keepdim=True)
