"""A layer's mask as a picture of its own, for who wants to see it rather than what it does.

The picture is a document, so that the cache, which follows documents, composites no more of it than
what a stroke on the mask changes.
"""

from dataclasses import replace

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Size, cells
from editor.document.layer import Layer, LayerId, PixelLayer
from editor.document.pixels import RGBA8, TILE, Grey8, Pixels, TileKey


class MaskView:
    """Follows one mask; tiles that stay the same are the same objects in each picture."""

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self._made: dict[TileKey, tuple[Grey8, RGBA8]] = {}
        self._ground: tuple[Size, int, Pixels] | None = None

    def document(self, document: Document, layer: Layer) -> Document:
        """Return a document that shows a layer's mask in grey; the layer must have one."""
        mask = layer.mask
        assert mask is not None
        made: dict[TileKey, tuple[Grey8, RGBA8]] = {}
        for key, tile in mask.coverage.tiles.items():
            before = self._made.get(key)
            is_same = before is not None and before[0] is tile
            made[key] = before if is_same and before is not None else (tile, _grey(tile))
        self._made = made
        pixels = Pixels({key: picture for key, (_, picture) in made.items()})
        shown = PixelLayer(
            id=LayerId(f"{layer.id}/mask"), name=layer.name, pixels=pixels, offset=mask.offset
        )
        ground = PixelLayer(
            id=LayerId(f"{layer.id}/ground"),
            name=layer.name,
            pixels=self._ground_of(document, mask.coverage.outside),
        )
        return replace(document, layers=(ground, shown), selection=None)

    def _ground_of(self, document: Document, outside: int) -> Pixels:
        """Return the canvas in the grey of what lies beyond the mask's tiles; one tile for all."""
        known = self._ground
        if known is not None and known[:2] == (document.size, outside):
            return known[2]
        tile = _grey(np.full((TILE, TILE), outside, np.uint8))
        pixels = Pixels(dict.fromkeys(cells(document.rect, TILE), tile))
        self._ground = (document.size, outside, pixels)
        return pixels


def _grey(values: Grey8) -> RGBA8:
    words = values.astype("<u4") * np.uint32(0x010101) | np.uint32(0xFF000000)
    tile = words.view(np.uint8).reshape(*values.shape, 4)
    tile.flags.writeable = False
    return tile
