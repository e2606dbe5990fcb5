from collections.abc import Callable

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


def _colours(panel: HistoryPanel) -> set[str]:
    model = panel.list.model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    return {row.data(Qt.ItemDataRole.ForegroundRole).color().name() for row in rows}
