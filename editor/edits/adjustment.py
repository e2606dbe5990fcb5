"""Adjustment layers added and set, and adjustments made to the pixels of a layer for good."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.document.adjustment import Adjustment
from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import AdjustmentLayer, LayerId, Mask, PixelLayer
from editor.document.pixels import RGBA8, Coverage, Pixels, TileKey
from editor.edits.edit import EditError, found, found_pixels
from editor.edits.layers import place_above
from editor.render.adjusting import adjusted, prepared
from editor.render.regions import under


@dataclass(frozen=True, slots=True, eq=False)
class AddAdjustment:
    """Put an adjustment layer above another one; what is selected becomes its mask."""

    layer: LayerId  # of the new one
    name: str
    adjustment: Adjustment
    above: LayerId | None

    def apply(self, document: Document) -> Document:
        """Return the document with the adjustment, and without a selection."""
        region = document.selection
        mask = None if region is None else Mask(region, Point(0, 0))
        layer = AdjustmentLayer(
            id=self.layer, name=self.name, adjustment=self.adjustment, mask=mask
        )
        place = place_above(document, self.above)
        above = document.children_of(place.parent)[place.index : place.index + 1]
        if any(each.clipped for each in above):  # it must not come between them and their base
            layer = replace(layer, clipped=True)
        document = document.inserted(layer, place)
        return replace(document, selection=None)


@dataclass(frozen=True, slots=True)
class SetAdjustment:
    """Give an adjustment layer other numbers."""

    layer: LayerId
    adjustment: Adjustment

    def apply(self, document: Document) -> Document:
        """Return the document with the layer adjusting so."""
        layer = found(document, self.layer)
        if not isinstance(layer, AdjustmentLayer):
            raise EditError(f"“{layer.name}” is not an adjustment.")
        if layer.locks.pixels:
            raise EditError(f"“{layer.name}” is locked.")
        changed = replace(layer, adjustment=self.adjustment)
        return document.replaced(self.layer, lambda _: changed)


@dataclass(frozen=True, slots=True)
class AdjustPixels:
    """Adjust the pixels of a layer where the selection is."""

    layer: LayerId
    adjustment: Adjustment
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer's colours changed; alpha stays."""
        layer = found_pixels(document, self.layer)
        pixels = _adjusted(layer, self.adjustment, document.selection)
        return document.replaced(self.layer, lambda _: replace(layer, pixels=pixels))


def _adjusted(layer: PixelLayer, adjustment: Adjustment, region: Coverage | None) -> Pixels:
    how = prepared(adjustment)
    tiles: dict[TileKey, RGBA8] = {}
    for key, tile in layer.pixels.tiles.items():
        mask = under(region, key, layer.offset)
        if mask is not None and not mask.any():
            continue
        color = tile[..., :3] / 255.0
        share = 1.0 if mask is None else (mask / 255.0)[..., None]
        made = color + (adjusted(*how, color) - color) * share
        after = tile.copy()
        after[..., :3] = np.clip(made, 0, 1) * 255 + 0.5
        after.flags.writeable = False
        tiles[key] = after
    return layer.pixels.with_tiles(tiles)
