"""One row of the layer list: eyes, thumbnails, the name over a quiet line, badges.

All text is drawn as it is; a name is never rich text.
"""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from editor.document.adjustment import kind_of
from editor.document.layer import AdjustmentLayer, Group, Label, Layer, LayerId, PixelLayer
from editor.ui.icons import pixmap
from editor.ui.layer_model import LAYER_ROLE, STALE_ROLE
from editor.ui.theme import Theme, current_theme
from editor.ui.thumbnails import Thumbnails, checkerboard
from editor.ui.words import layer_line, words

ROW_HEIGHT = 44
THUMB = 36
EYE = 16
INDENT = 18
DOT_SIDE = 8
CLIPPED = 14  # how far a clipped layer's thumbnail stands to the right, for an arrow
LINK = 10

Index = QModelIndex | QPersistentModelIndex

LABEL_COLOURS = {
    Label.RED: "#c9504a",
    Label.ORANGE: "#cf8440",
    Label.YELLOW: "#c4ad3d",
    Label.GREEN: "#5c9f5f",
    Label.BLUE: "#4f7fc4",
    Label.VIOLET: "#8d68b8",
    Label.GRAY: "#8a8a8a",
}


class Part(Enum):
    """What of a row the pointer is on."""

    EYE = auto()
    MODEL_EYE = auto()
    THUMBNAIL = auto()
    MASK = auto()
    LINK = auto()
    NAME = auto()
    REST = auto()


@dataclass(frozen=True, slots=True)
class RowParts:
    """Where the parts of a row are, in the view's coordinates."""

    eye: QRect
    model_eye: QRect
    thumbnail: QRect
    link: QRect | None
    mask: QRect | None
    text: QRect


def row_parts(row: QRect, layer: Layer) -> RowParts:
    """Return where the parts of a layer's row are."""
    middle = row.top() + row.height() // 2
    eye = QRect(row.left() + 9, middle - EYE // 2, EYE, EYE)
    indent = CLIPPED if layer.clipped else 0
    thumb = QRect(row.left() + 34 + indent, middle - THUMB // 2, THUMB, THUMB)
    mask = None if layer.mask is None else thumb.translated(THUMB + LINK + 2, 0)
    link = None if mask is None else QRect(thumb.right() + 2, middle - LINK // 2, LINK, LINK)
    left = (thumb if mask is None else mask).right() + 9
    model_eye = QRect(row.right() - 25, middle - EYE // 2, EYE, EYE)
    text = QRect(QPoint(left, row.top()), QPoint(row.right() - 10, row.bottom()))
    return RowParts(eye, model_eye, thumb, link, mask, text)


class LayerDelegate(QStyledItemDelegate):
    """Paints rows and edits names."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        """Take pictures of layers from `thumbnails`."""
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.target: tuple[LayerId | None, bool] = (None, False)  # painted on; whether its mask is

    def part_at(self, point: QPoint, row: QRect, layer: Layer) -> Part:
        """Return what of a row is at a place of the view."""
        parts = row_parts(row, layer)
        if parts.eye.adjusted(-9, -14, 8, 14).contains(point):
            return Part.EYE
        if parts.model_eye.adjusted(-4, -14, 9, 14).contains(point):
            return Part.MODEL_EYE
        if parts.thumbnail.contains(point):
            return Part.THUMBNAIL
        if parts.mask is not None and parts.mask.contains(point):
            return Part.MASK
        if parts.link is not None and parts.link.adjusted(-1, -8, 1, 8).contains(point):
            return Part.LINK
        return Part.NAME if parts.text.contains(point) else Part.REST

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; the width is the view's."""
        return QSize(120, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row; its background is the view's."""
        layer = index.data(LAYER_ROLE)
        if layer is None:
            return
        theme = current_theme()
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        row: QRect = option.rect
        font: QFont = option.font
        parts = row_parts(row, layer)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_eye(painter, parts.eye, layer, theme)
        self._paint_thumbnails(painter, parts, layer, theme)
        stale = bool(index.data(STALE_ROLE))
        right = self._paint_badges(painter, row, layer, hovered, font)
        if stale:
            right = _paint_dot(painter, right, row.center().y() + 1) - 8
        _paint_text(painter, parts.text, right, layer, font, stale)
        if layer.label is not Label.NONE:
            bar = QRect(row.left(), row.top(), 3, row.height() - 1)
            painter.fillRect(bar, QColor(LABEL_COLOURS[layer.label]))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a plain line to type the name into."""
        editor = QLineEdit(parent)
        editor.setObjectName("LayerNameEditor")
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Put the line where the name is."""
        layer = index.data(LAYER_ROLE)
        if layer is None:
            return
        text = row_parts(option.rect, layer).text
        editor.setGeometry(text.adjusted(-8, 9, 0, -9))

    def _paint_eye(self, painter: QPainter, rect: QRect, layer: Layer, theme: Theme) -> None:
        name, colour = ("eye", theme.text) if layer.visible else ("eye_off", theme.disabled)
        _draw_icon(painter, rect, name, colour)

    def _paint_thumbnails(
        self, painter: QPainter, parts: RowParts, layer: Layer, theme: Theme
    ) -> None:
        rect = parts.thumbnail
        if isinstance(layer, Group):
            painter.fillRect(rect, theme.color("hover"))
            arrow = QRect(rect.center() - QPoint(5, 5), QSize(12, 12))
            _draw_icon(painter, arrow, "down" if layer.open else "next", theme.text)
        elif isinstance(layer, AdjustmentLayer):
            painter.fillRect(rect, theme.color("hover"))
            middle = QRect(rect.center() - QPoint(9, 9), QSize(20, 20))
            _draw_icon(painter, middle, f"adjust_{kind_of(layer.adjustment)}", theme.text)
        else:
            painter.fillRect(rect, checkerboard(6))
            picture = self._thumbnails.of_layer(layer, painter.device().devicePixelRatioF())
            if picture is not None:
                size = picture.deviceIndependentSize().toSize()
                at = rect.center() - QRect(QPoint(0, 0), size).center()
                painter.drawPixmap(at, picture)
        frames = [rect]
        if parts.mask is not None:
            self._paint_mask(painter, parts, layer, theme)
            frames.append(parts.mask)
        if layer.clipped:
            arrow = QRect(rect.left() - 15, rect.center().y() - 6, 12, 12)
            _draw_icon(painter, arrow, "clipped", theme.text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("field_line")))
        for frame in frames:
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if layer.mask is not None and self.target[0] == layer.id:
            painter.setPen(QPen(theme.color("strong"), 2))
            framed = parts.mask if self.target[1] and parts.mask is not None else rect
            painter.drawRect(framed)

    def _paint_mask(self, painter: QPainter, parts: RowParts, layer: Layer, theme: Theme) -> None:
        """Paint the mask, crossed out where it is off, and the link where it moves along."""
        mask, rect, link = layer.mask, parts.mask, parts.link
        assert mask is not None
        assert rect is not None
        assert link is not None
        painter.fillRect(rect, QColor(*[mask.coverage.outside] * 3))
        grey = self._thumbnails.of_mask(layer, painter.device().devicePixelRatioF())
        if grey is not None and not mask.coverage.content.is_empty:
            size = grey.deviceIndependentSize().toSize()
            painter.drawPixmap(rect.center() - QRect(QPoint(0, 0), size).center(), grey)
        if mask.linked:
            _draw_icon(painter, link, "link", theme.quiet)
        if not mask.enabled:
            painter.setPen(QPen(theme.color("loss"), 2))
            painter.drawLine(rect.topLeft() + QPoint(3, 3), rect.bottomRight() - QPoint(3, 3))
            painter.drawLine(rect.topRight() + QPoint(-3, 3), rect.bottomLeft() + QPoint(3, -3))

    def _paint_badges(
        self, painter: QPainter, row: QRect, layer: Layer, hovered: bool, font: QFont
    ) -> int:
        """Paint from the right edge inward and return where the text must end."""
        theme = current_theme()
        right = row.right() - 9
        middle = row.center().y() + 1
        if hovered or not layer.model_visible:
            eye = QRect(right - EYE, middle - EYE // 2, EYE, EYE)
            if layer.model_visible:
                _draw_icon(painter, eye, "model_eye", theme.quiet)
            else:
                _draw_icon(painter, eye, "model_eye_off", theme.stale)
            right = eye.left() - 6
        if layer.locks.any:
            lock = QRect(right - 14, middle - 7, 14, 14)
            _draw_icon(painter, lock, "lock", theme.quiet)
            right = lock.left() - 6
        if isinstance(layer, PixelLayer) and layer.recipe is not None:
            right = _paint_pill(painter, right, middle, words("recipe"), font) - 8
        return right


def _paint_pill(painter: QPainter, right: int, middle: int, text: str, font: QFont) -> int:
    theme = current_theme()
    small = QFont(font)
    small.setPixelSize(10)
    width = QFontMetrics(small).horizontalAdvance(text) + 16
    rect = QRect(right - width, middle - 8, width, 16)
    painter.setPen(QPen(theme.color("accent"), 1))
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRoundedRect(rect, 8, 8)
    painter.setPen(theme.color("accent_text"))
    painter.setFont(small)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    return rect.left()


def _paint_dot(painter: QPainter, right: int, middle: int) -> int:
    """Paint the amber dot of a layer whose sources have changed; return its left edge."""
    dot = QRect(right - DOT_SIDE, middle - DOT_SIDE // 2, DOT_SIDE, DOT_SIDE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(current_theme().color("stale"))
    painter.drawEllipse(dot)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return dot.left()


def _paint_text(
    painter: QPainter, rect: QRect, right: int, layer: Layer, font: QFont, stale: bool
) -> None:
    theme = current_theme()
    width = max(0, right - rect.left())
    upper = QRect(rect.left(), rect.top() + 6, width, 17)
    lower = QRect(rect.left(), rect.top() + 22, width, 16)
    elide, left = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignLeft
    centre = Qt.AlignmentFlag.AlignVCenter
    single = Qt.TextFlag.TextSingleLine
    name = " ".join(layer.name.split())
    painter.setFont(font)
    painter.setPen(theme.color("text" if layer.visible else "quiet"))
    painter.drawText(
        upper, left | centre | single, QFontMetrics(font).elidedText(name, elide, width)
    )
    small = QFont(font)
    small.setPixelSize(11)
    painter.setFont(small)
    painter.setPen(theme.color("quiet"))
    line = QFontMetrics(small).elidedText(layer_line(layer, stale), elide, width)
    painter.drawText(lower, left | centre | single, line)


def _draw_icon(painter: QPainter, rect: QRect, name: str, colour: str) -> None:
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(rect.topLeft(), pixmap(name, rect.width(), colour, ratio))
