"""Paints a canvas: surround, checkerboard, tiles; over them frames, placeholders, the ring."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from editor.document.geometry import Rect, cells
from editor.document.pixels import TILE
from editor.tools.tool import Sketch
from editor.ui.ants import Ants
from editor.ui.display import Display, level_for
from editor.ui.sketches import paint_sketch
from editor.ui.theme import CHECKER_SIDE, Theme, current_theme
from editor.ui.thumbnails import checkerboard
from editor.ui.view import View
from editor.workspace import Workspace

SMOOTH_BELOW = 2.0  # above it pixels are shown as squares


@dataclass(frozen=True, slots=True, eq=False)
class Placeholder:
    """A job where its layer will be: `share` is 0 to 1, `preview` what is seen of it so far."""

    box: Rect
    words: str
    share: float
    preview: QImage | None


@dataclass(frozen=True, slots=True, eq=False)
class Over:
    """What lies over the picture: the selection, what the tool draws, the brush at `ring`."""

    ants: Ants
    framed: bool  # the selected layers
    sketch: Sketch | None
    ring: QPointF | None
    radius: float


class CanvasPainter:
    """Knows what to paint of one workspace; the canvas says where."""

    def __init__(self, workspace: Workspace, display: Display) -> None:
        """Take tiles from a display."""
        self._workspace = workspace
        self._display = display
        self.placeholders: tuple[Placeholder, ...] = ()

    def paint(self, canvas: QWidget, view: View, dirty: QRect, over: Over) -> None:
        """Paint the dirty part of the widget, and what lies over the picture."""
        theme = current_theme()
        painter = QPainter(canvas)
        picture = view.to_widget(self._workspace.document.rect)
        whole = _on_pixels(picture, canvas.devicePixelRatioF())
        painter.fillRect(dirty, theme.color("surround"))
        _paint_shadow(painter, whole, 40 if theme.name == "dark" else 18)
        seen = whole.intersected(QRectF(dirty))
        if not seen.isEmpty():
            painter.save()
            painter.setClipRect(seen)
            painter.setBrushOrigin(whole.topLeft())
            painter.fillRect(seen, checkerboard(CHECKER_SIDE))
            self._paint_tiles(painter, view, seen, canvas.devicePixelRatioF())
            over.ants.paint(painter, view, seen, canvas.devicePixelRatioF())
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for placeholder in self.placeholders:
            _paint_placeholder(painter, view, placeholder, theme)
        if over.framed:
            self._paint_frame(painter, view, theme)
        if over.sketch is not None:
            paint_sketch(painter, view, over.sketch, QRectF(canvas.rect()))
        if over.ring is not None:
            _paint_ring(painter, over.ring, over.radius)
        painter.end()

    def _paint_tiles(self, painter: QPainter, view: View, seen: QRectF, ratio: float) -> None:
        level = level_for(view.zoom * ratio)
        smooth = view.zoom * ratio < SMOOTH_BELOW and view.zoom * ratio != 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        x0, y0 = view.to_document(seen.topLeft())
        x1, y1 = view.to_document(seen.bottomRight())
        part = Rect(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
        side = TILE << level
        for column, row in cells(part, side):
            image = self._display.image(level, column, row)
            if image is not None:
                cell = Rect(column * side, row * side, (column + 1) * side, (row + 1) * side)
                painter.drawImage(_on_pixels(view.to_widget(cell), ratio), image)

    def _paint_frame(self, painter: QPainter, view: View, theme: Theme) -> None:
        """Paint the active layer's frame: what the move tool would move."""
        workspace = self._workspace
        for layer_id in workspace.selected:
            layer = workspace.document.find(layer_id)
            if layer is None or layer.rect.is_empty:
                continue
            rect = view.to_widget(layer.rect).adjusted(-0.5, -0.5, 0.5, 0.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(255, 255, 255, 230), 1))
            painter.drawRect(rect)
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.drawRect(rect.adjusted(-1, -1, 1, 1))


def _on_pixels(rect: QRectF, ratio: float) -> QRectF:
    """Round a rect's edges to device pixels, so that neighbours share theirs."""
    left, top = round(rect.left() * ratio), round(rect.top() * ratio)
    right, bottom = round(rect.right() * ratio), round(rect.bottom() * ratio)
    return QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)


def _paint_shadow(painter: QPainter, whole: QRectF, strength: int) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for step in range(1, 9):
        painter.setPen(QColor(0, 0, 0, strength - strength * step // 10))
        painter.drawRect(whole.adjusted(-step, -step, step - 1, step - 1))


def _paint_placeholder(
    painter: QPainter, view: View, placeholder: Placeholder, theme: Theme
) -> None:
    box = view.to_widget(placeholder.box)
    if placeholder.preview is not None:
        painter.save()
        painter.setOpacity(0.9)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_inside(placeholder.preview, box), placeholder.preview)
        painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(255, 255, 255, 200), 1))
    painter.drawRect(box)
    painter.setPen(QPen(theme.color("accent"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(box)
    width = min(220.0, max(80.0, box.width() - 24))
    bar = QRectF(box.center().x() - width / 2, box.top() + 14, width, 34)
    painter.setPen(QPen(theme.color("field_line"), 1))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(bar, 8, 8)
    words = QFontMetricsF(painter.font()).elidedText(
        placeholder.words, Qt.TextElideMode.ElideRight, width - 20
    )
    painter.setPen(theme.color("text"))
    line = bar.adjusted(10, 4, -10, -12)
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    track = QRectF(bar.left() + 10, bar.bottom() - 9, width - 20, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hover"))
    painter.drawRoundedRect(track, 1.5, 1.5)
    painter.setBrush(theme.color("accent"))
    track.setWidth(track.width() * min(1.0, max(0.0, placeholder.share)))
    painter.drawRoundedRect(track, 1.5, 1.5)


def _inside(image: QImage, box: QRectF) -> QRectF:
    """Return the largest rect of the image's proportions in the middle of a box."""
    scale = min(box.width() / image.width(), box.height() / image.height())
    rect = QRectF(0, 0, image.width() * scale, image.height() * scale)
    rect.moveCenter(box.center())
    return rect


def _paint_ring(painter: QPainter, middle: QPointF, radius: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 160), 1))
    painter.drawEllipse(middle, radius + 1, radius + 1)
    painter.setPen(QPen(QColor(255, 255, 255, 220), 1))
    painter.drawEllipse(middle, radius, radius)
