"""A layer's mask switched, linked, inverted, and made part of its pixels."""

from dataclasses import dataclass, replace
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, Mask, PixelLayer
from editor.document.pixels import Coverage
from editor.edits.edit import EditError, found, found_pixels
from editor.render import regions
from editor.render.fills import lifted


@dataclass(frozen=True, slots=True)
class AddMask:
    """Give a layer a mask that shows all of it, or hides all, until it is painted on."""

    layer: LayerId
    hide: bool = False

    def apply(self, document: Document) -> Document:
        """Return the document with the mask; raises `EditError` where there is one already."""
        layer = found(document, self.layer)
        if layer.mask is not None:
            raise EditError(f"“{layer.name}” has a mask already.")
        return _with(document, self.layer, Mask(Coverage.full(0 if self.hide else 255)))


@dataclass(frozen=True, slots=True)
class EnableMask:
    """Let a mask work, or show its layer as if there were none."""

    layer: LayerId
    enabled: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the mask on or off."""
        mask = found_mask(document, self.layer)
        return _with(document, self.layer, replace(mask, enabled=self.enabled))


@dataclass(frozen=True, slots=True)
class LinkMask:
    """Let a mask move with its layer, or stay when the layer is moved."""

    layer: LayerId
    linked: bool

    def apply(self, document: Document) -> Document:
        """Return the document with the mask linked or not."""
        mask = found_mask(document, self.layer)
        return _with(document, self.layer, replace(mask, linked=self.linked))


@dataclass(frozen=True, slots=True)
class InvertMask:
    """Show what a mask hides and hide what it shows."""

    layer: LayerId
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the mask inverted, beyond its tiles too."""
        mask = found_mask(document, self.layer)
        tiles = {key: 255 - tile for key, tile in mask.coverage.tiles.items()}
        coverage = regions.tidied(tiles, 255 - mask.coverage.outside)
        return _with(document, self.layer, replace(mask, coverage=coverage))


@dataclass(frozen=True, slots=True)
class ApplyMask:
    """Take out of a layer's pixels what its mask hides, and the mask away."""

    layer: LayerId
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the mask in the alpha; a mask that is off still counts."""
        mask, layer = found_mask(document, self.layer), found_pixels(document, self.layer)
        if layer.locks.alpha:
            raise EditError(f"The transparency of “{layer.name}” is locked.")
        return document.replaced(self.layer, lambda _: with_mask_applied(layer, mask))


@dataclass(frozen=True, slots=True)
class RemoveMask:
    """Take a layer's mask away; its pixels stay as they are."""

    layer: LayerId

    def apply(self, document: Document) -> Document:
        """Return the document without the mask."""
        found_mask(document, self.layer)
        return _with(document, self.layer, None)


def found_mask(document: Document, layer_id: LayerId) -> Mask:
    """Return a layer's mask, or raise `EditError` because there is none."""
    layer = found(document, layer_id)
    if layer.mask is None:
        raise EditError(f"“{layer.name}” has no mask.")
    return layer.mask


def with_mask_applied(layer: PixelLayer, mask: Mask) -> PixelLayer:
    """Return the layer with its alpha times a mask, and no mask."""
    dx, dy = mask.offset.x - layer.offset.x, mask.offset.y - layer.offset.y
    own = regions.cut(regions.moved(mask.coverage, dx, dy), layer.pixels.rect)
    return replace(layer, pixels=lifted(layer.pixels, Point(0, 0), own), mask=None)


def _with(document: Document, layer_id: LayerId, mask: Mask | None) -> Document:
    return document.replaced(layer_id, lambda layer: replace(layer, mask=mask))
