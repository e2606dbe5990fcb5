"""Settings while the program runs."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from editor.settings import Settings
from editor.ui.preferences import Preferences


def test_each_change_is_kept_and_announced(tmp_path: Path, qtbot: QtBot) -> None:
    preferences = Preferences(tmp_path / "s.json")
    with qtbot.waitSignal(preferences.changed) as heard:
        preferences.set(theme="light", undo_mb=128)
    assert heard.args == [Settings(), Settings(theme="light", undo_mb=128)]
    assert Preferences(tmp_path / "s.json").settings == preferences.settings
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.set(theme="light")


def test_a_wrong_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        Preferences(tmp_path / "s.json").set(colour="red")


def test_a_damaged_file_is_put_aside_and_said(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text("{ not json")
    preferences = Preferences(file)
    preferences.set(theme="dark")
    (aside,) = (each for each in tmp_path.iterdir() if each != file)
    assert aside.read_text() == "{ not json"
    assert aside.name in preferences.warning
    assert json.loads(file.read_text())["theme"] == "dark"


def test_what_a_later_version_wrote_stays(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text('{"theme": "dark", "later": {"a": 1}}')
    Preferences(file).set(theme="light")
    assert json.loads(file.read_text())["later"] == {"a": 1}


def test_a_place_that_cannot_be_written_is_said_and_the_setting_acts(
    tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("in the way")
    preferences = Preferences(tmp_path / "file" / "s.json")
    with qtbot.waitSignals([preferences.failed, preferences.changed]):
        preferences.set(theme="light")
    assert preferences.settings.theme == "light"
