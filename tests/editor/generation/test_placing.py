from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document, Place
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.layers import AddLayers
from editor.generation import (
    NAME_LENGTH,
    Asked,
    asked_again,
    layer_name,
    order_for,
    pixels_hash,
    placed,
)
from generator.request import (
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Role,
)

BELOW = PixelLayer(id=new_layer_id(), name="below", pixels=Pixels.empty())
ABOVE = PixelLayer(id=new_layer_id(), name="above", pixels=Pixels.empty())
DOCUMENT = Document(size=Size(400, 200), layers=(BELOW, ABOVE))


def picture(side: int, value: int = 200) -> np.ndarray:
    return np.full((side, side, 4), (value, 10, 20, 255), np.uint8)


def result_of(request: GenerationRequest, *sides: int) -> GenerationResult:
    layers = tuple(
        GeneratedLayer(Role.FOREGROUND, picture(side), request.seed + index)
        for index, side in enumerate(sides)
    )
    return GenerationResult(request.job, layers, request.model, "abc", 8, 3.0, 0.1)


def layer_in(document: Document, asked: Asked, *sides: int) -> PixelLayer:
    order = order_for(document, (BELOW.id,), asked)
    done = placed(order, result_of(order.request, *sides))
    layer = done.edit.apply(document).find(done.layer)
    assert isinstance(layer, PixelLayer)
    return layer


def test_a_result_fills_the_middle_of_the_canvas() -> None:
    layer = layer_in(DOCUMENT, Asked("red apple", 7), 64)
    assert layer.name == "red apple"
    assert layer.rect == Rect(100, 0, 300, 200)
    assert layer.recipe is not None
    assert layer.recipe.affine == (200 / 64, 0.0, 100, 0.0, 200 / 64, 0)
    assert (layer.recipe.prompt, layer.recipe.seed, layer.recipe.steps) == ("red apple", 7, 8)


def test_a_box_of_other_proportions_stretches_nothing() -> None:
    layer = layer_in(DOCUMENT, Asked("ball", 1, box=Rect(10, 20, 110, 60)), 64)
    assert layer.rect == Rect(40, 20, 80, 60)


def test_a_new_layer_stands_above_the_one_that_was_active() -> None:
    asked = Asked("ball", 1)
    order = order_for(DOCUMENT, (BELOW.id,), asked)
    done = placed(order, result_of(order.request, 8))
    after = done.edit.apply(DOCUMENT)
    assert [layer.id for layer in after.layers] == [BELOW.id, done.layer, ABOVE.id]
    assert after.layers[0] is BELOW
    group = Group(id=new_layer_id(), name="g", children=(BELOW,))
    moved = AddLayers((group,), Place(None, 1)).apply(DOCUMENT.removed(BELOW.id))
    inside = done.edit.apply(moved).children_of(group.id)
    assert [layer.id for layer in inside] == [BELOW.id, done.layer]
    without = done.edit.apply(DOCUMENT.removed(BELOW.id))
    assert [layer.id for layer in without.layers] == [ABOVE.id, done.layer]


def test_several_pictures_are_variants_of_one_layer() -> None:
    layer = layer_in(DOCUMENT, Asked("ball", 5, count=3), 16, 16, 16)
    assert [each.recipe.seed for each in layer.variants] == [5, 6, 7]
    assert layer.pixels is layer.variants[0].pixels


def test_regenerating_keeps_name_place_and_the_earlier_picture() -> None:
    first = layer_in(DOCUMENT, Asked("ball", 5, box=Rect(0, 0, 50, 50)), 16)
    kept = replace(first, name="my ball", opacity=0.2)
    document = replace(DOCUMENT, layers=(BELOW, kept))
    assert first.recipe is not None
    again = layer_in(document, asked_again(document, kept.id, seed=9), 16)
    assert (again.id, again.name, again.opacity) == (kept.id, "my ball", 0.2)
    assert again.rect == Rect(0, 0, 50, 50)
    assert [each.recipe.seed for each in again.variants] == [5, 9]
    assert again.variant == 1


@pytest.mark.parametrize(
    "asked",
    [
        Asked("  ", 1),
        Asked("ball", -1),
        Asked("ball", 1, count=0),
        Asked("ball", 1, steps=0),
        Asked("ball", 1, box=Rect(0, 0, 100000, 5)),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: Asked) -> None:
    with pytest.raises(GenerationError, match=r"\.$"):
        order_for(DOCUMENT, (), asked)


def test_long_prompts_make_short_names() -> None:
    assert layer_name("  a\n ball ") == "a ball"
    assert len(layer_name("word " * 40)) <= NAME_LENGTH


def test_the_hash_knows_size_and_bytes() -> None:
    flat = picture(8)
    assert pixels_hash(flat) == pixels_hash(flat.copy())
    assert pixels_hash(flat) != pixels_hash(flat.reshape(4, 16, 4))
    assert pixels_hash(flat) != pixels_hash(picture(8, 201))


def test_offsets_are_those_of_the_box() -> None:
    assert layer_in(DOCUMENT, Asked("ball", 5, box=Rect(-20, 30, 20, 70)), 16).offset == Point(
        -20, 30
    )
