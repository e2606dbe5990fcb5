"""Files of other programs that speak OpenRaster: read from `stack.xml`, never written.

Our own file has the same shape and more in it; what is here is only for `.ora` files that lack
that (OpenRaster 0.0.5, and what Krita adds).
"""

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from editor.document.document import MAX_SIDE, Document
from editor.document.geometry import Point, Size
from editor.document.layer import (
    BlendMode,
    Group,
    Layer,
    Locks,
    PixelLayer,
    new_layer_id,
    quantized_opacity,
)
from editor.formats.archive import Reader
from editor.formats.format import FormatError
from editor.formats.records import PictureRecord
from editor.formats.stack import OPERATIONS

_MAX_XML_BYTES = 1 << 24
_MODES = {operation: mode for mode, operation in OPERATIONS.items()}
_MAX_DEPTH = 100


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The file being read, and what the user must be told."""

    reader: Reader
    warnings: list[str] = field(default_factory=list)


def document_from_stack(reader: Reader) -> tuple[Document, tuple[str, ...]]:
    """Return the document and what arrived changed; raises `FormatError`."""
    body = reader.entry("stack.xml", _MAX_XML_BYTES)
    if b"<!DOCTYPE" in body:  # which alone could declare entities
        raise FormatError(f"{reader.name} is damaged, so it was not opened.")
    try:
        image = ET.fromstring(body)
    except ET.ParseError as error:
        raise FormatError(f"{reader.name} is damaged, so it was not opened.") from error
    size = Size(_number(image, "w", 0), _number(image, "h", 0))
    if not (1 <= size.width <= MAX_SIDE and 1 <= size.height <= MAX_SIDE):
        raise FormatError(f"{reader.name} has an impossible size: {size.width} x {size.height}.")
    source = Source(reader)
    stack = image.find("stack")
    layers = () if stack is None else _layers(stack, source, 0)
    dpi = float(_number(image, "xres", 72))
    document = Document(size=size, layers=layers, dpi=dpi if dpi >= 1 else 72.0)
    return document, tuple(source.warnings)


def _layers(stack: ET.Element, source: Source, depth: int) -> tuple[Layer, ...]:
    """Return a stack's layers; the file lists the top one first."""
    if depth > _MAX_DEPTH:
        raise FormatError(f"{source.reader.name} has too many groups in one another.")
    found = [_layer(each, source, depth) for each in reversed(stack)]
    return tuple(layer for layer in found if layer is not None)


def _layer(element: ET.Element, source: Source, depth: int) -> Layer | None:
    name = element.get("name", "")
    mode = _mode(element, name, source)
    opacity = quantized_opacity(_fraction(element))
    visible = element.get("visibility", "visible") != "hidden"
    if element.tag == "stack":
        through = element.get("isolation") == "auto" and mode is BlendMode.NORMAL
        return Group(
            id=new_layer_id(),
            name=name,
            opacity=opacity,
            blend_mode=BlendMode.PASS_THROUGH if through else mode,
            visible=visible,
            children=_layers(element, source, depth + 1),
        )
    file = element.get("src", "")
    if element.tag != "layer" or not file.lower().endswith(".png"):
        source.warnings.append(f"“{name or element.tag}” is no picture, and was left out.")
        return None
    return PixelLayer(
        id=new_layer_id(),
        name=name,
        opacity=opacity,
        blend_mode=mode,
        visible=visible,
        locks=Locks(pixels=element.get("edit-locked") == "true"),
        pixels=source.reader.pixels(PictureRecord(file)),
        offset=Point(_number(element, "x", 0), _number(element, "y", 0)),
    )


def _mode(element: ET.Element, name: str, source: Source) -> BlendMode:
    operation = element.get("composite-op", "svg:src-over")
    mode = _MODES.get(operation)
    if mode is None:
        source.warnings.append(f"“{name}” has an unknown blend mode: it is Normal now.")
        return BlendMode.NORMAL
    return mode


def _number(element: ET.Element, key: str, default: int) -> int:
    try:
        return int(float(element.get(key, default)))
    except (ValueError, OverflowError):
        return default


def _fraction(element: ET.Element) -> float:
    try:
        return float(element.get("opacity", "1"))
    except ValueError:
        return 1.0
