"""Folders and lists of pictures, and one sentence for each way in which they cannot be used."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.request import ErrorKind, GenerationError
from generator.training.adapting.__main__ import main
from generator.training.adapting.assets import assets_in, data_hash, usable


def picture(path: Path, alpha: int = 128) -> Path:
    """A flat picture of that alpha."""
    rgba = np.full((8, 6, 4), 200, np.uint8)
    rgba[..., 3] = alpha
    Image.fromarray(rgba).save(path)
    return path


def test_a_caption_is_the_text_beside_it_else_the_name(tmp_path: Path) -> None:
    picture(tmp_path / "red_apple-012.png")
    picture(tmp_path / "b.PNG")
    (tmp_path / "b.txt").write_text("a blue\n  ball\n")
    found = {each.file.name: each.caption for each in assets_in(tmp_path)}
    assert found == {"red_apple-012.png": "red apple", "b.PNG": "a blue ball"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", "file,caption,weight\na.png,red apple,2\n"),
        ("list.jsonl", '{"file": "a.png", "caption": "red  apple", "weight": 2}\n\n'),
    ],
)
def test_lists_name_file_caption_and_weight(tmp_path: Path, name: str, text: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / name).write_text(text)
    (asset,) = assets_in(tmp_path / name)
    assert (asset.file, asset.caption, asset.weight) == (tmp_path / "a.png", "red apple", 2.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"caption": "x"}', "names no file"),
        ('{"file": "b.png"}', "which is not there"),
        ('{"file": "a.png", "weight": "much"}', "is no number"),
        ('{"file": "a.png", "weight": 0}', "must be above 0"),
        ("{", "Line 1 of list.jsonl is no JSON"),
        ("[]", "is no JSON object"),
        ("", "names no pictures"),
    ],
)
def test_a_wrong_list_is_told_by_its_entry(tmp_path: Path, text: str, sentence: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "list.jsonl").write_text(text)
    with pytest.raises(GenerationError, match=sentence) as caught:
        assets_in(tmp_path / "list.jsonl")
    assert caught.value.kind is ErrorKind.BAD_REQUEST


def test_pictures_without_any_transparency_are_refused(tmp_path: Path) -> None:
    picture(tmp_path / "a.png", 255)
    with pytest.raises(GenerationError, match="None of the 1 pictures has any transparency"):
        usable(assets_in(tmp_path))


def test_empty_pictures_are_left_out_and_named(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png", 0)
    kept, said = usable(assets_in(tmp_path))
    assert [each.file.name for each in kept] == ["a.png"]
    assert said == ("b.png is empty and was left out.",)


def test_the_data_hash_follows_pixels_captions_and_weights(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    before = data_hash(assets_in(tmp_path))
    (tmp_path / "a.txt").write_text("other")
    assert data_hash(assets_in(tmp_path)) != before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--out", "out"], "the following arguments are required: --assets"),
        (["--assets", "empty", "--out", "out"], "There is no PNG in"),
        (["--assets", "none", "--out", "out"], "There is no folder or list"),
        (["--assets", "ok", "--out", "out", "--model", "nix"], 'There is no model "nix"'),
        (["--assets", "damaged", "--out", "out"], "is damaged or no picture"),
    ],
)
def test_bad_input_ends_in_one_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("empty", "ok", "damaged"):
        (tmp_path / name).mkdir()
    picture(tmp_path / "ok" / "a.png")
    (tmp_path / "damaged" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    assert main(arguments) == 2
    (said,) = [each.message for each in caplog.records if each.levelname == "ERROR"]
    assert sentence.lower() in said.lower()
    assert said.count("\n") == 0
