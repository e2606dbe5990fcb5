"""`generate` from its arguments to the files it writes, and all that it must refuse first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.cli.targets import slug
from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.formats import read, write

ROOT = Path(__file__).parents[3]


def test_a_png_is_one_layer_with_alpha_and_its_recipe(call) -> None:
    said = call("generate", "red apple", "-o", "apple.png", "--seed", "7")
    assert (said.code, said.out) == (0, "apple.png\n")
    assert "seed 7" in said.err
    with Image.open("apple.png") as image:
        assert (image.mode, image.size) == ("RGBA", (256, 256))
        alpha = np.asarray(image)[..., 3]
        red, green, blue, _ = image.getpixel((128, 128))
    assert alpha[0, 0] == 0
    assert alpha.max() == 255
    assert red > max(green, blue)
    (layer,) = read(Path("apple.png")).document.layers
    assert layer.recipe.prompt == "red apple"
    assert layer.recipe.seed == 7


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(call) -> None:
    for name, seed in (("a.png", "7"), ("b.png", "7"), ("c.png", "8")):
        assert call("generate", "red apple", "-o", name, "--seed", seed).code == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert Path("a.png").read_bytes() != Path("c.png").read_bytes()


def test_without_a_seed_the_one_taken_makes_the_same_again(call) -> None:
    said = call("generate", "red apple", "-o", "a.png", "--json")
    seed = said.json["recipe"]["seed"]
    assert f"seed {seed}" in said.err
    call("generate", "red apple", "-o", "b.png", "--seed", str(seed))
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()


@pytest.mark.parametrize("suffix", [".psd", ".psb", ".acetate"])
def test_a_layered_file_holds_one_layer_named_after_the_prompt(call, suffix: str) -> None:
    name = f"apple{suffix}"
    said = call("generate", "red apple", "-o", name, "--json")
    assert said.code == 0
    assert said.json["files"] == [name]
    document = read(Path(name)).document
    (layer,) = document.layers
    assert (layer.name, document.size) == ("red apple", Size(256, 256))
    assert layer.recipe.seed == said.json["recipe"]["seed"]
    assert layer.pixels.read(Rect(0, 0, 256, 256))[..., 3].min() == 0


def test_variants_go_into_a_folder_as_files_or_into_one_layer(call) -> None:
    said = call("generate", "red apple", "-o", "apples/", "--count", "3", "--seed", "5", "--json")
    names = [f"apples/red-apple-{seed}.png" for seed in (5, 6, 7)]
    assert said.json["files"] == names
    assert [recipe["seed"] for recipe in said.json["recipes"]] == [5, 6, 7]
    assert [read(Path(name)).document.layers[0].recipe.seed for name in names] == [5, 6, 7]
    call("generate", "red apple", "-o", "apples.acetate", "--count", "3", "--seed", "5")
    (layer,) = read(Path("apples.acetate")).document.layers
    assert len(layer.variants) == 3


def test_a_variant_made_alone_is_the_same_picture(call) -> None:
    call("generate", "red apple", "-o", "apples/", "--count", "2", "--seed", "5")
    call("generate", "red apple", "-o", "alone.png", "--seed", "6")
    with Image.open("apples/red-apple-6.png") as one, Image.open("alone.png") as other:
        assert np.array_equal(np.asarray(one), np.asarray(other))


def test_on_a_document_the_layer_is_added_on_top_and_the_rest_is_untouched(call) -> None:
    grey = np.full((60, 100, 4), 90, np.uint8)
    below = PixelLayer(id=new_layer_id(), name="below", pixels=Pixels.from_array(grey))
    write(Document(size=Size(100, 60), layers=(below,)), Path("desk.acetate"))
    before = Path("desk.acetate").read_bytes()
    said = call(
        "generate", "red apple", "--on", "desk.acetate", "--box", "70,10,40,40", "-o", "new.acetate"
    )
    assert said.code == 0
    document = read(Path("new.acetate")).document
    assert [layer.name for layer in document.layers] == ["below", "red apple"]
    assert np.array_equal(document.layers[0].pixels.read(Rect(0, 0, 100, 60)), grey)
    assert document.layers[1].recipe.box == Rect(70, 10, 110, 50)
    assert Rect(70, 10, 110, 50).united(document.layers[1].rect) == Rect(70, 10, 110, 50)
    assert Path("desk.acetate").read_bytes() == before


def test_a_size_on_a_document_is_a_box_in_its_middle(call) -> None:
    write(Document(size=Size(100, 60)), Path("desk.acetate"))
    call("generate", "x", "--on", "desk.acetate", "--size", "40x20", "-o", "new.acetate")
    (layer,) = read(Path("new.acetate")).document.layers
    assert layer.recipe.box == Rect(30, 20, 70, 40)


def test_a_size_without_a_document_is_that_of_the_file(call) -> None:
    call("generate", "x", "-o", "wide.png", "--size", "300x100")
    with Image.open("wide.png") as image:
        assert image.size == (300, 100)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([""], 2, "The prompt is empty"),
        (["  \t "], 2, "The prompt is empty"),
        (["x", "--size", "0"], 2, "no pixels"),
        (["x", "--size", "0x0"], 2, "no pixels"),
        (["x", "--size", "100000"], 2, "too large"),
        (["x", "--size", "100000x100000"], 2, "too large"),
        (["x", "--size", "big"], 2, "is no size such as 640x480"),
        (["x", "--size", "-5x5"], 2, "--size"),
        (["x", "--count", "0"], 2, "count"),
        (["x", "--count", "2"], 2, "holds one picture"),
        (["x", "--steps", "0"], 2, "steps"),
        (["x", "--seed", "-1"], 2, "seed"),
        (["x", "--seed", "red"], 2, "is no whole number"),
        (["x", "--guidance", "nan"], 2, "is no number"),
        (["x", "--guidance", "-1"], 2, "guidance"),
        (["x", "--box", "1,2,3"], 2, "is no box"),
        (["x", "--box", "1,2,0,3"], 2, "box has no pixels"),
        (["x", "--model", "nobody"], 2, 'no model "nobody"'),
        (["x", "--task", "nothing"], 2, "--task"),
        (["x", "--task", "background"], 2, "needs --foreground FILE, or --on FILE"),
        (["x", "--task", "extract", "--background", "a.png"], 2, "needs --blended FILE"),
        (["x", "--foreground", "a.png"], 2, "--foreground does not go with the task layer"),
        (["x", "--task", "vary", "--blended", "a.png"], 2, "it takes --image"),
        (["x", "--control", "pose=a.png"], 1, "There is no file a.png"),
        (["x", "--control", "a.png"], 2, "is no control such as scribble=sketch.png"),
        (["x", "--style", "a.png"], 1, "There is no file a.png"),
        (["x", "--lora", "a.safetensors=0.5"], 1, "There is no LoRA a.safetensors"),
        (["x", "--lora", "a.safetensors=much"], 2, "is no number"),
        (["x", "--model", "sd15", "--stop-at", "1.5"], 2, "stop-at must be between 0 and 1"),
        (["x", "--model", "sdxl", "--weight", "3"], 2, "weight must be between 0 and 2"),
        (["x", "--stop-at", "0.5"], 2, "is for models of sd15 and sdxl"),
        (["x", "--strength", "0.5"], 2, "--strength has no meaning for the task layer"),
        (["x", "--mask", "a.png"], 2, "it is for repaint"),
        (["x", "--scale", "2"], 2, "--scale has no meaning for the task layer"),
        (["x", "--direction", "9"], 2, "--direction has no meaning for the task layer"),
        (["x", "--foreground-prompt", "y"], 2, "it is for foreground and together"),
        (["x", "--layer", "y"], 2, "--layer names a layer of the document given by --on"),
        (["x", "--on", "nothing.psd"], 1, "no file nothing.psd"),
        (["x", "--nonsense"], 2, "--nonsense"),
        ([], 2, "The prompt is empty"),
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(
    call, arguments: list[str], code: int, sentence: str
) -> None:
    said = call("generate", *arguments, "-o", "x.png")
    assert said.code == code
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("nowhere/x.png", "There is no folder"),
        ("nowhere/variants/", "There is no folder"),
        ("x.xyz", ".xyz files cannot be written"),
        ("kept.png", "read-only"),
        ("file/", "is a file, not a folder"),
    ],
)
def test_a_target_that_cannot_be_written_is_refused_before_anything_is_made(
    call, output: str, sentence: str
) -> None:
    Path("kept.png").write_bytes(b"kept")
    Path("kept.png").chmod(0o444)
    Path("file").write_bytes(b"")
    said = call("generate", "x", "-o", output)
    assert said.code == 1
    assert sentence in said.err
    assert said.err.count("\n") == 1  # so the worker was never asked
    assert sorted(each.name for each in Path().iterdir()) == ["file", "kept.png"]
    assert Path("kept.png").read_bytes() == b"kept"


@pytest.mark.parametrize("prompt", ["crash", "bug", "oom", "empty", "wrong"])
def test_a_job_that_fails_says_one_sentence_and_writes_nothing(call, prompt: str) -> None:
    said = call("generate", prompt, "-o", "x.png", "--seed", "1")
    assert said.code == 1
    progress = {"seed 1", "loading model", "step", "finishing"}
    assert len(set(said.err.splitlines()) - progress) == 1
    assert "Traceback" not in said.err
    assert list(Path().iterdir()) == []


def test_ctrl_c_ends_the_job_with_one_sentence_and_nothing_written(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("signals of a terminal")
    target = tmp_path / "x.png"
    environment = {**os.environ, "ACETATE_BACKEND": "fake", "XDG_STATE_HOME": str(tmp_path / "s")}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "generate", "slow apple", "-o", str(target)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "step" not in process.stderr.readline():
        assert process.poll() is None
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=20)[1]
    assert time.monotonic() - sent < 3
    assert process.returncode == 1
    assert rest == "Cancelled; nothing was written.\n"
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("red apple", "red-apple"),
        ("../../etc/passwd", "etc-passwd"),
        ("a: b? <c>", "a-b-c"),
        ("苹果 яблоко", "苹果-яблоко"),
        ("🍎", "layer"),
        ("x" * 100, "x" * 40),
    ],
)
def test_file_names_are_made_of_letters_and_digits(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_help_of_the_verb_names_its_options(call, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        call("generate", "--help")
    assert ended.value.code == 0
    assert "--seed" in capsys.readouterr().out
