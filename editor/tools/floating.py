"""Selected pixels lifted out of their layer, to be shifted above what is left of it.

They stay lifted as long as nobody changes layer or selection in between, so that many small steps
give what one large one gives.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import Edit, EditError, found_pixels
from editor.edits.pixels import SetPixels
from editor.edits.selection import SetSelection
from editor.render.fills import cleared, lifted, lifted_content, pasted
from editor.render.regions import moved


@dataclass(eq=False)
class Floating:
    """The pixels of a layer that are selected, and how far they have come."""

    layer: LayerId
    base: Pixels  # of the layer, before they were lifted
    region: Coverage
    offset: Point
    copy: bool  # leaves no hole
    by: Point = Point(0, 0)
    left: tuple[Pixels, Coverage | None] | None = None  # layer and selection as this left them

    @staticmethod
    def lifted_from(document: Document, layer_id: LayerId, *, copy: bool = False) -> "Floating":
        """Lift what is selected; a copy leaves no hole. Raises `EditError` where it cannot be."""
        layer = found_pixels(document, layer_id)
        if layer.locks.position or layer.locks.alpha:
            raise EditError(f"“{layer.name}” is locked, so its pixels cannot be moved.")
        region = document.selection
        assert region is not None
        if lifted_content(layer.pixels, layer.offset, region).is_empty:
            raise EditError(f"“{layer.name}” is empty where it is selected.")
        return Floating(layer_id, layer.pixels, region, layer.offset, copy)

    @cached_property
    def pixels(self) -> Pixels:
        """What was lifted."""
        return lifted(self.base, self.offset, self.region)

    @cached_property
    def rest(self) -> Pixels:
        """What stays in the layer."""
        return self.base if self.copy else cleared(self.base, self.offset, self.region)

    def goes_on(self, document: Document) -> bool:
        """Whether layer and selection are still as this left them."""
        layer = document.find(self.layer)
        if self.left is None or not isinstance(layer, PixelLayer):
            return False
        return layer.pixels is self.left[0] and document.selection is self.left[1]

    def shift(self, dx: int, dy: int) -> Edit:
        """Return the edit that puts the pixels so far from where they were lifted."""
        self.by = Point(dx, dy)
        return Shift(self, self.by)


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """Put floating pixels and the selection so far from where they were lifted."""

    floating: Floating
    by: Point
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the pixels there; whoever floats them remembers it."""
        held = self.floating
        pixels = pasted(held.rest, held.pixels, *self.by)
        document = SetPixels(held.layer, pixels, held.offset).apply(document)
        document = SetSelection(moved(held.region, *self.by)).apply(document)
        held.left = (pixels, document.selection)
        return document
