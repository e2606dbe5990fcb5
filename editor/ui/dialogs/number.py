"""Asks for one whole number of pixels."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QWidget

from editor.edits.selection import MOST_PIXELS
from editor.ui.section import plain_label


class NumberDialog(QDialog):
    """A field, and two buttons."""

    def __init__(self, title: str, name: str, value: int, parent: QWidget | None) -> None:
        """Begin with a value, selected so that typing replaces it."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._field = QSpinBox()
        self._field.setRange(1, MOST_PIXELS)
        self._field.setSuffix(" px")
        self._field.setMinimumWidth(120)
        self._field.setValue(value)
        self._field.setAccessibleName(name)
        self._field.selectAll()
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(10)
        form.addRow(plain_label(name, "quiet"), self._field)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def answer(self) -> int:
        """Return the number."""
        return self._field.value()
