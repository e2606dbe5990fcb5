"""Where the result of each task goes: new layers only, or new variants in their place."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect
from editor.document.layer import BlendMode, Group, LayerId, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.pixels import PaintPixels, ShowVariant
from editor.generation import Asked, Given, asked_again, made_together, order_for, placed
from editor.generation import asked as asked_room
from editor.render.composite import composite
from generator.models.catalogue import Card, Model
from generator.request import (
    GeneratedLayer,
    GenerationError,
    GenerationResult,
    Lora,
    Role,
    Task,
    UsedAdapter,
)

SHADE = np.full((64, 64, 4), (0, 0, 0, 100), np.uint8)


def names(layers: tuple) -> list:
    return [
        (each.name, names(each.children)) if isinstance(each, Group) else each.name
        for each in layers
    ]


def foot_and_height(layer: PixelLayer) -> tuple[float, int, int]:
    alpha = layer.pixels.read(layer.pixels.content)[..., 3] > 127
    rows, columns = np.flatnonzero(alpha.any(1)), np.flatnonzero(alpha.any(0))
    middle = layer.rect.x0 + (columns[0] + columns[-1]) / 2
    return middle, layer.rect.y0 + rows[-1], rows[-1] - rows[0]


def test_a_background_lies_beneath_and_the_subject_is_the_same_object(
    do, document, subject
) -> None:
    alone = replace(document, layers=(subject,))
    done = do(alone, ("subject",), Asked("blue sea", 3, Task.BACKGROUND), shadow=SHADE)
    assert names(done.document.layers) == ["blue sea", "Shadow", "subject"]
    assert done.document.layers[-1] is subject
    shadow = done.layer(Role.SHADOW)
    assert shadow.blend_mode is BlendMode.MULTIPLY
    assert done.layer().name == "blue sea"
    assert {each.recipe.job for each in (done.layer(), shadow)} == {done.order.request.job}


def test_a_background_lies_beneath_the_groups_of_its_subject(do, document, subject) -> None:
    inner = replace(subject, id=LayerId("inner"), name="old shadow")
    group = Group(id=LayerId("group"), name="group", children=(inner, subject))
    grouped = replace(document, layers=(group,))
    done = do(grouped, ("subject",), Asked("sea", 3, Task.BACKGROUND), light=SHADE)
    assert names(done.document.layers) == ["sea", ("group", ["old shadow", "Light", "subject"])]
    assert done.layer(Role.LIGHT).blend_mode is BlendMode.SCREEN


def test_a_foreground_is_grouped_with_its_shadow_and_alone_without_one(do, document) -> None:
    asked = Asked("red cup", 1, Task.FOREGROUND, foreground_prompt="cup")
    done = do(document, ("ground",), asked, shadow=SHADE)
    assert names(done.document.layers) == ["ground", ("cup", ["Shadow", "cup"]), "subject"]
    assert (done.document.layers[0], done.document.layers[2]) == document.layers
    alone = do(document, ("ground",), asked)
    assert names(alone.document.layers) == ["ground", "cup", "subject"]


def test_nothing_comes_between_a_layer_and_what_is_clipped_to_it(do, document, subject) -> None:
    paint = replace(subject, id=LayerId("paint"), name="paint", clipped=True)
    clipped = replace(document, layers=(*document.layers, paint))
    done = do(clipped, ("subject",), Asked("cup", 1, Task.FOREGROUND))
    assert names(done.document.layers) == ["ground", "subject", "paint", "cup"]
    done = do(clipped, ("paint",), Asked("sea", 1, Task.BACKGROUND))
    assert names(done.document.layers) == ["ground", "sea", "subject", "paint"]


def test_together_makes_three_layers_of_one_job_the_blended_one_hidden(do, document) -> None:
    asked = Asked(
        "a cup on a table", 1, Task.TOGETHER, foreground_prompt="red cup",
        background_prompt="blue table", count=2,
    )  # fmt: skip
    done = do(document, ("subject",), asked, shadow=SHADE)
    assert names(done.document.layers) == [
        "ground", "subject", "blue table", ("red cup", ["Shadow", "red cup"]), "Blended",
    ]  # fmt: skip
    assert not done.layer(Role.BLENDED).visible
    layers = made_together(done.document, done.placed.layer)
    assert [each.recipe.role for each in layers] == [
        "background", "shadow", "foreground", "blended",
    ]  # fmt: skip
    assert [[each.recipe.seed for each in layer.variants] for layer in layers] == [[1, 2]] * 4


def test_eight_foregrounds_in_a_row_leave_all_earlier_layers_as_they_were(do, document) -> None:
    grown = document
    for seed in range(8):
        before = {each.id: each for each in grown.walk()}
        grown = do(grown, (grown.layers[-1].id,), Asked("cup", seed, Task.FOREGROUND)).document
        assert all(grown.find(key) is layer for key, layer in before.items())
    assert len(grown.layers) == 10
    assert grown.layers[:2] == document.layers


def test_a_generated_layer_is_varied_in_its_place_and_ones_own_into_a_new_layer(
    do, document
) -> None:
    own = do(document, ("subject",), Asked("box", 2, Task.VARY, strength=0.4))
    assert names(own.document.layers) == ["ground", "subject", "box"]
    assert own.document.layers[1] is document.layers[1]
    assert own.layer().recipe.box == Rect(22, 22, 42, 42)
    again = do(own.document, (own.placed.layer,), Asked("box", 5, Task.VARY, strength=0.4))
    assert again.placed.layer == own.placed.layer
    assert [each.recipe.seed for each in again.layer().variants] == [2, 5]
    assert again.layer().recipe.strength == 0.4


def test_repainting_changes_the_selection_and_not_a_byte_beside_it(do, document) -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 256, (64, 64, 4), np.uint8)
    mine = PixelLayer(id=LayerId("mine"), name="mine", pixels=Pixels.from_array(noise))
    soft = np.zeros((64, 64), np.uint8)
    soft[20:30, 20:30] = 255
    soft[20:30, 30] = 128
    chosen = replace(document, layers=(mine,), selection=Coverage.from_array(soft))
    done = do(chosen, ("mine",), Asked("green hat", 2, Task.REPAINT))
    layer = done.layer()
    assert (layer.id, len(layer.variants), layer.variant) == ("mine", 2, 1)
    painted = layer.pixels.read(Rect(0, 0, 64, 64).moved(-layer.offset.x, -layer.offset.y))
    outside = soft == 0
    assert np.array_equal(painted[outside], noise[outside])
    assert (painted[20:30, 20:30] == (56, 142, 60, 255)).all()
    back = ShowVariant(layer.id, 0).apply(done.document).find(layer.id)
    assert isinstance(back, PixelLayer)
    assert back.recipe is None
    assert back.pixels is mine.pixels


def test_upscaling_makes_a_larger_layer_around_the_same_middle(do, document) -> None:
    done = do(document, ("subject",), Asked("", 1, Task.UPSCALE, scale=2))
    assert names(done.document.layers) == ["ground", "subject", "subject 2x"]
    assert done.layer().rect == Rect(16, 16, 48, 48)


def test_a_shadow_is_grouped_with_its_subject_which_stays_the_same_object(
    do, document, subject
) -> None:
    done = do(document, ("subject",), Asked("", 1, Task.SHADOW))
    assert names(done.document.layers) == ["ground", ("subject", ["Shadow", "Light", "subject"])]
    assert done.document.find("subject") is subject
    assert [(each.layer, each.role) for each in done.order.inputs] == [
        ("subject", "foreground"),
        ("ground", "background"),
    ]
    recipe = done.layer(Role.SHADOW).recipe
    assert (recipe.task, recipe.role, recipe.cast.direction) == ("shadow", "shadow", 60.0)


def test_a_shadow_sees_the_blended_picture_while_the_subject_is_where_it_was_made(
    do, document
) -> None:
    made = do(document, (), Asked("red cup", 1, Task.TOGETHER))
    cup = made.placed.layer
    asked = Asked("", 1, Task.SHADOW)
    roles = {each.role for each in order_for(made.document, (cup,), asked).inputs}
    assert roles == {"foreground", "background", "blended"}
    moved = made.document.replaced(cup, lambda each: replace(each, offset=Point(3, 0)))
    roles = {each.role for each in order_for(moved, (cup,), asked).inputs}
    assert roles == {"foreground", "background"}


def test_extracting_lays_the_subject_on_top(do, document, ground) -> None:
    blended = replace(ground, id=LayerId("blended"))
    whole = replace(document, layers=(*document.layers, blended))
    done = do(whole, ("ground", "blended"), Asked("", 1, Task.EXTRACT))
    assert names(done.document.layers)[-1] == "Extracted"


def test_regenerating_keeps_the_place_and_what_was_painted(do, document) -> None:
    made = do(document, (), Asked("red apple", 1, box=Rect(0, 0, 64, 64)))
    layer = made.layer()
    mask = Mask(Coverage.full(255))
    document = made.changed(
        layer.id, name="my apple", opacity=0.2, blend_mode=BlendMode.MULTIPLY, mask=mask,
        offset=Point(layer.offset.x + 7, layer.offset.y - 5),
    )  # fmt: skip
    dab = np.full((2, 2, 4), 255, np.uint8)
    at = document.find(layer.id).rect
    painted = PaintPixels(layer.id, Point(at.x0 + 10, at.y0 + 10), dab).apply(document)
    before = painted.find(layer.id)
    again = do(painted, (), asked_again(painted, layer.id, seed=99))
    after = again.layer()
    assert (after.id, after.name, after.opacity) == (layer.id, "my apple", 0.2)
    assert (after.blend_mode, after.mask) == (BlendMode.MULTIPLY, mask)
    assert len(after.variants) == 3
    assert after.variants[1].pixels is before.pixels

    assert np.abs(np.subtract(foot_and_height(after), foot_and_height(before))).max() <= 1
    assert after.recipe.box == Rect(7, -5, 71, 59)


def test_the_same_seed_makes_the_same_again_even_after_a_move(do, document) -> None:
    made = do(document, (), Asked("red apple", 1, box=Rect(0, 0, 64, 64)))
    layer = made.layer()
    moved = made.changed(layer.id, offset=Point(layer.offset.x + 4, layer.offset.y))
    again = do(moved, (), asked_again(moved, layer.id)).layer()
    assert again.rect == layer.rect.moved(4, 0)
    assert np.array_equal(
        again.pixels.read(again.pixels.content), layer.pixels.read(layer.pixels.content)
    )


def test_the_same_weights_serve_under_another_name(do, document, monkeypatch) -> None:
    done = do(document, (), Asked("red disc", 7))
    card = Card("another", (64, 64), 2, 1.0, done.layer().recipe.model_hash, {})
    other = Model("another", Path("another"), card, is_installed=True, size_bytes=0)
    monkeypatch.setattr(asked_room, "models", lambda: (other,))
    assert asked_again(done.document, done.placed.layer).model == "another"
    monkeypatch.setattr(asked_room, "models", lambda: (replace(other, is_installed=False),))
    assert asked_again(done.document, done.placed.layer).model == "pocket"


def test_what_was_made_together_is_made_again_together(do, document) -> None:
    made = do(document, (), Asked("red cup", 1, Task.TOGETHER), shadow=SHADE)
    again = do(made.document, (), asked_again(made.document, made.placed.layer, seed=5))
    assert [each.name for each in again.document.walk()] == [
        each.name for each in made.document.walk()
    ]
    layers = made_together(again.document, made.placed.layer)
    assert {each.recipe.job for each in layers} == {again.order.request.job}
    shadow = again.layer(Role.SHADOW)
    assert len(shadow.variants) == 2
    assert shadow.pixels.content.is_empty, "there was no shadow this time"


def test_a_locked_layer_of_the_job_is_left_alone(do, document) -> None:
    made = do(document, (), Asked("red cup", 1, Task.TOGETHER))
    below = made.layer(Role.BACKGROUND)
    locked = made.changed(below.id, locks=replace(below.locks, pixels=True))
    again = do(locked, (), asked_again(locked, made.placed.layer, seed=5))
    assert again.document.find(below.id) is locked.find(below.id)


def test_what_a_locked_target_does_not_take_fits_a_new_layer(do, document) -> None:
    made = do(document, (), Asked("red cup", 1))
    layer = made.layer()
    order = order_for(made.document, (), asked_again(made.document, layer.id, seed=5))
    picture = np.full((8, 8, 4), 255, np.uint8)
    made_again = (GeneratedLayer(Role.FOREGROUND, picture, 5),)
    result = GenerationResult(order.request.job, made_again, "pocket", "abc", 8, 3.0, 0.1)
    locked = made.changed(layer.id, locks=replace(layer.locks, pixels=True))
    with pytest.raises(EditError):
        placed(order, result).edit.apply(locked)
    fresh = placed(order.as_new(), result)
    assert len(fresh.edit.apply(locked).layers) == 4


def test_a_recipe_holds_all_that_was_asked(do, document, monkeypatch) -> None:
    asked = Asked(
        "red cup", 1, Task.FOREGROUND, negative_prompt="blue", steps=4, guidance=2.5,
        background_prompt="room", patch_weight=0.8, stop_at=0.5, is_draft=True,
        loras=(Lora("mine", 0.6),),
        given=(Given(Role.CONTROL, (LayerId("subject"),), kind="canny", weight=0.3),),
    )  # fmt: skip
    order = order_for(document, ("ground",), asked)
    picture = np.full((64, 64, 4), 255, np.uint8)
    used = (UsedAdapter("mine", "aa", 0.6), UsedAdapter("canny-control", "bb", 0.3))
    result = GenerationResult(
        order.request.job, (GeneratedLayer(Role.FOREGROUND, picture, 1),), "pocket", "abc", 4,
        2.5, 0.1, adapters=used,
    )  # fmt: skip
    done = placed(order, result)
    after = done.edit.apply(document)
    assert [(each.name, each.is_lora) for each in after.find(done.layer).recipe.adapters] == [
        ("mine", True),
        ("canny-control", False),
    ]
    with pytest.raises(GenerationError, match="LoRA “mine” is not known here"):
        asked_again(after, done.layer)

    class Known:
        name, sha256 = "other name", "aa"

    monkeypatch.setattr("editor.generation.asked.loras", lambda: (Known,))
    again = asked_again(after, done.layer)
    assert again.loras == (Lora("other name", 0.6),)
    for name in (
        "prompt", "seed", "task", "negative_prompt", "steps", "guidance", "background_prompt",
        "patch_weight", "stop_at", "is_draft", "scale", "cast",
    ):  # fmt: skip
        assert getattr(again, name) == getattr(asked, name), name
    control = next(each for each in again.given if each.role is Role.CONTROL)
    assert (control.layers, control.kind, control.weight) == (("subject",), "canny", 0.3)


def test_what_was_made_with_a_picture_from_a_file_says_that_it_is_missing(do, document) -> None:
    given = Given(Role.STYLE, pixels=np.full((4, 4, 4), 255, np.uint8))
    done = do(document, (), Asked("cup", 1, given=(given,)))
    with pytest.raises(GenerationError, match="its style, that is not in the document"):
        asked_again(done.document, done.placed.layer)


def test_a_document_looks_the_same_but_for_what_was_added(do, document: Document) -> None:
    done = do(document, ("subject",), Asked("", 1, Task.SHADOW))
    without = done.document
    for role in (Role.SHADOW, Role.LIGHT):
        without = without.removed(done.layer(role).id)
    assert np.array_equal(composite(without, document.rect), composite(document, document.rect))
