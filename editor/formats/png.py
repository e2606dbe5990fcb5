"""A fast PNG encoder: the Up filter and ISA-L deflate, about eight times as fast as Pillow's.

Straight RGBA or grey, 8 bit; reading PNG is left to Pillow.
"""

import struct
from collections.abc import Iterable
from zlib import crc32

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from editor.document.pixels import RGBA8
from editor.document.recipe import Recipe
from editor.formats.recipes import recipe_to_json

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RECIPE_KEYWORD = "acetate:recipe"

_COLOUR_TYPE = {1: 0, 4: 6}  # channels: PNG's colour type
_UP = 2
_BAND_BYTES = 1 << 22


def png_bytes(
    rgba: RGBA8, *, dpi: float | None = None, icc: bytes | None = None, recipe: Recipe | None = None
) -> bytes:
    """Return a PNG of an (h, w, 4) uint8 array, colour under alpha 0 included; neither side is 0.

    The recipe goes into an iTXt chunk under `RECIPE_KEYWORD`, where `editor.formats.read` finds it.
    """
    extra = b""
    if icc is not None:
        extra += chunk(b"iCCP", b"ICC profile\0\0" + isal_zlib.compress(icc))
    if dpi is not None:
        per_metre = round(dpi / 0.0254)
        extra += chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    if recipe is not None:
        text = RECIPE_KEYWORD.encode("ascii") + b"\0\0\0\0\0" + recipe_to_json(recipe).encode()
        extra += chunk(b"iTXt", text)
    height, width = rgba.shape[:2]
    return encoded([rgba], (width, height), extra)


def encoded(
    bands: Iterable[NDArray[np.uint8]], size: tuple[int, int], extra: bytes = b"", channels: int = 4
) -> bytes:
    """Return a PNG from bands of rows, (n, w, 4) or with `channels=1` (n, w), top to bottom.

    `extra` holds whole chunks that go between IHDR and IDAT.
    """
    width, height = size
    assert width > 0, size
    assert height > 0, size
    head = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPE[channels], 0, 0, 0)
    parts = [SIGNATURE, chunk(b"IHDR", head), extra]
    deflate = isal_zlib.compressobj(1)
    above = np.zeros(width * channels, np.uint8)
    for band in bands:
        rows = np.ascontiguousarray(band).reshape(len(band), width * channels)
        step = max(1, _BAND_BYTES // rows.shape[1])
        for y in range(0, len(rows), step):
            part = rows[y : y + step]
            parts.append(_idat(deflate.compress(_filtered(part, above))))
            above = part[-1]
    parts.append(_idat(deflate.flush()))
    parts.append(chunk(b"IEND", b""))
    return b"".join(parts)


def chunk(name: bytes, body: bytes) -> bytes:
    """Return one PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(body, crc32(name)))


def _idat(body: bytes) -> bytes:
    return chunk(b"IDAT", body) if body else b""


def _filtered(rows: NDArray[np.uint8], above: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return rows with the filter byte before each and the row above taken from each."""
    result = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
    result[:, 0] = _UP
    np.subtract(rows[0], above, out=result[0, 1:])
    np.subtract(rows[1:], rows[:-1], out=result[1:, 1:])
    return result
