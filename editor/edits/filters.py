"""Filters on the pixels of a layer, where the selection is; and on its mask, for blur."""

from dataclasses import dataclass, replace
from typing import ClassVar

from editor.document.document import Document
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage
from editor.edits.edit import EditError, found_pixels
from editor.edits.masks import found_mask
from editor.render import regions
from editor.render.filters import (
    Area,
    Filter,
    blur_reach,
    blurred,
    defringed,
    filtered,
    sharpened,
)


@dataclass(frozen=True, slots=True)
class BlurPixels:
    """Soften a layer by a Gaussian of that deviation in pixels; locked alpha stays."""

    layer: LayerId
    radius: float
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer blurred; its edges spread."""
        layer, reach = found_pixels(document, self.layer), blur_reach(self.radius)
        spread = 0 if layer.locks.alpha else reach
        return _filtered(document, layer, reach, blurred(self.radius), spread)


@dataclass(frozen=True, slots=True)
class SharpenPixels:
    """Move a layer's colours away from their blur; alpha stays."""

    layer: LayerId
    amount: float  # 1.0 is 100 %
    radius: float
    threshold: int = 0  # differences of fewer levels stay
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layer sharpened."""
        layer = found_pixels(document, self.layer)
        make = sharpened(self.radius, self.amount, self.threshold / 255)
        return _filtered(document, layer, blur_reach(self.radius), make, 0)


@dataclass(frozen=True, slots=True)
class DefringePixels:
    """Give a layer's half-transparent edges the colour of what is solid inside; alpha stays."""

    layer: LayerId
    width: int  # pixels that the colour spreads
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the edges cleaned."""
        layer = found_pixels(document, self.layer)
        return _filtered(document, layer, self.width, defringed(self.width), 0)


@dataclass(frozen=True, slots=True)
class BlurMask:
    """Soften a layer's mask by a Gaussian of that deviation in pixels."""

    layer: LayerId
    radius: float
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the mask blurred; raises `EditError` with a selection."""
        mask = found_mask(document, self.layer)
        if document.selection is not None:
            raise EditError("Deselect before you blur a mask: it is blurred as a whole.")
        before = mask.coverage
        inner = before if not before.outside else _opposite(before)
        rect = inner.content.grown(blur_reach(self.radius) + 2)
        after = regions.feathered(inner, self.radius, rect)
        after = after if not before.outside else _opposite(after)
        changed = replace(mask, coverage=after)
        return document.replaced(self.layer, lambda layer: replace(layer, mask=changed))


def _opposite(coverage: Coverage) -> Coverage:
    tiles = {key: 255 - tile for key, tile in coverage.tiles.items()}
    return regions.tidied(tiles, 255 - coverage.outside)


def _filtered(
    document: Document, layer: PixelLayer, reach: int, make: Filter, spread: int
) -> Document:
    dx, dy = -layer.offset.x, -layer.offset.y
    content, bounds = layer.pixels.content, document.rect.moved(dx, dy)
    if content.is_empty:
        raise EditError(f"“{layer.name}” is empty.")
    rect = content.grown(spread)
    if bounds.met(content) == content:  # what lies on the canvas does not spread beyond it
        rect = rect.met(bounds)
    region = None
    if document.selection is not None:
        region = regions.moved(document.selection, dx, dy)
        rect = rect.met(region.content)
    area = Area(rect, bounds, region, keep_alpha=spread == 0)
    pixels = filtered(layer.pixels, area, reach, make)
    return document.replaced(layer.id, lambda _: replace(layer, pixels=pixels))
