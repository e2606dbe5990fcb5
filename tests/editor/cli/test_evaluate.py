"""`evaluate` starts a process of its own and hands on its words and its exit code."""

import importlib.util
import json
from pathlib import Path

import pytest

from editor.cli import evaluate, main


def test_its_module_is_there_and_gets_the_arguments(call, monkeypatch) -> None:
    told = []
    monkeypatch.setattr(
        evaluate, "run_module", lambda module, arguments: told.append((module, arguments)) or 4
    )
    assert call("evaluate", "--model", "pocket", "--json").code == 4
    assert told == [(evaluate.MODULE, ["--model", "pocket", "--json"])]
    assert importlib.util.find_spec(evaluate.MODULE) is not None


def test_verdicts_are_summed_up_in_the_process(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said = [{"case": "apple", "chosen": "a"}] * 9 + [{"case": "fish", "chosen": "b"}]
    file = tmp_path / "verdicts.json"
    entries = {"kind": "acetate-verdicts", "comparison": "x", "a": "old", "b": "new", "cases": 12}
    file.write_text(json.dumps(entries | {"verdicts": said}))
    assert main(["evaluate", "verdicts", str(file), "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["for_a"], found["for_b"], found["left_out"]) == (9, 1, 2)
    assert found["p"] == pytest.approx(22 / 1024)


def test_what_is_wrong_is_one_sentence_and_code_2(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--nonsense"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "see main.py evaluate --help" in err
