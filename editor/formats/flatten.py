"""A document's composite in bands from the top, with a small picture of it made on the way."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import BlendMode, PixelLayer
from editor.document.pixels import RGBA8
from editor.render.composite import composite

BAND = 256  # rows: two tiles
_SAMPLES = 4  # a thumbnail's pixel is the mean of about 4 x 4 of the picture's


def bands(document: Document, pool: Executor | None = None) -> Iterator[RGBA8]:
    """Yield the composite as (at most `BAND`, width, 4) straight uint8 arrays, top to bottom.

    With a pool, the tiles of each band are shared out among its threads.
    """
    for y in range(0, document.size.height, BAND):
        rect = Rect(0, y, document.size.width, min(y + BAND, document.size.height))
        yield composite(document, rect, pool)


def flattened(document: Document) -> RGBA8:
    """Return the whole composite; what one plain layer holds is given back untouched.

    That keeps colour under alpha 0, which a composite does not define.
    """
    layer = plain_layer(document)
    if layer is not None:
        return layer.pixels.read(document.rect.moved(-layer.offset.x, -layer.offset.y))
    return composite(document, document.rect)


def plain_layer(document: Document) -> PixelLayer | None:
    """Return the only layer if it is shown just as it is, else None."""
    if len(document.layers) != 1:
        return None
    (layer,) = document.layers
    if not isinstance(layer, PixelLayer) or not layer.visible or layer.mask is not None:
        return None
    if layer.opacity != 1.0 or layer.blend_mode is not BlendMode.NORMAL or layer.clipped:
        return None
    return layer


def on_white(rgba: RGBA8) -> NDArray[np.uint8]:
    """Return (h, w, 3): c * a + 255 * (1 - a), rounded to the nearest, in integers."""
    alpha = rgba[..., 3:].astype(np.uint16)
    half = rgba[..., :3].astype(np.uint16) * alpha + (255 - alpha) * 255 + np.uint16(128)
    result: NDArray[np.uint8] = ((half.astype(np.uint32) + (half >> 8)) >> 8).astype(np.uint8)
    return result


class Thumbnail:
    """A picture at most `side` pixels wide and high, fed with bands of the whole."""

    def __init__(self, size: Size, side: int) -> None:
        """Choose how many pixels one pixel of the thumbnail stands for, and which are looked at."""
        wanted = -(-max(size) // side)
        self._step = max(1, wanted // _SAMPLES)
        self._factor = -(-wanted // self._step) * self._step
        self._size = size
        self._rest = np.zeros((0, size.width, 4), np.uint8)
        self._rows: list[NDArray[np.uint8]] = []

    def add(self, band: RGBA8) -> None:
        """Take the next rows."""
        rows = np.concatenate([self._rest, band]) if len(self._rest) else band
        whole = len(rows) // self._factor * self._factor
        if whole:
            self._rows.append(self._reduced(rows[:whole]))
        self._rest = rows[whole:]

    def watched(self, rows: Iterable[RGBA8]) -> Iterator[RGBA8]:
        """Pass bands on, taking each on the way."""
        for band in rows:
            self.add(band)
            yield band

    def picture(self) -> RGBA8:
        """Return the thumbnail, straight RGBA8, once every band was given."""
        if len(self._rest):
            self._rows.append(self._reduced(self._rest))
            self._rest = self._rest[:0]
        return np.concatenate(self._rows)

    def _reduced(self, rows: RGBA8) -> RGBA8:
        return _reduced(rows[:: self._step, :: self._step], self._factor // self._step)


def _reduced(rows: RGBA8, factor: int) -> NDArray[np.uint8]:
    """Average blocks of factor x factor pixels by alpha; blocks at the edges may be smaller."""
    if factor == 1:
        return rows
    alpha = rows[..., 3].astype(np.float32)
    weighted = np.dstack([rows[..., :3] * alpha[..., None], alpha])
    steps_x = np.arange(0, rows.shape[1], factor)
    steps_y = np.arange(0, rows.shape[0], factor)
    total = np.add.reduceat(np.add.reduceat(weighted, steps_x, axis=1), steps_y, axis=0)
    counts = np.outer(_lengths(steps_y, rows.shape[0]), _lengths(steps_x, rows.shape[1]))
    colour = total[..., :3] / np.maximum(total[..., 3:], 1e-6)
    result = np.dstack([colour, total[..., 3] / counts])
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def _lengths(starts: NDArray[np.intp], end: int) -> NDArray[np.intp]:
    return np.diff(np.append(starts, end))
