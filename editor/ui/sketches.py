"""Paints what a tool draws over the picture: lines, handles, and what a crop would take away."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from editor.tools.tool import Sketch
from editor.ui.theme import current_theme
from editor.ui.view import View

HANDLE = 7.0  # device-independent pixels
SHADE = QColor(0, 0, 0, 140)
DASHES = (4.0, 4.0)


def paint_sketch(painter: QPainter, view: View, sketch: Sketch, whole: QRectF) -> None:
    """Paint over the canvas; `whole` is all of it."""
    if sketch.kept is not None:
        shade = QPainterPath()
        shade.addRect(whole)
        shade.addRect(view.to_widget(sketch.kept))
        painter.fillPath(shade, SHADE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in sketch.lines:
        places = QPolygonF([view.place(x, y) for x, y in line])
        painter.setPen(QPen(QColor(255, 255, 255, 230), 1))
        painter.drawPolyline(places)
        dashed = QPen(QColor(0, 0, 0, 230), 1)
        dashed.setDashPattern(DASHES)
        painter.setPen(dashed)
        painter.drawPolyline(places)
    painter.setPen(QPen(current_theme().color("accent"), 1))
    painter.setBrush(QColor(255, 255, 255))
    for x, y in sketch.handles:
        painter.drawRect(_handle(view.place(x, y)))


def bounds(view: View, sketch: Sketch, whole: QRect) -> QRect:
    """Return the part of the canvas that a sketch covers."""
    if sketch.kept is not None:
        return whole
    places = [view.place(x, y) for line in (*sketch.lines, sketch.handles) for x, y in line]
    if not places:
        return QRect()
    reach = int(HANDLE)
    rect = QPolygonF(places).boundingRect().toAlignedRect()
    return rect.adjusted(-reach, -reach, reach, reach)


def _handle(middle: QPointF) -> QRectF:
    corner = QPointF(round(middle.x()) + 0.5, round(middle.y()) + 0.5)
    return QRectF(corner.x() - HANDLE / 2, corner.y() - HANDLE / 2, HANDLE, HANDLE)
