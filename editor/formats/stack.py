"""`stack.xml`: what a document's layers look like to programs that read OpenRaster.

For their sake only: masks, clipping and the rarer modes are not in it.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import BlendMode
from editor.formats.records import LayerRecord

# OpenRaster 0.0.5, "composite-op"; other modes are shown as normal.
OPERATIONS = {
    BlendMode.NORMAL: "svg:src-over",
    BlendMode.MULTIPLY: "svg:multiply",
    BlendMode.SCREEN: "svg:screen",
    BlendMode.OVERLAY: "svg:overlay",
    BlendMode.DARKEN: "svg:darken",
    BlendMode.LIGHTEN: "svg:lighten",
    BlendMode.COLOR_DODGE: "svg:color-dodge",
    BlendMode.COLOR_BURN: "svg:color-burn",
    BlendMode.HARD_LIGHT: "svg:hard-light",
    BlendMode.SOFT_LIGHT: "svg:soft-light",
    BlendMode.DIFFERENCE: "svg:difference",
    BlendMode.COLOR: "svg:color",
    BlendMode.LUMINOSITY: "svg:luminosity",
    BlendMode.HUE: "svg:hue",
    BlendMode.SATURATION: "svg:saturation",
    BlendMode.LINEAR_DODGE: "svg:plus",
}


def xml(document: Document, layers: tuple[LayerRecord, ...]) -> bytes:
    """Return the file's bytes; OpenRaster lists the top layer first."""
    dpi = str(round(document.dpi))
    size = {"w": str(document.size.width), "h": str(document.size.height)}
    image = Element("image", {"version": "0.0.5", **size, "xres": dpi, "yres": dpi})
    _add(SubElement(image, "stack"), layers)
    body: bytes = tostring(image, encoding="utf-8", xml_declaration=True)
    return body


def _add(parent: Element, layers: tuple[LayerRecord, ...]) -> None:
    for layer in reversed(layers):
        shown = {
            "name": "".join(each if each.isprintable() else " " for each in layer.name),
            "opacity": f"{layer.opacity:.6f}",
            "visibility": "visible" if layer.visible else "hidden",
            "composite-op": OPERATIONS.get(layer.blend_mode, "svg:src-over"),
        }
        if layer.kind == "group":
            through = layer.blend_mode is BlendMode.PASS_THROUGH
            isolation = {"isolation": "auto" if through else "isolate"}
            _add(SubElement(parent, "stack", {**shown, **isolation}), layer.children)
        elif layer.pixels.file is not None:
            at = Point(layer.pixels.at.x + layer.offset.x, layer.pixels.at.y + layer.offset.y)
            place = {"src": layer.pixels.file, "x": str(at.x), "y": str(at.y)}
            SubElement(parent, "layer", {**shown, **place})
