"""Shapes to coverage: ellipses and polygons with smooth edges, each value the share of its pixel.

Rectangles are on whole pixels and need nothing of this.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage, Grey8
from editor.render.regions import from_array

Place = tuple[float, float]  # in document pixels; a pixel's centre is at .5
Doubles = NDArray[np.float64]


def ellipse(rect: Rect, canvas: Rect) -> Coverage:
    """Return the ellipse inside a rect, as far as it lies on the canvas.

    The distance to the edge is taken as f / |grad f| of its equation f = 0, exact at the edge.
    """
    part = rect.met(canvas)
    if part.is_empty:
        return Coverage.full(0)
    radius_x, radius_y = rect.width / 2, rect.height / 2
    x = (np.arange(part.x0, part.x1, dtype=np.float32) + 0.5 - (rect.x0 + radius_x)) / radius_x
    y = (np.arange(part.y0, part.y1, dtype=np.float32) + 0.5 - (rect.y0 + radius_y)) / radius_y
    value = x[None, :] ** 2 + y[:, None] ** 2 - 1
    slope = 2 * np.sqrt((x[None, :] / radius_x) ** 2 + (y[:, None] / radius_y) ** 2)
    share = np.clip(0.5 - value / np.maximum(slope, 1e-6), 0, 1)
    return from_array(np.rint(share * 255).astype(np.uint8), Point(part.x0, part.y0))


def polygon(places: Sequence[Place], canvas: Rect) -> Coverage:
    """Return the area within a closed line, as far as it lies on the canvas.

    Where the line goes round twice in one direction the area counts once.
    """
    corners = np.asarray(places, np.float64).reshape(-1, 2)
    if len(corners) < 3:
        return Coverage.full(0)
    low, high = np.floor(corners.min(axis=0)), np.ceil(corners.max(axis=0))
    rect = Rect(int(low[0]), int(low[1]), int(high[0]), int(high[1])).met(canvas)
    if rect.is_empty:
        return Coverage.full(0)
    return from_array(_filled(corners - (rect.x0, rect.y0), rect), Point(rect.x0, rect.y0))


def _filled(corners: Doubles, rect: Rect) -> Grey8:
    """Return the covered share of each pixel of a rect at the origin.

    Each piece of an edge within one pixel adds its height, once for all pixels to its right and
    partly for its own; sums along the rows are then the area (as in the font rasteriser font-rs).
    """
    x0, y0, x1, y1 = _pieces(corners, rect).T
    row = np.floor((y0 + y1) / 2).astype(np.int64)
    there = (row >= 0) & (row < rect.height) & (y0 != y1)
    x0, y0, x1, y1, row = (each[there] for each in (x0, y0, x1, y1, row))
    middle = np.clip((x0 + x1) / 2, 0, rect.width)  # what is left of the rect still counts in it
    column = np.minimum(np.floor(middle).astype(np.int64), rect.width - 1)
    right = middle - column
    width = rect.width + 1
    heights = np.concatenate([(y1 - y0) * (1 - right), (y1 - y0) * right])
    places = np.concatenate([row * width + column, row * width + column + 1])
    area = np.bincount(places, heights, minlength=rect.height * width)
    total = np.cumsum(area.reshape(rect.height, width)[:, :-1], axis=1)
    shares: Grey8 = np.rint(np.clip(np.abs(total), 0, 1) * 255).astype(np.uint8)
    return shares


def _pieces(corners: Doubles, rect: Rect) -> Doubles:
    """Return edges as (n, 4) x0 y0 x1 y1, cut wherever they cross from one pixel into another."""
    start, end = corners, np.roll(corners, -1, axis=0)
    limits = np.array([rect.width, rect.height], np.float64)
    index = [np.arange(len(start)), np.arange(len(start))]
    share = [np.zeros(len(start)), np.ones(len(start))]
    for axis in (0, 1):
        a, b = start[:, axis], end[:, axis]
        first = np.clip(np.floor(np.minimum(a, b)) + 1, 0, limits[axis] + 1)
        last = np.clip(np.ceil(np.maximum(a, b)) - 1, -1, limits[axis])
        count = np.maximum(0, last - first + 1).astype(np.int64)
        edge = np.repeat(np.arange(len(start)), count)
        nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        index.append(edge)
        share.append((first[edge] + nth - a[edge]) / (b[edge] - a[edge]))
    edges, shares = np.concatenate(index), np.concatenate(share)
    order = np.lexsort((shares, edges))
    edges, shares = edges[order], shares[order]
    places = start[edges] + (end[edges] - start[edges]) * shares[:, None]
    joined = edges[1:] == edges[:-1]
    pieces: Doubles = np.concatenate([places[:-1][joined], places[1:][joined]], axis=1)
    return pieces
