"""Pixels of one layer painted or replaced, and the variants of a generated layer shown."""

from dataclasses import dataclass, replace

from editor.document.document import Document
from editor.document.geometry import Point
from editor.document.layer import LayerId, PixelLayer, Variant
from editor.document.pixels import RGBA8, Pixels, Tiles
from editor.edits.edit import EditError, found, found_pixels


@dataclass(frozen=True, slots=True, eq=False)
class PaintPixels:
    """Put an (h, w, 4) straight RGBA8 array, alpha included, at a place in the document."""

    layer: LayerId
    at: Point
    array: RGBA8

    def apply(self, document: Document) -> Document:
        """Return the document with the pixels in the layer."""
        layer = found_pixels(document, self.layer)
        at = Point(self.at.x - layer.offset.x, self.at.y - layer.offset.y)
        painted = replace(layer, pixels=layer.pixels.written(self.array, at))
        return document.replaced(self.layer, lambda _: painted)


@dataclass(frozen=True, slots=True, eq=False)
class SetTiles:
    """Put whole tiles, read-only (128, 128, 4), into a layer's own grid; nothing is copied."""

    layer: LayerId
    tiles: Tiles

    def apply(self, document: Document) -> Document:
        """Return the document with the tiles in the layer."""
        layer = found_pixels(document, self.layer)
        painted = replace(layer, pixels=layer.pixels.with_tiles(self.tiles))
        return document.replaced(self.layer, lambda _: painted)


@dataclass(frozen=True, slots=True, eq=False)
class SetMaskTiles:
    """Put whole tiles, read-only (128, 128), into the grid of a layer's mask."""

    layer: LayerId
    tiles: Tiles

    def apply(self, document: Document) -> Document:
        """Return the document with the tiles in the mask."""
        layer = found(document, self.layer)
        if layer.mask is None:
            raise EditError(f"“{layer.name}” has no mask.")
        mask = replace(layer.mask, coverage=layer.mask.coverage.with_tiles(self.tiles))
        return document.replaced(self.layer, lambda each: replace(each, mask=mask))


@dataclass(frozen=True, slots=True, eq=False)
class SetPixels:
    """Give a layer other pixels at another place; id, name, mask and all else stay."""

    layer: LayerId
    pixels: Pixels
    offset: Point

    def apply(self, document: Document) -> Document:
        """Return the document with the pixels in the layer."""
        layer = found_pixels(document, self.layer)
        changed = replace(layer, pixels=self.pixels, offset=self.offset)
        return document.replaced(self.layer, lambda _: changed)


@dataclass(frozen=True, slots=True, eq=False)
class AddVariants:
    """Give a layer more results and show the first of them.

    What the layer shows now is kept as a variant first where it is none yet (a layer of one's own,
    or one that was painted on), so that no generation loses anything.
    """

    layer: LayerId
    variants: tuple[Variant, ...]

    def apply(self, document: Document) -> Document:
        """Return the document with the variants in the layer."""
        layer = found_pixels(document, self.layer)
        kept = _with_shown_kept(layer)
        first = len(kept)
        grown = replace(layer, variants=(*kept, *self.variants))
        return document.replaced(self.layer, lambda _: shown(grown, first))


@dataclass(frozen=True, slots=True)
class ShowVariant:
    """Show another variant of a generated layer, by index."""

    layer: LayerId
    index: int

    def apply(self, document: Document) -> Document:
        """Return the document with that variant's pixels in the layer."""
        layer = found(document, self.layer)
        if not isinstance(layer, PixelLayer) or not 0 <= self.index < len(layer.variants):
            raise EditError(f"“{layer.name}” has no such variant.")
        kept = _with_shown_kept(layer)
        shown_layer = shown(replace(layer, variants=kept), self.index)
        return document.replaced(self.layer, lambda _: shown_layer)


def shown(layer: PixelLayer, index: int) -> PixelLayer:
    """Return the layer with the pixels, place and recipe of one of its variants."""
    variant = layer.variants[index]
    return replace(
        layer,
        pixels=variant.pixels,
        offset=variant.offset,
        recipe=variant.recipe,
        variant=index,
    )


def _with_shown_kept(layer: PixelLayer) -> tuple[Variant, ...]:
    """The variants, with what is shown among them: painted pixels are a variant of their own."""
    if layer.recipe is None and layer.pixels.content.is_empty:
        return layer.variants
    if any(each.pixels is layer.pixels for each in layer.variants):
        return layer.variants
    return (*layer.variants, Variant(layer.pixels, layer.offset, layer.recipe))
