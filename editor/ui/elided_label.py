"""A quiet line at the right that shortens itself where there is no space for it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme import current_theme


class ElidedLabel(QWidget):
    """Plain text; all of it is in the tooltip."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """All of what is shown."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a line's height; the width is what is left."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as there is space for."""
        painter = QPainter(self)
        painter.setPen(current_theme().color("quiet"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        line = self.fontMetrics().elidedText(self._text, elide, self.width())
        painter.drawText(self.rect(), int(right) | int(Qt.TextFlag.TextSingleLine), line)
        painter.end()
