"""Pictures that are given to a model: as latents to start from, as conditions, as what must stay.

Nothing given is ever changed: a repainted picture has the given one's very bytes outside the
selection.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generator.layer_diffusion.fitting import Box, Native, Size, over_mid_grey
from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    resampled_coverage,
    rgba_from_planes,
    straight_colour,
)
from generator.layer_diffusion.transparency import Transparency
from generator.request import MAX_SIDE, ErrorKind, GenerationError

CONTEXT = 0.5  # of a selection's sides: how much around it a model sees at least


def raw_latent(planes: Tensor, vae: Any, transparency: Transparency) -> Tensor:
    """Return the raw latent (n, c, h/s, w/s) of premultiplied planes (n, 4, h, w), alpha in it.

    The VAE sees the picture over mid grey; its posterior's mean, and its spread times the
    transparency's offset, make the latent. Nothing is drawn at random. `vae` has diffusers'
    interface, which is not typed.
    """
    like = next(vae.parameters())
    posterior = vae.encode((over_mid_grey(planes) * 2 - 1).to(like)).latent_dist
    colour, alpha = straight_colour(planes), planes[:, 3:]
    latent = transparency.encode(posterior, colour.to(like.device), alpha.to(like.device))
    return latent.float()


def check_not_empty(rgba: RGBA8, what_for: str) -> None:
    """Raise `GenerationError` where nothing of the picture can be seen."""
    if not rgba[..., 3].any():
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f"The layer is empty: there is nothing to {what_for}."
        )


def selection_of(mask: RGBA8, size: Size) -> Tensor:
    """Return a mask's alpha as coverage (1, 1, h, w), 0..1, in that size (width, height).

    Raises `GenerationError` where nothing is selected.
    """
    levels = torch.from_numpy(np.array(mask[..., 3]))[None, None].float() / 255
    selection = resampled_coverage(levels, size)
    if float(selection.max()) < 1 / 510:
        raise GenerationError(
            ErrorKind.BAD_REQUEST, "Nothing is selected, so there is nothing to repaint."
        )
    return selection


def bounds_of(selection: Tensor) -> Box:
    """Return the smallest box that holds all of a selection (1, 1, h, w) that is not empty."""
    rows, columns = (selection[0, 0].amax(dim).nonzero()[:, 0] for dim in (1, 0))
    return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def check_can_be_enlarged(rgba: RGBA8, scale: int) -> None:
    """Raise `GenerationError` where nothing can be seen or the result would be too large."""
    check_not_empty(rgba, "enlarge")
    height, width = (side * scale for side in rgba.shape[:2])
    if max(width, height) > MAX_SIDE:
        raise GenerationError(
            ErrorKind.BAD_REQUEST,
            f"The layer would have {width}x{height} pixels: the limit is {MAX_SIDE} a side.",
        )


def seen_box(selection: Box, picture: Size, native: Native) -> Box:
    """Return the part of a picture that a model must see to repaint a selection in it.

    It is the selection with `CONTEXT` around it, at least as large as the model's own picture,
    moved inside where it would leave the given picture, and never larger than that. A model of one
    size knows nothing but whole pictures, and sees the whole.
    """
    if not native.any_size:
        return (0, 0, *picture)
    starts, ends = [], []
    for axis in (0, 1):
        low, high = selection[axis], selection[axis + 2]
        around = round((high - low) * CONTEXT)
        side = min(picture[axis], max(native.size[axis], high - low + 2 * around))
        start = (low + high - side) // 2
        start = min(max(start, 0), picture[axis] - side)
        starts.append(start)
        ends.append(start + side)
    return (starts[0], starts[1], ends[0], ends[1])


def kept_cells(selection: Tensor, latent_scale: int) -> Tensor:
    """Return 1 for each latent cell (1, 1, h/s, w/s) of which nothing at all is selected, else 0.

    A cell that is selected in part is made anew whole; the pixels that were not are put back later.
    """
    touched = nn.functional.max_pool2d((selection > 0).float(), latent_scale)
    return 1 - touched


def repainted(given: RGBA8, made: Tensor, selection: Tensor) -> RGBA8:
    """Lay what was made (1, 4, h, w), premultiplied, over what was given, where it is selected.

    `selection` is (1, 1, h, w), 0..1: between its ends colour and alpha go over into each other.
    Where it is 0 the bytes are those given, also under alpha 0.
    """
    before = planes_from_rgba(given)
    mixed = rgba_from_planes(before + (made.to(before) - before) * selection.to(before))
    outside = (selection[0, 0] == 0).cpu().numpy()
    mixed[outside] = given[outside]
    return mixed


def repainted_in(given: RGBA8, made: Tensor, selection: Tensor, box: Box) -> RGBA8:
    """As `repainted`, where only the box was made, in any size; the selection covers all of it."""
    x0, y0, x1, y1 = box
    result = given.copy()
    inner = resampled(made, (x1 - x0, y1 - y0))
    result[y0:y1, x0:x1] = repainted(given[y0:y1, x0:x1], inner, selection[:, :, y0:y1, x0:x1])
    return result
