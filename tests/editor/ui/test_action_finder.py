"""Find any command: keys alone, every action, and why one cannot be done."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from editor.ui.action_finder import ROWS, SELF, ActionFinder
from editor.ui.action_table import ACTIONS
from editor.ui.finder_row import ID, KEYS, PLACE, ROW, WHY_NOT
from editor.ui.window import Window
from editor.workspace import Workspace

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def find(window: Window, qtbot: QtBot) -> Callable[[str], ActionFinder]:
    """Press Ctrl+F on the window and type."""

    def find_(typed: str) -> ActionFinder:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_F, CTRL)
        finder = window.findChild(ActionFinder)
        assert isinstance(finder, ActionFinder)
        qtbot.waitUntil(finder.field.hasFocus)
        qtbot.keyClicks(finder.field, typed)
        return finder

    return find_


def rows(finder: ActionFinder, role: int) -> list[str]:
    model = finder.list.model()
    return [model.index(row, 0).data(role) for row in range(model.rowCount())]


def test_everything_is_listed_with_its_menu_and_its_keys(window, opened, build, find) -> None:
    opened(build.layer("a"))
    finder = find("")
    assert set(rows(finder, ID)) == {row.id for row in ACTIONS} - {SELF}
    place = rows(finder, ID).index("edit.redo")
    assert rows(finder, PLACE)[place] == "Edit"
    assert rows(finder, KEYS)[place] == "Ctrl+Shift+Z, Ctrl+Y"
    shown = rows(finder, Qt.ItemDataRole.DisplayRole)
    assert all(shown)
    assert len({*zip(shown, rows(finder, PLACE), strict=True)}) == len(shown)  # can be told apart


def test_enter_does_the_chosen_and_gives_the_focus_back(window, opened, build, find, qtbot) -> None:
    workspace: Workspace = opened(build.layer("a"))
    window.canvas.setFocus()
    finder = find("new la")
    assert rows(finder, ID)[0] == "layer.new"
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert build.tree(workspace.document.layers) == ["Layer 1", "a"]
    assert finder.isHidden()
    assert window.canvas.hasFocus()


def test_arrows_choose(window, opened, build, find, qtbot) -> None:
    opened(build.layer("a"))
    finder = find("brush")
    second = rows(finder, ID)[1]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(finder.field, key)
    assert finder.list.currentIndex().data(ID) == second
    qtbot.keyClick(finder.field, Qt.Key.Key_PageUp)
    assert finder.list.currentIndex().row() == 0


def test_what_cannot_be_done_says_why_and_does_nothing(window, find, qtbot) -> None:
    finder = find("duplicate")
    assert rows(finder, WHY_NOT)[0] == "no document is open"
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.isVisible()
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.isHidden()


def test_the_reason_is_of_what_is_open(window, opened, build, find) -> None:
    opened(build.layer("a"))
    finder = find("feather")
    assert rows(finder, WHY_NOT)[0] == "nothing is selected"


def test_letters_that_fit_nothing_are_said(window, find) -> None:
    finder = find("zzzz")
    assert rows(finder, ID) == []
    assert finder._none.isVisible()


def test_letters_are_text_and_no_shortcuts(window, opened, build, find) -> None:
    opened(build.layer("a"))
    tool = window.tools.current.id
    finder = find("be")
    assert finder.field.text() == "be"
    assert window.tools.current.id == tool


def test_the_list_is_as_tall_as_what_fits(window, opened, build, find) -> None:
    opened(build.layer("a"))
    finder = find("defr")
    assert len(rows(finder, ID)) < ROWS
    assert finder.list.height() == len(rows(finder, ID)) * ROW
    finder.field.clear()
    assert finder.list.height() == ROWS * ROW
