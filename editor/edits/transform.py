"""Layers, or what is selected of one, through an affine: scaled, turned, slanted, mirrored."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Point, Rect
from editor.document.layer import (
    AdjustmentLayer,
    Group,
    Layer,
    LayerId,
    Mask,
    PixelLayer,
    Variant,
)
from editor.document.pixels import Coverage, Pixels
from editor.document.recipe import Affine, Recipe
from editor.document.text import Linear, Text
from editor.edits.edit import Edit, EditError, Growing, found, found_pixels
from editor.edits.layers import outermost
from editor.edits.selection import SetSelection
from editor.render.fills import cleared, lifted, pasted
from editor.render.transforming import Interpolation, applied, extent, inverse, times, transformed

MOST_PIXELS = 1 << 28  # of one layer that comes out of it


@dataclass(frozen=True, slots=True)
class TransformLayers:
    """Put layers, all that is in them and their linked masks through an affine of the document."""

    layers: tuple[LayerId, ...]
    affine: Affine
    how: Interpolation
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the layers transformed; raises `EditError` if one is locked."""
        _check(self.affine)
        for layer_id in outermost(document, self.layers):
            found(document, layer_id)
            document = document.replaced(layer_id, self._transformed)
        return document

    def check(self, document: Document) -> None:
        """Raise the `EditError` that a locked layer would, without doing anything."""
        for layer_id in outermost(document, self.layers):
            _check_free(found(document, layer_id))

    def _transformed(self, layer: Layer) -> Layer:
        _check_free(layer)
        mask = layer.mask
        if mask is not None and mask.linked:
            mask = _mask(mask, self.affine, self.how)
        if isinstance(layer, Group):
            children = tuple(map(self._transformed, layer.children))
            return replace(layer, mask=mask, children=children)
        if isinstance(layer, AdjustmentLayer):
            return replace(layer, mask=mask)
        return replace(_pixel_layer(layer, self.affine, self.how), mask=mask)


@dataclass(frozen=True, slots=True)
class TransformSelected:
    """Lift what is selected of a layer, transform it with the selection, and lay it back."""

    layer: LayerId
    affine: Affine
    how: Interpolation
    grows: ClassVar[bool] = True

    def apply(self, document: Document) -> Document:
        """Return the document with the selected pixels transformed."""
        _check(self.affine)
        self.check(document)
        layer, region = found_pixels(document, self.layer), document.selection
        assert region is not None  # as was checked
        floating = lifted(layer.pixels, layer.offset, region)
        moved = _pixels(floating, layer.offset, self.affine, self.how)
        rest = cleared(layer.pixels, layer.offset, region)
        dx, dy = -layer.offset.x, -layer.offset.y
        after = replace(layer, pixels=pasted(rest, moved, dx, dy))
        document = document.replaced(self.layer, lambda _: after)
        return SetSelection(region_through(region, Point(0, 0), self.affine, self.how)).apply(
            document
        )

    def check(self, document: Document) -> None:
        """Raise the `EditError` that the document would, without doing anything."""
        layer = found_pixels(document, self.layer)
        if document.selection is None:
            raise EditError("Nothing is selected.")
        if layer.locks.alpha or layer.locks.position:
            raise EditError(f"“{layer.name}” is locked, so it cannot be transformed.")


@dataclass(frozen=True, slots=True, eq=False)
class Instead:
    """An edit of an earlier document, whatever is shown: what a gesture previews again and again.

    Only while nothing but the gesture changes the document.
    """

    base: Document
    edit: Edit

    @property
    def grows(self) -> bool:
        """Whether the edit does."""
        return isinstance(self.edit, Growing) and self.edit.grows

    def apply(self, document: Document) -> Document:
        """Return what the edit makes of the earlier document."""
        return self.edit.apply(self.base)


def transformable(document: Document, layers: tuple[LayerId, ...]) -> tuple[PixelLayer, ...]:
    """Return the layers with pixels among layers and in groups among them, bottom first."""
    wanted = set(outermost(document, layers))
    return tuple(_pixel_layers(document.layers, wanted, inside=False))


def _pixel_layers(
    layers: tuple[Layer, ...], wanted: set[LayerId], *, inside: bool
) -> list[PixelLayer]:
    result: list[PixelLayer] = []
    for layer in layers:
        taken = inside or layer.id in wanted
        if isinstance(layer, Group):
            result += _pixel_layers(layer.children, wanted, inside=taken)
        elif taken and isinstance(layer, PixelLayer) and not layer.rect.is_empty:
            result.append(layer)
    return result


def _affine(linear: Linear) -> Affine:
    a, b, c, d = linear
    return (a, b, 0.0, c, d, 0.0)


def whole_layer_through(layer: Layer, affine: Affine, how: Interpolation) -> Layer:
    """Return a layer with all that belongs to it after an affine of the whole document.

    Locks do not hold, masks come along linked or not, and so do variants and what recipes say of
    places.
    """
    mask = None if layer.mask is None else _mask(layer.mask, affine, how)
    if isinstance(layer, Group):
        children = tuple(whole_layer_through(child, affine, how) for child in layer.children)
        return replace(layer, mask=mask, children=children)
    if isinstance(layer, AdjustmentLayer):
        return replace(layer, mask=mask)
    after = _pixel_layer(layer, affine, how)
    variants = tuple(_variant(each, layer, after, affine, how) for each in layer.variants)
    recipe = _placed_recipe(layer.recipe, affine)
    return replace(after, mask=mask, variants=variants, recipe=recipe)


def _variant(
    variant: Variant, before: PixelLayer, after: PixelLayer, affine: Affine, how: Interpolation
) -> Variant:
    """Return a variant after an affine; the one that is shown shares the layer's pixels."""
    recipe = _placed_recipe(variant.recipe, affine)
    if variant.pixels is before.pixels and variant.offset == before.offset:
        return replace(variant, pixels=after.pixels, offset=after.offset, recipe=recipe)
    pixels = _pixels(variant.pixels, variant.offset, affine, how)
    return replace(variant, pixels=pixels, offset=Point(0, 0), recipe=recipe)


def _placed_recipe(recipe: Recipe | None, affine: Affine) -> Recipe | None:
    if recipe is None:
        return None
    box = None if recipe.box is None else extent(affine, recipe.box)
    return replace(recipe, box=box, affine=times(affine, recipe.affine))


def _pixel_layer(layer: PixelLayer, affine: Affine, how: Interpolation) -> PixelLayer:
    pixels = _pixels(layer.pixels, layer.offset, affine, how)
    changed = replace(layer, pixels=pixels, offset=Point(0, 0))
    if layer.text is None:
        return changed
    return _lettered(changed, layer.text, layer.offset, affine)


def _lettered(layer: PixelLayer, text: Text, anchor: Point, affine: Affine) -> PixelLayer:
    """Let text stay text: what was done to it is done again when it is next drawn."""
    x, y = applied(affine, *anchor)
    offset = Point(round(x), round(y))
    a, b, _, d, e, _ = times(affine, _affine(text.linear))
    content = layer.pixels.content
    at = Point(content.x0 - offset.x, content.y0 - offset.y)
    pixels = Pixels.from_array(layer.pixels.read(content), at)
    return replace(layer, text=replace(text, linear=(a, b, d, e)), pixels=pixels, offset=offset)


def _check_free(layer: Layer) -> None:
    if layer.locks.position or layer.locks.pixels:
        raise EditError(f"“{layer.name}” is locked, so it cannot be transformed.")
    for child in layer.children if isinstance(layer, Group) else ():
        _check_free(child)


def _check(affine: Affine) -> None:
    try:
        inverse(affine)
    except ValueError:
        raise EditError("Nothing would be left of it at that size.") from None


def _pixels(pixels: Pixels, offset: Point, affine: Affine, how: Interpolation) -> Pixels:
    """Return a picture that lies at an offset as it lies, at (0, 0), after the affine."""
    if pixels.content.is_empty:
        return Pixels.empty()
    rect = pixels.content.moved(*offset)
    out = _extent(affine, rect)
    array = transformed(pixels.read(pixels.content), (rect.x0, rect.y0), affine, out, how)
    return Pixels.from_array(array, Point(out.x0, out.y0))


def _mask(mask: Mask, affine: Affine, how: Interpolation) -> Mask:
    return replace(
        mask, coverage=region_through(mask.coverage, mask.offset, affine, how), offset=Point(0, 0)
    )


def region_through(region: Coverage, offset: Point, affine: Affine, how: Interpolation) -> Coverage:
    """Return a coverage after the affine: what differs from its outside value, as if alpha."""
    if region.content.is_empty:
        return region
    rect = region.content.moved(*offset)
    out = _extent(affine, rect)
    values = region.read(region.content)
    rgba = np.zeros((*values.shape, 4), np.uint8)
    rgba[..., 3] = 255 - values if region.outside else values
    alpha = transformed(rgba, (rect.x0, rect.y0), affine, out, how)[..., 3]
    values = 255 - alpha if region.outside else alpha
    return Coverage.from_array(np.ascontiguousarray(values), Point(out.x0, out.y0), region.outside)


def _extent(affine: Affine, rect: Rect) -> Rect:
    """Return where the result lies; raises `EditError` where that is too large."""
    out = extent(affine, rect)
    if out.width * out.height > MOST_PIXELS:
        raise EditError(f"The layer would have {out.width} x {out.height} pixels: too many.")
    return out
