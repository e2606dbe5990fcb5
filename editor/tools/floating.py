"""Selected pixels lifted out of their layer, to be shifted above what is left of it.

They stay lifted as long as nobody changes layer or selection in between, so that many small steps
give what one large one gives.
"""

from dataclasses import dataclass

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import Edit, EditError, Together, found_pixels
from editor.edits.pixels import SetPixels
from editor.edits.selection import SetSelection
from editor.render.fills import cleared, lifted, pasted
from editor.render.regions import moved


@dataclass(slots=True)
class Floating:
    """The pixels, what they were lifted from, and how far they have come."""

    layer: LayerId
    rest: Pixels
    pixels: Pixels
    region: Coverage
    offset: Point
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
        pixels = lifted(layer.pixels, layer.offset, region)
        if pixels.content.is_empty:
            raise EditError(f"“{layer.name}” is empty where it is selected.")
        rest = layer.pixels if copy else cleared(layer.pixels, layer.offset, region)
        return Floating(layer_id, rest, pixels, region, layer.offset)

    def goes_on(self, document: Document) -> bool:
        """Whether layer and selection are still as this left them."""
        layer = document.find(self.layer)
        if self.left is None or not isinstance(layer, PixelLayer):
            return False
        return layer.pixels is self.left[0] and document.selection is self.left[1]

    def shift(self, dx: int, dy: int) -> Edit:
        """Return the edit that puts the pixels so far from where they were lifted."""
        self.by = Point(dx, dy)
        pixels = SetPixels(self.layer, pasted(self.rest, self.pixels, dx, dy), self.offset)
        return Together((pixels, SetSelection(moved(self.region, dx, dy))))

    def settle(self, document: Document) -> None:
        """Remember layer and selection as the edit has left them."""
        layer = document.find(self.layer)
        if isinstance(layer, PixelLayer):
            self.left = (layer.pixels, document.selection)
