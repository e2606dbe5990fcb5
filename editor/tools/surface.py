"""What a stroke paints on: the pixels or the mask of a layer, or the selection itself.

A surface is what was there when the stroke began; it makes new tiles from it and an edit of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId
from editor.document.pixels import TILE, Coverage, Pixels, TileKey
from editor.edits.edit import Edit, EditError, found, found_pixels
from editor.edits.fill import FillMask, FillPixels, FillSelection
from editor.edits.pixels import SetMaskTiles, SetTiles
from editor.edits.selection import SetSelection
from editor.render.fills import Fill, lightness
from editor.render.painting import Cover, Paint, laid, laid_grey
from editor.render.regions import under
from editor.tools.tool import Target, ToolContext

Tile = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


class Surface(Protocol):
    """Something in tiles that can be painted on."""

    @property
    def offset(self) -> Point:
        """Where in the document its own origin lies."""
        ...

    def painted(self, key: TileKey, cover: Cover) -> Tile | None:
        """Return a tile with the stroke on it, or None where it stays without one."""
        ...

    def edit(self, tiles: Mapping[TileKey, Tile]) -> Edit:
        """Return the edit that puts new tiles into the document."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PixelSurface:
    """The pixels of a layer."""

    layer: LayerId
    base: Pixels
    offset: Point
    selection: Coverage | None
    paint: Paint

    def painted(self, key: TileKey, cover: Cover) -> Tile | None:
        """Return a tile with the paint on it."""
        base = self.base.tiles.get(key)
        if base is None and (self.paint.erase or self.paint.keep_alpha):
            return None
        mask = under(self.selection, key, self.offset)
        return laid(base, cover, mask, self.paint)

    def edit(self, tiles: Mapping[TileKey, Tile]) -> Edit:
        """Return the edit that puts new tiles into the layer."""
        return SetTiles(self.layer, tiles)


@dataclass(frozen=True, slots=True, eq=False)
class GreySurface:
    """A mask or the selection, painted towards a value from 0 to 255."""

    base: Coverage
    offset: Point
    selection: Coverage | None
    value: int
    opacity: float
    make_edit: Callable[[Mapping[TileKey, Tile]], Edit]

    def painted(self, key: TileKey, cover: Cover) -> Tile | None:
        """Return a tile moved towards the value."""
        base = self.base.tiles.get(key)
        if base is None:
            base = np.full((TILE, TILE), self.base.outside, np.uint8)
        mask = under(self.selection, key, self.offset)
        return laid_grey(base, cover * np.float32(self.opacity), mask, self.value)

    def edit(self, tiles: Mapping[TileKey, Tile]) -> Edit:
        """Return the edit that puts new tiles into the document."""
        return self.make_edit(tiles)


def surface_of(context: ToolContext, paint: Paint) -> Surface:
    """Return what painting changes now; raises `EditError` where that cannot be painted on.

    On a mask or the selection a colour counts by how light it is, and erasing paints with the
    background colour.
    """
    document = context.document
    colour = context.background if paint.erase else paint.colour
    if context.target is Target.SELECTION:
        region = document.selection
        base = Coverage.of_rect(document.rect) if region is None else region
        return GreySurface(
            base, Point(0, 0), None, lightness(colour), paint.opacity, _selecting(base)
        )
    layer_id = required_active(context)
    mask = found(document, layer_id).mask
    if context.target is Target.MASK and mask is not None:
        make_edit = _masking(layer_id)
        return GreySurface(
            mask.coverage, mask.offset, document.selection, lightness(colour), paint.opacity,
            make_edit,
        )  # fmt: skip
    layer = found_pixels(document, layer_id)
    if paint.erase and layer.locks.alpha:
        raise EditError(f"The transparency of “{layer.name}” is locked.")
    paint = paint._replace(keep_alpha=layer.locks.alpha)
    return PixelSurface(layer_id, layer.pixels, layer.offset, document.selection, paint)


def fill_edit(
    document: Document, active: LayerId | None, target: Target, fill: Fill, region: Coverage | None
) -> Edit:
    """Return the edit that fills what painting changes now, in a region or all of it.

    Raises `EditError` in a document without layers.
    """
    if target is Target.SELECTION:
        return FillSelection(fill, region)
    if active is None:
        raise EditError("There is no layer to paint on: add one first.")
    if target is Target.MASK:
        return FillMask(active, fill, region)
    return FillPixels(active, fill, region)


def required_active(context: ToolContext) -> LayerId:
    """Return the active layer's id; raises `EditError` in a document without layers."""
    if context.active is None:
        raise EditError("There is no layer to paint on: add one first.")
    return context.active


def _selecting(base: Coverage) -> Callable[[Mapping[TileKey, Tile]], Edit]:
    tiles = dict(base.tiles)

    def edit(changed: Mapping[TileKey, Tile]) -> Edit:
        tiles.update(changed)
        return SetSelection(Coverage(dict(tiles), base.outside), keep_empty=True)

    return edit


def _masking(layer: LayerId) -> Callable[[Mapping[TileKey, Tile]], Edit]:
    return lambda tiles: SetMaskTiles(layer, tiles)
