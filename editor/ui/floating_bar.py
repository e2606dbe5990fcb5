"""A bar that floats over the canvas: rounded, raised, with a soft shadow painted by itself."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.ui.theme import current_theme

SHADOW = 10  # device-independent pixels around the bar
RADIUS = 12


class FloatingBar(QWidget):
    """A child of the widget it floats over; the pointer does not reach through it."""

    def __init__(self, parent: QWidget | None, padding: int = 10) -> None:
        """Make an empty bar; its content goes into `body`."""
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        edge = SHADOW + padding
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(8)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint shadow, ground and line."""
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        for step in range(SHADOW):
            painter.setBrush(QColor(0, 0, 0, (4 + step) // (1 if theme.name == "dark" else 3)))
            inset = step + 1.0
            rect = whole.adjusted(inset, inset + 2, -inset, -inset + 2)
            painter.drawRoundedRect(rect, RADIUS + SHADOW - step, RADIUS + SHADOW - step)
        painter.setBrush(theme.color("raised"))
        painter.setPen(QPen(theme.color("field_line"), 1))
        ground = whole.adjusted(SHADOW + 0.5, SHADOW + 0.5, -SHADOW - 0.5, -SHADOW - 0.5)
        painter.drawRoundedRect(ground, RADIUS, RADIUS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep presses from the canvas below."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep releases from the canvas below."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Keep the wheel from the canvas below."""
        event.accept()
