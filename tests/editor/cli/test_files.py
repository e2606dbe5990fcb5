"""`convert` and `info` on good files and bad ones."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import BlendMode, Group, Mask, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.formats import read, write


def layered() -> Document:
    """A group of one clipped, masked, half opaque layer over a plain one, named in two scripts."""
    red = np.full((20, 30, 4), (200, 0, 0, 255), np.uint8)
    plain = PixelLayer(id=new_layer_id(), name="фон", pixels=Pixels.from_array(red))
    mask = Mask(coverage=Coverage.from_array(np.full((8, 9), 128, np.uint8)), offset=Point(5, 5))
    inner = replace(
        plain, id=new_layer_id(), name="苹果 🍎", opacity=51 / 255, blend_mode=BlendMode.MULTIPLY,
        clipped=True, visible=False, mask=mask, offset=Point(-10, 4),
    )  # fmt: skip
    group = Group(id=new_layer_id(), name="group", children=(inner,))
    return Document(size=Size(40, 30), layers=(plain, group), dpi=300.0)


def test_info_says_what_the_product_fixes(call) -> None:
    write(layered(), Path("a.acetate"))
    said = call("info", "a.acetate", "--json")
    answer = said.json
    assert said.code == 0
    assert list(answer) == ["format", "size", "dpi", "icc", "layers", "warnings"]
    assert (answer["size"], answer["dpi"], answer["icc"]) == ([40, 30], 300.0, None)
    plain, group = answer["layers"]
    assert list(plain) == [
        "id", "name", "kind", "rect", "opacity", "blend_mode", "visible", "locked", "clipped",
        "mask", "recipe", "stale", "variants", "children",
    ]  # fmt: skip
    assert (plain["name"], plain["kind"], plain["rect"]) == ("фон", "pixel", [0, 0, 30, 20])
    assert (group["kind"], group["blend_mode"]) == ("group", "pass_through")
    (inner,) = group["children"]
    assert (inner["name"], inner["blend_mode"]) == ("苹果 🍎", "multiply")
    assert inner["opacity"] == pytest.approx(0.2)
    assert (inner["visible"], inner["clipped"]) == (False, True)
    assert inner["mask"] == {"rect": [5, 5, 14, 13], "outside": 0, "enabled": True}


def test_info_lists_the_front_layer_first_for_people(call) -> None:
    write(layered(), Path("a.acetate"))
    lines = call("info", "a.acetate").out.splitlines()
    assert lines[0] == "acetate, 40 x 30 px, 300 dpi, sRGB"
    assert lines[1].startswith("  group: group")
    expected = "    苹果 🍎: layer, -10,4 to 20,24, multiply, 20%, hidden, clipped, masked"
    assert lines[2] == expected
    assert lines[3] == "  фон: layer, 0,0 to 30,20, normal"


@pytest.mark.parametrize("suffix", [".acetate", ".psd", ".psb"])
def test_convert_keeps_layers_where_the_target_can_hold_them(call, suffix: str) -> None:
    write(layered(), Path("a.acetate"))
    said = call("convert", "a.acetate", f"b{suffix}", "--json")
    assert (said.code, said.json["files"]) == (0, [f"b{suffix}"])
    names = [layer.name for layer in read(Path(f"b{suffix}")).document.walk()]
    assert names == ["фон", "group", "苹果 🍎"]


def test_convert_says_what_the_target_cannot_hold(call) -> None:
    write(layered(), Path("a.acetate"))
    said = call("convert", "a.acetate", "b.png", "--json")
    assert said.code == 0
    assert len(said.json["warnings"]) == 1
    assert said.json["warnings"][0] in said.err
    with Image.open("b.png") as image:
        assert image.size == (40, 30)


def bad_files(folder: Path) -> None:
    """Make one of each kind of bad file, and a good one."""
    (folder / "text.psd").write_text("not a picture at all")
    (folder / "empty.psd").write_bytes(b"")
    write(layered(), folder / "good.psd")
    whole = (folder / "good.psd").read_bytes()
    (folder / "cut.psd").write_bytes(whole[: len(whole) // 2])
    (folder / "some.png").mkdir()
    (folder / "kept.png").write_bytes(b"kept")
    (folder / "kept.png").chmod(0o444)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["info", "missing.psd"], 1, "There is no file missing.psd"),
        (["info", "text.psd"], 1, "text.psd"),
        (["info", "empty.psd", "--json"], 1, "empty.psd is empty"),
        (["info", "cut.psd", "--json"], 1, "cut.psd"),
        (["info", "some.png"], 1, "is a folder"),
        (["info"], 2, "FILE"),
        (["convert", "missing.psd", "b.png"], 1, "There is no file missing.psd"),
        (["convert", "text.psd", "b.png"], 1, "text.psd"),
        (["convert", "cut.psd", "b.png"], 1, "cut.psd"),
        (["convert", "good.psd", "nowhere/b.png"], 1, "There is no folder"),
        (["convert", "good.psd", "b.xyz"], 1, ".xyz files cannot be written"),
        (["convert", "good.psd", "b"], 1, "no ending"),
        (["convert", "good.psd", "kept.png"], 1, "read-only"),
        (["convert", "good.psd", "some.png"], 1, "some.png is a folder"),
        (["convert", "good.psd"], 2, "OUT"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(
    call, arguments: list[str], code: int, sentence: str
) -> None:
    bad_files(Path())
    before = sorted(Path().iterdir())
    said = call(*arguments)
    assert said.code == code
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert sorted(Path().iterdir()) == before
    assert Path("kept.png").read_bytes() == b"kept"
