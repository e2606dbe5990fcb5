"""Keys on a real window: each one does its action, and none fires while something is typed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from editor.ui.action_finder import ActionFinder
from editor.ui.action_table import WHILE_TYPING
from editor.ui.key_guard import TEXT_FIELDS
from editor.ui.keymap import SHIPPED, read_keymap
from editor.ui.window import Window
from tests.editor.ui.every_dialog import MADE

KEYS = [
    (action, key)
    for action, keys in read_keymap(SHIPPED / "photoshop.json").keys.items()
    for key in keys
]
PLAIN = [
    key
    for action, key in KEYS
    if "Ctrl" not in key and "Alt" not in key and action not in WHILE_TYPING
]


@pytest.fixture
def done(window: Window, opened: Callable[..., object], build, qtbot: QtBot) -> Iterator[list[str]]:
    """The ids of the actions that were done, none of which does anything else."""
    opened(build.layer("a"), build.group("g", build.layer("b")))
    done: list[str] = []
    for name, row in window._actions._rows.items():
        record = replace(row, handler=lambda _window, name=name: done.append(name))
        window._actions._rows[name] = record
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield done
    for action in window.actions_by_id.values():
        action.setEnabled(True)


@pytest.mark.parametrize("where", ["canvas", "tool bar", "layer list", "history"])
def test_every_key_does_its_action(window, done, where: str) -> None:
    widget: QWidget = {
        "canvas": window.canvas,
        "tool bar": window.tool_bar.findChildren(QWidget)[0],
        "layer list": window.layer_panel.view,
        "history": window.history_panel.list,
    }[where]
    moving = {"Tab", "Backspace"} if where != "canvas" else set()
    wrong = []
    for action, key in KEYS:
        if key in moving:
            continue
        widget.setFocus()
        window.actions_by_id[action].setEnabled(True)
        done.clear()
        QTest.keySequence(widget, QKeySequence(key))
        if done != [action]:
            wrong.append((key, action, list(done)))
    assert wrong == []


def text_fields(widget: QWidget) -> list[QWidget]:
    """What can be typed into and is on the screen; a field in a field is the outer one's."""
    found = [each for kind in TEXT_FIELDS for each in widget.findChildren(kind)]
    return [
        each
        for each in found
        if each.isVisible() and each.isEnabled() and not isinstance(each.parent(), TEXT_FIELDS)
    ]


def type_all(fields: list[QWidget], done: list[str]) -> list[tuple[str, str, list[str]]]:
    """Type every key that is a letter, a digit or a sign; return what fired."""
    fired = []
    for field in fields:
        for key in PLAIN:
            field.setFocus()
            if not field.hasFocus():
                continue
            done.clear()
            QTest.keySequence(field, QKeySequence(key))
            if done:
                fired.append((field.accessibleName(), key, list(done)))
    return fired


def test_nothing_fires_while_typing_in_the_window(window, done, qtbot: QtBot) -> None:
    window.prompt.field.setText("a leaf")
    window.prompt._more.click()
    for tool in window.tools.tools:
        window.tools.choose(tool)
        qtbot.wait(1)
        fields = text_fields(window.options)
        assert type_all(fields, done) == [], tool
    fields = text_fields(window)
    assert len(fields) > 6
    assert {each.accessibleName() for each in fields} >= {"Prompt"}
    assert type_all(fields, done) == []


def test_nothing_fires_while_a_layer_is_renamed(window, done, qtbot: QtBot) -> None:
    view = window.layer_panel.view
    view.edit(view.currentIndex())
    editor = view.findChild(QLineEdit)
    assert editor is not None
    for key in (key for key in PLAIN if len(key) == 1):
        QTest.keySequence(editor, QKeySequence(key))
    assert done == []
    assert "B" in editor.text().upper()


def test_nothing_fires_while_a_command_is_looked_for(window, done, qtbot: QtBot) -> None:
    finder = ActionFinder(window, window.actions_by_id)
    finder.open(window.desk)
    assert type_all([finder.field], done) == []
    assert "b" in finder.field.text().casefold()


@pytest.mark.parametrize("name", MADE)
def test_nothing_fires_behind_a_dialog(window, done, qtbot: QtBot, name: str) -> None:
    dialog = MADE[name][1](window)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    if name == "settings":
        dialog.pages.setCurrentRow(dialog.pages.count() - 1)
        dialog.keymap.list.setCurrentItem(dialog.keymap.list.topLevelItem(0))
    assert type_all(text_fields(dialog), done) == []
    dialog.close()


def test_saving_works_while_typing(window, done) -> None:
    window.prompt.field.setFocus()
    QTest.keySequence(window.prompt.field, QKeySequence("Ctrl+S"))
    QTest.keySequence(window.prompt.field, QKeySequence("Ctrl+J"))
    assert done == ["file.save"]
    assert window.prompt.field.hasFocus()


def test_tab_hides_panels_from_the_canvas_and_goes_on_elsewhere(window, done) -> None:
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert done == ["window.panels"]
    window.layer_panel.view.setFocus()
    QTest.keyClick(window.layer_panel.view, Qt.Key.Key_Tab)
    assert done == ["window.panels"]
    assert not window.layer_panel.view.hasFocus()
