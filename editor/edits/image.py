"""The whole document in another size, turned, mirrored or trimmed: layers, masks, guides and all.

Locks do not hold here: what is locked keeps its place in a picture that changes as a whole.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.document.document import MAX_SIDE, Document, Guide, Orientation
from editor.document.geometry import EMPTY, Point, Rect, Size
from editor.document.recipe import Affine
from editor.edits.canvas import Crop
from editor.edits.edit import EditError
from editor.edits.transform import region_through, whole_layer_through
from editor.render.composite import composite
from editor.render.transforming import Interpolation, applied, extent

BAND = 512  # rows that are looked at together


@dataclass(frozen=True, slots=True)
class ResizeImage:
    """Scale everything to a size in pixels; with the size there is only the resolution changes."""

    size: Size
    dpi: float
    how: Interpolation
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document in that size."""
        width, height = self.size
        if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
            raise EditError(f"An image has between 1 and {MAX_SIDE} pixels a side.")
        if self.size != document.size:
            across, down = width / document.size.width, height / document.size.height
            affine = (across, 0.0, 0.0, 0.0, down, 0.0)
            document = _through(document, affine, self.size, self.how)
        return replace(document, dpi=self.dpi)


@dataclass(frozen=True, slots=True)
class TurnImage:
    """Turn everything to the right by quarters of a circle; no pixel is mixed."""

    quarters: int  # 1, 2 or 3
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document turned."""
        width, height = document.size
        turned: dict[int, tuple[Affine, Size]] = {
            1: ((0, -1, height, 1, 0, 0), Size(height, width)),
            2: ((-1, 0, width, 0, -1, height), document.size),
            3: ((0, 1, 0, -1, 0, width), Size(height, width)),
        }
        affine, size = turned[self.quarters]
        return _through(document, affine, size, Interpolation.NEAREST)


@dataclass(frozen=True, slots=True)
class RotateImage:
    """Turn everything to the right by degrees; the canvas grows so that it holds all of its own."""

    degrees: float
    how: Interpolation = Interpolation.CUBIC
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document turned."""
        angle = np.deg2rad(self.degrees)
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        turned = extent((cos, -sin, 0, sin, cos, 0), document.rect)
        affine = (cos, -sin, -float(turned.x0), sin, cos, -float(turned.y0))
        if max(turned.size) > MAX_SIDE:
            raise EditError(f"The canvas would have more than {MAX_SIDE} pixels a side.")
        return _through(document, affine, turned.size, self.how)


@dataclass(frozen=True, slots=True)
class FlipImage:
    """Mirror everything, left to right or top to bottom."""

    across: bool
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document mirrored."""
        width, height = document.size
        affine: Affine = (-1, 0, width, 0, 1, 0) if self.across else (1, 0, 0, 0, -1, height)
        return _through(document, affine, document.size, Interpolation.NEAREST)


@dataclass(frozen=True, slots=True)
class TrimImage:
    """Cut off edges of the canvas that are transparent, or of the colour of the first pixel."""

    by_colour: bool = False
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document trimmed; layers keep what is beyond the canvas."""
        first = composite(document, Rect(0, 0, 1, 1))[0, 0]
        rect = EMPTY
        for y in range(0, document.size.height, BAND):
            band = Rect(0, y, document.size.width, min(y + BAND, document.size.height))
            pixels = composite(document, band)
            seen = (pixels != first).any(axis=-1) if self.by_colour else pixels[..., 3] > 0
            rect = rect.united(_around(seen, y))
        if rect.is_empty:
            raise EditError("There would be nothing left of the picture.")
        return document if rect == document.rect else Crop(rect).apply(document)


@dataclass(frozen=True, slots=True)
class CropToSelection:
    """Make the smallest rect around the selection the canvas."""

    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document cropped, with what lies outside kept in the layers."""
        if document.selection is None:
            raise EditError("Nothing is selected.")
        return Crop(document.selection.content).apply(document)


def _through(document: Document, affine: Affine, size: Size, how: Interpolation) -> Document:
    layers = tuple(whole_layer_through(layer, affine, how) for layer in document.layers)
    selection = document.selection
    if selection is not None:
        selection = region_through(selection, Point(0, 0), affine, how)
    guides = tuple(each for guide in document.guides for each in _guide(guide, affine))
    return replace(document, size=size, layers=layers, selection=selection, guides=guides)


def _guide(guide: Guide, affine: Affine) -> tuple[Guide, ...]:
    """Return a guide after the affine, which may let it run the other way; none if it slants."""
    upright = guide.orientation is Orientation.VERTICAL
    a, b, _, d, e, _ = affine
    x, y = applied(affine, *((guide.position, 0) if upright else (0, guide.position)))
    along = (b, e) if upright else (a, d)  # where its direction goes
    if abs(along[0]) < 1e-9:
        return (Guide(Orientation.VERTICAL, x),)
    return (Guide(Orientation.HORIZONTAL, y),) if abs(along[1]) < 1e-9 else ()


def _around(seen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], y: int) -> Rect:
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        return EMPTY
    x0, x1 = int(columns[0]), int(columns[-1]) + 1
    return Rect(x0, y + int(rows[0]), x1, y + int(rows[-1]) + 1)
