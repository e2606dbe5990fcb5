"""Areas filled or cleared: of a layer's pixels, of its mask, of the selection itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import Edit, EditError, found, found_pixels
from editor.edits.layers import AddLayers, place_above
from editor.edits.selection import SetSelection
from editor.render.fills import Fill, cleared, filled, filled_grey, lifted
from editor.render.regions import Combine, combined


@dataclass(frozen=True, slots=True, eq=False)
class FillPixels:
    """Fill a layer where a region and the selection are; without either, the canvas."""

    layer: LayerId
    fill: Fill
    region: Coverage | None = None
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer filled; locked alpha stays as it is."""
        layer = found_pixels(document, self.layer)
        region = _area(document, self.region)
        keep = layer.locks.alpha
        pixels = filled(layer.pixels, layer.offset, self.fill, region, keep_alpha=keep)
        return _with_pixels(document, layer, pixels)


@dataclass(frozen=True, slots=True, eq=False)
class FillMask:
    """Fill a layer's mask by lightness where a region and the selection are."""

    layer: LayerId
    fill: Fill
    region: Coverage | None = None
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the mask filled."""
        layer = found(document, self.layer)
        if layer.mask is None:
            raise EditError(f"“{layer.name}” has no mask.")
        region = _area(document, self.region)
        coverage = filled_grey(layer.mask.coverage, layer.mask.offset, self.fill, region)
        mask = replace(layer.mask, coverage=coverage)
        return document.replaced(self.layer, lambda each: replace(each, mask=mask))


@dataclass(frozen=True, slots=True, eq=False)
class FillSelection:
    """Fill the selection itself by lightness, as in the quick mask."""

    fill: Fill
    region: Coverage | None = None
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with that selected, which may be nothing."""
        whole = Coverage.of_rect(document.rect)
        before = whole if document.selection is None else document.selection
        region = whole if self.region is None else self.region
        after = filled_grey(before, Point(0, 0), self.fill, region)
        return SetSelection(after, keep_empty=True).apply(document)


@dataclass(frozen=True, slots=True, eq=False)
class FillFound:
    """Fill a region that is only found when this is done; `fill` makes the edit that fills it."""

    find: Callable[[Document], Coverage]
    fill: Callable[[Coverage], Edit]
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the region filled, itself where that is empty."""
        region = self.find(document)
        return self.fill(region).apply(document) if region.tiles else document


@dataclass(frozen=True, slots=True)
class ClearPixels:
    """Take what is selected out of layers."""

    layers: tuple[LayerId, ...]
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layers transparent there; raises `EditError` if locked."""
        region = _area(document, None)
        for layer_id in self.layers:
            layer = found_pixels(document, layer_id)
            if layer.locks.alpha:
                raise EditError(f"The transparency of “{layer.name}” is locked.")
            pixels = cleared(layer.pixels, layer.offset, region)
            document = _with_pixels(document, layer, pixels)
        return document


@dataclass(frozen=True, slots=True)
class LayerFromSelection:
    """Make a layer, above its own, of what is selected of a layer's pixels."""

    layer: LayerId
    made: LayerId
    name: str
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer; raises `EditError` where it would be empty."""
        layer = found(document, self.layer)
        if not isinstance(layer, PixelLayer) or document.selection is None:
            raise EditError("Nothing is selected.")
        pixels = lifted(layer.pixels, layer.offset, document.selection)
        if pixels.content.is_empty:
            raise EditError(f"“{layer.name}” is empty where it is selected.")
        made = PixelLayer(id=self.made, name=self.name, pixels=pixels, offset=layer.offset)
        return AddLayers((made,), place_above(document, layer.id)).apply(document)


def _area(document: Document, region: Coverage | None) -> Coverage:
    area = Coverage.of_rect(document.rect) if region is None else region
    if document.selection is None:
        return area
    return combined(area, document.selection, Combine.INTERSECT)


def _with_pixels(document: Document, layer: PixelLayer, pixels: Pixels) -> Document:
    return document.replaced(layer.id, lambda _: replace(layer, pixels=pixels))
