"""Everything can be reached by keys and has a name that a screen reader says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from editor.ui.panel_round import first_reached, panels
from tests.editor.ui.every_dialog import MADE, classes

PRESSED = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox,
           QLineEdit, QTabBar)  # fmt: skip


def is_qts_own(widget: QWidget) -> bool:
    """Parts that Qt makes inside its widgets, which those answer for."""
    names = ("qt_", "Scroll")
    parent = widget.parent()
    return (
        widget.objectName().startswith(names)
        or isinstance(widget, (QScrollBar, QHeaderView))
        or isinstance(parent, (QComboBox, QLineEdit, QAbstractSpinBox))
        or type(parent).__name__ in ("QComboBoxPrivateContainer", "QFrame", "QDockWidget")
        or type(widget).__name__ in ("QComboBoxListView", "QComboBoxPrivateContainer")
    )


def everything(window, opened, build) -> list[QWidget]:
    """The window with a document, each tool's options once, and all of the prompt bar."""
    opened(build.layer("a"), build.group("g", build.layer("b")))
    window.prompt._more.click()
    window.messages.fail("Something", "Try again", lambda: None)
    return [each for each in window.findChildren(QWidget) if not is_qts_own(each)]


def said_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def test_whatever_takes_the_focus_has_a_name(window, opened, build) -> None:
    nameless = {
        (type(each).__name__, type(each.parent()).__name__, each.toolTip())
        for each in everything(window, opened, build)
        if each.focusPolicy() != Qt.FocusPolicy.NoFocus and not said_name(each)
    }
    assert nameless == set()


def test_options_of_every_tool_have_names_and_are_reached(window, opened, build) -> None:
    opened(build.layer("a"))
    for tool in window.tools.tools:
        window.tools.choose(tool)
        for each in window.options.findChildren(QWidget):
            if isinstance(each, PRESSED) and not is_qts_own(each):
                assert said_name(each), (tool, each)
                assert each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value, (tool, each)


def test_whatever_can_be_pressed_is_reached_by_tab(window, opened, build) -> None:
    missed = {
        (type(each).__name__, said_name(each), type(each.parent()).__name__)
        for each in everything(window, opened, build)
        if isinstance(each, PRESSED)
        and not each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    }
    assert missed == set()


def test_every_icon_has_a_tooltip(window, opened, build) -> None:
    without = [
        said_name(each)
        for each in everything(window, opened, build)
        if isinstance(each, QToolButton) and not each.text() and not each.toolTip()
    ]
    assert without == []


@pytest.mark.parametrize("key", [Qt.Key.Key_F6, "back"])
def test_a_round_of_all_panels(window, opened, build, qtbot: QtBot, key) -> None:
    everything(window, opened, build)
    window.activateWindow()
    window.canvas.setFocus()
    there = {panel for panel in panels(window) if panel.isVisible() and first_reached(panel)}
    assert {window.canvas, window.layer_panel, window.prompt, window.tool_bar} < there
    seen = set()
    modifiers = Qt.KeyboardModifier.NoModifier
    if key == "back":
        key, modifiers = Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier
    for _ in there:
        focus = QApplication.focusWidget()
        seen |= {panel for panel in there if panel is focus or panel.isAncestorOf(focus)}
        QTest.keyClick(focus, key, modifiers)
    assert seen == there
    assert window.canvas.hasFocus()


def test_tab_goes_through_the_layer_panel_and_on(window, opened, build, qtbot: QtBot) -> None:
    opened(build.layer("a"))
    window.activateWindow()
    window.layer_panel.view.setFocus()
    seen = []
    for _ in range(12):
        focus = QApplication.focusWidget()
        if focus in seen or focus is window.canvas:  # there Tab hides the panels
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert len(seen) > 4
    assert window.actions_by_id["window.panels"].isChecked() is False


def test_a_focused_button_looks_different(window, opened, build, qtbot: QtBot) -> None:
    opened(build.layer("a"))
    window.activateWindow()
    button = next(each for each in window.tool_bar.findChildren(QToolButton))
    plain = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage() != plain


def test_space_presses_what_has_the_focus(window, opened, build, qtbot: QtBot) -> None:
    opened(build.layer("a"))
    window.activateWindow()
    button = window.tool_bar.findChildren(QToolButton)[3]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert window.tools.current.id == "lasso"


def test_no_dialog_is_forgotten() -> None:
    assert {kind for kind, _ in MADE.values()} == classes()


@pytest.mark.parametrize("name", MADE)
def test_dialogs_have_names_and_are_reached(window, opened, build, qtbot: QtBot, name: str) -> None:
    opened(build.layer("a"))
    dialog = MADE[name][1](window)
    dialog.show()
    for each in dialog.findChildren(QWidget):
        if isinstance(each, PRESSED) and not is_qts_own(each):
            assert said_name(each), (dialog, each, each.parent())
            assert each.focusPolicy().value & Qt.FocusPolicy.TabFocus.value, each
    dialog.close()
