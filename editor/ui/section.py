"""One block of the right column: a bold head, a quiet word at the right, and what is below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.theme import set_role

EDGE = 12


class Section(QFrame):
    """A panel with a head; its content goes into `body`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Make an empty one."""
        super().__init__(parent)
        self.setObjectName("Section")
        self._head = plain_label(title)
        set_role(self._head, "head")
        self._note = plain_label("")
        set_role(self._note, "quiet")
        head = QHBoxLayout()
        head.setContentsMargins(EDGE, 0, EDGE, 0)
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self._note)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self.body, 1)

    def set_note(self, text: str) -> None:
        """Show a quiet word at the right of the head, as plain text."""
        self._note.setText(text)


def plain_label(text: str, role: str = "") -> QLabel:
    """Return a label that shows its text as it is, whatever tags are in it."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if role:
        set_role(label, role)
    return label


def row(*widgets: QWidget, spacing: int = 8) -> QHBoxLayout:
    """Return a line of widgets inside a section's edges."""
    line = QHBoxLayout()
    line.setContentsMargins(EDGE, 0, EDGE, 0)
    line.setSpacing(spacing)
    for widget in widgets:
        line.addWidget(widget)
    return line
