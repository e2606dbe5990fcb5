"""Every task of `generate`, with its pictures from files and on a document."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import BlendMode, Group, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.formats import read, write

SIDE = 64
CANVAS = Rect(0, 0, SIDE, SIDE)


def cutout() -> np.ndarray:
    """A red square of half alpha in the middle of nothing."""
    rgba = np.zeros((SIDE, SIDE, 4), np.uint8)
    rgba[24:40, 24:40] = (200, 0, 0, 128)
    return rgba


def room(level: int = 90) -> np.ndarray:
    return np.full((SIDE, SIDE, 4), (level, level, level, 255), np.uint8)


@pytest.fixture(autouse=True)
def files(call) -> None:
    """Put pictures on the desk."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[24:32, 24:32] = 255
    Image.fromarray(cutout()).save("cup.png")
    Image.fromarray(room()).save("room.png")
    Image.fromarray(room(80)).save("both.png")
    Image.fromarray(mask).save("mask.png")
    Image.fromarray(room()[:32]).save("low.png")


def pixels_of(layer: PixelLayer) -> np.ndarray:
    return layer.pixels.read(CANVAS.moved(-layer.offset.x, -layer.offset.y))


def alpha_of(path: str) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))[..., 3]


def named(document: Document) -> dict[str, PixelLayer]:
    return {each.name: each for each in document.walk() if isinstance(each, PixelLayer)}


def test_a_background_is_laid_beneath_the_cut_out_which_keeps_its_bytes(call) -> None:
    said = call(
        "generate", "blue sea", "--task", "background", "--foreground", "cup.png", "-o", "x.psd",
        "--seed", "3", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.json["recipe"]["inputs"][0]["role"] == "foreground"
    document = read(Path("x.psd")).document
    assert [layer.name for layer in document.layers] == ["blue sea", "cup"]
    assert np.array_equal(pixels_of(document.layers[1]), cutout())
    assert alpha_of("cup.png").max() == 128


def test_a_png_of_a_task_is_its_one_picture(call) -> None:
    arguments = ("generate", "sea", "--task", "background", "--foreground", "cup.png")
    for name in ("a.png", "b.png"):
        assert call(*arguments, "-o", name, "--seed", "3").code == 0
    assert alpha_of("a.png").min() == 255
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


def test_a_foreground_stands_on_the_background(call) -> None:
    said = call(
        "generate", "cup in a room", "--foreground-prompt", "green cup", "--task", "foreground",
        "--background", "room.png", "-o", "x.acetate", "--count", "2",
    )  # fmt: skip
    assert said.code == 0, said.err
    document = read(Path("x.acetate")).document
    assert [layer.name for layer in document.layers] == ["room", "green cup"]
    assert len(document.layers[1].variants) == 2
    assert document.layers[1].recipe.inputs[0].layer == document.layers[0].id


def test_all_together_are_layers_or_a_folder_of_pictures(call) -> None:
    arguments = (
        "generate", "a cup in a room", "--task", "together", "--foreground-prompt", "red cup",
        "--background-prompt", "blue room", "--size", "64x48", "--seed", "1",
    )  # fmt: skip
    said = call(*arguments, "-o", "x.acetate", "--json")
    assert said.code == 0, said.err
    assert {each["role"] for each in said.json["layers"]} == {
        "foreground", "background", "blended",
    }  # fmt: skip
    document = read(Path("x.acetate")).document
    assert [(layer.name, layer.visible) for layer in document.layers] == [
        ("blue room", True),
        ("red cup", True),
        ("Blended", False),
    ]
    said = call(*arguments, "-o", "x/")
    assert sorted(each.name for each in Path("x").iterdir()) == [
        "red-cup-1.png", "red-cup-background-1.png", "red-cup-blended-1.png",
    ]  # fmt: skip
    said = call(*arguments, "-o", "x.png")
    assert "holds one picture, so “blue room”, “Blended” is not in it" in said.err
    assert alpha_of("x.png").min() == 0


def test_a_picture_is_varied_into_a_new_one(call) -> None:
    said = call(
        "generate", "red box", "--task", "vary", "--image", "cup.png", "--strength", "0.4",
        "-o", "x.png", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert said.json["recipe"]["strength"] == 0.4
    assert alpha_of("x.png").shape == (SIDE, SIDE)


def test_repainting_keeps_every_byte_beside_the_mask(call) -> None:
    said = call(
        "generate", "green lid", "--task", "repaint", "--image", "cup.png", "--mask", "mask.png",
        "-o", "x.png",
    )  # fmt: skip
    assert said.code == 0, said.err
    with Image.open("x.png") as image:
        rgba = np.asarray(image)
    outside = np.ones((SIDE, SIDE), bool)
    outside[24:32, 24:32] = False
    assert np.array_equal(rgba[outside], cutout()[outside])
    assert (rgba[24:32, 24:32] == (56, 142, 60, 255)).all()


def test_what_was_repainted_in_a_project_can_be_made_again(call) -> None:
    call(
        "generate", "green lid", "--task", "repaint", "--image", "cup.png", "--mask", "mask.png",
        "-o", "x.acetate", "--seed", "4",
    )  # fmt: skip
    said = call("regenerate", "x.acetate", "-o", "y.acetate", "--prompt", "blue lid")
    assert said.code == 0, said.err
    (layer,) = read(Path("y.acetate")).document.layers
    assert [each.recipe and each.recipe.prompt for each in layer.variants] == [
        None, "green lid", "blue lid",
    ]  # fmt: skip
    rgba = pixels_of(layer)
    assert rgba[33, 33].tolist() == [200, 0, 0, 128]
    assert rgba[25, 25].tolist() == [33, 100, 200, 255]


@pytest.mark.parametrize("output", ["x.png", "x.psd"])
def test_a_picture_is_made_two_or_four_times_as_large(call, output: str) -> None:
    said = call("generate", "--task", "upscale", "--scale", "4", "--image", "cup.png", "-o", output)
    assert said.code == 0, said.err
    document = read(Path(output)).document
    assert document.size == Size(4 * SIDE, 4 * SIDE)
    assert document.layers[-1].rect == Rect(96, 96, 160, 160)


def test_a_subject_is_extracted(call) -> None:
    said = call(
        "generate", "--task", "extract", "--background", "room.png", "--blended", "both.png",
        "-o", "x.acetate",
    )  # fmt: skip
    assert said.code == 0, said.err
    document = read(Path("x.acetate")).document
    assert [layer.name for layer in document.layers] == ["room", "both", "Extracted"]


def test_a_shadow_is_cast_beneath_its_subject_without_any_model(call, monkeypatch) -> None:
    monkeypatch.setenv("ACETATE_BACKEND", "layer_diffusion")
    arguments = ("generate", "--task", "shadow", "--foreground", "cup.png")
    said = call(*arguments, "--direction", "180", "--contact", "0", "-o", "x.acetate")
    assert said.code == 0, said.err
    (group,) = read(Path("x.acetate")).document.layers
    assert isinstance(group, Group)
    assert [layer.name for layer in group.children] == ["Shadow", "cup"]
    shadow = group.children[0]
    assert shadow.blend_mode is BlendMode.MULTIPLY
    assert shadow.rect.x0 < 24
    assert shadow.recipe.cast.direction == 180


def test_options_of_guidance_reach_the_recipe(call) -> None:
    said = call(
        "generate", "cup", "--control", "canny=cup.png", "--control", "depth=room.png", "--style",
        "both.png", "--model", "sd15",
        "--weight", "0.8", "--stop-at", "0.5", "--draft", "-o", "x.png", "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    recipe = said.json["recipe"]
    assert [(each["role"], each["kind"]) for each in recipe["inputs"]] == [
        ("control", "canny"), ("control", "depth"), ("style", ""),
    ]  # fmt: skip
    assert (recipe["patch_weight"], recipe["stop_at"], recipe["is_draft"]) == (0.8, 0.5, True)
    assert "cup.png" not in Path("x.png").read_bytes().decode("latin-1")


def desk() -> Document:
    """A room with a cup, a logo that the model may not see, and a selection."""
    ground = PixelLayer(id=new_layer_id(), name="room", pixels=Pixels.from_array(room()))
    cup = PixelLayer(id=new_layer_id(), name="cup", pixels=Pixels.from_array(cutout()))
    logo = replace(cup, id=new_layer_id(), name="logo", offset=Point(-20, 0), model_visible=False)
    return Document(
        size=Size(SIDE, SIDE),
        layers=(ground, cup, logo),
        selection=Coverage.of_rect(Rect(24, 24, 32, 40)),
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--task", "foreground"), ["room", "cup", "logo", "ball"]),
        (("--task", "foreground", "--layer", "room"), ["room", "ball", "cup", "logo"]),
        (("--task", "background", "--layer", "cup"), ["room", "ball", "cup", "logo"]),
        (("--task", "background"), ["ball", "room", "cup", "logo"]),
        (("--task", "vary", "--layer", "cup"), ["room", "cup", "ball", "logo"]),
        (("--task", "repaint", "--layer", "cup"), ["room", "cup", "logo"]),
        (("--task", "upscale", "--layer", "cup"), ["room", "cup", "cup 2x", "logo"]),
        (("--task", "extract", "--layer", "room", "--layer", "cup"),
         ["room", "cup", "ball", "logo"]),
        (("--task", "extract", "--background", "room.png", "--blended", "both.png"),
         ["room", "cup", "logo", "ball"]),
        (("--task", "together"), ["room", "cup", "logo", "ball", "ball", "Blended"]),
    ],
)  # fmt: skip
def test_on_a_document_each_task_adds_its_layers_and_touches_no_other(
    call, arguments: tuple[str, ...], names: list[str]
) -> None:
    before = desk()
    write(before, Path("desk.acetate"))
    said = call("generate", "ball", "--on", "desk.acetate", *arguments, "-o", "new.acetate")
    assert said.code == 0, said.err
    after = read(Path("new.acetate")).document
    found = [layer.name for layer in after.layers]
    assert [name if name != "Background" else "ball" for name in found] == names
    for layer in before.layers:
        kept = after.find(layer.id)
        if "repaint" not in arguments or layer.name != "cup":
            assert np.array_equal(pixels_of(kept), pixels_of(layer))
    assert np.array_equal(after.selection.read(CANVAS), before.selection.read(CANVAS))


def test_the_model_does_not_see_what_it_may_not(call) -> None:
    write(desk(), Path("desk.acetate"))
    said = call(
        "generate", "ball", "--on", "desk.acetate", "--task", "foreground", "-o", "x.acetate",
        "--json",
    )  # fmt: skip
    logo = named(read(Path("x.acetate")).document)["logo"]
    assert logo.id not in [each["layer"] for each in said.json["recipe"]["inputs"]]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("--task", "vary"), 2, "of desk.acetate by --layer NAME; there are: “room”, “cup”"),
        (("--task", "vary", "--layer", "nobody"), 2, "There is no layer “nobody” with pixels"),
        (("--task", "vary", "--image", "cup.png"), 2, "name the layer by --layer"),
        (("--task", "extract"), 2, "--layer NAME for each"),
        (("--task", "background", "--layer", "logo"), 2, "may see as the subject"),
        (("--task", "repaint", "--layer", "cup", "--mask", "low.png"), 2, "64 x 32 pixels"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_document_is_one_sentence(
    call, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    write(desk(), Path("desk.acetate"))
    said = call("generate", "x", "--on", "desk.acetate", *arguments, "-o", "x.acetate")
    assert (said.code, said.err.count("\n")) == (code, 1), said.err
    assert sentence in said.err
    assert not Path("x.acetate").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--task", "extract", "--background", "room.png", "--blended", "low.png"), "same size"),
        (("--task", "repaint", "--image", "cup.png", "--mask", "low.png"), "must be the same"),
        (("--task", "vary", "--image", "cup.png", "--size", "32"), "--size is for"),
        (("--task", "shadow", "--foreground", "cup.png", "--count", "2"), "has no variants"),
        (("--task", "shadow", "--foreground", "cup.png", "--steps", "2"), "no model makes it"),
        (("--task", "shadow", "--foreground", "cup.png", "--softness", "2"), "softness of the"),
        (("--task", "upscale", "--image", "cup.png", "--scale", "3"), "2 or 4 times"),
    ],
)  # fmt: skip
def test_pictures_that_do_not_fit_are_one_sentence(
    call, arguments: tuple[str, ...], sentence: str
) -> None:
    said = call("generate", "x", *arguments, "-o", "x.png")
    assert (said.code, said.err.count("\n")) == (2, 1), said.err
    assert sentence in said.err
    assert not Path("x.png").exists()


def test_a_mask_that_selects_nothing_is_refused(call) -> None:
    Image.fromarray(np.zeros((SIDE, SIDE), np.uint8)).save("none.png")
    said = call(
        "generate", "x", "--task", "repaint", "--image", "cup.png", "--mask", "none.png", "-o",
        "x.png",
    )  # fmt: skip
    assert said.code == 2
    assert "selects nothing" in said.err
