"""The canvas itself: its size, and where the layers lie on it."""

from dataclasses import dataclass, replace

from editor.document.document import MAX_SIDE, Document
from editor.document.geometry import Point, Size
from editor.document.layer import moved
from editor.edits.edit import EditError


@dataclass(frozen=True, slots=True)
class ResizeCanvas:
    """Give the canvas another size and shift every layer; what is then outside is kept."""

    size: Size
    shift: Point = Point(0, 0)

    def apply(self, document: Document) -> Document:
        """Return the document of that size; masks that are not linked stay with the canvas too."""
        width, height = self.size
        if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
            raise EditError(f"A canvas has between 1 and {MAX_SIDE} pixels a side.")
        layers = document.layers
        if self.shift != (0, 0):
            layers = tuple(moved(layer, *self.shift) for layer in layers)
        return replace(document, size=self.size, layers=layers)
