"""Asks for a canvas size, and for where on it the picture stays."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QSpinBox,
    QToolButton,
    QWidget,
)

from editor.document.document import MAX_SIDE
from editor.document.geometry import Point, Size
from editor.ui.section import plain_label
from editor.ui.theme import current_theme

MIDDLE = 4  # of the nine places, row by row


class CanvasSizeDialog(QDialog):
    """Width and height in pixels, and nine places."""

    def __init__(self, size: Size, parent: QWidget | None) -> None:
        """Begin with the size there is, and the picture in the middle."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Canvas size"))
        self._before = size
        self._width = _pixels(size.width)
        self._height = _pixels(size.height)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(10)
        self._width.setAccessibleName(self.tr("Width"))
        self._height.setAccessibleName(self.tr("Height"))
        form.addRow(plain_label(self.tr("Width"), "quiet"), self._width)
        form.addRow(plain_label(self.tr("Height"), "quiet"), self._height)
        form.addRow(plain_label(self.tr("The picture stays"), "quiet"), self._places())
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def answer(self) -> tuple[Size, Point]:
        """Return the size, and by how much the layers shift."""
        size = Size(self._width.value(), self._height.value())
        row, column = divmod(self.anchor.checkedId(), 3)
        free = (size.width - self._before.width, size.height - self._before.height)
        return size, Point(free[0] * column // 2, free[1] * row // 2)

    def _places(self) -> QWidget:
        places = QWidget()
        line = current_theme().field_line
        places.setStyleSheet(f"QToolButton:!checked {{ border: 1px solid {line}; }}")
        grid = QGridLayout(places)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        self.anchor = QButtonGroup(self)
        names = (
            self.tr("top left"), self.tr("top"), self.tr("top right"),
            self.tr("left"), self.tr("middle"), self.tr("right"),
            self.tr("bottom left"), self.tr("bottom"), self.tr("bottom right"),
        )  # fmt: skip
        for index, name in enumerate(names):
            button = QToolButton()
            button.setCheckable(True)
            button.setFixedSize(QSize(24, 24))
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.setObjectName("AnchorButton")
            self.anchor.addButton(button, index)
            grid.addWidget(button, *divmod(index, 3))
        self.anchor.button(MIDDLE).setChecked(True)
        grid.setColumnStretch(3, 1)
        return places


def _pixels(value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, MAX_SIDE)
    box.setSuffix(" px")
    box.setMinimumWidth(120)
    box.setValue(value)
    return box
