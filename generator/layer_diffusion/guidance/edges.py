"""Edges of a picture by Canny's method: where colour or coverage changes most, a pixel wide.

numpy alone. With the thresholds of the published control models the edges are those that they were
trained on, pixel for pixel. Source: Canny 1986, as OpenCV 4 computes it (integer Sobel gradients,
their sum as magnitude, the strongest channel).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]  # (h, w)

WEAK, STRONG = 100, 200  # gradients, as control models were trained
SHIFT = 15  # bits of the fraction in which a direction is compared
STEEP = round(np.tan(np.pi / 8) * 2**SHIFT)  # tan 22.5 degrees


def canny(picture: NDArray[np.uint8], weak: int = WEAK, strong: int = STRONG) -> Mask:
    """Return the edges of a picture (h, w, c): strong ones, and weak ones that hang on them.

    A pixel is a candidate when its gradient is above `weak` and the largest along its direction,
    and stays when a chain of candidates leads to one above `strong`.
    """
    across, down = _gradients(picture)
    magnitude = np.abs(across) + np.abs(down)
    channel = magnitude.argmax(axis=2)[..., None]
    across, down, magnitude = (
        np.take_along_axis(plane, channel, axis=2)[..., 0] for plane in (across, down, magnitude)
    )
    candidates = (magnitude > weak) & _is_ridge(across, down, magnitude)
    return _connected(candidates, candidates & (magnitude > strong))


def widened(mask: Mask, radius: int) -> Mask:
    """Return a mask grown by `radius` pixels in every direction, corners included."""
    for _ in range(radius):
        padded = np.pad(mask, 1)
        rows = padded[:-2] | padded[1:-1] | padded[2:]
        mask = rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
    return mask


def blurred(picture: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    """Return a picture (h, w, c) under a Gaussian of `sigma` pixels; its edges are repeated."""
    reach = max(1, round(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    soft = picture.astype(np.float32)
    for axis in (0, 1):
        widths = [(reach, reach) if each == axis else (0, 0) for each in range(3)]
        padded = np.pad(soft, widths, mode="edge")
        length = soft.shape[axis]
        soft = np.zeros_like(soft)
        for first, weight in enumerate(weights):
            soft += np.float32(weight) * padded.take(range(first, first + length), axis)
    levels: NDArray[np.uint8] = np.clip(soft + 0.5, 0, 255).astype(np.uint8)
    return levels


def _gradients(picture: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the change across and down, (h, w, c) each: Sobel, 3 x 3, edges repeated."""
    wide = np.pad(picture.astype(np.int32), ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    columns = wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]
    return rows[:, 2:] - rows[:, :-2], columns[2:] - columns[:-2]


def _is_ridge(
    across: NDArray[np.int32], down: NDArray[np.int32], magnitude: NDArray[np.int32]
) -> Mask:
    """Whether a pixel's magnitude is the largest of the three along its gradient's direction."""
    around = np.pad(magnitude, 1)
    height, width = magnitude.shape

    def beside(dy: int, dx: int) -> NDArray[np.int32]:
        return around[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]

    x, y = np.abs(across).astype(np.int64), np.abs(down).astype(np.int64) << SHIFT
    flat, steep = y < x * STEEP, y > x * STEEP + (x << (SHIFT + 1))
    falls = (across ^ down) < 0  # the gradient points up to the right or down to the left
    here = magnitude
    level = (here > beside(0, -1)) & (here >= beside(0, 1))
    upright = (here > beside(-1, 0)) & (here >= beside(1, 0))
    rising = (here > beside(-1, 1)) & (here > beside(1, -1))
    falling = (here > beside(-1, -1)) & (here > beside(1, 1))
    return np.where(flat, level, np.where(steep, upright, np.where(falls, rising, falling)))


def _connected(candidates: Mask, seeds: Mask) -> Mask:
    """Return the candidates that a chain of neighbours, corners included, joins to a seed."""
    width = candidates.shape[1] + 2
    waiting = np.pad(candidates & ~seeds, 1).ravel()
    found = np.pad(seeds, 1).ravel()
    steps = np.array([-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1])
    frontier = np.flatnonzero(found)
    while frontier.size:
        near = np.unique(frontier[:, None] + steps)  # the padding keeps all of these inside
        frontier = near[waiting[near]]
        waiting[frontier] = False
        found[frontier] = True
    return found.reshape(-1, width)[1:-1, 1:-1]
