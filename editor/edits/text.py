"""Text layers: what they say set with the pixels that show it, or given up for the pixels alone."""

from dataclasses import dataclass, replace

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import Layer, LayerId, PixelLayer
from editor.document.pixels import Pixels
from editor.document.text import Text
from editor.edits.edit import EditError, found

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, eq=False)
class SetText:
    """Set what a text layer says; `pixels` show it, with its anchor at (0, 0)."""

    layer: LayerId
    text: Text
    pixels: Pixels
    offset: Point

    def apply(self, document: Document) -> Document:
        """Return the document with the text; a name that was the text's own goes along."""
        layer = found(document, self.layer)
        if not isinstance(layer, PixelLayer) or layer.text is None:
            raise EditError(f"“{layer.name}” is not text.")
        if layer.locks.pixels:
            raise EditError(f"The pixels of “{layer.name}” are locked.")
        named = layer.name == name_of(layer.text)
        name = name_of(self.text) if named else layer.name
        changed = replace(layer, name=name, text=self.text, pixels=self.pixels, offset=self.offset)
        return document.replaced(self.layer, lambda _: changed)


@dataclass(frozen=True, slots=True)
class TextToPixels:
    """Make text layers plain pixels, which can be painted on."""

    layers: tuple[LayerId, ...]

    def apply(self, document: Document) -> Document:
        """Return the document with the layers' pixels as they are shown; others stay."""
        for layer_id in self.layers:
            layer = found(document, layer_id)
            if isinstance(layer, PixelLayer) and layer.text is not None:
                document = document.replaced(layer_id, _plain)
        return document


def _plain(layer: Layer) -> Layer:
    assert isinstance(layer, PixelLayer)
    return replace(layer, text=None)


def name_of(text: Text) -> str:
    """Return what a layer is called after its text."""
    words = " ".join(text.content.split())
    return words[:LONGEST_NAME] or "Text"
