"""How the program starts, what it loads for that, and what it says where it cannot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "diffusers", "transformers")


def start(
    tmp_path: Path, *arguments: str, options: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run main.py in another folder, with no screen but what is asked for and a home of its own."""
    kept = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    kept.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, *options, str(ROOT / "main.py"), *arguments],
        cwd=tmp_path,
        env={**kept, "XDG_STATE_HOME": str(tmp_path / "state"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_its_libraries_it_names_the_command_that_sets_it_up(tmp_path: Path) -> None:
    done = start(tmp_path, "info", "x.psd", options=("-E", "-S"))
    assert done.returncode == 2
    assert "python3 bootstrap.py run" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nothing.psd"], 1, "There is no file nothing.psd."),
        (["--nonsense"], 2, "There is no option --nonsense"),
        (["info", "nothing.psd"], 1, "There is no file nothing.psd."),
    ],
)
def test_a_wrong_start_is_one_sentence(
    tmp_path: Path, arguments: list[str], code: int, sentence: str
) -> None:
    done = start(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
def test_without_a_screen_the_window_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no screen")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_are_results(tmp_path: Path, arguments: list[str]) -> None:
    done = start(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_a_log_is_kept_and_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    start(tmp_path, "info", "nothing.psd")
    assert "nothing.psd" in (tmp_path / "state" / "acetate" / "log" / "acetate.log").read_text()
    (tmp_path / "file").write_bytes(b"")
    done = start(tmp_path, "info", "nothing.psd", XDG_STATE_HOME=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "No log is kept" in done.stderr


def imported(done: subprocess.CompletedProcess[str]) -> set[str]:
    """Return the top level names of what `-X importtime` lists."""
    rows = [
        row.rsplit("|", 1)[1].strip() for row in done.stderr.splitlines() if row.count("|") == 2
    ]
    return {row.split(".")[0] for row in rows}


def test_the_command_line_loads_neither_qt_nor_a_model_library(tmp_path: Path) -> None:
    done = start(
        tmp_path, "generate", "x", "-o", "x.png", options=("-X", "importtime"),
        ACETATE_BACKEND="fake",
    )  # fmt: skip
    assert done.returncode == 0
    names = imported(done)
    assert "editor" in names
    assert not names & {"PySide6", *HEAVY}


def test_the_window_loads_no_model_library(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['main.py']; import editor.ui.window; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {name.split(".")[0] for name in done.stdout.split()}
    assert "PySide6" in names
    assert not names & set(HEAVY)


@pytest.mark.skipif(sys.platform != "linux", reason="the folder of settings is Linux's here")
def test_a_verb_looks_for_models_where_the_window_does(tmp_path: Path) -> None:
    settings = tmp_path / "config" / "acetate" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"models_folder": "/set/in/the/window"}')
    places = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "ACETATE_MODELS": ""}
    done = start(tmp_path, "models", "where", **places)
    assert "/set/in/the/window" in done.stdout
    done = start(tmp_path, "models", "where", **{**places, "ACETATE_MODELS": "/from/outside"})
    assert "/from/outside" in done.stdout
    assert "/set/in/the/window" not in done.stdout
