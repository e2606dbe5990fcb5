"""Paints a canvas: surround, checkerboard, tiles; over them frames, placeholders, the ring."""

import math
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from editor.document.document import Guide, Orientation
from editor.document.geometry import Rect, cells
from editor.document.pixels import TILE
from editor.tools.tool import Sketch
from editor.ui.ants import Ants
from editor.ui.display import Display, level_for
from editor.ui.looks import current_looks
from editor.ui.qimage import image_from_premultiplied, is_opaque
from editor.ui.scaled_tiles import ScaledTiles
from editor.ui.sketches import paint_sketch
from editor.ui.theme import Theme, current_theme
from editor.ui.thumbnails import checkerboard
from editor.ui.view import View
from editor.workspace import Workspace

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
GRID_COLOUR = QColor(128, 128, 128, 110)
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
    """What lies over the picture: the selection, what the tool draws, the brush at `ring`.

    `met` are the lines that what is moved lies on now.
    """

    ants: Ants
    framed: bool  # the selected layers
    sketch: Sketch | None
    ring: QPointF | None
    radius: float
    guides: tuple[Guide, ...]
    met: tuple[Guide, ...]
    grid: bool


class CanvasPainter:
    """Knows what to paint of one workspace; the canvas says where."""

    def __init__(self, workspace: Workspace, display: Display) -> None:
        """Take tiles from a display."""
        self._workspace = workspace
        self._display = display
        self._scaled = ScaledTiles()
        self.placeholders: tuple[Placeholder, ...] = ()

    def paint(self, canvas: QWidget, view: View, dirty: QRect, over: Over) -> None:
        """Paint the dirty part of the widget, and what lies over the picture."""
        theme = current_theme()
        ratio = canvas.devicePixelRatioF()
        painter = QPainter(canvas)
        painter.setTransform(view.turn)
        flat = view.flat
        picture = _on_pixels(flat.to_widget(self._workspace.document.rect), ratio)
        part = view.turn.inverted()[0].mapRect(QRectF(dirty))
        if not picture.contains(part):
            surround = theme.color("surround")
            for rect in [part] if view.angle else _beyond(part, picture):
                painter.fillRect(rect, surround)
            _paint_shadow(painter, picture, 40 if theme.name == "dark" else 18)
        seen = picture.intersected(part)
        if not seen.isEmpty():
            painter.save()
            painter.setClipRect(seen)
            painter.setBrushOrigin(picture.topLeft())
            self._paint_tiles(painter, view, seen, ratio)
            if over.grid and view.zoom * ratio >= current_looks().grid_from:
                _paint_grid(painter, flat, seen, ratio)
            over.ants.paint(painter, flat, seen, ratio)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for placeholder in self.placeholders:
            _paint_placeholder(painter, flat, placeholder, theme)
        if over.framed:
            self._paint_frame(painter, flat, theme)
        whole = view.turn.inverted()[0].mapRect(QRectF(canvas.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, view.angle % 90 != 0)
        _paint_guides(painter, flat, whole, over.guides, theme.color("accent"))
        _paint_guides(painter, flat, whole, over.met, theme.color("ready"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.resetTransform()
        if over.sketch is not None:
            paint_sketch(painter, view, over.sketch, QRectF(canvas.rect()))
        if over.ring is not None:
            _paint_ring(painter, over.ring, over.radius)
        painter.end()

    def _paint_tiles(self, painter: QPainter, view: View, seen: QRectF, ratio: float) -> None:
        """Paint what is seen of the picture; `seen` is of the flat view."""
        flat, zoom = view.flat, view.zoom * ratio
        level = level_for(zoom)
        smooth = zoom < SMOOTH_BELOW and (zoom != 1.0 or view.angle % 90 != 0)
        mixes = smooth and view.angle != 0  # without, tiles come in their size: see `ScaledTiles`
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, mixes)
        checks = checkerboard(current_looks().side)
        x0, y0, x1, y1 = flat.around(seen)
        part = Rect(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
        side = TILE << level
        if view.angle:
            painter.fillRect(seen, checks)
            part = part.grown(2 << level).met(self._workspace.document.rect)  # neighbours are mixed
            whole, cell = self._mosaic(level, part)
            painter.drawImage(flat.to_widget(cell), whole)  # the same whatever part it is of
            return
        lefts = _edges(flat.x, side * flat.zoom, ratio, part.x0 // side, -(-part.x1 // side))
        tops = _edges(flat.y, side * flat.zoom, ratio, part.y0 // side, -(-part.y1 // side))
        for column, row in cells(part, side):
            (left, right), (top, bottom) = lefts[column], tops[row]
            place = QRectF(
                left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio
            )
            pixels = self._display.pixels(level, column, row)
            image = None
            if pixels is not None and zoom < SMOOTH_BELOW:
                key = (level, column, row)
                image = self._scaled.scaled(key, pixels, QSize(right - left, bottom - top))
            elif pixels is not None:
                image = image_from_premultiplied(pixels, opaque=is_opaque(pixels))
            if image is None or image.format() is FORMAT:  # something shows through
                painter.fillRect(place, checks)
            if image is not None:
                painter.drawImage(place, image)

    def _mosaic(self, level: int, part: Rect) -> tuple[QImage, Rect]:
        """Return the tiles of a part as one image, and its rect.

        Turned, images that touch leave pixels between them that belong to neither.
        """
        side = TILE << level
        x0, y0 = part.x0 // side, part.y0 // side
        x1, y1 = -(-part.x1 // side), -(-part.y1 // side)
        whole = QImage((x1 - x0) * TILE, (y1 - y0) * TILE, FORMAT)
        whole.fill(0)
        painter = QPainter(whole)
        for column, row in cells(part, side):
            image = self._display.image(level, column, row)
            if image is not None:
                painter.drawImage((column - x0) * TILE, (row - y0) * TILE, image)
        painter.end()
        return whole, Rect(x0 * side, y0 * side, x1 * side, y1 * side)

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


def _edges(
    start: float, side: float, ratio: float, first: int, end: int
) -> dict[int, tuple[int, int]]:
    """Return where each of the tiles of a row or column begins and ends, in device pixels."""
    at = [round((start + index * side) * ratio) for index in range(first, end + 1)]
    return dict(zip(range(first, end), pairwise(at), strict=True))


def _beyond(part: QRectF, picture: QRectF) -> list[QRectF]:
    """Return the parts of a rect that are not in another one."""
    inner = part.intersected(picture)
    if inner.isEmpty():
        return [part]
    wide, middle = part.width(), inner.height()
    return [
        QRectF(part.left(), part.top(), wide, inner.top() - part.top()),
        QRectF(part.left(), inner.bottom(), wide, part.bottom() - inner.bottom()),
        QRectF(part.left(), inner.top(), inner.left() - part.left(), middle),
        QRectF(inner.right(), inner.top(), part.right() - inner.right(), middle),
    ]


def _paint_grid(painter: QPainter, flat: View, seen: QRectF, ratio: float) -> None:
    """Paint a line between each two of the document's pixels, one device pixel wide."""
    painter.setPen(QPen(GRID_COLOUR, 0))
    x0, y0, x1, y1 = (math.ceil(each) for each in flat.around(seen))
    half = 0.5 / ratio
    lines = []
    for x in range(x0, x1 + 1):
        at = round((flat.x + x * flat.zoom) * ratio) / ratio + half
        lines.append(QLineF(at, seen.top(), at, seen.bottom()))
    for y in range(y0, y1 + 1):
        at = round((flat.y + y * flat.zoom) * ratio) / ratio + half
        lines.append(QLineF(seen.left(), at, seen.right(), at))
    painter.drawLines(lines)


def _paint_guides(
    painter: QPainter, flat: View, whole: QRectF, guides: tuple[Guide, ...], colour: QColor
) -> None:
    painter.setPen(QPen(colour, 1))
    for guide in guides:
        if guide.orientation is Orientation.VERTICAL:
            x = round(flat.place(guide.position, 0).x()) + 0.5
            painter.drawLine(QPointF(x, whole.top()), QPointF(x, whole.bottom()))
        else:
            y = round(flat.place(0, guide.position).y()) + 0.5
            painter.drawLine(QPointF(whole.left(), y), QPointF(whole.right(), y))


def _paint_shadow(painter: QPainter, whole: QRectF, strength: int) -> None:
    """Paint eight frames around it, each of four strips: a pen takes four times as long."""
    for step in range(1, 9):
        colour = QColor(0, 0, 0, strength - strength * step // 10)
        outer = whole.adjusted(-step, -step, step, step)
        wide, high = outer.width(), outer.height() - 2
        for x, y, width, height in (
            (outer.left(), outer.top(), wide, 1.0),
            (outer.left(), outer.bottom() - 1, wide, 1.0),
            (outer.left(), outer.top() + 1, 1.0, high),
            (outer.right() - 1, outer.top() + 1, 1.0, high),
        ):
            painter.fillRect(QRectF(x, y, width, height), colour)


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
