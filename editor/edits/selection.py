"""What is selected of the canvas: set, combined, grown, softened; and a layer's mask made of it.

A selection lies on the canvas and is never empty: where nothing would be selected there is none,
which paints as if all were.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import AdjustmentLayer, Group, Layer, LayerId, Mask
from editor.document.pixels import FULL, Coverage, tile_rect
from editor.edits.edit import EditError, found
from editor.render import regions
from editor.render.regions import Combine

MOST_PIXELS = 500  # that a selection can be grown, shrunk or softened by at once


@dataclass(frozen=True, slots=True, eq=False)
class SetSelection:
    """Select a region of the canvas, or with None nothing in particular.

    With `keep_empty` an empty region stays one that lets nothing be painted: in the quick mask all
    may be painted away before something is painted back.
    """

    region: Coverage | None
    keep_empty: bool = False

    def apply(self, document: Document) -> Document:
        """Return the document with that selected."""
        if self.region is not None and self.keep_empty:
            return replace(document, selection=regions.cut(self.region, document.rect))
        return _with(document, self.region)


@dataclass(frozen=True, slots=True, eq=False)
class CombineSelection:
    """Add a region to the selection, take it away, or keep what both have; or begin anew."""

    region: Coverage
    how: Combine
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with both as one; taking away from no selection takes from all."""
        before = document.selection
        if before is None:
            if self.how is Combine.SUBTRACT:
                before = Coverage.of_rect(document.rect)
            else:
                return _with(document, self.region)
        return _with(document, regions.combined(before, self.region, self.how))


@dataclass(frozen=True, slots=True, eq=False)
class SelectFound:
    """Combine the selection with a region that is only found when this is done.

    A shape, pixels that are alike, the alpha of a layer; softened first by a Gaussian of `feather`
    pixels. `find` raises `EditError` where there is nothing to look at.
    """

    find: Callable[[Document], Coverage]
    how: Combine
    feather: float = 0
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the region selected."""
        region = self.find(document)
        if self.feather > 0 and region.tiles:
            region = regions.feathered(region, self.feather, document.rect)
        return CombineSelection(region, self.how).apply(document)


@dataclass(frozen=True, slots=True)
class SelectAll:
    """Select the canvas."""

    def apply(self, document: Document) -> Document:
        """Return the document with every pixel of the canvas selected."""
        return _with(document, Coverage.of_rect(document.rect))


@dataclass(frozen=True, slots=True)
class InvertSelection:
    """Select what is not selected."""

    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the other pixels selected; without a selection that is all."""
        if document.selection is None:
            return SelectAll().apply(document)
        return _with(document, regions.inverted(document.selection, document.rect))


@dataclass(frozen=True, slots=True)
class GrowSelection:
    """Move the selection's edge outward by pixels, or inward by negative ones."""

    pixels: int
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with more or less selected."""
        region, by = _selected(document, abs(self.pixels)), self.pixels
        change = regions.grown if by > 0 else regions.shrunk
        return _with(document, change(region, abs(by), document.rect))


@dataclass(frozen=True, slots=True)
class FeatherSelection:
    """Soften the selection's edge, by a Gaussian of that deviation in pixels."""

    radius: float
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the edge softened."""
        region = _selected(document, self.radius)
        return _with(document, regions.feathered(region, self.radius, document.rect))


@dataclass(frozen=True, slots=True)
class BorderSelection:
    """Select a frame of that many pixels along the selection's edge."""

    width: int
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the frame selected."""
        region = _selected(document, self.width)
        return _with(document, regions.bordered(region, self.width, document.rect))


@dataclass(frozen=True, slots=True)
class MoveSelection:
    """Shift the selection alone; no pixel moves."""

    dx: int
    dy: int
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the selection elsewhere; what leaves the canvas is lost."""
        return _with(document, regions.moved(_selected(document, 0), self.dx, self.dy))


@dataclass(frozen=True, slots=True)
class MaskFromSelection:
    """Give a layer a mask that shows what is selected, or with `hide` the rest."""

    layer: LayerId
    hide: bool = False
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the mask; without a selection the mask shows or hides all."""
        found(document, self.layer)
        region = document.selection
        shown = Coverage.full(255) if region is None else region
        coverage = _opposite(shown) if self.hide else shown
        document = document.replaced(
            self.layer, lambda layer: replace(layer, mask=Mask(coverage, Point(0, 0)))
        )
        return replace(document, selection=None)


def alpha_of(layer_id: LayerId) -> Callable[[Document], Coverage]:
    """Return what finds the alpha of a layer, for `SelectFound`."""
    return lambda document: region_of_layer(found(document, layer_id))


def mask_of(layer_id: LayerId) -> Callable[[Document], Coverage]:
    """Return what finds the mask of a layer, for `SelectFound`."""
    return lambda document: region_of_mask(document, layer_id)


def region_of_layer(layer: Layer) -> Coverage:
    """Return the alpha of a layer as a region of the document; of a group, that of its layers.

    Of an adjustment it is where its mask lets it work.
    """
    if isinstance(layer, Group):
        region = Coverage.full(0)
        for child in layer.children:
            if child.visible:
                region = regions.combined(region, region_of_layer(child), Combine.ADD)
        return region
    if isinstance(layer, AdjustmentLayer):
        mask = layer.mask
        return Coverage.full(255) if mask is None else regions.moved(mask.coverage, *mask.offset)
    return regions.moved(regions.alpha_of(layer.pixels), *layer.offset)


def region_of_mask(document: Document, layer_id: LayerId) -> Coverage:
    """Return a layer's mask as a region of the canvas; raises `EditError` where it has none."""
    layer = found(document, layer_id)
    if layer.mask is None:
        raise EditError(f"“{layer.name}” has no mask.")
    region = regions.moved(layer.mask.coverage, *layer.mask.offset)
    return regions.cut(region, document.rect)


def _with(document: Document, region: Coverage | None) -> Document:
    """Return the document with a region selected that lies on the canvas and is not empty."""
    if region is not None:
        region = regions.cut(region, document.rect)
        if not any(tile is FULL or tile.any() for tile in region.tiles.values()):
            region = None
    if region is document.selection:
        return document
    return replace(document, selection=region)


def _selected(document: Document, by: float) -> Coverage:
    if document.selection is None:
        raise EditError("Nothing is selected.")
    if by > MOST_PIXELS:
        raise EditError(f"A selection can be changed by at most {MOST_PIXELS} pixels at once.")
    return document.selection


def _opposite(region: Coverage) -> Coverage:
    tiles = {key: 255 - region.read(tile_rect(key)) for key in region.tiles}
    return regions.tidied(tiles, 255 - region.outside)
