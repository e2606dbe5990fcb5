"""The field that text is typed into: it floats over the canvas, below what it says."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

WIDTH, HEIGHT, GAP = 280, 74, 10  # device-independent pixels


class TypingField(QPlainTextEdit):
    """Several lines; Control and Enter applies, Escape cancels."""

    changed = Signal(str)
    applied = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setObjectName("TypingField")
        self.setAccessibleName(self.tr("Text"))
        self.setPlaceholderText(self.tr("Type the text. Ctrl+Enter keeps it, Esc does not."))
        self.resize(WIDTH, HEIGHT)
        self.hide()
        self.textChanged.connect(self._on_changed)

    def begin(self, content: str) -> None:
        """Show a text, all of it selected, and take the keyboard."""
        blocked = self.blockSignals(True)
        self.setPlainText(content)
        self.blockSignals(blocked)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus()

    def end(self) -> None:
        """Go, and give the keyboard back to the canvas."""
        had_focus = self.hasFocus()
        self.hide()
        canvas = self.parentWidget()
        if had_focus and canvas is not None:
            canvas.setFocus()

    def place_below(self, box: QRect) -> None:
        """Go below a box of the canvas, or above where there is no room, always in sight."""
        canvas = self.parentWidget()
        assert canvas is not None
        y = box.bottom() + GAP
        if y + self.height() > canvas.height():
            y = box.top() - GAP - self.height()
        x = min(max(0, box.left()), canvas.width() - self.width())
        self.move(x, max(0, min(y, canvas.height() - self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter alone is a new line."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.applied.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit(self.toPlainText())
