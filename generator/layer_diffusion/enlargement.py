"""Pictures made larger part by part: by a small network, or by Lanczos with alpha kept sharp.

A model that knows whole pictures of one size only cannot look at a part of one; its layers are
enlarged in this way, by the network where the model brings one. Figures of both are in
docs/pocket-model.md. One part at a time is held as floats, however large the picture.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

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
from generator.layer_diffusion.upscaler import Upscaler
from generator.layer_diffusion.windows import Box

MARGIN = 8  # given pixels around a part that its enlargement and sharpening look at
PART = 1024  # side of the parts that are enlarged at once
SHARPENING = 2.0  # how much of what a blur takes from alpha is added to it
WORTHWHILE = 1.25  # up to this much larger than made, a layer is left to plain scaling

OnPart = Callable[[int, int], None]  # parts done, parts in all; what it raises ends the work


def scale_towards(made: tuple[int, int], wanted: tuple[int, int]) -> int:
    """Return how many times a made picture is enlarged for a wanted size: 1 or 2.

    What is wanted still larger is scaled from there: twice over would take longer than making it.
    """
    ratio = min(side / own for own, side in zip(made, wanted, strict=True))
    return 1 if ratio <= WORTHWHILE else 2


def enlarged(
    given: RGBA8, scale: int, network: Upscaler | None = None, on_part: OnPart | None = None
) -> RGBA8:
    """Enlarge a picture 2 or 4 times; `on_part` is called before each part."""
    height, width = given.shape[:2]
    target = (width * scale, height * scale)
    result = np.empty((target[1], target[0], 4), np.uint8)
    starts = list(product(range(0, target[1], PART), range(0, target[0], PART)))
    for number, (y0, x0) in enumerate(starts):
        if on_part is not None:
            on_part(number, len(starts))
        box = (x0, y0, min(x0 + PART, target[0]), min(y0 + PART, target[1]))
        if network is None:
            planes = _sharp_part(given, scale, box)
        else:
            planes = _learned_part(given, scale, box, network)
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


def _learned_part(given: RGBA8, scale: int, box: Box, network: Upscaler) -> Tensor:
    """Enlarge a part with all around it that the network looks at, and cut the part out."""
    height, width = given.shape[:2]
    around = 2 * network.config.margin  # what each of the passes looks at, in given pixels
    x0, y0, x1, y1 = box
    left, top = (max(0, place // scale - around) for place in (x0, y0))
    right, bottom = min(width, -(-x1 // scale) + around), min(height, -(-y1 // scale) + around)
    planes = planes_from_rgba(given[top:bottom, left:right]).to(network.first.weight.device)
    for _ in range(scale.bit_length() - 1):  # each makes it twice as large
        planes = network(planes)
    left, top = left * scale, top * scale
    return planes[:, :, y0 - top : y1 - top, x0 - left : x1 - left]
