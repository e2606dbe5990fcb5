"""A curve to be bent: points are added by a press, dragged, and dragged out to go."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from editor.document.adjustment import STRAIGHT, Curve
from editor.ui.theme import current_theme

EDGE = 6  # device-independent pixels around the square
NEAR = 9  # of a point that is taken hold of
OUT = 24  # beyond the square: the point goes
MOST_POINTS = 16
STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class CurveEditor(QWidget):
    """Input runs to the right, output upward, 0 to 255 each."""

    previewed = Signal(object)  # Curve
    set_to = Signal(object)

    def __init__(self) -> None:
        """Show the straight line."""
        super().__init__()
        self._curve: Curve = STRAIGHT
        self._held: int | None = None  # index of the point that was pressed last
        self._dragging = False
        self.colour = ""
        self.setFixedHeight(200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Curve"))

    def show_curve(self, curve: Curve, colour: str) -> None:
        """Show a curve, in a colour of its channel."""
        if not self._dragging:
            self._held = None if self._held is None else min(self._held, len(curve) - 1)
        self._curve, self.colour = curve, colour
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a point, or make one."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        near = [
            (abs(self._place(each).x() - event.position().x()), index)
            for index, each in enumerate(self._curve)
            if (self._place(each) - event.position()).manhattanLength() <= NEAR
        ]
        self._dragging = True
        if near:
            self._held = min(near)[1]
        elif len(self._curve) < MOST_POINTS:
            given, output = self._values(event.position())
            points = dict(self._curve) | {given: output}
            self._curve = tuple(sorted(points.items()))
            self._held = [point[0] for point in self._curve].index(given)
            self.previewed.emit(self._curve)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the point; out of the square it is shown without it."""
        if self._dragging and self._held is not None:
            if len(self._curve) > 2 and self._is_out(event.position()):
                self.previewed.emit(_without(self._curve, self._held))
            else:
                self._curve = self._moved(*self._values(event.position()))
                self.previewed.emit(self._curve)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, and set the curve."""
        if not self._dragging:
            return
        self._dragging = False
        if self._held is not None and len(self._curve) > 2 and self._is_out(event.position()):
            self._curve, self._held = _without(self._curve, self._held), None
        self.set_to.emit(self._curve)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the point that was pressed last, Delete takes it away."""
        key = Qt.Key(event.key())
        if self._held is None:
            super().keyPressEvent(event)
        elif key in STEPS:
            given, output = self._curve[self._held]
            across, up = STEPS[key]
            self._curve = self._moved(given + across, output + up)
            self.set_to.emit(self._curve)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and len(self._curve) > 2:
            self._curve, self._held = _without(self._curve, self._held), None
            self.set_to.emit(self._curve)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square in quarters, the line and its points."""
        from editor.render.adjusting import curve_values  # not before the first paint

        theme, square = current_theme(), self._square()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(square, theme.color("field"))
        painter.setPen(theme.color("field_line"))
        for quarter in (64, 128, 192):
            painter.drawLine(self._place((quarter, 0)), self._place((quarter, 255)))
            painter.drawLine(self._place((0, quarter)), self._place((255, quarter)))
        painter.drawRect(square)
        import numpy as np

        values = curve_values(self._curve, np.arange(256) / 255) * 255
        line = QPolygonF([self._place((x, float(y))) for x, y in enumerate(values)])
        painter.setPen(QPen(QColor(self.colour or theme.text), 1.6))
        painter.drawPolyline(line)
        for index, point in enumerate(self._curve):
            held = index == self._held
            painter.setBrush(theme.color("accent" if held else "panel"))
            painter.drawEllipse(self._place(point), 4, 4)
        painter.end()

    def _square(self) -> QRectF:
        return QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def _place(self, point: tuple[float, float]) -> QPointF:
        square = self._square()
        x = square.left() + point[0] / 255 * square.width()
        return QPointF(x, square.bottom() - point[1] / 255 * square.height())

    def _values(self, at: QPointF) -> tuple[int, int]:
        square = self._square()
        given = (at.x() - square.left()) / square.width() * 255
        output = (square.bottom() - at.y()) / square.height() * 255
        return min(255, max(0, round(given))), min(255, max(0, round(output)))

    def _moved(self, given: int, output: int) -> Curve:
        """Return the curve with the held point elsewhere, between its neighbours."""
        assert self._held is not None
        points = list(self._curve)
        least = points[self._held - 1][0] + 1 if self._held else 0
        last = self._held == len(points) - 1
        most = 255 if last else points[self._held + 1][0] - 1
        points[self._held] = (min(most, max(least, given)), min(255, max(0, output)))
        return tuple(points)

    def _is_out(self, at: QPointF) -> bool:
        return not self._square().adjusted(-OUT, -OUT, OUT, OUT).contains(at)


def _without(curve: Curve, index: int) -> Curve:
    return curve[:index] + curve[index + 1 :]
