"""What a PSD has no place for, as XMP: layer ids, recipes, guides and resolution to the last digit.

One JSON text for the document, keyed by Photoshop's own layer numbers, and one recipe with each
layer, so that a layer dragged into another document takes it along.
"""

import json
import logging
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import msgspec

from editor.document.document import Document, Guide
from editor.document.layer import LayerId, PixelLayer
from editor.document.recipe import Recipe
from editor.formats.recipes import recipe_from_json

log = logging.getLogger(__name__)

NAMESPACE = "urn:x-acetate:xmp:1.0/"
_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:acetate="{namespace}">'
    "<acetate:{name}>{text}</acetate:{name}>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
)


@dataclass(frozen=True, slots=True)
class LayerNote:
    """What a layer is beyond what Photoshop knows of it."""

    id: LayerId
    model_visible: bool = True
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class DocumentNote:
    """What a document is beyond that; `layers` is keyed by Photoshop's layer number."""

    dpi: float | None = None
    guides: tuple[Guide, ...] = ()
    layers: dict[int, LayerNote] = field(default_factory=dict)


def document_xmp(document: Document, numbers: dict[LayerId, int]) -> str:
    """Return the XMP packet of a document."""
    notes = {}
    for layer in document.walk():
        recipe = layer.recipe if isinstance(layer, PixelLayer) else None
        notes[numbers[layer.id]] = LayerNote(layer.id, layer.model_visible, recipe)
    return _packet("document", DocumentNote(document.dpi, document.guides, notes))


def recipe_xmp(recipe: Recipe) -> str:
    """Return the XMP packet of a layer."""
    return _packet("recipe", recipe)


def document_note(xmp: bytes | None) -> DocumentNote:
    """Return what a packet says of a document; an empty note where it says nothing of ours."""
    text = _text(xmp, "document")
    if text is None:
        return DocumentNote()
    try:
        return msgspec.json.decode(text, type=DocumentNote)
    except (msgspec.DecodeError, ValueError):
        log.info("our part of the XMP is not as we write it")
        return DocumentNote()


def recipe_from_xmp(xmp: str | None) -> Recipe | None:
    """Return the recipe in a layer's packet, or None."""
    text = _text(None if xmp is None else xmp.encode("utf-8", "replace"), "recipe")
    return None if text is None else recipe_from_json(text)


def _packet(name: str, value: DocumentNote | Recipe) -> str:
    # ASCII: XML has no way to say some characters that a prompt or a name may hold.
    text = json.dumps(msgspec.to_builtins(value), separators=(",", ":"))
    return _PACKET.format(namespace=NAMESPACE, name=name, text=escape(text))


def _text(xmp: bytes | None, name: str) -> str | None:
    """Return one property of ours, which other programs may write as element or as attribute."""
    if xmp is None or NAMESPACE.encode() not in xmp:
        return None
    try:
        root = ET.fromstring(xmp.rstrip(b"\0 \n"))
    except (ET.ParseError, ValueError):
        log.info("the XMP is not sound XML")
        return None
    key = f"{{{NAMESPACE}}}{name}"
    for element in root.iter():
        if element.tag == key:
            return element.text
        if key in element.attrib:
            return element.attrib[key]
    return None
