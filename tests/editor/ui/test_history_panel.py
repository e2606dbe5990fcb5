from collections.abc import Callable
from types import SimpleNamespace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from editor.ui.history_panel import HistoryPanel
from editor.ui.theme import apply_theme, load_theme
from editor.ui.window import Window
from editor.workspace import Workspace


def test_rows_take_the_colours_of_another_theme(
    qapp: QApplication, qtbot: QtBot, window: Window, opened: Callable[..., Workspace]
) -> None:
    opened()
    panel = window.findChild(HistoryPanel)
    assert isinstance(panel, HistoryPanel)
    try:
        light = load_theme("light")
        apply_theme(qapp, light)
        qtbot.waitUntil(lambda: _colours(panel) == {light.color("strong").name()})
    finally:
        apply_theme(qapp, load_theme("dark"))


def test_the_head_says_what_undo_holds(
    window: Window, opened: Callable[..., Workspace], build: SimpleNamespace
) -> None:
    workspace = opened(build.layer("a", side=512))
    panel = window.history_panel
    assert panel._note.text() == "0 MB of 1.0 GB"
    window.actions_by_id["layer.delete"].trigger()
    assert workspace.history.kept_bytes > 1_000_000
    assert panel._note.text() == "1 MB of 1.0 GB"
    window.preferences.set(undo_mb=64)
    assert panel._note.text() == "1 MB of 64 MB"


def test_a_budget_that_shrinks_forgets_the_oldest_and_leaves_one_back(
    window: Window, opened: Callable[..., Workspace], build: SimpleNamespace
) -> None:
    workspace = opened(build.layer("a", side=128))
    for _ in range(4):
        window.actions_by_id["image.invert"].trigger()
    workspace.set_undo_budget(1)
    assert len(workspace.history.steps) == 2
    assert workspace.history.can_undo
    assert window.history_panel.list.model().rowCount() == 2


def test_keys_go_to_a_step(
    window: Window, opened: Callable[..., Workspace], build: SimpleNamespace, qtbot: QtBot
) -> None:
    workspace = opened(build.layer("a"))
    for _ in range(3):
        window.actions_by_id["layer.new"].trigger()
    listed = window.history_panel.list
    listed.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(listed, key)
    assert workspace.history.cursor == 1
    qtbot.keyClick(listed, Qt.Key.Key_Home)
    qtbot.keyClick(listed, Qt.Key.Key_Enter)
    assert workspace.history.cursor == 0


def _colours(panel: HistoryPanel) -> set[str]:
    model = panel.list.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return {row.data(Qt.ItemDataRole.ForegroundRole).color().name() for row in rows}
