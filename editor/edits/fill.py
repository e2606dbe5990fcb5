"""Areas filled or cleared: of a layer's pixels, of its mask, of the selection itself."""

from dataclasses import dataclass, replace

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError, found, found_pixels
from editor.edits.selection import SetSelection
from editor.render.fills import Fill, cleared, filled, filled_grey
from editor.render.regions import Combine, combined


@dataclass(frozen=True, slots=True, eq=False)
class FillPixels:
    """Fill a layer where a region and the selection are; without either, the canvas."""

    layer: LayerId
    fill: Fill
    region: Coverage | None = None

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

    def apply(self, document: Document) -> Document:
        """Return the document with that selected, which may be nothing."""
        whole = Coverage.of_rect(document.rect)
        before = whole if document.selection is None else document.selection
        region = whole if self.region is None else self.region
        after = filled_grey(before, Point(0, 0), self.fill, region)
        return SetSelection(after, keep_empty=True).apply(document)


@dataclass(frozen=True, slots=True)
class ClearPixels:
    """Take what is selected out of layers."""

    layers: tuple[LayerId, ...]

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


def _area(document: Document, region: Coverage | None) -> Coverage:
    area = Coverage.of_rect(document.rect) if region is None else region
    if document.selection is None:
        return area
    return combined(area, document.selection, Combine.INTERSECT)


def _with_pixels(document: Document, layer: PixelLayer, pixels: Pixels) -> Document:
    return document.replaced(layer.id, lambda _: replace(layer, pixels=pixels))
