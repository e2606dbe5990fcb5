"""Where the parts of the window are: bars across, tools left, the canvas, one column of panels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:  # the window lays itself out
    from editor.ui.window import Window

FULL_SIZE = QSize(1600, 1000)
RIGHT_WIDTH = 315
TITLE_BAR = 32  # about what the window manager adds on top


def lay_out(window: "Window") -> tuple[QFrame, QVBoxLayout]:
    """Put the parts of a window in their places; returns the right column and its rows."""
    right, column = _right_column(window)
    middle = QVBoxLayout()
    middle.setSpacing(0)
    for widget in (window.tabs, window.messages):
        middle.addWidget(widget)
    middle.addWidget(window.area, 1)
    across = QHBoxLayout()
    across.setSpacing(0)
    across.addWidget(window.tool_bar)
    across.addLayout(middle, 1)
    across.addWidget(right)
    whole = QWidget()
    rows = QVBoxLayout(whole)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    rows.addWidget(window.options)
    rows.addLayout(across, 1)
    rows.addWidget(window.status)
    window.setCentralWidget(whole)
    return right, column


def _right_column(window: "Window") -> tuple[QFrame, QVBoxLayout]:
    right = QFrame()
    right.setObjectName("RightColumn")
    right.setFixedWidth(RIGHT_WIDTH)
    column = QVBoxLayout(right)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for panel, share in (
        (window.layer_panel, 0),
        (window.recipe_panel, 0),
        (window.adjustment_panel, 0),
        (window.history_panel, 1),
    ):
        column.addWidget(panel, share)
    return right, column


def fitting_size() -> QSize:
    """Return the size of a new window: as designed, or what the screen has."""
    space = QApplication.primaryScreen().availableSize() - QSize(0, TITLE_BAR)
    return FULL_SIZE.boundedTo(space)
