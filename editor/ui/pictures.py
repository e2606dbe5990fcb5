"""Pictures of layers and documents for the clipboard and for drags: pixels, PNG, mime data."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from editor.document.document import Document
from editor.document.geometry import Point, Rect, union
from editor.document.layer import BlendMode, Group, Layer, LayerId, PixelLayer, new_layer_id
from editor.document.pixels import RGBA8, Coverage, Pixels
from editor.document.recipe import Recipe
from editor.edits.layers import outermost
from editor.ui.desk import Desk
from editor.ui.drag_drop import DragFolder, file_stem
from editor.ui.offer import Begun, Made, Offer, project_bytes, with_ids

log = logging.getLogger(__name__)


class Pictures:
    """Makes them of the document in front; files go into a folder that ends with the window."""

    def __init__(self, desk: Desk, folder: DragFolder) -> None:
        """Look at a desk."""
        self._desk = desk
        self._folder = folder
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="offer")

    def mime_of_layers(self, ids: tuple[LayerId, ...]) -> QMimeData:
        """Return what a drag of layers offers, their PNG as a file too where there is room."""
        document = self._desk.document
        if document is None:
            return QMimeData()
        layers = _found(document, ids)
        path: Path | None = None
        try:
            path = self._folder.path_for(" ".join(layer.name for layer in layers))
        except OSError as error:
            log.warning("a drag goes without a file: %s", error)
        return with_ids(self._begin(document, layers, path).offer(), ids)

    def copy_of_layers(self, document: Document, ids: tuple[LayerId, ...]) -> Begun | None:
        """Return what a copy of layers offers; of a selection what is in it, None if nothing is.

        May be called from any thread.
        """
        layers, selection = _found(document, ids), document.selection
        if selection is not None:
            layers = tuple(_cut_out(document, layers, selection))
        return self._begin(document, layers, None) if layers else None

    def copy_of_document(self, document: Document) -> Begun | None:
        """Return what a copy of all that is seen offers, within the selection if there is one.

        May be called from any thread.
        """
        from editor.render.composite import composite  # not before the first paint

        rect = document.rect
        if document.selection is not None:
            rect = document.selection.content.met(rect)
        pixels = _within(composite(document, rect), rect, document.selection)
        if not pixels[..., 3].any():
            return None
        name = QCoreApplication.translate("Pictures", "Merged")
        layer = PixelLayer(
            id=new_layer_id(),
            name=name,
            pixels=Pixels.from_array(pixels),
            offset=Point(rect.x0, rect.y0),
        )
        return self._begin(document, (layer,), None)

    def close(self) -> None:
        """End; what is on the clipboard stays there without the window."""
        clipboard = QGuiApplication.clipboard()
        held = clipboard.mimeData() if clipboard.ownsClipboard() else None
        if isinstance(held, Offer):
            clipboard.setMimeData(held.plain())
        self._pool.shutdown()

    def _begin(self, document: Document, layers: tuple[Layer, ...], path: Path | None) -> Begun:
        """Begin to encode layers, and return what will be offered of them."""
        import_module(
            "editor.formats"
        )  # or two threads import parts of it, each awaiting the other
        shown = union(layer.rect for layer in layers)
        made = None if shown.is_empty else self._pool.submit(_made, document, layers, path)
        alone = replace(document, layers=layers, selection=None, guides=())
        project = self._pool.submit(project_bytes, alone)
        return Begun(layers, made, project, path)

    def write_layer(self, document: Document, layer_id: LayerId, path: Path) -> None:
        """Write one layer as PNG; raises `FormatError`, also where it is empty."""
        from editor.formats import FormatError
        from editor.formats.atomic import replacing

        pixels = pixels_of(document, (layer_id,))
        if pixels is None:
            raise FormatError("The layer is empty, so there is nothing to write.")
        with replacing(path) as file:
            file.write(png_of(pixels, document, recipe_of(document, (layer_id,))))

    def write_layers(
        self, document: Document, layers: tuple[LayerId, ...], folder: Path
    ) -> list[Path]:
        """Write each layer that is not empty under its name, or one that is still free there."""
        written = []
        for layer_id in layers:
            layer = document.find(layer_id)
            if layer is not None and pixels_of(document, (layer_id,)) is not None:
                path = _free(folder, file_stem(layer.name))
                self.write_layer(document, layer_id, path)
                written.append(path)
        return written


def _free(folder: Path, stem: str) -> Path:
    """Return the first of "stem.png", "stem 2.png" and so on that is not there."""
    names = (f"{stem}{'' if n == 1 else f' {n}'}.png" for n in count(1))
    return next(folder / name for name in names if not (folder / name).exists())


def pixels_of(document: Document, ids: tuple[LayerId, ...]) -> RGBA8 | None:
    """Return layers composited alone, cut to what they show; None where that is nothing.

    A hidden layer is shown, as the one who takes it wants it; its mask and opacity count.
    """
    return _pixels_of(_found(document, ids))


def _pixels_of(found: tuple[Layer, ...]) -> RGBA8 | None:
    layers = []
    for layer in found:
        mode = layer.blend_mode if isinstance(layer, Group) else BlendMode.NORMAL
        layers.append(replace(layer, visible=True, clipped=False, blend_mode=mode))
    rect = union(layer.rect for layer in layers)
    if rect.is_empty:
        return None
    only = layers[0]
    is_plain = isinstance(only, PixelLayer) and only.mask is None and only.opacity == 1
    if len(layers) == 1 and is_plain and isinstance(only, PixelLayer):
        return only.pixels.read(rect.moved(-only.offset.x, -only.offset.y))
    from editor.render.composite import composite_layers  # not before the first paint

    return composite_layers(layers, rect)


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


def _found(document: Document, ids: tuple[LayerId, ...]) -> tuple[Layer, ...]:
    layers = (document.find(layer_id) for layer_id in outermost(document, ids))
    return tuple(layer for layer in layers if layer is not None)


def _made(document: Document, layers: tuple[Layer, ...], path: Path | None) -> Made:
    """Encode layers, and write the file; runs in a thread of its own."""
    pixels = _pixels_of(layers)
    assert pixels is not None
    only = layers[0]
    recipe = only.recipe if len(layers) == 1 and isinstance(only, PixelLayer) else None
    png = png_of(pixels, document, recipe)
    return Made(pixels, png, path is not None and _is_written(path, png))


def _is_written(path: Path, png: bytes) -> bool:
    """Write a file for a drag; where there is no room for it, the drag still holds the picture."""
    try:
        path.write_bytes(png)
    except OSError as error:
        log.warning("a drag goes without its file: %s", error)
        with suppress(OSError):
            path.unlink()
        return False
    return True


def _cut_out(document: Document, layers: tuple[Layer, ...], selection: Coverage) -> Iterator[Layer]:
    """Yield what is selected: of one layer its pixels, under its mask and mode; else merged."""
    if len(layers) == 1 and isinstance(layers[0], PixelLayer):
        from editor.render.fills import lifted  # not before the first paint

        only = layers[0]
        pixels = lifted(only.pixels, only.offset, selection)
        if not pixels.content.is_empty:
            yield replace(only, pixels=pixels, recipe=None, variants=(), variant=0, clipped=False)
        return
    rect = union(layer.rect for layer in layers).met(selection.content)
    if rect.is_empty:
        return
    from editor.render.composite import composite_layers  # not before the first paint

    merged = _within(composite_layers(list(layers), rect), rect, selection)
    name, offset = layers[-1].name, Point(rect.x0, rect.y0)
    if merged[..., 3].any():
        pixels = Pixels.from_array(merged)
        yield PixelLayer(id=new_layer_id(), name=name, pixels=pixels, offset=offset)
