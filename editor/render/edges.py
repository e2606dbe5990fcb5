"""A region at the screen's resolution, block by block: its edge to draw, and its values to tint.

A block is a square of device pixels; block (0, 0) begins at the document's corner. What is asked
for costs the block and never the whole region.
"""

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Rect, cells
from editor.document.pixels import FULL, TILE, Coverage, Grey8, tile_rect

BLOCK = 256  # device pixels
INSIDE = 128  # the least coverage within the edge
PHASES = 8  # device pixels after which the pattern along the edge repeats


def edge(region: Coverage, zoom: float, column: int, row: int) -> tuple[Rect, Grey8] | None:
    """Return where in a block the region's edge is, and its pixels: 0 off the edge, else 1 to 8.

    `zoom` is device pixels a document pixel. The numbers run along diagonals, on from block to
    block, so that colours given to them by turns seem to walk. None where there is no edge.
    """
    if _uniform(region, zoom, column, row) is not None:
        return None
    inside = _sampled(region, zoom, column, row) >= INSIDE
    middle = inside[1:-1, 1:-1]
    around = inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
    on_edge = middle & ~around
    rows, columns = np.flatnonzero(on_edge.any(axis=1)), np.flatnonzero(on_edge.any(axis=0))
    if not rows.size:
        return None
    rect = Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    diagonal = np.add.outer(np.arange(rect.y0, rect.y1), np.arange(rect.x0, rect.x1)) % PHASES
    part = on_edge[rect.y0 : rect.y1, rect.x0 : rect.x1]
    return rect, np.where(part, diagonal + 1, 0).astype(np.uint8)


def values(region: Coverage, zoom: float, column: int, row: int) -> Grey8 | int:
    """Return the region in a block, (256, 256), or the one value that it has there."""
    uniform = _uniform(region, zoom, column, row)
    if uniform is not None:
        return uniform
    return _sampled(region, zoom, column, row)[1:-1, 1:-1]


def _places(zoom: float, block: int) -> NDArray[np.int64]:
    """Return which document pixel lies under each device pixel of a block, one more at each end."""
    device = np.arange(block * BLOCK - 1, (block + 1) * BLOCK + 1)
    places: NDArray[np.int64] = np.floor((device + 0.5) / zoom).astype(np.int64)
    return places


def _uniform(region: Coverage, zoom: float, column: int, row: int) -> int | None:
    """Return the value that the region has all over a block, if its tiles say so by themselves."""
    xs, ys = _places(zoom, column), _places(zoom, row)
    rect = Rect(int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1)
    found = {id(region.tiles.get(key)) for key in cells(rect, TILE)}
    if found == {id(None)}:
        return region.outside
    return 255 if found == {id(FULL)} else None


def _sampled(region: Coverage, zoom: float, column: int, row: int) -> Grey8:
    """Return the nearest value for each device pixel of a block and of a frame of one around it."""
    xs, ys = _places(zoom, column), _places(zoom, row)
    out = np.full((len(ys), len(xs)), region.outside, np.uint8)
    rect = Rect(int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1)
    for key in cells(rect, TILE):
        tile = region.tiles.get(key)
        if tile is None:
            continue
        part = tile_rect(key)
        across = slice(*np.searchsorted(xs, (part.x0, part.x1)))
        down = slice(*np.searchsorted(ys, (part.y0, part.y1)))
        out[down, across] = tile[(ys[down] - part.y0)[:, None], xs[across] - part.x0]
    return out
