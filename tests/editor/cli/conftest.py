"""Verbs are called as main.py calls them, with drawn shapes in place of a model."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from editor.cli import main


@dataclass(frozen=True)
class Said:
    """What one call ended in."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer for machines."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The last line on stderr, the only one of a call that failed at once."""
        return self.err.splitlines()[-1]


Call = Callable[..., Said]


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """Run a verb in an empty folder."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ACETATE_BACKEND", "fake")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def called(*arguments: str) -> Said:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return called
