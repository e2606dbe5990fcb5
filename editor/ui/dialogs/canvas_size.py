"""Asks for a canvas size; layers keep their place from the middle."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QWidget

from editor.document.document import MAX_SIDE
from editor.document.geometry import Point, Size
from editor.ui.section import plain_label


class CanvasSizeDialog(QDialog):
    """Width and height in pixels."""

    def __init__(self, size: Size, parent: QWidget | None) -> None:
        """Begin with the size there is."""
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
        form.addRow(plain_label(self.tr("The picture stays in the middle."), "small"))
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def answer(self) -> tuple[Size, Point]:
        """Return the size, and by how much the layers shift."""
        size = Size(self._width.value(), self._height.value())
        before = self._before
        shift = Point((size.width - before.width) // 2, (size.height - before.height) // 2)
        return size, shift


def _pixels(value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, MAX_SIDE)
    box.setSuffix(" px")
    box.setMinimumWidth(120)
    box.setValue(value)
    return box
