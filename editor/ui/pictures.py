"""Pictures of layers and documents for the clipboard and for drags: pixels, PNG, mime data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData

from editor.document.document import Document
from editor.document.geometry import Rect, union
from editor.document.layer import BlendMode, Group, LayerId, PixelLayer
from editor.document.pixels import RGBA8, Coverage
from editor.document.recipe import Recipe
from editor.edits.layers import outermost
from editor.ui.desk import Desk
from editor.ui.drag_drop import DragFolder, layers_mime
from editor.ui.qimage import image_from_rgba


class Pictures:
    """Makes them of the document in front; files go into a folder that ends with the window."""

    def __init__(self, desk: Desk, folder: DragFolder) -> None:
        """Look at a desk."""
        self._desk = desk
        self._folder = folder

    def mime_of_layers(
        self, ids: tuple[LayerId, ...], selection: Coverage | None = None
    ) -> QMimeData:
        """Return what a drag or a copy of layers offers; only ids where they show nothing.

        Of a selection only what is in it, as plain pixels.
        """
        document = self._desk.document
        pixels = None if document is None else pixels_of(document, ids, selection)
        if document is None or pixels is None:
            return layers_mime(ids if selection is None else (), None, None)
        name = " ".join(_names(document, ids))
        path = self._folder.path_for(name)
        recipe = recipe_of(document, ids) if selection is None else None
        path.write_bytes(png_of(pixels, document, recipe))
        return layers_mime(ids if selection is None else (), path, pixels)

    def mime_of_document(self) -> QMimeData:
        """Return the composite as PNG and as an image."""
        from editor.render.composite import composite  # not before the first paint

        document, data = self._desk.document, QMimeData()
        if document is not None:
            rect = document.rect
            if document.selection is not None:
                rect = document.selection.content
            pixels = _within(composite(document, rect), rect, document.selection)
            data.setData("image/png", png_of(pixels, document, None))
            data.setImageData(image_from_rgba(pixels))
        return data

    def write_layer(self, document: Document, layer_id: LayerId, path: Path) -> None:
        """Write one layer as PNG; raises `FormatError`, also where it is empty."""
        from editor.formats import FormatError
        from editor.formats.atomic import replacing

        pixels = pixels_of(document, (layer_id,))
        if pixels is None:
            raise FormatError("The layer is empty, so there is nothing to write.")
        with replacing(path) as file:
            file.write(png_of(pixels, document, recipe_of(document, (layer_id,))))


def pixels_of(
    document: Document, ids: tuple[LayerId, ...], selection: Coverage | None = None
) -> RGBA8 | None:
    """Return layers composited alone, cut to what they show; None where that is nothing.

    A hidden layer is shown, as the one who takes it wants it; its mask and opacity count.
    """
    layers = []
    for layer_id in outermost(document, ids):
        layer = document.find(layer_id)
        if layer is not None:
            mode = layer.blend_mode if isinstance(layer, Group) else BlendMode.NORMAL
            layers.append(replace(layer, visible=True, clipped=False, blend_mode=mode))
    rect = union(layer.rect for layer in layers)
    if selection is not None:
        rect = rect.met(selection.content)
    if rect.is_empty:
        return None
    only = layers[0]
    if (
        len(layers) == 1
        and isinstance(only, PixelLayer)
        and only.mask is None
        and only.opacity == 1
    ):
        pixels = only.pixels.read(rect.moved(-only.offset.x, -only.offset.y))
        return _within(pixels, rect, selection)
    from editor.render.composite import composite_layers  # not before the first paint

    return _within(composite_layers(layers, rect), rect, selection)


def _within(pixels: RGBA8, rect: Rect, selection: Coverage | None) -> RGBA8:
    """Return the pixels of a rect with their alpha times what is selected there."""
    if selection is None:
        return pixels
    share = selection.read(rect).astype(np.uint16)
    pixels[..., 3] = (pixels[..., 3] * share + 127) // 255
    return pixels


def png_of(pixels: RGBA8, document: Document, recipe: Recipe | None) -> bytes:
    """Return pixels as a PNG with the document's resolution, its profile and a recipe."""
    from editor.formats.png import png_bytes

    return png_bytes(pixels, dpi=document.dpi, icc=document.icc, recipe=recipe)


def recipe_of(document: Document, ids: tuple[LayerId, ...]) -> Recipe | None:
    """Return the recipe of a single generated layer."""
    layer = document.find(ids[0]) if len(ids) == 1 else None
    return layer.recipe if isinstance(layer, PixelLayer) else None


def _names(document: Document, ids: tuple[LayerId, ...]) -> list[str]:
    layers = [document.find(layer_id) for layer_id in outermost(document, ids)]
    return [layer.name for layer in layers if layer is not None]
