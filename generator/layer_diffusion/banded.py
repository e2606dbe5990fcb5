"""Normalisation, SiLU and convolution of large activations, one band of rows after the other.

At full size an activation of 32 channels is larger than any cache, and a CPU spends most of its
time fetching it. In bands, what lies between two convolutions never leaves the cache, concatenated
skips are never whole, and the sums that the next normalisation needs are taken in passing. What
fits the cache anyway, and what is not on the CPU, is done whole. For inference: nothing here keeps
what gradients need. The arithmetic is the plain one in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

BAND_BYTES_PER_THREAD = 2 * 2**20  # what stays near a core, with the band that is made of it


class Measured(NamedTuple):
    """An activation (n, c, h, w) with what its normalisation needs to know.

    `sums` and `squares` (n, c), float64, are of each channel's values and of their squares. They
    are None where bands would not help: there normalisation finds them itself.
    """

    values: Tensor
    sums: Tensor | None = None
    squares: Tensor | None = None


def measured(values: Tensor) -> Measured:
    """Take the sums of an activation that exists already, if it is worth being cut in bands."""
    return (
        Measured(values, *_sums(values)) if _is_cut(values, values.shape[1]) else Measured(values)
    )


def convolved(picture: Tensor, conv: nn.Conv2d) -> Measured:
    """Convolve a whole picture, 3x3 with a border of 1, in bands where that helps."""
    if not _is_cut(picture, conv.out_channels):
        return measured(conv(picture))
    framed = nn.functional.pad(picture.contiguous(memory_format=torch.channels_last), (0, 0, 1, 1))
    return in_bands(
        lambda top, bottom: without_border(framed[:, :, top : bottom + 2], conv),
        room(picture, conv.out_channels),
    )


def activated(parts: tuple[Measured, ...], norm: nn.GroupNorm, conv: nn.Conv2d) -> Measured:
    """conv(silu(norm(the channels of all parts))); conv is 3x3 with a border of 1."""
    if any(part.sums is None for part in parts):
        return measured(conv(nn.functional.silu(norm(joined(parts)), inplace=True)))
    return in_bands(activated_band(parts, norm, conv), room(parts[0].values, conv.out_channels))


def activated_band(
    parts: tuple[Measured, ...], norm: nn.GroupNorm, conv: nn.Conv2d
) -> Callable[[int, int], Tensor]:
    """As `activated`, for `in_bands`: a function from rows (top, bottom) to those of the result."""
    scale, shift = _affine(parts, norm)
    count, _, height, width = parts[0].values.shape

    def band(top: int, bottom: int) -> Tensor:
        framed = torch.empty(
            (count, norm.num_channels, bottom - top + 2, width),
            dtype=scale.dtype,
            memory_format=torch.channels_last,
        )
        first, last = max(top - 1, 0), min(bottom + 1, height)
        inner = framed[:, :, first - top + 1 : last - top + 1]
        at = 0
        for part in parts:
            to = at + part.values.shape[1]
            rows = part.values[:, :, first:last]
            torch.addcmul(shift[:, at:to], rows, scale[:, at:to], out=inner[:, at:to])
            at = to
        nn.functional.silu(inner, inplace=True)
        if top == 0:
            framed[:, :, 0].zero_()
        if bottom == height:
            framed[:, :, -1].zero_()
        return without_border(framed, conv)

    return band


def in_bands(band: Callable[[int, int], Tensor], values: Tensor) -> Measured:
    """Fill `values` (n, c, h, w) with what `band(top, bottom)` makes of those rows; measure it.

    A band may be made of `values` as they were, down to one row above and below it.
    """
    sums = squares = torch.zeros(())
    waiting = [(0, 0, values[:, :, :0])]  # a band is written when the next one has read its edge
    for top, bottom in _bands(values.shape[2], values[:, :, :1].nbytes):
        made = band(top, bottom)
        sums, squares = (
            all_ + some for all_, some in zip((sums, squares), _sums(made), strict=True)
        )
        waiting.append((top, bottom, made))
        _put(values, waiting.pop(0))
    _put(values, waiting.pop())
    return Measured(values, sums, squares)


def room(like: Tensor, channels: int, larger: int = 1) -> Tensor:
    """Memory for an activation (n, channels, h x larger, w x larger), channels last."""
    count, _, height, width = like.shape
    return torch.empty(
        (count, channels, height * larger, width * larger),
        dtype=like.dtype,
        memory_format=torch.channels_last,
    )


def joined(parts: tuple[Measured, ...]) -> Tensor:
    """The channels of all parts in one activation."""
    return parts[0].values if len(parts) == 1 else torch.cat([part.values for part in parts], dim=1)


def without_border(framed: Tensor, conv: nn.Conv2d) -> Tensor:
    """Convolve rows that bring the row above and below them along; a border left and right."""
    return nn.functional.conv2d(framed, conv.weight, conv.bias, padding=(0, 1))


def _is_cut(like: Tensor, channels: int) -> bool:
    """Say whether an activation of that place and so many channels is more than one band."""
    pixels = like.shape[0] * like.shape[2] * like.shape[3]
    return like.device.type == "cpu" and pixels * channels * like.element_size() > _band_bytes()


def _band_bytes() -> int:
    return BAND_BYTES_PER_THREAD * torch.get_num_threads()


def _bands(height: int, row_bytes: int) -> Iterator[tuple[int, int]]:
    """Cut so many rows into bands of an even number; yield the first and the one past the last."""
    rows = max(8, _band_bytes() // row_bytes // 2 * 2)
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


def _put(values: Tensor, made: tuple[int, int, Tensor]) -> None:
    top, bottom, rows = made
    values[:, :, top:bottom] = rows


def _affine(parts: tuple[Measured, ...], norm: nn.GroupNorm) -> tuple[Tensor, Tensor]:
    """Group normalisation as x * scale + shift, both (n, c, 1, 1), from the sums of channels."""
    values, groups = parts[0].values, norm.num_groups
    sums = torch.cat([part.sums for part in parts if part.sums is not None], dim=1)
    squares = torch.cat([part.squares for part in parts if part.squares is not None], dim=1)
    grouped = (values.shape[0], groups, norm.num_channels // groups)
    number = grouped[2] * values.shape[2] * values.shape[3]
    mean = sums.view(grouped).sum(2, keepdim=True) / number  # (n, groups, 1)
    squared = squares.view(grouped).sum(2, keepdim=True) / number
    rate = ((squared - mean * mean).clamp_min(0) + norm.eps).rsqrt()
    scale = norm.weight.double().view(1, *grouped[1:]) * rate  # (n, groups, c / groups)
    shift = norm.bias.double() - (mean * scale).flatten(1)
    planes = (*shift.shape, 1, 1)
    return scale.to(values.dtype).view(planes), shift.to(values.dtype).view(planes)


def _sums(values: Tensor) -> tuple[Tensor, Tensor]:
    """Each channel's sum and sum of squares, (n, c); exact enough, being of one band."""
    exact = values.to(torch.promote_types(values.dtype, torch.float32))
    return exact.sum((2, 3)).double(), (exact * exact).sum((2, 3)).double()
