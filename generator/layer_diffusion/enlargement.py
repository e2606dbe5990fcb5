"""Pictures made larger without a model: Lanczos, premultiplied, part by part, alpha kept sharp.

A model that knows whole pictures of one size only cannot look at a part of one; its layers are
enlarged in this way. Measured on drawn things, 2 and 4 times: 1.5 to 3 dB nearer to the original
than Lanczos alone, and 2 to 10 dB nearer than the pocket model in windows at strength 0.1.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    rgba_from_planes,
    straight_colour,
)
from generator.layer_diffusion.windows import Box

MARGIN = 8  # given pixels around a part that its enlargement and sharpening look at
PART = 1024  # side of the parts that are enlarged at once
SHARPENING = 2.0  # how much of what a blur takes from alpha is added to it


def enlarged(given: RGBA8, scale: int) -> RGBA8:
    """Enlarge without a model: Lanczos, premultiplied, and alpha's rim as sharp as it was."""
    height, width = given.shape[:2]
    target = (width * scale, height * scale)
    result = np.empty((target[1], target[0], 4), np.uint8)
    for y0 in range(0, target[1], PART):
        for x0 in range(0, target[0], PART):
            box = (x0, y0, min(x0 + PART, target[0]), min(y0 + PART, target[1]))
            planes = _sharp_part(given, scale, box)
            result[y0 : box[3], x0 : box[2]] = rgba_from_planes(planes)
    return result


def enlarged_part(given: RGBA8, scale: int, box: Box) -> Tensor:
    """Enlarge the part of a picture that fills a box of the target, (1, 4, h, w) premultiplied.

    The values are those of the whole enlargement; beyond the picture its last pixels are repeated.
    """
    height, width = given.shape[:2]
    x0, y0, x1, y1 = box
    left, top = (max(0, place // scale - MARGIN) for place in (x0, y0))
    right, bottom = min(width, -(-x1 // scale) + MARGIN), min(height, -(-y1 // scale) + MARGIN)
    part = planes_from_rgba(given[top:bottom, left:right])
    larger = resampled(part, ((right - left) * scale, (bottom - top) * scale))
    inner = larger[:, :, y0 - top * scale : y1 - top * scale, x0 - left * scale : x1 - left * scale]
    missing = (0, x1 - x0 - inner.shape[3], 0, y1 - y0 - inner.shape[2])
    return nn.functional.pad(inner, missing, mode="replicate") if any(missing) else inner


def blurred(planes: Tensor, sigma: float) -> Tensor:
    """Return (n, c, h, w) under a Gaussian of that many pixels, the edges repeated."""
    reach = int(np.ceil(3 * sigma))
    places = torch.arange(-reach, reach + 1, dtype=torch.float32, device=planes.device)
    kernel = torch.exp(-0.5 * (places / sigma) ** 2)
    kernel = kernel / kernel.sum()
    channels = planes.shape[1]
    wide = nn.functional.pad(planes, (reach, reach, reach, reach), mode="replicate")
    across = kernel.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    down = kernel.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
    rows = nn.functional.conv2d(wide, across, groups=channels)
    return nn.functional.conv2d(rows, down, groups=channels)


def bounds(alpha: Tensor, reach: int) -> tuple[Tensor, Tensor]:
    """Return the least and the most of alpha (n, 1, h, w) within so many pixels of each."""
    return -_most(-alpha, reach), _most(alpha, reach)


def _most(planes: Tensor, reach: int) -> Tensor:
    """Return the largest value in a square, row by row and then column by column."""
    side, pool = 2 * reach + 1, nn.functional.max_pool2d
    rows = pool(planes, (1, side), stride=1, padding=(0, reach))
    return pool(rows, (side, 1), stride=1, padding=(reach, 0))


def _sharp_part(given: RGBA8, scale: int, box: Box) -> Tensor:
    """Enlarge a part with its surroundings, sharpen alpha, and cut the part out."""
    height, width = (side * scale for side in given.shape[:2])
    around = MARGIN * scale
    x0, y0, x1, y1 = box
    outer = (
        max(0, x0 - around),
        max(0, y0 - around),
        min(width, x1 + around),
        min(height, y1 + around),
    )
    planes = enlarged_part(given, scale, outer)
    alpha = planes[:, 3:]
    sharp = alpha + SHARPENING * (alpha - blurred(alpha, scale / 2))
    sharp = torch.clamp(sharp, *bounds(alpha, scale))
    sharp = torch.where(alpha > 0, sharp, 0)
    both = torch.cat([straight_colour(planes) * sharp, sharp], dim=1)
    return both[:, :, y0 - outer[1] : y1 - outer[1], x0 - outer[0] : x1 - outer[0]]
