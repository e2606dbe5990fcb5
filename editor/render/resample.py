"""Pictures in another size: scaled with clean soft edges, and thumbnails.

Scaling mixes neighbours, so it is done on premultiplied float32: on straight colour the hidden
colour of transparent pixels would bleed in, and on premultiplied bytes the faint would lose theirs.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.pixels import RGBA8
from editor.render.composite import composite_layers

Floats = NDArray[np.floating]


class Resampling(StrEnum):
    """How neighbours are mixed."""

    LANCZOS = "lanczos"  # sharpest
    AREA = "area"  # plain mean of what a pixel covers: for thumbnails


FILTERS = {
    Resampling.LANCZOS: Image.Resampling.LANCZOS,
    Resampling.AREA: Image.Resampling.BOX,
}


def scaled(rgba: RGBA8, size: Size, resampling: Resampling = Resampling.LANCZOS) -> RGBA8:
    """Return a straight (h, w, 4) picture in another size; transparent pixels become 0.

    Raises ValueError if either size has no pixel.
    """
    if min(*rgba.shape[:2], *size) < 1:
        raise ValueError(f"a picture of {rgba.shape[1]} x {rgba.shape[0]} cannot be {size}")
    if rgba.shape[:2] == (size.height, size.width):
        return rgba.copy()
    alpha = rgba[..., 3]
    if alpha.min() == 255:
        image = Image.fromarray(np.ascontiguousarray(rgba[..., :3]))
        opaque = np.asarray(image.resize(size, FILTERS[resampling]))
        return np.dstack([opaque, np.full(opaque.shape[:2], 255, np.uint8)])
    weight = (alpha / 255).astype(np.float32)
    new_weight = np.clip(_plane(weight, size, resampling), 0, 1)
    out = np.zeros((size.height, size.width, 4), np.uint8)
    out[..., 3] = new_weight * 255 + 0.5
    divisor = np.maximum(new_weight, 1e-6)
    for channel in range(3):
        color = _plane(rgba[..., channel] * weight, size, resampling) / divisor
        out[..., channel] = np.clip(color, 0, 255) + 0.5
    out[out[..., 3] == 0] = 0
    return out


def fitted(rgba: RGBA8, side: int) -> RGBA8:
    """Return a picture made to fit a square, keeping its shape; it is never enlarged."""
    height, width = rgba.shape[:2]
    ratio = side / max(height, width, 1)
    if ratio >= 1:
        return rgba.copy()
    size = Size(max(1, round(width * ratio)), max(1, round(height * ratio)))
    return scaled(rgba, size, Resampling.AREA)


def thumbnail(document: Document, side: int) -> RGBA8:
    """Return the whole canvas composited, within a square of that side."""
    return fitted(composite_layers(document.layers, document.rect), side)


def _plane(plane: Floats, size: Size, resampling: Resampling) -> Floats:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize(size, FILTERS[resampling]), np.float32)
