"""A recipe with all that it can hold goes through every file that keeps it."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import PixelLayer, Variant, new_layer_id
from editor.document.pixels import Pixels
from editor.document.recipe import Adapter, Cast, Recipe, RecipeInput
from editor.formats import read, write
from editor.formats.recipes import recipe_from_json

WHOLE = Recipe(
    task="foreground", prompt="red cup", seed=5, model="sdxl", negative_prompt="blue",
    foreground_prompt="cup", background_prompt="room", steps=7, guidance=4.5, strength=0.6,
    patch_weight=0.8, stop_at=0.5, scale=4, is_draft=True, cast=Cast(direction=120.0, contact=0.1),
    model_hash="abc",
    adapters=(Adapter("mine", "aa", 0.6), Adapter("canny", "bb", 0.3, is_lora=False)),
    inputs=(
        RecipeInput("room", "background", "cc"),
        RecipeInput("sketch", "control", "dd", kind="scribble", weight=0.4),
    ),
    role="shadow", box=Rect(-3, 0, 61, 64), content=Rect(2, 3, 20, 30),
    affine=(2.0, 0.0, 5.0, 0.0, 2.0, 6.0), job="1234",
)  # fmt: skip


def layer(recipe: Recipe | None) -> PixelLayer:
    pixels = Pixels.from_array(np.full((16, 16, 4), (9, 8, 7, 255), np.uint8))
    return PixelLayer(id=new_layer_id(), name="cup", pixels=pixels, recipe=recipe)


def test_every_field_is_set_to_something_of_its_own() -> None:
    plain = Recipe("x", "", 0, "")
    assert all(getattr(WHOLE, each.name) != getattr(plain, each.name) for each in fields(Recipe))


@pytest.mark.parametrize("suffix", [".acetate", ".psd", ".psb", ".png"])
def test_all_of_it_survives(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    write(Document(size=Size(16, 16), layers=(layer(WHOLE),)), path)
    assert read(path).document.layers[0].recipe == WHOLE


def test_what_a_layer_held_before_is_a_variant_without_a_recipe(tmp_path: Path) -> None:
    own = layer(None)
    variants = (
        Variant(own.pixels, Point(0, 0), None),
        Variant(Pixels.empty(), Point(0, 0), WHOLE),
    )
    path = tmp_path / "x.acetate"
    write(Document(size=Size(16, 16), layers=(replace(own, variants=variants),)), path)
    found = read(path).document.layers[0]
    assert [each.recipe for each in found.variants] == [None, WHOLE]
    assert found.recipe is None


def test_a_recipe_of_an_earlier_version_is_read_and_one_of_a_later_too() -> None:
    old = '{"task":"layer","prompt":"ball","seed":3,"model":"pocket","box":[0,0,8,8]}'
    assert recipe_from_json(old) == Recipe("layer", "ball", 3, "pocket", box=Rect(0, 0, 8, 8))
    later = '{"task":"layer","prompt":"ball","seed":3,"model":"pocket","unheard":{"of":1}}'
    assert recipe_from_json(later) == Recipe("layer", "ball", 3, "pocket")
