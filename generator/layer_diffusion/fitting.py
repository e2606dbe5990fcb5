"""The size that a model works in for a wanted box, and pictures brought into it and back.

A box of about the model's own area is worked pixel for pixel; a larger or tiny one at the model's
area in the same proportions. The sides are rounded up to what the networks need, and the crop that
is the box is cut out again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.layer_diffusion.padded_colour import padded_colour
from generator.layer_diffusion.resampling import RGBA8, planes_from_rgba, resampled

MOST_AREA = 1.5  # of the native area: up to here pictures are made as large as they are wanted
LEAST_AREA = 0.5  # below this they are made larger than wanted, for models fail at tiny sizes
LONGEST = 2.0  # of the native picture's longer side: a banner is padded beyond this

Size = tuple[int, int]  # width, height
Box = tuple[int, int, int, int]  # x0, y0, x1, y1, half open


@dataclass(frozen=True, slots=True)
class Native:
    """What a model says of sizes: its own, whether others serve, and what sides must divide by."""

    size: Size
    any_size: bool
    multiple: int


@dataclass(frozen=True, slots=True)
class Working:
    """The picture that a model makes, and where in it the wanted box lies.

    The box has the proportions of what was wanted, to the pixel; `is_letterboxed` where it stands
    in a picture of fixed size that may be much larger.
    """

    size: Size
    crop: Box
    is_letterboxed: bool = False

    @property
    def crop_size(self) -> Size:
        """Width and height of the box in working pixels."""
        x0, y0, x1, y1 = self.crop
        return (x1 - x0, y1 - y0)


def working_for(wanted: Size, native: Native, is_free: bool = False) -> Working:
    """Return how a model works on a box of `wanted` pixels.

    `is_free` says that there is no picture to agree with: a model of one size then fills all of it,
    whatever the box's proportions.
    """
    if not native.any_size:
        return _whole(native.size) if is_free else _contained(wanted, native.size)
    box = _box_size(wanted, native.size)
    width, height = (-(-side // native.multiple) * native.multiple for side in box)
    return Working((width, height), _centred(box, (width, height)))


def fitted(planes: Tensor, working: Working) -> Tensor:
    """Bring premultiplied planes (1, 4, h, w) of the box into the working picture (1, 4, H, W).

    Around the crop the edges are repeated, as far as sizes are rounded up; in a letterbox, which is
    wider, there is nothing unless the picture is opaque: repeated, a cut-out's rim would be rays.
    """
    inner = resampled(planes, working.crop_size)
    x0, y0, x1, y1 = working.crop
    width, height = working.size
    sides = (x0, width - x1, y0, height - y1)
    if not any(sides):
        return inner
    if working.is_letterboxed and float(inner[:, 3:].min()) < 1:
        return nn.functional.pad(inner, sides)
    return nn.functional.pad(inner, sides, mode="replicate")


def fitted_rgba(rgba: RGBA8, working: Working) -> Tensor:
    """Bring a straight picture of the box into the working picture, premultiplied."""
    return fitted(planes_from_rgba(rgba), working)


def cropped(planes: Tensor, working: Working) -> Tensor:
    """Cut the box out of (n, c, H, W) of working size."""
    x0, y0, x1, y1 = working.crop
    return planes[:, :, y0:y1, x0:x1]


def over_mid_grey(planes: Tensor) -> Tensor:
    """Lay premultiplied planes over mid grey, (n, 3, h, w): how every VAE sees a cut-out."""
    return planes[:, :3] + 0.5 * (1 - planes[:, 3:])


def made_opaque(planes: Tensor) -> Tensor:
    """Fill the holes of a background, (n, 4, h, w): each from the colours around it.

    Opaque pixels keep their values; where nothing is visible at all the result is mid grey.
    """
    alpha = planes[:, 3:]
    if float(alpha.min()) == 1:
        return planes
    if float(alpha.max()) == 0:
        filled = torch.full_like(planes[:, :3], 0.5)
    else:
        colour = torch.where(alpha > 0, planes[:, :3] / alpha.clamp_min(1e-6), 0)
        filled = padded_colour(colour.clamp(0, 1), alpha)
    return torch.cat([filled, torch.ones_like(alpha)], dim=1)


def _whole(size: Size) -> Working:
    return Working(size, (0, 0, *size))


def _contained(wanted: Size, size: Size) -> Working:
    """Return the box made as large as it goes into a picture of that size, in its middle."""
    scale = min(whole / side for whole, side in zip(size, wanted, strict=True))
    width, height = (max(1, round(side * scale)) for side in wanted)
    box = (min(width, size[0]), min(height, size[1]))
    return Working(size, _centred(box, size), is_letterboxed=True)


def _box_size(wanted: Size, native: Size) -> Size:
    share = math.prod(wanted) / math.prod(native)
    scale = 1.0 if LEAST_AREA <= share <= MOST_AREA else share**-0.5
    scale = min(scale, LONGEST * max(native) / max(wanted))
    if scale == 1.0:
        return wanted
    width, height = (max(1, round(side * scale)) for side in wanted)
    return (width, height)


def _centred(box: Size, size: Size) -> Box:
    x0, y0 = ((whole - side) // 2 for whole, side in zip(size, box, strict=True))
    return (x0, y0, x0 + box[0], y0 + box[1])
