"""What an area is filled with, a colour or a gradient, and pictures filled with it tile by tile.

A fill gives straight RGBA8 for any rect of the document. On masks and selections it counts by how
light it is.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, cells
from editor.document.pixels import (
    FULL,
    RGBA8,
    TILE,
    Coverage,
    Grey8,
    Pixels,
    TileKey,
    content_of,
    tile_rect,
)
from editor.render.painting import laid_grey, laid_pixels
from editor.render.regions import under

STOPS = 1024  # colours along a gradient
Place = tuple[float, float]
RGBA = tuple[int, int, int, int]
LIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # luma of ITU-R BT.601


class Fill(Protocol):
    """Something to fill an area with."""

    def pixels(self, rect: Rect) -> RGBA8:
        """Return what it shows in a rect of the document, (h, w, 4)."""
        ...


@dataclass(frozen=True)
class Plain:
    """One colour everywhere."""

    colour: RGBA

    def pixels(self, rect: Rect) -> RGBA8:
        """Return the colour."""
        return self._tile if rect.size == (TILE, TILE) else self._made(rect)

    @cached_property
    def _tile(self) -> RGBA8:
        tile = self._made(Rect(0, 0, TILE, TILE))
        tile.flags.writeable = False
        return tile

    def _made(self, rect: Rect) -> RGBA8:
        return np.full((rect.height, rect.width, 4), self.colour, np.uint8)


class GradientKind(StrEnum):
    """How a gradient runs from its start."""

    LINEAR = "linear"
    RADIAL = "radial"


@dataclass(frozen=True)
class Gradient:
    """From one colour to another between two places; beyond them each goes on as it is."""

    kind: GradientKind
    start: Place
    end: Place
    first: RGBA
    last: RGBA

    def pixels(self, rect: Rect) -> RGBA8:
        """Return the gradient in a rect."""
        x = np.arange(rect.x0, rect.x1, dtype=np.float32) + np.float32(0.5 - self.start[0])
        y = np.arange(rect.y0, rect.y1, dtype=np.float32) + np.float32(0.5 - self.start[1])
        dx, dy = self.end[0] - self.start[0], self.end[1] - self.start[1]
        length = max(1e-6, float(np.hypot(dx, dy)))
        if self.kind is GradientKind.RADIAL:
            share = np.sqrt(x[None, :] ** 2 + y[:, None] ** 2) / np.float32(length)
        else:
            across = x * np.float32(dx / length**2)
            share = across[None, :] + (y * np.float32(dy / length**2))[:, None]
        index = (np.clip(share, 0, 1) * (STOPS - 1) + np.float32(0.5)).astype(np.int16)
        shown: RGBA8 = self._colours[index]
        return shown

    @cached_property
    def _colours(self) -> RGBA8:
        """Colours along the way, mixed by their alpha: what fades to nothing keeps its colour."""
        share = np.linspace(0, 1, STOPS)[:, None]
        first, last = np.array(self.first, np.float64), np.array(self.last, np.float64)
        alpha = first[3] + (last[3] - first[3]) * share
        mixed = first[:3] * first[3] * (1 - share) + last[:3] * last[3] * share
        colours = np.where(alpha > 0, mixed / np.maximum(alpha, 1e-9), first[:3])
        stops: RGBA8 = np.rint(np.concatenate([colours, alpha], axis=1)).astype(np.uint8)
        return stops


def filled(
    pixels: Pixels, offset: Point, fill: Fill, region: Coverage, *, keep_alpha: bool
) -> Pixels:
    """Return a picture at an offset with a region of the document filled, source over."""
    tiles = {}
    rect = region.content.moved(-offset.x, -offset.y)
    for key in cells(rect, TILE):
        base, mask = pixels.tiles.get(key), under(region, key, offset)
        if (base is None and keep_alpha) or (mask is not None and not mask.any()):
            continue
        source = fill.pixels(tile_rect(key).moved(*offset))
        if mask is None and not keep_alpha and source[..., 3].min() == 255:
            tile = source
        else:
            tile = laid_pixels(base, source, mask, 1.0, keep_alpha=keep_alpha)
        tile.flags.writeable = False
        tiles[key] = tile
    return pixels.with_tiles(tiles)


def filled_grey(grey: Coverage, offset: Point, fill: Fill, region: Coverage) -> Coverage:
    """Return a coverage at an offset with a region of the document filled by lightness."""
    tiles = {}
    rect = region.content.moved(-offset.x, -offset.y)
    for key in cells(rect, TILE):
        base = grey.tiles.get(key)
        if base is None:
            base = np.full((TILE, TILE), grey.outside, np.uint8)
        source = fill.pixels(tile_rect(key).moved(*offset))
        share = source[..., 3].astype(np.float32) / np.float32(255)
        tile = laid_grey(base, share, under(region, key, offset), lightnesses(source))
        tile.flags.writeable = False
        tiles[key] = tile
    return grey.with_tiles(tiles)


def cleared(pixels: Pixels, offset: Point, region: Coverage) -> Pixels:
    """Return a picture with alpha taken away where a region is; wholly covered tiles go."""
    tiles = dict(pixels.tiles)
    for key in cells(region.content.moved(-offset.x, -offset.y).met(pixels.rect), TILE):
        base = tiles.get(key)
        if base is None:
            continue
        mask = under(region, key, offset)
        if mask is None or mask is FULL:
            del tiles[key]
        elif mask.any():
            tiles[key] = _faded(base, 255 - mask)
    return Pixels(tiles)


def lifted(pixels: Pixels, offset: Point, region: Coverage) -> Pixels:
    """Return what of a picture is in a region: its alpha times the region."""
    tiles = {}
    for key in cells(region.content.moved(-offset.x, -offset.y).met(pixels.rect), TILE):
        base = pixels.tiles.get(key)
        if base is None:
            continue
        mask = under(region, key, offset)
        if mask is None or mask is FULL:
            tiles[key] = base
        elif mask.any():
            tiles[key] = _faded(base, mask)
    return Pixels(tiles)


def lifted_content(pixels: Pixels, offset: Point, region: Coverage) -> Rect:
    """Return the content of what `lifted` gives, looking only at tiles along its sides."""

    def plane(key: TileKey) -> Grey8:
        alpha, mask = pixels.tiles[key][..., 3], under(region, key, offset)
        return alpha if mask is None else _times(alpha, mask)

    keys = cells(region.content.moved(-offset.x, -offset.y).met(pixels.rect), TILE)
    return content_of([key for key in keys if key in pixels.tiles], plane)


def pasted(pixels: Pixels, other: Pixels, dx: int, dy: int) -> Pixels:
    """Return a picture with another one laid over it, shifted by whole pixels."""
    tiles = {}
    for key in cells(other.content.moved(dx, dy), TILE):
        source = other.read(tile_rect(key).moved(-dx, -dy))
        if not source[..., 3].any():
            continue
        base = pixels.tiles.get(key)
        tile = source if base is None else laid_pixels(base, source, None, 1.0, keep_alpha=False)
        tile.flags.writeable = False
        tiles[key] = tile
    return pixels.with_tiles(tiles)


def lightness(colour: tuple[int, int, int]) -> int:
    """Return how light a colour is, 0 to 255."""
    return round(float(np.dot(LIGHTNESS, colour)))


def lightnesses(pixels: RGBA8) -> Grey8:
    """Return how light each pixel is, (h, w)."""
    light: NDArray[np.float32] = pixels[..., :3].astype(np.float32) @ LIGHTNESS
    return np.rint(light).astype(np.uint8)


def _faded(tile: RGBA8, mask: Grey8) -> RGBA8:
    """Return a tile with its alpha times a mask, rounded."""
    faded = tile.copy()
    faded[..., 3] = _times(tile[..., 3], mask)
    faded.flags.writeable = False
    return faded


def _times(alpha: Grey8, mask: Grey8) -> Grey8:
    """Return alpha times a mask, rounded."""
    product = (alpha.astype(np.uint16) * mask + 127) // 255
    return product.astype(np.uint8)
