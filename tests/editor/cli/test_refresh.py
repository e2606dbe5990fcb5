"""`regenerate` and `refresh`: layers of a file made again, in their place."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.geometry import Point, Rect
from editor.document.layer import Locks
from editor.edits.pixels import PaintPixels
from editor.formats import read, write

SIDE = 64


@pytest.fixture
def stacked(call) -> Path:
    """A project of a room and two foregrounds, the second made on the first."""
    room = np.full((SIDE, SIDE, 4), (90, 90, 90, 255), np.uint8)
    Image.fromarray(room).save("room.png")
    call(
        "generate", "red cup", "--task", "foreground", "--background", "room.png", "-o",
        "one.acetate", "--seed", "1",
    )  # fmt: skip
    said = call(
        "generate", "blue cup", "--task", "foreground", "--on", "one.acetate", "-o",
        "two.acetate", "--seed", "2",
    )  # fmt: skip
    assert said.code == 0, said.err
    return Path("two.acetate")


def painted(path: Path) -> Path:
    document = read(path).document
    dab = np.full((9, 9, 4), 255, np.uint8)
    changed = PaintPixels(document.layers[0].id, Point(3, 3), dab).apply(document)
    write(changed, Path("painted.acetate"))
    return Path("painted.acetate")


@pytest.mark.parametrize("suffix", [".acetate", ".psd"])
def test_the_same_recipe_makes_the_same_again_and_another_seed_another(
    call, stacked: Path, suffix: str
) -> None:
    call("convert", str(stacked), f"two{suffix}")
    before = read(Path(f"two{suffix}")).document.layers[1]
    said = call("regenerate", f"two{suffix}", "--layer", "red cup", "-o", f"same{suffix}", "--json")
    assert said.code == 0, said.err
    assert (said.json["layer"], said.json["recipe"]["seed"]) == (before.id, 1)
    canvas = Rect(0, 0, SIDE, SIDE)

    def seen(layer) -> np.ndarray:
        pixels = layer.pixels.read(canvas.moved(-layer.offset.x, -layer.offset.y))
        return np.where(pixels[..., 3:] > 0, pixels, 0)

    same = read(Path(f"same{suffix}")).document.layers[1]
    assert (same.id, same.name) == (before.id, "red cup")
    assert np.array_equal(seen(same), seen(before))
    said = call(
        "regenerate", f"two{suffix}", "--layer", "red cup", "-o", f"new{suffix}", "--seed", "9",
        "--prompt", "green cup",
    )  # fmt: skip
    new = read(Path(f"new{suffix}")).document.layers[1]
    assert new.recipe.prompt == "green cup"
    assert not np.array_equal(seen(new), seen(before))


def test_a_png_remembers_how_it_was_made(call) -> None:
    call("generate", "red apple", "-o", "a.png", "--seed", "7")
    said = call("regenerate", "a.png", "-o", "b.png")
    assert said.code == 0, said.err
    with Image.open("a.png") as one, Image.open("b.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))
    assert read(Path("b.png")).document.layers[0].recipe.seed == 7


def test_a_missing_picture_is_said_and_may_be_given_again(call, stacked: Path) -> None:
    call(
        "generate", "x", "--task", "vary", "--on", str(stacked), "--layer", "red cup", "-o",
        "v.acetate",
    )  # fmt: skip
    Image.fromarray(np.full((8, 8, 4), 255, np.uint8)).save("style.png")
    call("generate", "ball", "--style", "style.png", "-o", "ball.png")
    said = call("regenerate", "ball.png", "-o", "again.png")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "its style, that is not in the document" in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("two.acetate", "-o", "x.acetate"), 2, "Say which layer by --layer NAME"),
        (("two.acetate", "--layer", "room", "-o", "x.acetate"), 2, "was not generated"),
        (("two.acetate", "--layer", "sofa", "-o", "x.acetate"), 2, "There is no layer “sofa”"),
        (("room.png", "-o", "x.png"), 1, "has no recipe"),
        (("none.psd", "-o", "x.png"), 1, "There is no file none.psd"),
        (("two.acetate", "--layer", "red cup", "-o", "x.xyz"), 1, "cannot be written"),
        (("two.acetate", "--layer", "red cup", "-o", "x.psd", "--model", "no"), 2, "no model"),
        (("two.acetate", "--layer", "red cup", "-o", "x.psd", "--steps", "0"), 2, "steps"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_again_is_one_sentence(
    call, stacked: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    said = call("regenerate", *arguments)
    assert (said.code, said.err.count("\n")) == (code, 1), said.err
    assert sentence in said.err
    assert not list(Path().glob("x.*"))


def test_a_locked_layer_is_not_made_again(call, stacked: Path) -> None:
    document = read(stacked).document
    layer = document.layers[1]
    locked = document.replaced(layer.id, lambda each: replace(each, locks=Locks(pixels=True)))
    write(locked, stacked)
    said = call("regenerate", str(stacked), "--layer", "red cup", "-o", "x.acetate")
    assert (said.code, said.err) == (1, "The pixels of “red cup” are locked.\n")


def test_refreshing_makes_what_is_stale_from_the_bottom_up(call, stacked: Path) -> None:
    path = painted(stacked)
    stale = [each["stale"] for each in call("info", str(path), "--json").json["layers"]]
    assert stale == [False, True, True]
    said = call("refresh", str(path), "-o", "fresh.acetate", "--json")
    assert said.code == 0, said.err
    document = read(Path("fresh.acetate")).document
    assert said.json["refreshed"] == [layer.id for layer in document.layers[1:]]
    assert said.json["still_stale"] == []
    assert [len(layer.variants) for layer in document.layers] == [0, 2, 2]
    again = call("refresh", "fresh.acetate", "-o", "again.acetate")
    assert (again.code, again.err) == (0, "Nothing was stale.\n")


def test_refreshing_leaves_locked_layers_alone(call, stacked: Path) -> None:
    document = read(painted(stacked)).document
    low = document.layers[1]
    write(
        document.replaced(low.id, lambda each: replace(each, locks=Locks(position=True))),
        Path("locked.acetate"),
    )
    said = call("refresh", "locked.acetate", "-o", "fresh.acetate", "--json")
    assert said.json["refreshed"] == [document.layers[2].id]
    assert said.json["still_stale"] == [low.id]
    assert len(read(Path("fresh.acetate")).document.find(low.id).variants) == 1


def test_a_layer_whose_model_is_gone_is_left_as_it_is_with_a_warning(call, stacked: Path) -> None:
    document = read(painted(stacked)).document
    low = document.layers[1]
    gone = replace(low.recipe, model="long gone", model_hash="0")
    write(document.replaced(low.id, lambda each: replace(each, recipe=gone)), Path("gone.acetate"))
    said = call("refresh", "gone.acetate", "-o", "fresh.acetate", "--json")
    assert said.code == 0
    assert said.json["refreshed"] == [document.layers[2].id]
    assert '“red cup” was not made again: There is no model "long gone"' in said.err


def test_where_nothing_can_be_made_again_nothing_is_written(call, stacked: Path) -> None:
    document = read(painted(stacked)).document
    for layer in document.layers[1:]:
        gone = replace(layer.recipe, model="long gone", model_hash="0")
        document = document.replaced(layer.id, lambda each, gone=gone: replace(each, recipe=gone))
    write(document, Path("gone.acetate"))
    said = call("refresh", "gone.acetate", "-o", "fresh.acetate")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert not Path("fresh.acetate").exists()
