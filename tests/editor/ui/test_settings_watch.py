"""Settings that act: on what is open, at once, and at the next start."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from editor.settings import MODELS_VARIABLE
from editor.ui.looks import apply_looks, current_looks, looks_of
from editor.ui.preferences import Preferences
from editor.ui.recent import Recent
from editor.ui.theme import apply_theme, current_theme, load_theme, use_theme
from editor.ui.window import Window
from generator.models.places import own_folder


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(MODELS_VARIABLE, raising=False)
    yield
    os.environ.pop(MODELS_VARIABLE, None)
    apply_theme(qapp, load_theme("dark"))
    apply_looks(looks_of(Preferences(Path("/nonexistent/s.json")).settings))


def test_the_theme_changes_at_once(window, opened, build) -> None:
    opened(build.layer("a"))
    window.preferences.set(theme="light")
    assert current_theme().name == "light"
    assert window.actions_by_id["window.light"].isChecked()
    window.actions_by_id["window.light"].trigger()
    assert current_theme().name == "dark"
    assert window.preferences.settings.theme == "dark"


def test_the_systems_theme_is_followed(qapp, window, monkeypatch) -> None:
    use_theme(qapp, "system")
    window.preferences.set(theme="light")
    window.preferences.set(theme="system")
    assert current_theme().name == "dark"  # this platform asks for nothing
    for place in ("theme", "settings_watch"):  # the system of tests has no theme to change
        monkeypatch.setattr(f"editor.ui.{place}.preferred_theme", lambda app: "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current_theme().name == "light"
    window.preferences.set(theme="dark")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current_theme().name == "dark"


def test_the_checkerboard_changes_on_the_canvas(window, opened, build, qtbot: QtBot) -> None:
    opened()
    window.canvas.zoom_to(1.0)
    window.preferences.set(checkers="dark", checker_side=32)
    assert current_looks().side == 32
    seen = {window.canvas.grab().toImage().pixelColor(x, y).name()
            for x in range(0, window.canvas.width(), 7)
            for y in range(0, window.canvas.height(), 7)}  # fmt: skip
    assert {current_looks().first, current_looks().second} <= seen
    assert not {"#ffffff", "#cfcfcf"} & seen


def test_the_pixel_grid_begins_where_it_is_set(window, opened, build) -> None:
    opened()
    window.canvas.zoom_to(4.0)
    without = window.canvas.grab().toImage()
    window.preferences.set(grid_percent=300)
    assert window.canvas.grab().toImage() != without
    window.preferences.set(grid_percent=800)
    assert window.canvas.grab().toImage() == without


def test_the_undo_budget_acts_on_what_is_open_and_what_comes(window, opened, build) -> None:
    first = opened(build.layer("a"))
    window.preferences.set(undo_mb=64)
    second = opened(build.layer("b"))
    assert first.history.budget_bytes == second.history.budget_bytes == 64_000_000


def test_keys_change_at_once(window, opened, build, qtbot: QtBot) -> None:
    folder = window.preferences.keymap_folder
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text('{"tool.brush": ["F9"], "tool.eraser": ["F9", "F10"]}')
    window.preferences.set(keymap="mine")
    keys = {name: [key.toString() for key in action.shortcuts()]
            for name, action in window.actions_by_id.items() if action.shortcuts()}  # fmt: skip
    assert keys == {"tool.brush": ["F9"], "tool.eraser": ["F10"]}  # nothing of another keymap
    assert window.actions_by_id["tool.brush"].toolTip() == "Brush (F9)"
    assert window.actions_by_id["tool.move"].toolTip() == "Move"


def test_a_bad_keymap_is_said_and_photoshops_used(window) -> None:
    folder = window.preferences.keymap_folder
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text("{")
    window.preferences.set(keymap="mine")
    assert window.messages.text == (
        "mine.json is no keymap: it is damaged. Photoshop's keys are used."
    )
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "B"
    assert (folder / "mine.json").read_text() == "{"


def test_settings_act_at_the_next_start(qtbot, dark, tmp_path) -> None:
    before = Preferences(tmp_path / "settings.json")
    (tmp_path / "keymaps").mkdir()
    (tmp_path / "keymaps" / "mine.json").write_text('{"tool.brush": ["F9"]}')
    before.set(keymap="mine", checkers="grey", recent_files=2, models_folder=str(tmp_path / "m"))
    recent = Recent(tmp_path / "recent.json")
    recent.paths = [Path("/a"), Path("/b"), Path("/c")]
    window = Window(recent, Preferences(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    assert window.actions_by_id["tool.brush"].shortcut().toString() == "F9"
    assert current_looks().first == "#a6a6a6"
    assert recent.paths == [Path("/a"), Path("/b")]
    assert own_folder() == tmp_path / "m"
    window.preferences.set(models_folder="")
    assert own_folder() != tmp_path / "m"


def test_a_folder_from_outside_counts_more(qtbot, dark, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "outside"))
    preferences = Preferences(tmp_path / "settings.json")
    window = Window(Recent(tmp_path / "recent.json"), preferences)
    qtbot.addWidget(window)
    preferences.set(models_folder=str(tmp_path / "inside"))
    assert own_folder() == tmp_path / "outside"


def test_damaged_settings_are_said_in_the_window(qtbot, dark, tmp_path) -> None:
    (tmp_path / "settings.json").write_text("oops")
    window = Window(Recent(tmp_path / "recent.json"), Preferences(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    window.show()
    assert "the defaults are used" in window.messages.text
