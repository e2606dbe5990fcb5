from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document.adjustment import Adjustment, BrightnessContrast, Invert
from editor.document.changes import NOTHING, changes, same
from editor.document.document import Document, Place
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import (
    AdjustmentLayer,
    BlendMode,
    Group,
    Layer,
    LayerId,
    Mask,
    PixelLayer,
    moved,
    new_layer_id,
)
from editor.document.pixels import Coverage, Pixels
from editor.render.composite import composite


def square(name: str, x: int, y: int, side: int = 90, seed: int = 0) -> PixelLayer:
    array = np.random.default_rng(seed).integers(0, 256, (side, side, 4), np.uint8)
    return PixelLayer(
        id=new_layer_id(), name=name, pixels=Pixels.from_array(array), offset=Point(x, y)
    )


def document_of(*layers: Layer) -> Document:
    return Document(size=Size(512, 384), layers=layers)


def test_the_same_document_has_no_changes() -> None:
    document = document_of(square("a", 0, 0))
    assert changes(document, document) == NOTHING


def test_a_dab_changes_its_tiles_alone() -> None:
    layer = square("a", 0, 0, 400)
    document = document_of(square("b", 0, 0, 400), layer)
    painted = layer.pixels.written(np.full((5, 5, 4), 7, np.uint8), Point(200, 10))
    after = document.replaced(layer.id, lambda each: replace(each, pixels=painted))
    found = changes(document, after)
    assert found.tiles == {(1, 0)}
    assert found.rows
    assert not found.canvas


def test_moving_changes_both_places() -> None:
    layer = square("a", 0, 0)
    document = document_of(layer)
    after = document.replaced(layer.id, lambda each: moved(each, 300, 0))
    assert changes(document, after).tiles == {(0, 0), (2, 0), (3, 0)}


def test_same_sees_through_offsets_and_tiles() -> None:
    layer = square("a", 10, 20)
    far = replace(
        layer, pixels=Pixels.from_array(layer.pixels.read(Rect(0, 0, 90, 90)), Point(7, 7))
    )
    near = replace(far, offset=Point(3, 13))
    assert same(document_of(layer), document_of(near))
    assert not same(document_of(layer), document_of(replace(near, offset=Point(4, 13))))
    assert not same(document_of(layer), document_of(replace(layer, opacity=0.0)))


def edits(document: Document, choice: int, rng: np.random.Generator) -> Document:
    layers = [layer for layer in document.walk() if not isinstance(layer, Group)]
    layer = layers[int(rng.integers(len(layers)))]
    match choice:
        case 0:
            return document.removed(layer.id).inserted(layer, Place(None, int(rng.integers(4))))
        case 1:
            return document.replaced(layer.id, lambda each: replace(each, clipped=not each.clipped))
        case 2:
            return document.replaced(layer.id, lambda each: replace(each, visible=not each.visible))
        case 3:
            grey = rng.integers(0, 256, (60, 60), np.uint8)
            mask = Mask(Coverage.from_array(grey, Point(40, 40), int(rng.choice([0, 255]))))
            return document.replaced(layer.id, lambda each: replace(each, mask=mask))
        case 4:
            mode = list(BlendMode)[int(rng.integers(3, 28))]
            return document.replaced(layer.id, lambda each: replace(each, blend_mode=mode))
        case _:
            return document.replaced(
                layer.id, lambda each: moved(each, int(rng.integers(-99, 99)), 9)
            )


@settings(max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 1 << 20))
def test_no_change_of_the_composite_is_missed(choices: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    inner = (square("c", 100, 30, seed=3), square("d", 130, 60, seed=4))
    group = Group(id=new_layer_id(), name="g", children=inner, opacity=0.8)
    before = document_of(square("a", 0, 0, 300, 1), square("b", 60, 40, seed=2), group)
    after = before
    for choice in choices:
        after = edits(after, choice, rng)
    differs = (composite(before, before.rect) != composite(after, after.rect)).any(axis=2)
    tiles = {(int(x) // 128, int(y) // 128) for y, x in zip(*np.nonzero(differs), strict=True)}
    assert tiles <= changes(before, after).tiles


def test_an_adjustment_changes_all_that_its_mask_shows() -> None:
    def adjusted(adjustment: Adjustment, mask: Mask | None = None) -> Document:
        layer = AdjustmentLayer(id=LayerId("x"), name="x", adjustment=adjustment, mask=mask)
        return Document(size=Size(300, 300), layers=(layer,))

    everywhere = {(x, y) for x in range(3) for y in range(3)}
    assert changes(adjusted(Invert()), adjusted(BrightnessContrast(5))).tiles == everywhere
    assert changes(adjusted(Invert()), adjusted(Invert())).tiles == set()
    mask = Mask(Coverage.of_rect(Rect(130, 5, 140, 20)))
    masked = changes(adjusted(Invert(), mask), adjusted(BrightnessContrast(5), mask))
    assert masked.tiles == {(1, 0)}
