"""What differs between two documents, by identity and so in the time the difference takes.

`changes` is what every panel redraws from; `same` compares by value, for tests and for asking
whether a file holds all of a document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from editor.document.document import Document
from editor.document.geometry import Point, Rect, cells, union
from editor.document.layer import AdjustmentLayer, Group, Layer, Mask, PixelLayer, Variant
from editor.document.pixels import (
    TILE,
    Pixels,
    TileKey,
    changed_tiles,
    same_coverage,
    same_pixels,
    tile_rect,
)


@dataclass(frozen=True, slots=True)
class Changes:
    """The document's tiles whose composite may differ, and whether rows or selection do."""

    tiles: frozenset[TileKey]
    rows: bool
    canvas: bool  # size, resolution or profile
    selection: bool = False


EVERYWHERE = Rect(-(1 << 30), -(1 << 30), 1 << 30, 1 << 30)
NOTHING = Changes(frozenset(), rows=False, canvas=False)


def changes(before: Document, after: Document) -> Changes:
    """Return what differs, never too little; colour the same by value may count as different."""
    if before is after:
        return NOTHING
    canvas = (before.size, before.dpi, before.icc) != (after.size, after.dpi, after.icc)
    rows = before.layers is not after.layers
    selection = before.selection is not after.selection
    if before.size != after.size or before.icc != after.icc:
        return Changes(frozenset(cells(after.rect, TILE)), rows, canvas, selection)
    tiles: set[TileKey] = set()
    for rect in _changed_rects(before.layers, after.layers):
        tiles.update(cells(rect.met(after.rect), TILE))
    return Changes(frozenset(tiles), rows, canvas, selection)


def same(a: Document, b: Document) -> bool:
    """Whether two documents are equal by value, pixel for pixel and field for field."""
    if (a.size, a.dpi, a.icc, a.guides) != (b.size, b.dpi, b.icc, b.guides):
        return False
    if (a.selection is None) != (b.selection is None):
        return False
    if a.selection is not None and b.selection is not None:
        return same_coverage(a.selection, b.selection) and _same_layers(a.layers, b.layers)
    return _same_layers(a.layers, b.layers)


def _changed_rects(before: tuple[Layer, ...], after: tuple[Layer, ...]) -> Iterable[Rect]:
    if before is after:
        return
    old = {layer.id: layer for layer in before}
    new = {layer.id: layer for layer in after}
    if [(layer.id, layer.clipped) for layer in before] != [
        (layer.id, layer.clipped) for layer in after
    ]:  # what a clipped layer is clipped to may be another layer now
        yield from (_reach(layer) for layer in (*before, *after) if layer.clipped)
    for layer_id in old.keys() ^ new.keys():
        yield _reach(old.get(layer_id) or new[layer_id])
    kept_before = [layer.id for layer in before if layer.id in new]
    kept_after = [layer.id for layer in after if layer.id in old]
    if kept_before != kept_after:
        for first, second in zip(kept_before, kept_after, strict=True):
            if first != second:
                yield _reach(old[first])
                yield _reach(new[second])
    for layer_id in kept_after:
        yield from _layer_rects(old[layer_id], new[layer_id])


def _layer_rects(before: Layer, after: Layer) -> Iterable[Rect]:
    if before is after:
        return
    if _shown(before) != _shown(after) or type(before) is not type(after):
        yield _reach(before)
        yield _reach(after)
        return
    if before.mask is not after.mask:
        yield from _mask_rects(before.mask, after.mask, _reach(before).united(_reach(after)))
    if isinstance(before, Group) and isinstance(after, Group):
        yield from _changed_rects(before.children, after.children)
    elif isinstance(before, AdjustmentLayer) and isinstance(after, AdjustmentLayer):
        if before.adjustment != after.adjustment:
            yield _reach(after)
    elif isinstance(before, PixelLayer) and isinstance(after, PixelLayer):
        if before.offset != after.offset:
            yield before.rect
            yield after.rect
        for key in changed_tiles(before.pixels, after.pixels):
            yield tile_rect(key).moved(*after.offset)


def _reach(layer: Layer) -> Rect:
    """Return where a layer may change what is seen: all but what its mask hides, if it adjusts."""
    mask = layer.mask
    if isinstance(layer, AdjustmentLayer):
        if mask is None or not mask.enabled or mask.coverage.outside:
            return EVERYWHERE
        return mask.rect
    if isinstance(layer, Group):
        return union(map(_reach, layer.children))
    return layer.rect


def _shown(layer: Layer) -> tuple[object, ...]:
    return (layer.opacity, layer.blend_mode, layer.visible, layer.clipped)


def _mask_rects(before: Mask | None, after: Mask | None, layer_rect: Rect) -> Iterable[Rect]:
    if before is None or after is None or not _same_frame(before, after):
        yield layer_rect
        return
    for key in changed_tiles(before.coverage, after.coverage):
        yield tile_rect(key).moved(*after.offset)


def _same_frame(a: Mask, b: Mask) -> bool:
    """Whether two masks differ in their tiles at most."""
    return (a.offset, a.enabled, a.coverage.outside) == (b.offset, b.enabled, b.coverage.outside)


def _same_layers(a: tuple[Layer, ...], b: tuple[Layer, ...]) -> bool:
    return len(a) == len(b) and all(map(_same_layer, a, b))


def _same_layer(a: Layer, b: Layer) -> bool:
    if type(a) is not type(b):
        return False
    return all(_same_field(a, b, each.name) for each in fields(a))


def _same_field(a: Layer, b: Layer, name: str) -> bool:
    left, right = getattr(a, name), getattr(b, name)
    match name:
        case "children":
            return _same_layers(left, right)
        case "mask":
            return _same_mask(left, right)
        case "pixels" | "offset":
            return _same_placed(a, b)
        case "variants":
            return len(left) == len(right) and all(map(_same_variant, left, right))
        case _:
            return bool(left == right)


def _same_placed(a: Layer, b: Layer) -> bool:
    assert isinstance(a, PixelLayer)
    assert isinstance(b, PixelLayer)
    return _agree(a.pixels, a.offset, b.pixels, b.offset)


def _same_variant(a: Variant, b: Variant) -> bool:
    agree = _agree(a.pixels, a.offset, b.pixels, b.offset)
    return agree and (a.recipe, a.verdict) == (b.recipe, b.verdict)


def _agree(a: Pixels, a_offset: Point, b: Pixels, b_offset: Point) -> bool:
    """Whether pixels agree in the document, however each divides its place in offset and tiles."""
    if a_offset == b_offset:
        return same_pixels(a, b)
    if a.content.is_empty or b.content.is_empty:
        return a.content.is_empty and b.content.is_empty
    rect = a.content.moved(*a_offset)
    if rect != b.content.moved(*b_offset):
        return False
    first = a.read(a.content)
    return same_pixels(Pixels.from_array(first), Pixels.from_array(b.read(b.content)))


def _same_mask(a: Mask | None, b: Mask | None) -> bool:
    if a is None or b is None:
        return a is b
    if (a.enabled, a.linked, a.coverage.outside) != (b.enabled, b.linked, b.coverage.outside):
        return False
    if a.rect.is_empty or b.rect.is_empty:
        return a.rect.is_empty and b.rect.is_empty
    if a.rect != b.rect:
        return False
    return bool((a.coverage.read(a.coverage.content) == b.coverage.read(b.coverage.content)).all())
