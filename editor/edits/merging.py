"""Layers made one: down, all that is seen, a stamp of it, flat; and a group made pixels."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.document.document import Document, Place, with_children
from editor.document.geometry import Point, Rect, union
from editor.document.layer import BlendMode, Group, Layer, LayerId, PixelLayer
from editor.document.pixels import Pixels
from editor.edits.edit import EditError, found
from editor.edits.layers import RemoveLayers, outermost, place_above
from editor.render.composite import composite_layers


@dataclass(frozen=True, slots=True)
class MergeLayers:
    """Make several layers one, which stands where the lowest stood, with its name and mode.

    What the lowest is clipped to, and how it is locked and labelled, stays; masks and opacities
    become part of the pixels.
    """

    layers: tuple[LayerId, ...]
    merged: LayerId  # the id of what comes out
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layers as one; hidden ones among them are lost."""
        ids = outermost(document, self.layers)
        if len(ids) < 2:
            raise EditError("Choose two layers or more to merge.")
        return _merged(document, ids, self.merged)


@dataclass(frozen=True, slots=True)
class MergeDown:
    """Make a layer one with the one just below it in its group; a group becomes a layer."""

    layer: LayerId
    merged: LayerId  # the id of what comes out
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with both as one; raises `EditError` where nothing is below."""
        layer, place = found(document, self.layer), document.place_of(self.layer)
        if isinstance(layer, Group):
            return Rasterise(self.layer, self.merged).apply(document)
        assert place is not None
        if place.index == 0:
            raise EditError(f"There is no layer below “{layer.name}” to merge it with.")
        below = document.children_of(place.parent)[place.index - 1]
        if not (layer.visible and below.visible):
            raise EditError("Only layers that are shown can be merged.")
        if not isinstance(below, PixelLayer):
            raise EditError(f"“{below.name}” has no pixels of its own to merge with.")
        return _merged(document, (below.id, layer.id), self.merged)


@dataclass(frozen=True, slots=True)
class Rasterise:
    """Make a group, with its mask and opacity, one layer of pixels."""

    layer: LayerId
    merged: LayerId
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer as pixels."""
        layer = found(document, self.layer)
        if not isinstance(layer, Group):
            raise EditError(f"“{layer.name}” is not a group.")
        return _merged(document, (layer.id,), self.merged)


@dataclass(frozen=True, slots=True)
class MergeVisible:
    """Make all that is seen one layer, where the lowest of it stood; what is hidden stays."""

    merged: LayerId
    name: str
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with one visible layer."""
        pixels = _picture(document.layers, document.rect)
        hidden = _hidden(document.layers)
        lowest = next((i for i, each in enumerate(document.layers) if each.visible), None)
        if lowest is None:
            raise EditError("No layer is shown.")
        layer = PixelLayer(id=self.merged, name=self.name, pixels=pixels)
        return replace(document, layers=hidden).inserted(layer, Place(None, lowest))


@dataclass(frozen=True, slots=True)
class StampVisible:
    """Put a layer of all that is seen above another one; every layer stays as it is."""

    above: LayerId | None
    merged: LayerId
    name: str
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the new layer in it."""
        pixels = _picture(document.layers, document.rect)
        if pixels.content.is_empty:
            raise EditError("There is nothing to be seen.")
        layer = PixelLayer(id=self.merged, name=self.name, pixels=pixels)
        return document.inserted(layer, place_above(document, self.above))


@dataclass(frozen=True, slots=True)
class Flatten:
    """Make the document one opaque layer: all that is seen, on white."""

    merged: LayerId
    name: str
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the flat document; hidden layers and what is beyond the canvas are lost."""
        rgba = composite_layers(document.layers, document.rect)
        share = rgba[..., 3:].astype(np.uint16)
        white = 255 * (255 - share) + rgba[..., :3] * share
        rgba[..., :3] = (white + 127) // 255
        rgba[..., 3] = 255
        layer = PixelLayer(id=self.merged, name=self.name, pixels=Pixels.from_array(rgba))
        return replace(document, layers=(layer,))


def _merged(document: Document, ids: tuple[LayerId, ...], merged: LayerId) -> Document:
    """Put one layer in the place of several, the first of which is the lowest."""
    layers = tuple(found(document, each) for each in ids)
    lowest, place = layers[0], document.place_of(ids[0])
    assert place is not None
    mode = lowest.blend_mode
    seen = (replace(lowest, clipped=False), *layers[1:])
    if mode is not BlendMode.PASS_THROUGH:
        seen = (replace(seen[0], blend_mode=BlendMode.NORMAL), *layers[1:])
    else:
        mode = BlendMode.NORMAL
    layer = PixelLayer(
        id=merged,
        name=lowest.name,
        pixels=_picture(seen, document.rect),
        blend_mode=mode,
        locks=lowest.locks,
        clipped=lowest.clipped,
        label=lowest.label,
        model_visible=any(each.model_visible for each in layers),
    )
    return RemoveLayers(ids).apply(document).inserted(layer, place)


def _picture(layers: tuple[Layer, ...], canvas: Rect) -> Pixels:
    """Return what layers make, beyond the canvas too, on the document's own grid."""
    rect = union(each.rect for each in layers)
    if rect.is_empty:
        return Pixels.empty()
    limit = canvas.grown(max(canvas.size))  # a speck far away must not take all memory
    rect = rect.met(limit)
    return Pixels.from_array(composite_layers(layers, rect), Point(rect.x0, rect.y0))


def _hidden(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return what is hidden, with the groups that it lies in."""
    kept: list[Layer] = []
    for layer in layers:
        if not layer.visible:
            kept.append(layer)
        elif isinstance(layer, Group):
            inside = _hidden(layer.children)
            if inside:
                kept.append(with_children(layer, inside))
    return tuple(kept)
