"""Pixels of similar colour: everywhere, or only those that hang together with a place.

What hangs together is found on runs: the stretches of similar pixels in each row, which are few
even in large pictures. Nothing here walks from pixel to pixel.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, cells
from editor.document.pixels import RGBA8, TILE, Coverage, tile_rect
from editor.render.regions import from_array

Flags = NDArray[np.bool_]
Indexes = NDArray[np.int64]
ALL_FOUR = np.uint32(0x01010101)  # four flags in a row


def similar(
    read: Callable[[Rect], RGBA8], canvas: Rect, at: Point, tolerance: int, *, contiguous: bool
) -> Coverage:
    """Return the pixels whose four values each differ by at most `tolerance` from those at a place.

    `read` gives straight pixels of a rect; what is fully transparent is alike whatever its colour.
    A place beyond the canvas gives nothing.
    """
    if not canvas.holds(*at):
        return Coverage.full(0)
    wanted = read(Rect(at.x, at.y, at.x + 1, at.y + 1))[0, 0]
    alike = np.zeros((canvas.height, canvas.width), np.bool_)
    for key in cells(canvas, TILE):
        part = tile_rect(key).met(canvas)
        rows, columns = slice(part.y0, part.y1), slice(part.x0, part.x1)
        alike[rows, columns] = _alike(read(part), wanted, tolerance)
    if contiguous:
        alike = connected(alike, at)
    return from_array(alike.view(np.uint8) * np.uint8(255), Point(canvas.x0, canvas.y0))


def connected(flags: Flags, at: Point) -> Flags:
    """Return the flags that hang together, side by side, with the one at a place."""
    height, width = flags.shape
    if not flags[at.y, at.x]:
        return np.zeros_like(flags)
    padded = np.zeros((height, width + 2), np.int8)
    padded[:, 1:-1] = flags
    change = np.diff(padded, axis=1).ravel()
    start, end = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    root = _roots(start, end, width + 1)
    seed = np.searchsorted(start, at.y * (width + 1) + at.x, side="right") - 1
    kept = root == root[seed]
    marks = np.zeros(height * (width + 1), np.int8)
    marks[start[kept]] = 1
    marks[end[kept]] = -1
    inside = np.cumsum(marks.reshape(height, width + 1), axis=1, dtype=np.int8)
    return inside[:, :width].astype(np.bool_)


def _alike(pixels: RGBA8, wanted: NDArray[np.uint8], tolerance: int) -> Flags:
    """Compare all four values at once: a difference below 0 wraps around and is too large.

    Rows are compared with rows, since numpy is slow where the last axis has but four values.
    """
    least = np.maximum(wanted.astype(np.int16) - tolerance, 0).astype(np.uint8)
    most = np.minimum(wanted.astype(np.int16) + tolerance, 255).astype(np.uint8)
    if wanted[3] == 0:
        return pixels[..., 3] <= tolerance
    height, width = pixels.shape[:2]
    rows = pixels.reshape(height, width * 4) - np.tile(least, width)
    near = rows <= np.tile(most - least, width)
    alike: Flags = near.view(np.uint32) == ALL_FOUR
    if wanted[3] <= tolerance:
        alike |= pixels[..., 3] == 0
    return alike


def _roots(start: Indexes, end: Indexes, stride: int) -> Indexes:
    """Return for each run the least run of its component.

    Runs touch where their columns overlap in rows one above the other. Labels sink along touching
    runs and are then shortened to their end, which takes a handful of rounds even in a maze
    (Zhang, Azad and Hu, "FastSV", 2020).
    """
    first = np.searchsorted(end, start - stride, side="right")  # the first run above that reaches
    last = np.searchsorted(start, end - stride, side="left")  # past the last that begins before
    count = np.maximum(0, last - first)
    lower = np.repeat(np.arange(len(start)), count)
    nth = np.arange(len(lower)) - np.repeat(np.cumsum(count) - count, count)
    upper = np.repeat(first, count) + nth
    root = np.arange(len(start))
    grand = root
    while True:
        before = grand
        for one, other in ((lower, upper), (upper, lower)):
            np.minimum.at(root, root[one], grand[other])
            np.minimum.at(root, one, grand[other])
        root = np.minimum(root, grand)
        grand = root[root]
        if np.array_equal(before, grand):
            return grand
