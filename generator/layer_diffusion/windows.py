"""A large latent or picture seen through overlapping windows that a model can work in.

Each window counts less towards its inner edges, along a raised cosine, so that where windows meet
there is no seam. Source: MultiDiffusion (Bar-Tal et al. 2023), with smooth weights.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import torch
from torch import Tensor

Box = tuple[int, int, int, int]  # x0, y0, x1, y1, half open


def windows_over(size: tuple[int, int], side: tuple[int, int], overlap: int) -> tuple[Box, ...]:
    """Cover (width, height) with windows of at most `side`, evenly, overlapping at least so much.

    All windows have the same size: `side`, or the whole where that is smaller.
    """
    columns, rows = (
        _starts(whole, min(part, whole), overlap) for whole, part in zip(size, side, strict=True)
    )
    width, height = (min(whole, part) for whole, part in zip(size, side, strict=True))
    return tuple((x, y, x + width, y + height) for y, x in product(rows, columns))


def window_weight(box: Box, size: tuple[int, int], overlap: int) -> Tensor:
    """Return how much each place of a window counts, (1, 1, h, w), above 0 to 1.

    It falls towards the edges that have a neighbour, over the width of the overlap.
    """
    x0, y0, x1, y1 = box
    across = _ramp(x1 - x0, overlap, x0 > 0, x1 < size[0])
    down = _ramp(y1 - y0, overlap, y0 > 0, y1 < size[1])
    return (down[:, None] * across[None, :])[None, None]


def through_windows(
    whole: Tensor, boxes: tuple[Box, ...], overlap: int, work: Callable[[Tensor, Box], Tensor]
) -> Tensor:
    """Work on each window of (n, c, h, w) and blend what comes back, which has the same size."""
    size = (whole.shape[3], whole.shape[2])
    total = torch.zeros_like(whole)
    weights = whole.new_zeros((1, 1, *whole.shape[2:]))
    for box in boxes:
        x0, y0, x1, y1 = box
        weight = window_weight(box, size, overlap).to(whole)
        total[:, :, y0:y1, x0:x1] += work(whole[:, :, y0:y1, x0:x1], box) * weight
        weights[:, :, y0:y1, x0:x1] += weight
    return total / weights


def _starts(whole: int, part: int, overlap: int) -> tuple[int, ...]:
    if part >= whole:
        return (0,)
    stride = max(1, part - overlap)
    count = -(-(whole - part) // stride) + 1
    return tuple(round(index * (whole - part) / (count - 1)) for index in range(count))


def _ramp(length: int, overlap: int, falls_left: bool, falls_right: bool) -> Tensor:
    rise = torch.sin((torch.arange(overlap) + 0.5) / overlap * (torch.pi / 2)).square()
    ramp = torch.ones(length)
    rise = rise[:length]
    if falls_left:
        ramp[: len(rise)] *= rise
    if falls_right:
        ramp[length - len(rise) :] *= rise.flip(0)
    return ramp
