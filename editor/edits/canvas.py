"""The canvas itself: its size, and where the layers lie on it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from editor.document.document import MAX_SIDE, Document, Guide, Orientation
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import AdjustmentLayer, Group, Layer, moved
from editor.document.pixels import Coverage
from editor.edits.edit import EditError
from editor.edits.selection import SetSelection
from editor.render import regions
from editor.render.fills import lifted


@dataclass(frozen=True, slots=True)
class ResizeCanvas:
    """Give the canvas another size and shift every layer; what is then outside is kept."""

    size: Size
    shift: Point = Point(0, 0)
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document of that size; the picture that is on it looks as before."""
        width, height = self.size
        if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
            raise EditError(f"A canvas has between 1 and {MAX_SIDE} pixels a side.")
        layers, selection, guides = document.layers, document.selection, document.guides
        if self.shift != (0, 0):
            layers = tuple(moved(layer, *self.shift, unlinked_too=True) for layer in layers)
            guides = tuple(_shifted(guide, self.shift) for guide in guides)
            if selection is not None:
                selection = regions.moved(selection, *self.shift)
        resized = replace(document, size=self.size, layers=layers, guides=guides)
        return SetSelection(selection).apply(replace(resized, selection=None))


@dataclass(frozen=True, slots=True)
class Crop:
    """Make a rect the canvas; it may reach beyond the canvas there is."""

    rect: Rect
    delete: bool = False  # what is then outside, rather than keep it there
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document cropped; nothing outside is taken from what is locked."""
        if self.rect.is_empty:
            raise EditError("There is nothing to crop to.")
        if self.delete:
            kept = Coverage.of_rect(self.rect)
            layers = tuple(_cut(layer, kept) for layer in document.layers)
            document = replace(document, layers=layers)
        shift = Point(-self.rect.x0, -self.rect.y0)
        return ResizeCanvas(self.rect.size, shift).apply(document)


def _cut(layer: Layer, kept: Coverage) -> Layer:
    if isinstance(layer, Group):
        return replace(layer, children=tuple(_cut(child, kept) for child in layer.children))
    if isinstance(layer, AdjustmentLayer) or layer.locks.pixels:
        return layer
    if layer.rect.met(kept.content) == layer.rect:
        return layer
    return replace(layer, pixels=lifted(layer.pixels, layer.offset, kept))


def _shifted(guide: Guide, shift: Point) -> Guide:
    by = shift.y if guide.orientation is Orientation.HORIZONTAL else shift.x
    return guide._replace(position=guide.position + by)
