"""`sheet`: a list becomes files, an atlas that says where each is, and a layered file."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.formats import read

LIST = 'prompt,name,seed\nred apple,Apple,7\n"green leaf, wet",,\nred apple,Apple,8\n'


def test_each_line_is_a_file_a_place_in_the_atlas_and_a_layer(call) -> None:
    Path("list.csv").write_text(LIST)
    said = call("sheet", "list.csv", "-o", "out", "--size", "32x24", "--seed", "100", "--json")
    assert said.code == 0, said.err
    names = ["Apple.png", "green-leaf-wet.png", "Apple-2.png"]
    names += ["atlas.png", "atlas.json", "sheet.psd"]
    assert said.json["files"] == [f"out/{name}" for name in names]
    atlas = json.loads(Path("out/atlas.json").read_text())
    sprites = atlas["sprites"]
    assert [each["seed"] for each in sprites] == [7, 101, 8]
    with Image.open("out/atlas.png") as image:
        assert list(image.size) == atlas["size"]
        for each in sprites:
            with Image.open(Path("out") / each["file"]) as alone:
                assert alone.size == (32, 24)
                piece = image.crop(each["rect"])
                assert np.array_equal(np.asarray(piece), np.asarray(alone))
    sheet = read(Path("out/sheet.psd")).document
    assert [layer.name for layer in sheet.layers] == ["Apple", "green leaf, wet", "Apple"]
    assert [list(layer.rect) for layer in sheet.layers] == [each["content"] for each in sprites]
    assert sheet.layers[1].recipe.prompt == "green leaf, wet"


def test_a_sprite_is_the_picture_that_its_prompt_makes_alone(call) -> None:
    Path("list.csv").write_text("red apple\nblue ball\n")
    assert call("sheet", "list.csv", "-o", "out", "--seed", "5").code == 0
    call("generate", "blue ball", "--seed", "6", "-o", "ball.png")
    with Image.open("out/blue-ball.png") as one, Image.open("ball.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))


@pytest.mark.parametrize(
    ("text", "arguments", "code", "sentence"),
    [
        ("", (), 2, "0 prompts"),
        ("prompt\n", (), 2, "0 prompts"),
        ("prompt,colour\na,b\n", (), 2, "column “colour”; known are: prompt, name"),
        ("prompt,seed\na,red\n", (), 2, "no whole number: red"),
        ("prompt,name\n,b\n", (), 2, "without a prompt"),
        ("a\n", ("--model", "nobody"), 2, "no model"),
        ("a\n", ("--steps", "0"), 2, "steps"),
        ("a\n", ("--size", "0"), 2, "no pixels"),
        ("a\n", ("-o", "list.csv"), 1, "is a file, not a folder"),
        ("a\n", ("-o", "no/where"), 1, "There is no folder"),
        ("a\n" * 90, ("--size", "2000"), 2, "16384 is the most"),
    ],
)
def test_a_list_that_cannot_be_made_is_one_sentence(
    call, text: str, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    Path("list.csv").write_text(text)
    said = call("sheet", "list.csv", "-o", "out", *arguments)
    assert (said.code, said.err.count("\n")) == (code, 1), said.err
    assert sentence in said.err
    assert [each.name for each in Path().iterdir()] == ["list.csv"]


def test_where_one_fails_nothing_is_written(call) -> None:
    Path("list.csv").write_text("red apple\nbug\n")
    said = call("sheet", "list.csv", "-o", "out", "--seed", "5")
    assert said.code == 1
    assert not Path("out").exists()


def test_a_list_that_is_not_there_or_no_text(call) -> None:
    assert "There is no file none.csv" in call("sheet", "none.csv", "-o", "out").err
    Path("x.csv").write_bytes(b"\xff\xfe\x00\xd8")
    assert "cannot be read as a list" in call("sheet", "x.csv", "-o", "out").err
