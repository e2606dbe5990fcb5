"""Half, a quarter, an eighth and a sixteenth of a composited tile, for the zoomed-out display."""

from collections.abc import Sequence

import numpy as np

from editor.document.pixels import TILE, TileKey
from editor.render import native
from editor.render.composite import PremultipliedBGRA

LEVELS = 4


def pasted(
    key: TileKey, pixels: PremultipliedBGRA, olds: Sequence[PremultipliedBGRA | None]
) -> list[PremultipliedBGRA]:
    """Return the new tile of each level from 0 on, which holds the given tile in its place.

    The old ones, (128, 128, 4) or None, are left as they are: somebody may be painting them.
    """
    news = [pixels]
    source = pixels
    for level, old in enumerate(olds[1:], start=1):
        new = np.zeros_like(pixels) if old is None else old.copy()
        side = TILE >> level
        x, y = (key[0] * side) % TILE, (key[1] * side) % TILE
        part = new[y : y + side, x : x + side]
        if native.ready():
            native.halve(source, part)
        else:
            part[...] = halved(source)
        source = part
        news.append(new)
    return news


def halved(pixels: PremultipliedBGRA) -> PremultipliedBGRA:
    """Return the rounded mean of every 2 x 2 pixels."""
    height, width = pixels.shape[:2]
    blocks = pixels.reshape(height // 2, 2, width // 2, 2, 4).astype(np.uint16)
    total = blocks.sum(axis=(1, 3), dtype=np.uint16)
    mean: PremultipliedBGRA = ((total + 2) >> 2).astype(np.uint8)
    return mean
