"""A small evaluation of the model that ships, end to end, and what is refused before any work."""

import json
from pathlib import Path

import numpy as np
import pytest

from generator.training.evaluation import classifier
from generator.training.evaluation.__main__ import QUESTIONS as NAMED
from generator.training.evaluation.__main__ import main
from generator.training.evaluation.agreement import framed
from generator.training.evaluation.report import QUESTIONS, filling
from generator.training.words.captions import Subject

FEW = tuple(Subject(name, "red") for name in ("ball", "star"))


@pytest.mark.timeout(900)  # a busy machine takes minutes for what takes ten seconds alone
def test_a_small_run_writes_page_pictures_and_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "names", lambda: tuple(each.name for each in FEW))
    monkeypatch.setattr(classifier, "all_subjects", lambda: FEW)
    asked = ["--small", "--only", "reconstruction,generation", "--device", "cpu"]
    folder = tmp_path / "out"
    more = ["--json", "--cache", str(tmp_path / "cache"), "-o", str(folder)]
    assert main([*asked, *more]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["model"] == "pocket"
    assert found["small"] is True
    assert set(found["sections"]) == {"reconstruction", "generation"}
    assert found["sections"]["reconstruction"]["figures"]["psnr"]["value"] > 15
    assert found["seconds_a_layer"] > 0
    assert "making layers: 0 of 2" in err
    names = {path.name for path in folder.iterdir()}
    assert {"index.html", "report.json", "reconstruction.png", "held-out.png"} <= names
    report = json.loads((folder / "report.json").read_text())
    assert report == {key: value for key, value in found.items() if key != "files"}
    for sheet in names - {"index.html", "report.json"}:
        assert f'src="{sheet}"' in (folder / "index.html").read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "-o/--output"),
        (["-o", "x", "--only", "beauty"], 2, "must be of reconstruction, generation"),
        (["-o", "x", "--count", "0"], 2, "whole number from 1"),
        (["-o", "x", "--lora", "none.safetensors=1"], 2, "there is no file none.safetensors"),
        (["-o", "x", "--model", "nothing"], 2, 'There is no model "nothing"'),
        (["-o", "x", "--device", "abacus"], 1, 'There is no device "abacus"'),
        (["compare", "pocket", "-o", "x"], 2, "B"),
        (["compare", "pocket", "nothing", "-o", "x", "--prompts", "no"], 2, "no cannot be read"),
        (["verdicts", "none.json"], 1, "none.json cannot be read"),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    assert main(["-o", str(file)]) == 2
    assert "is a file" in capsys.readouterr().err
    assert file.read_text() == "mine"


def test_a_failure_leaves_nothing_half_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "index.html").write_text("before")
    with pytest.raises(ValueError, match="planted"):
        fail_while_filling(target)
    assert (target / "index.html").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_questions_have_one_list() -> None:
    assert tuple(QUESTIONS) == NAMED


def test_a_layer_is_framed_in_the_middle() -> None:
    layer = np.zeros((32, 64, 4), np.float32)
    layer[2:12, 40:60] = (1, 0.5, 0, 0.5)
    found = framed(layer)
    assert found.shape[0] == found.shape[1] == 23
    inside = np.argwhere(found[..., 3] > 0)
    assert inside.min(0).tolist() == [6, 1]
    assert inside.max(0).tolist() == [15, 20]
    np.testing.assert_allclose(found[10, 10], (0.5, 0.25, 0, 0.5))


def fail_while_filling(target: Path) -> None:
    with filling(target) as there:
        (there / "index.html").write_text("half")
        raise ValueError("planted")
