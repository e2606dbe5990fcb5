"""The shape of every edit, and several edits as one step."""

from dataclasses import dataclass
from typing import Protocol

from editor.document.document import Document
from editor.document.layer import Group, Layer, LayerId, PixelLayer


class EditError(Exception):
    """An edit that cannot be done; the message is one sentence for the person who tried."""


class Edit(Protocol):
    """A change to a document as a value: the same document in gives the same document out."""

    def apply(self, document: Document) -> Document:
        """Return the changed document; raise `EditError` where it cannot be done."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """Several edits in order, as one step."""

    edits: tuple[Edit, ...]

    def apply(self, document: Document) -> Document:
        """Apply each to what the one before it gave."""
        for edit in self.edits:
            document = edit.apply(document)
        return document


def found(document: Document, layer_id: LayerId) -> Layer:
    """Return the layer, or raise `EditError` because it is gone."""
    layer = document.find(layer_id)
    if layer is None:
        raise EditError("That layer is no longer in the document.")
    return layer


def found_pixels(document: Document, layer_id: LayerId) -> PixelLayer:
    """Return the layer if its pixels may be changed, or raise `EditError` that says why not."""
    layer = found(document, layer_id)
    if not isinstance(layer, PixelLayer):
        what = "a group" if isinstance(layer, Group) else "an adjustment"
        raise EditError(f"“{layer.name}” is {what}: choose a layer with pixels.")
    if layer.text is not None:
        raise EditError(f"“{layer.name}” is text: make it pixels before you paint on it.")
    if layer.locks.pixels:
        raise EditError(f"The pixels of “{layer.name}” are locked.")
    return layer
