"""The files that were opened last: in the welcome page, in File, and on disk."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from editor.ui.recent import Recent


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number} & more.png" for number in range(12)]
    for file in made:
        file.write_bytes(b"x")
    return made


def test_newest_first_each_once_and_no_more_than_kept(tmp_path, files) -> None:
    recent = Recent(tmp_path / "recent.json")
    for file in (*files, files[7]):
        recent.add(file)
    assert recent.paths[:3] == [files[7], files[11], files[10]]
    assert len(recent.paths) == 8
    assert Recent(tmp_path / "recent.json").paths == recent.paths
    recent.keep(2)
    recent.add(files[0])
    assert Recent(tmp_path / "recent.json").paths == [files[0], files[7]]
    recent.clear()
    assert json.loads((tmp_path / "recent.json").read_text()) == []


@pytest.mark.parametrize("text", ["", "{}", "3", '["a", 3, null]', "\udcff"])
def test_a_damaged_list_is_no_reason_to_stop(tmp_path, text: str) -> None:
    (tmp_path / "recent.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert all(isinstance(path, Path) for path in Recent(tmp_path / "recent.json").paths)


def test_the_menu_opens_what_is_still_there(window, files, qtbot: QtBot) -> None:
    for file in files[:3]:
        window.recent.add(file)
    files[1].unlink()
    menu = window.recent_menu
    menu.fill()
    shown = [action.text() for action in menu.actions() if action.text()]
    assert shown == ["&1  2 && more.png", "&2  0 && more.png", "Clear the list"]
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.actions()[1].trigger()
    assert chosen.args == [files[0]]
    menu.actions()[-1].trigger()
    menu.fill()
    assert [action.isEnabled() for action in menu.actions()] == [False]


def test_the_menu_stands_under_open(window) -> None:
    rows = window.recent_menu.parent().menuBar().actions()
    file = next(each.menu() for each in rows if each.menu().objectName() == "menu.file")
    at = [each.objectName() for each in file.actions()].index("file.open")
    assert file.actions()[at + 1].menu() is window.recent_menu


def test_the_welcome_page_lists_them(window, files) -> None:
    window.recent.add(files[0])
    window.welcome.show_recent()
    links = [each for each in window.welcome.findChildren(QPushButton) if each.property("path")]
    assert [Path(each.property("path")) for each in links] == [files[0]]
