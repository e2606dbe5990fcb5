"""What arrives from files and the clipboard as layers: named, fitted, and put in place."""

from dataclasses import replace
from typing import TYPE_CHECKING

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import Group, Layer, PixelLayer, moved, new_layer_id
from editor.document.pixels import RGBA8, Pixels
from editor.edits.layers import copied

if TYPE_CHECKING:  # formats are imported in the background, after the first paint
    from editor.formats import Loaded


def layer_of_file(loaded: "Loaded", name: str) -> Layer:
    """Return a file's contents as one layer: its only layer, or a group of all its layers."""
    layers = tuple(copied(layer) for layer in loaded.document.layers)
    if len(layers) == 1:
        return replace(layers[0], name=name)
    return Group(id=new_layer_id(), name=name, children=layers)


def layer_of_pixels(pixels: RGBA8, name: str) -> PixelLayer:
    """Return an (h, w, 4) straight RGBA8 array as a layer."""
    return PixelLayer(id=new_layer_id(), name=name, pixels=Pixels.from_array(pixels))


def fitted_at(layer: Layer, document: Document, at: tuple[float, float] | None) -> Layer:
    """Return the layer with its middle at a place, made smaller where the canvas is smaller.

    `at` of None is the middle of the canvas. A group is not made smaller.
    """
    layer = _made_smaller(layer, document.size)
    rect = layer.rect
    x, y = at or (document.size.width / 2, document.size.height / 2)
    dx = round(x - (rect.x0 + rect.x1) / 2)
    dy = round(y - (rect.y0 + rect.y1) / 2)
    return moved(layer, dx, dy)


def _made_smaller(layer: Layer, most: Size) -> Layer:
    rect = layer.rect
    scale = min(most.width / max(1, rect.width), most.height / max(1, rect.height))
    if scale >= 1 or not isinstance(layer, PixelLayer):
        return layer
    from editor.render.resample import scaled  # not before the first paint

    size = Size(max(1, round(rect.width * scale)), max(1, round(rect.height * scale)))
    pixels = scaled(layer.pixels.read(layer.pixels.content), size)
    small = Pixels.from_array(pixels)
    return replace(layer, pixels=small, offset=Point(rect.x0, rect.y0), variants=(), mask=None)
