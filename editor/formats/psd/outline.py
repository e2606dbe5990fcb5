"""Polygons to coverage, exactly: each edge adds the area to its right, row by row.

The method is that of Raph Levien's font-rs: what one edge covers is added as differences along the
row, and the sums along the row are the coverage.
"""

import math

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Size

Areas = NDArray[np.float64]


def covered(points: NDArray[np.float64], canvas: Size) -> NDArray[np.float32]:
    """Return (h, w) shares, 0 to 1, that a closed polygon of (n, 2) points covers of each pixel."""
    areas = np.zeros((canvas.height, canvas.width + 2))
    if len(points) > 2:
        _add_edges(np.ascontiguousarray(points), areas)
    shares = np.abs(np.cumsum(areas, axis=1)[:, : canvas.width])
    return np.minimum(shares, 1).astype(np.float32)


def _add_edges(points: Areas, areas: Areas) -> None:
    height, width = areas.shape[0], areas.shape[1] - 2
    for index in range(points.shape[0]):
        x0, y0 = points[index - 1]
        x1, y1 = points[index]
        sign = 1.0
        if y0 > y1:
            x0, y0, x1, y1, sign = x1, y1, x0, y0, -1.0
        if y0 == y1 or y1 <= 0 or y0 >= height:
            continue
        slope = (x1 - x0) / (y1 - y0)
        if y0 < 0:
            x0, y0 = x0 - y0 * slope, 0.0
        y1 = min(y1, float(height))
        for row in range(int(y0), math.ceil(y1)):
            above, below = max(y0, float(row)), min(y1, row + 1.0)
            first = min(max(x0 + (above - y0) * slope, 0.0), float(width))
            last = min(max(x0 + (below - y0) * slope, 0.0), float(width))
            _add_row(areas[row], min(first, last), max(first, last), sign * (below - above))


def _add_row(row: Areas, left: float, right: float, height: float) -> None:
    """Add what lies right of an edge that crosses one row from `left` to `right`."""
    start, end = int(left), math.ceil(right)
    if end <= start + 1:
        middle = (left + right) / 2 - start
        row[start] += height * (1 - middle)
        row[start + 1] += height * middle
        return
    share = 1 / (right - left)
    before = 0.0  # the coverage of the pixel before
    for x in range(start, end + 1):
        inside_from, inside_to = max(left, float(x)), min(right, x + 1.0)
        now = 0.0
        if inside_to > inside_from:  # a trapezium: the edge has risen to (t - left) * share at t
            now = ((inside_to + inside_from) / 2 - left) * share * (inside_to - inside_from)
        if right < x + 1.0:
            now += x + 1.0 - max(right, float(x))
        row[x] += height * (now - before)
        before = now
