"""Coverage as a region: combined, inverted, grown, shrunk, softened, moved.

Works on what is covered and never on the whole canvas where it need not; tiles that nothing changes
are shared, empty ones are left out and full ones are one array.
"""

from collections.abc import Callable
from enum import StrEnum
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, cells
from editor.document.pixels import FULL, TILE, Coverage, Grey8, Pixels, TileKey, tile_rect

BOXES = 3  # passes of a box that come close to a Gaussian


class Combine(StrEnum):
    """What a new region does to the one that is there."""

    NEW = "new"
    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


def combined(first: Coverage, second: Coverage, how: Combine) -> Coverage:
    """Return two regions as one. Softness is kept: a region combined with itself stays as it is."""
    if how is Combine.NEW:
        return second
    operation = OPERATIONS[how]
    blank = np.array([[first.outside]], np.uint8), np.array([[second.outside]], np.uint8)
    outside = int(operation(*blank)[0, 0])
    keys = first.tiles.keys() | second.tiles.keys()
    if how is Combine.INTERSECT and not first.outside and not second.outside:
        keys = first.tiles.keys() & second.tiles.keys()
    tiles = {}
    for key in keys:
        tiles[key] = operation(_tile(first, key), _tile(second, key))
    return tidied(tiles, outside)


def inverted(region: Coverage, canvas: Rect) -> Coverage:
    """Return what of the canvas is not in the region."""
    return combined(Coverage.of_rect(canvas), region, Combine.SUBTRACT)


def cut(region: Coverage, canvas: Rect) -> Coverage:
    """Return what of a region lies on the canvas; looks at the tiles along its edge alone."""
    if region.outside:
        return combined(Coverage.of_rect(canvas), region, Combine.INTERSECT)
    across = {key for key in region.tiles if tile_rect(key).met(canvas) != tile_rect(key)}
    if not across:
        return region
    edge = Coverage({key: region.tiles[key] for key in across})
    whole = {key: tile for key, tile in region.tiles.items() if key not in across}
    return Coverage(whole | dict(combined(_frame(canvas, across), edge, Combine.INTERSECT).tiles))


def _frame(canvas: Rect, keys: set[TileKey]) -> Coverage:
    """Return the tiles of the canvas's own region with those keys."""
    tiles = {key: Coverage.of_rect(tile_rect(key).met(canvas)).tiles for key in keys}
    return Coverage({key: found[key] for key, found in tiles.items() if key in found})


def moved(region: Coverage, dx: int, dy: int) -> Coverage:
    """Return a region, 0 outside, shifted by whole pixels."""
    if dx % TILE == 0 and dy % TILE == 0:
        by = (dx // TILE, dy // TILE)
        tiles = {(x + by[0], y + by[1]): tile for (x, y), tile in region.tiles.items()}
        return Coverage(tiles, region.outside)
    rect = region.rect.moved(dx, dy)
    tiles = {key: region.read(tile_rect(key).moved(-dx, -dy)) for key in cells(rect, TILE)}
    return tidied(tiles, region.outside)


def grown(region: Coverage, radius: int, canvas: Rect) -> Coverage:
    """Return a region with all that is nearer to it than `radius` pixels; soft edges stay soft."""
    rect = region.content.grown(radius).met(canvas)
    return from_array(_dilated(region.read(rect), radius), Point(rect.x0, rect.y0))


def shrunk(region: Coverage, radius: int, canvas: Rect) -> Coverage:
    """Return a region without what is nearer to its edge; the canvas's edge is not one."""
    rect = region.content.grown(1).met(canvas)
    rest = _dilated(255 - region.read(rect), radius)
    return from_array(255 - rest, Point(rect.x0, rect.y0))


def bordered(region: Coverage, width: int, canvas: Rect) -> Coverage:
    """Return a frame of `width` pixels along the region's edge, half of it to either side."""
    outer = grown(region, -(-width // 2), canvas)
    return combined(outer, shrunk(region, width // 2, canvas), Combine.SUBTRACT)


def feathered(region: Coverage, radius: float, canvas: Rect) -> Coverage:
    """Return a region whose edge is softened by a Gaussian of that standard deviation, in pixels.

    Three boxes stand for it ("Filter Effects Module Level 1", W3C, feGaussianBlur). What is
    selected up to the canvas's edge stays so.
    """
    sides = _boxes(radius)
    rect = region.content.grown(sum(side // 2 for side in sides) + 1).met(canvas)
    values = region.read(rect).astype(np.uint32)
    values *= 256  # room for what rounding would lose
    for side in sides:
        values = _box(_box(values, side).T, side).T
    return from_array(((values + 128) >> 8).astype(np.uint8), Point(rect.x0, rect.y0))


def under(region: Coverage | None, key: TileKey, offset: Point) -> Grey8 | None:
    """Return the values under a tile of a picture at an offset; None where it is whole."""
    if region is None:
        return None
    if offset.x % TILE == 0 and offset.y % TILE == 0:
        key = (key[0] + offset.x // TILE, key[1] + offset.y // TILE)
        tile = region.tiles.get(key)
        if tile is FULL:
            return None
        return _tile(region, key) if tile is None else tile
    return region.read(tile_rect(key).moved(*offset))


def from_array(values: Grey8, at: Point) -> Coverage:
    """Tile an (h, w) array, sharing what is full and leaving out what is empty."""
    return tidied(dict(Coverage.from_array(values, at).tiles), 0)


def tidied(tiles: dict[TileKey, Grey8], outside: int) -> Coverage:
    """Return tiles as a coverage, read-only, without those that say what is so without them."""
    kept: dict[TileKey, Grey8] = {}
    for key, tile in tiles.items():
        least, most = (255, 255) if tile is FULL else (int(tile.min()), int(tile.max()))
        if least == most == outside:
            continue
        kept[key] = FULL if least == 255 else tile
        kept[key].flags.writeable = False
    return Coverage(kept, outside)


def alpha_of(pixels: Pixels) -> Coverage:
    """Return the alpha of a picture as a region in the picture's own coordinates."""
    return tidied({key: tile[..., 3].copy() for key, tile in pixels.tiles.items()}, 0)


OPERATIONS: dict[Combine, Callable[[Grey8, Grey8], Grey8]] = {
    Combine.ADD: np.maximum,
    Combine.SUBTRACT: lambda first, second: np.minimum(first, np.uint8(255) - second),
    Combine.INTERSECT: np.minimum,
}


def _tile(region: Coverage, key: TileKey) -> Grey8:
    tile = region.tiles.get(key)
    return np.full((TILE, TILE), region.outside, np.uint8) if tile is None else tile


def _dilated(values: Grey8, radius: int) -> Grey8:
    """Return the maximum over a disk about each value; beyond the array there is nothing.

    A disk is a stack of rows; from its ends to its middle the rows grow longer, so that each one's
    maximum is that of the row before, widened.
    """
    out = values.copy()
    wide, half = values.copy(), 0
    for dy in range(radius, -1, -1):
        while half < isqrt(radius * radius + radius - dy * dy):  # of radius + 0.5
            wide = _widened(wide)
            half += 1
        if dy < len(out):
            np.maximum(out[dy:], wide[: len(out) - dy], out=out[dy:])
            np.maximum(out[: len(out) - dy], wide[dy:], out=out[: len(out) - dy])
    return out


def _widened(values: Grey8) -> Grey8:
    wide = values.copy()
    np.maximum(wide[:, 1:], values[:, :-1], out=wide[:, 1:])
    np.maximum(wide[:, :-1], values[:, 1:], out=wide[:, :-1])
    return wide


def _boxes(deviation: float) -> list[int]:
    """Return odd widths of boxes whose variances add up to that of the Gaussian, as near as may be.

    n boxes of width w have the variance n (w * w - 1) / 12; narrower and wider ones are mixed.
    """
    variance = 12 * deviation * deviation
    least = int((variance / BOXES + 1) ** 0.5)
    least -= 1 - least % 2
    narrow = round((variance - BOXES * (least * least + 4 * least + 3)) / (-4 * least - 4))
    return [least if index < narrow else least + 2 for index in range(BOXES)]


def _box(values: NDArray[np.uint32], side: int) -> NDArray[np.uint32]:
    """Return the rounded mean of each `side` values of a row; the ends repeat."""
    half = side // 2
    if half == 0:
        return values
    padded = np.pad(values, ((0, 0), (half + 1, half)), mode="edge")
    total = np.cumsum(padded, axis=1, dtype=np.uint32)  # may wrap: differences do not
    return (total[:, side:] - total[:, :-side] + np.uint32(half)) // np.uint32(side)
