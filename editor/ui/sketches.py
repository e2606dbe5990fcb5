"""Paints what a tool draws over the picture: lines, handles, and what a crop would take away."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from editor.tools.tool import Sketch
from editor.ui.theme import current_theme
from editor.ui.view import View

HANDLE = 7.0  # device-independent pixels
SHADE = QColor(0, 0, 0, 140)
NOTE_HEIGHT = 20.0
NOTE_CHARACTER = 7.0  # about its width
DASHES = (4.0, 4.0)


def paint_sketch(painter: QPainter, view: View, sketch: Sketch, whole: QRectF) -> None:
    """Paint over the canvas; `whole` is all of it."""
    if sketch.kept is not None:
        shade = QPainterPath()
        shade.addRect(whole)
        shade.addPolygon(view.polygon(sketch.kept))
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
    if sketch.note:
        _paint_note(painter, _note_rect(view, sketch), sketch.note)


def _paint_note(painter: QPainter, rect: QRectF, note: str) -> None:
    theme = current_theme()
    painter.setPen(QPen(theme.color("field_line"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setPen(theme.color("text"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, note)


def _note_rect(view: View, sketch: Sketch) -> QRectF:
    """Return where the words go: below the middle of what is drawn."""
    places = QPolygonF([view.place(x, y) for line in sketch.lines for x, y in line])
    box = places.boundingRect()
    width = NOTE_CHARACTER * len(sketch.note) + 12
    return QRectF(box.center().x() - width / 2, box.bottom() + 8, width, NOTE_HEIGHT)


def bounds(view: View, sketch: Sketch, whole: QRect) -> QRect:
    """Return the part of the canvas that a sketch covers."""
    if sketch.kept is not None:
        return whole
    places = [view.place(x, y) for line in (*sketch.lines, sketch.handles) for x, y in line]
    if not places:
        return QRect()
    reach = int(HANDLE)
    rect = QPolygonF(places).boundingRect().toAlignedRect()
    if sketch.note:
        rect = rect.united(_note_rect(view, sketch).toAlignedRect())
    return rect.adjusted(-reach, -reach, reach, reach)


def _handle(middle: QPointF) -> QRectF:
    corner = QPointF(round(middle.x()) + 0.5, round(middle.y()) + 0.5)
    return QRectF(corner.x() - HANDLE / 2, corner.y() - HANDLE / 2, HANDLE, HANDLE)
