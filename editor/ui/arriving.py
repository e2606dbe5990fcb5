"""What has arrived made into layers, in a worker's thread: decoded, named, fitted and put in place.

Our own layers come as they were; of what others made, each file is a layer.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage

from editor.document.document import Document
from editor.document.geometry import Rect, Size, union
from editor.document.layer import Layer, moved
from editor.edits.layers import copied
from editor.formats import FormatError, Loaded, read
from editor.ui.arrivals import Arrival, Encoded, Link, Sheets, Source
from editor.ui.links import fetched
from editor.ui.placing import fitted_at, layer_of_file, layer_of_pixels
from editor.ui.qimage import rgba_from_image


@dataclass(frozen=True, slots=True)
class Spot:
    """Where layers go: their middle at `at`, or with `as_they_were` where they were made."""

    at: tuple[float, float] | None = None  # None is the middle of what is selected or of the canvas
    as_they_were: bool = False


def layers_of(
    arrival: Arrival, name: str, document: Document, spot: Spot
) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    """Return layers for a document, bottom first, and a sentence for each thing that failed.

    `name` is for what brings none.
    """
    layers: list[Layer] = []
    warnings: list[str] = []
    for source in arrival:
        try:
            made, is_ours, said = _opened(source, name)
        except FormatError as error:
            warnings.append(str(error))
            continue
        layers += _placed(made, document, spot) if is_ours else _fitted(made, document, spot)
        warnings += said
    return tuple(layers), tuple(warnings)


def document_of(arrival: Arrival, name: str) -> tuple[Document | None, tuple[str, ...]]:
    """Return a document that just holds what arrived, None where all of it failed."""
    layers, warnings = layers_of(arrival, name, Document(size=LARGEST), Spot(as_they_were=True))
    rect = union(layer.rect for layer in layers)
    if rect.is_empty:
        return None, warnings
    at_corner = tuple(moved(layer, -rect.x0, -rect.y0) for layer in layers)
    return Document(size=rect.size, layers=at_corner), warnings


LARGEST = Size(1 << 16, 1 << 16)  # nothing is made smaller to fit it


def _opened(source: Source, name: str) -> tuple[tuple[Layer, ...], bool, tuple[str, ...]]:
    """Return layers, whether they are our own with places of their own, and warnings."""
    if isinstance(source, Link):
        source = fetched(source.url)
    if isinstance(source, Sheets):
        return tuple(copied(layer) for layer in source.layers), True, ()
    if isinstance(source, QImage):
        return (layer_of_pixels(rgba_from_image(source), name),), False, ()
    if isinstance(source, Path):
        loaded = read(source)
        return (layer_of_file(loaded, source.stem),), False, loaded.warnings
    loaded = _decoded(source)
    if source.suffix == ".acetate":
        return tuple(copied(layer) for layer in loaded.document.layers), True, loaded.warnings
    return (layer_of_file(loaded, source.name or name),), False, loaded.warnings


def _decoded(source: Encoded) -> Loaded:
    with TemporaryDirectory(prefix="acetate-") as folder:
        path = Path(folder) / f"picture{source.suffix}"
        path.write_bytes(source.body)
        return read(path)


def _placed(layers: tuple[Layer, ...], document: Document, spot: Spot) -> list[Layer]:
    """Return our own layers as they lie to each other."""
    rect = union(layer.rect for layer in layers)
    if spot.as_they_were or rect.is_empty:
        return list(layers)
    x, y = spot.at or _middle(document)
    dx, dy = round(x - (rect.x0 + rect.x1) / 2), round(y - (rect.y0 + rect.y1) / 2)
    return [moved(layer, dx, dy) for layer in layers]


def _fitted(layers: tuple[Layer, ...], document: Document, spot: Spot) -> list[Layer]:
    return [fitted_at(layer, document, spot.at or _middle(document)) for layer in layers]


def _middle(document: Document) -> tuple[float, float]:
    rect: Rect = document.rect
    if document.selection is not None:
        rect = document.selection.content.met(rect)
    return (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2
