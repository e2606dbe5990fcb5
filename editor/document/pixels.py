"""Immutable pictures in 128-pixel tiles: `Pixels` (straight RGBA8) and `Coverage` (grey).

A picture is a sparse, unbounded grid; a tile that is missing is transparent (of the coverage's
`outside` value). Writing returns a new picture that shares every tile it did not touch, so a stroke
costs what it covers and an earlier document costs what differs. Tiles are read-only arrays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import EMPTY, Point, Rect, cells, union

TILE = 128

RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha
Grey8 = NDArray[np.uint8]  # (h, w), 0 = nothing, 255 = all
TileKey = tuple[int, int]  # column, row; may be negative
Tiles = Mapping[TileKey, NDArray[np.uint8]]
Plane = NDArray[np.generic]  # (128, 128)


@dataclass(frozen=True, eq=False)
class Pixels:
    """Straight RGBA8 in tiles of shape (128, 128, 4); identity is equality."""

    tiles: Tiles

    @staticmethod
    def empty() -> "Pixels":
        """Return a picture with no pixel set."""
        return Pixels({})

    @staticmethod
    def from_array(array: RGBA8, at: Point = Point(0, 0)) -> "Pixels":
        """Tile an (h, w, 4) uint8 array whose first pixel lies at a point."""
        return Pixels.empty().written(array, at)

    def read(self, rect: Rect) -> RGBA8:
        """Gather a rect into one new (h, w, 4) array; what was never set is (0, 0, 0, 0)."""
        return _gathered(self.tiles, rect, np.zeros((rect.height, rect.width, 4), np.uint8))

    def written(self, array: RGBA8, at: Point) -> "Pixels":
        """Return a picture in which the array has replaced what was there, alpha included."""
        return Pixels(_replaced(self.tiles, array, at, np.zeros((TILE, TILE, 4), np.uint8)))

    def with_tiles(self, tiles: Tiles) -> "Pixels":
        """Return a picture with whole tiles replaced or added; they must be read-only."""
        result = Pixels({**self.tiles, **tiles})
        result._known.update(_without(self._known, tiles))
        return result

    @property
    def rect(self) -> Rect:
        """The rect of all tiles there are: a whole number of tiles, not smaller than `content`."""
        return _tiles_rect(self.tiles)

    @cached_property
    def content(self) -> Rect:
        """The smallest rect around every pixel whose alpha is not 0."""
        return _content(self.tiles, self._known, lambda tile: tile[..., 3])

    @cached_property
    def _known(self) -> dict[TileKey, Rect]:
        """What is visible of the tiles that were looked at for `content`."""
        return {}


@dataclass(frozen=True, eq=False)
class Coverage:
    """Grey 8-bit coverage in tiles of shape (128, 128); beyond them it is `outside` everywhere."""

    tiles: Tiles
    outside: int = 0  # 0 or 255

    @staticmethod
    def full(outside: int) -> "Coverage":
        """Return a coverage that is 0 or 255 everywhere."""
        return Coverage({}, outside)

    @staticmethod
    def of_rect(rect: Rect) -> "Coverage":
        """Return the coverage that is 255 in a rect and 0 elsewhere; whole tiles are one array."""
        tiles = {}
        for key in cells(rect, TILE):
            part = tile_rect(key).met(rect)
            if part == tile_rect(key):
                tiles[key] = FULL
            else:
                tile = np.zeros((TILE, TILE), np.uint8)
                tile[_within(part, tile_rect(key))] = 255
                tile.flags.writeable = False
                tiles[key] = tile
        return Coverage(tiles)

    @staticmethod
    def from_array(array: Grey8, at: Point = Point(0, 0), outside: int = 0) -> "Coverage":
        """Tile an (h, w) uint8 array whose first value lies at a point."""
        return Coverage({}, outside).written(array, at)

    def read(self, rect: Rect) -> Grey8:
        """Gather a rect into one new (h, w) array."""
        start = np.full((rect.height, rect.width), self.outside, np.uint8)
        return _gathered(self.tiles, rect, start)

    def written(self, array: Grey8, at: Point) -> "Coverage":
        """Return a coverage in which the array has replaced what was there."""
        blank = np.full((TILE, TILE), self.outside, np.uint8)
        return Coverage(_replaced(self.tiles, array, at, blank), self.outside)

    def with_tiles(self, tiles: Tiles) -> "Coverage":
        """Return a coverage with whole tiles replaced or added; they must be read-only."""
        result = Coverage({**self.tiles, **tiles}, self.outside)
        result._known.update(_without(self._known, tiles))
        return result

    @property
    def rect(self) -> Rect:
        """The rect of all tiles there are."""
        return _tiles_rect(self.tiles)

    @cached_property
    def content(self) -> Rect:
        """The smallest rect around every value that is not `outside`."""
        return _content(self.tiles, self._known, lambda tile: tile != self.outside)

    @cached_property
    def _known(self) -> dict[TileKey, Rect]:
        """What differs in the tiles that were looked at for `content`."""
        return {}


FULL: Grey8 = np.full((TILE, TILE), 255, np.uint8)  # the tile that every whole one may share
FULL.flags.writeable = False


def tile_rect(key: TileKey) -> Rect:
    """Return the rect that a tile covers in the coordinates of its own picture."""
    column, row = key
    return Rect(column * TILE, row * TILE, (column + 1) * TILE, (row + 1) * TILE)


def changed_tiles(before: Pixels | Coverage, after: Pixels | Coverage) -> set[TileKey]:
    """Return the tiles that are not the same object in both; cheap, and never misses a change."""
    keys = before.tiles.keys() | after.tiles.keys()
    return {key for key in keys if before.tiles.get(key) is not after.tiles.get(key)}


def same_pixels(a: Pixels, b: Pixels) -> bool:
    """Whether every pixel is equal; what is fully transparent is equal whatever its colour."""
    if a is b:
        return True
    rect = a.content.united(b.content)
    for key in cells(rect, TILE):
        left, right = a.tiles.get(key), b.tiles.get(key)
        if left is right:
            continue
        first, second = a.read(tile_rect(key)), b.read(tile_rect(key))
        visible = (first[..., 3] | second[..., 3]) > 0
        if not np.array_equal(first[visible], second[visible]):
            return False
    return True


def same_coverage(a: Coverage, b: Coverage) -> bool:
    """Whether every value is equal, those beyond the tiles too."""
    if a is b:
        return True
    rect = a.content.united(b.content)
    return a.outside == b.outside and np.array_equal(a.read(rect), b.read(rect))


def _gathered(tiles: Tiles, rect: Rect, out: NDArray[np.uint8]) -> NDArray[np.uint8]:
    for key in cells(rect, TILE):
        tile = tiles.get(key)
        if tile is not None:
            part = tile_rect(key).met(rect)
            out[_within(part, rect)] = tile[_within(part, tile_rect(key))]
    return out


def _replaced(
    tiles: Tiles, array: NDArray[np.uint8], at: Point, blank: NDArray[np.uint8]
) -> dict[TileKey, NDArray[np.uint8]]:
    assert array.dtype == np.uint8, array.dtype
    assert array.shape[2:] == blank.shape[2:], array.shape
    rect = Rect(at.x, at.y, at.x + array.shape[1], at.y + array.shape[0])
    result = dict(tiles)
    for key in cells(rect, TILE):
        part = tile_rect(key).met(rect)
        piece = array[_within(part, rect)]
        old = result.get(key)
        if old is None and np.array_equal(piece, blank[: part.height, : part.width]):
            continue  # a sparse picture stays sparse
        tile = (blank if old is None else old).copy()
        tile[_within(part, tile_rect(key))] = piece
        tile.flags.writeable = False
        result[key] = tile
    return result


def _within(part: Rect, whole: Rect) -> tuple[slice, slice]:
    return (
        slice(part.y0 - whole.y0, part.y1 - whole.y0),
        slice(part.x0 - whole.x0, part.x1 - whole.x0),
    )


def _tiles_rect(tiles: Tiles) -> Rect:
    if not tiles:
        return EMPTY
    columns = [column for column, _ in tiles]
    rows = [row for _, row in tiles]
    return Rect(
        min(columns) * TILE, min(rows) * TILE, (max(columns) + 1) * TILE, (max(rows) + 1) * TILE
    )


def _without(known: dict[TileKey, Rect], tiles: Tiles) -> dict[TileKey, Rect]:
    """Return what is known of other tiles; from a copy, since another thread may learn more."""
    return {key: rect for key, rect in dict(known).items() if key not in tiles}


def _content(
    tiles: Tiles, known: dict[TileKey, Rect], plane: Callable[[NDArray[np.uint8]], Plane]
) -> Rect:
    """Return the smallest rect around what is not 0 in the planes of tiles.

    Few tiles are looked at: in a stroke that is hardly one that was not known before.
    """

    def seen(key: TileKey) -> Rect:
        rect = known.get(key)
        if rect is None:
            rect = known[key] = _nonzero_rect(plane(tiles[key])).moved(key[0] * TILE, key[1] * TILE)
        return rect

    return _around(tiles, seen)


def content_of(keys: Iterable[TileKey], plane: Callable[[TileKey], Plane]) -> Rect:
    """Return the smallest rect around what is not 0 in tiles whose planes are made when asked."""
    return _around(keys, lambda key: _nonzero_rect(plane(key)).moved(key[0] * TILE, key[1] * TILE))


def _around(keys: Iterable[TileKey], seen: Callable[[TileKey], Rect]) -> Rect:
    """Look at tiles from the four sides inward, only until each side is found."""
    columns: dict[int, list[TileKey]] = {}
    rows: dict[int, list[TileKey]] = {}
    for key in keys:
        columns.setdefault(key[0], []).append(key)
        rows.setdefault(key[1], []).append(key)
    sides = (_first(columns, seen), _first(rows, seen))
    if sides[0].is_empty:
        return EMPTY
    ends = (_first(columns, seen, backwards=True), _first(rows, seen, backwards=True))
    return Rect(sides[0].x0, sides[1].y0, ends[0].x1, ends[1].y1)


def _first(
    lines: dict[int, list[TileKey]], seen: Callable[[TileKey], Rect], *, backwards: bool = False
) -> Rect:
    """Return the rect around the first line of tiles that has anything in it."""
    for line in sorted(lines, reverse=backwards):
        rect = union(seen(key) for key in lines[line])
        if not rect.is_empty:
            return rect
    return EMPTY


def _nonzero_rect(plane: Plane) -> Rect:
    rows = np.flatnonzero(plane.any(axis=1))
    if not rows.size:
        return EMPTY
    columns = np.flatnonzero(plane.any(axis=0))
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
