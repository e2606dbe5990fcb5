"""A ruler along a canvas's edge, in document pixels; a drag out of it is a new guide.

On a turned canvas it shows no numbers, since no edge of the widget runs along one of the document.
"""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.document.document import Orientation
from editor.ui.theme import current_theme

if TYPE_CHECKING:  # the canvas makes its rulers
    from editor.ui.canvas import Canvas

THICKNESS = 18
NUMBER_EVERY = 56.0  # device-independent pixels at least
FONT_PIXELS = 9
DIVISIONS = ((1, 10), (2, 4), (5, 5), (10, 10))  # numbers a power of ten, and parts between


class Ruler(QWidget):
    """Horizontal along the upper edge, or vertical along the left one."""

    def __init__(self, canvas: "Canvas", orientation: Orientation) -> None:
        """Lie on a canvas."""
        super().__init__(canvas)
        self._canvas = canvas
        self._orientation = orientation
        self._at: float | None = None  # of the pointer, along the ruler
        self._is_across = orientation is Orientation.HORIZONTAL
        cursor = Qt.CursorShape.SplitVCursor if self._is_across else Qt.CursorShape.SplitHCursor
        self.setCursor(cursor)
        self.setAccessibleName(
            self.tr("Horizontal ruler") if self._is_across else self.tr("Vertical ruler")
        )

    def place(self) -> None:
        """Lie along the canvas's edge as it is now."""
        if self._is_across:
            self.setGeometry(0, 0, self._canvas.width(), THICKNESS)
        else:
            self.setGeometry(0, THICKNESS, THICKNESS, self._canvas.height() - THICKNESS)

    def follow(self, pointer: QPointF | None) -> None:
        """Mark where the pointer is on the canvas."""
        at = None
        if pointer is not None:
            at = pointer.x() if self._is_across else pointer.y() - THICKNESS
        if at != self._at:
            self._at = at
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a guide."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._canvas.guiding.begin(self._orientation)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take it along."""
        self._canvas.guiding.move(self.mapTo(self._canvas, event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave it there."""
        self._canvas.guiding.end(self.mapTo(self._canvas, event.position()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what of the scale is needed."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), theme.color("panel"))
        painter.setPen(QPen(theme.color("line"), 1))
        if self._is_across:
            painter.drawLine(0, THICKNESS - 1, self.width(), THICKNESS - 1)
        else:
            painter.drawLine(THICKNESS - 1, 0, THICKNESS - 1, self.height())
        if not self._canvas.view.angle:
            self._paint_scale(painter)
        if self._is_across:
            painter.fillRect(0, 0, THICKNESS, THICKNESS - 1, theme.color("panel"))
        if self._at is not None:
            painter.setPen(QPen(theme.color("accent_text"), 1))
            painter.drawLine(self._point(self._at, 0), self._point(self._at, THICKNESS - 1))

    def _paint_scale(self, painter: QPainter) -> None:
        view, theme = self._canvas.view, current_theme()
        length = self.width() if self._is_across else self.height()
        origin = view.x if self._is_across else view.y - THICKNESS
        step, parts = division(view.zoom)
        font = painter.font()
        font.setPixelSize(FONT_PIXELS)
        painter.setFont(font)
        first = math.floor(-origin / view.zoom / step)
        last = math.ceil((length - origin) / view.zoom / step)
        for index in range(first * parts, last * parts + 1):
            at = round(origin + index * step / parts * view.zoom) + 0.5
            is_numbered = index % parts == 0
            reach = 4 if not is_numbered else THICKNESS - 1
            painter.setPen(QPen(theme.color("disabled"), 1))
            painter.drawLine(self._point(at, THICKNESS - 1 - reach), self._point(at, THICKNESS - 1))
            if is_numbered:
                painter.setPen(theme.color("quiet"))
                self._paint_number(painter, at, f"{index // parts * step:g}")

    def _paint_number(self, painter: QPainter, at: float, text: str) -> None:
        painter.save()
        painter.translate(self._point(at, 0))
        if not self._is_across:
            painter.rotate(-90)
            painter.translate(-NUMBER_EVERY, 0)
        where = Qt.AlignmentFlag.AlignTop
        where |= Qt.AlignmentFlag.AlignLeft if self._is_across else Qt.AlignmentFlag.AlignRight
        box = QRectF(3 if self._is_across else -3, 1, NUMBER_EVERY, THICKNESS - 4)
        painter.drawText(box, where, text)
        painter.restore()

    def _point(self, along: float, across: float) -> QPointF:
        return QPointF(along, across) if self._is_across else QPointF(across, along)


def division(zoom: float) -> tuple[float, int]:
    """Return how many document pixels lie between two numbers, and in how many parts."""
    least = NUMBER_EVERY / zoom
    power = 10.0 ** math.floor(math.log10(least))
    digit, parts = next(each for each in DIVISIONS if each[0] * power >= least)
    step = digit * power
    if step < 1:
        return 1.0, 1
    return step, parts if step / parts >= 1 else int(step)
