"""The shape of every edit, and several edits as one step."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import Group, Layer, LayerId, PixelLayer
from editor.document.pixels import TILE

SMALL_TILES = 32  # of a canvas and all layers together: every edit takes a few milliseconds


class EditError(Exception):
    """An edit that cannot be done; the message is one sentence for the person who tried."""


class Edit(Protocol):
    """A change to a document as a value: the same document in gives the same document out."""

    def apply(self, document: Document) -> Document:
        """Return the changed document; raise `EditError` where it cannot be done."""
        ...


@runtime_checkable
class Growing(Protocol):
    """An edit whose time grows with the picture, rather than with what is touched of it."""

    @property
    def grows(self) -> bool:
        """Whether it does."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """Several edits in order, as one step."""

    edits: tuple[Edit, ...]

    @property
    def grows(self) -> bool:
        """Whether one of them does."""
        return any(isinstance(each, Growing) and each.grows for each in self.edits)

    def apply(self, document: Document) -> Document:
        """Apply each to what the one before it gave."""
        for edit in self.edits:
            document = edit.apply(document)
        return document


def takes_long(edit: Edit, document: Document) -> bool:
    """Whether an edit may take too long for a window to wait for it."""
    return isinstance(edit, Growing) and edit.grows and is_large(document)


def is_large(document: Document) -> bool:
    """Whether work on all of a document may take too long for a window to wait for it."""
    tiles = _tiles_of(document.size)
    for layer in document.walk():
        if isinstance(layer, PixelLayer):
            tiles += len(layer.pixels.tiles)
        if layer.mask is not None:
            tiles += len(layer.mask.coverage.tiles)
    return tiles > SMALL_TILES


def _tiles_of(size: Size) -> int:
    return -(-size.width // TILE) * -(-size.height // TILE)


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
