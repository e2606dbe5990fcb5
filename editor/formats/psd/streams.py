"""A layer's channels, compressed band by band on all cores."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Rect
from editor.document.pixels import Coverage, Pixels
from editor.formats.flatten import BAND
from editor.formats.psd.rle import pack, pack_channel

Part = tuple[bytes, NDArray[np.int64]]  # rows one after another, and the length of each

_ORDER = (3, 0, 1, 2)  # alpha first, as Photoshop has it


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One compressed channel in bands from the top; no parts where it has no pixels."""

    parts: tuple[Part, ...] = ()


def picture_channels(pixels: Pixels, rect: Rect, pool: ThreadPoolExecutor) -> Iterator[Channel]:
    """Yield alpha, red, green and blue of a rect; colour under alpha 0 becomes 0, to pack well."""
    if rect.is_empty:
        yield from [Channel()] * 4
        return

    def packed(band: Rect) -> list[Part]:
        rgba = pixels.read(band)
        return [pack_channel(rgba, channel) for channel in _ORDER]

    for parts in zip(*pool.map(packed, _bands(rect)), strict=True):
        yield Channel(tuple(parts))


def mask_channel(coverage: Coverage) -> Channel:
    """Return a mask where it differs from its outside value."""
    rect = coverage.content
    return Channel(tuple(pack(coverage.read(band)) for band in _bands(rect)))


def _bands(rect: Rect) -> Iterator[Rect]:
    if rect.is_empty:
        return
    for y in range(rect.y0, rect.y1, BAND):
        yield Rect(rect.x0, y, rect.x1, min(y + BAND, rect.y1))
