"""The layer list itself: a tree view that paints rows and turns gestures into requests."""

from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QDragMoveEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from editor.document.layer import Group, Layer, LayerId
from editor.render.regions import Combine
from editor.ui.layer_delegate import INDENT, ROW_HEIGHT, LayerDelegate, Part, row_parts
from editor.ui.layer_model import Index, LayerModel
from editor.ui.theme import current_theme

LEAST_ROWS = 4
RIGHT = 300
ROW_LINE = 0.6  # of the line between panels
BETWEEN = 5  # pixels to either side of the line between two rows that count as between them
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class MaskWish(Enum):
    """What a click on a mask's thumbnail or its link asks for."""

    VIEW = auto()
    SWITCH = auto()
    LINK = auto()


class LayerView(QTreeView):
    """Rows top first; it changes nothing, it says what was asked."""

    visible_asked = Signal(object, bool)  # LayerId, visible
    model_visible_asked = Signal(object, bool)  # LayerId, visible
    solo_asked = Signal(object, bool)  # LayerId, to the model
    clip_asked = Signal(object)  # LayerId: clip it, or release it
    mask_asked = Signal(object, object)  # LayerId, MaskWish
    open_asked = Signal(object, bool)  # LayerId, open
    region_asked = Signal(object, bool, object)  # LayerId, of its mask, Combine
    target_asked = Signal(object, bool)  # LayerId, its mask: what painting is to change
    gesture_ended = Signal()  # the pointer was released after a drag down the eyes
    menu_asked = Signal(QPoint)  # on the screen

    def __init__(
        self, model: LayerModel, delegate: LayerDelegate, parent: QWidget | None = None
    ) -> None:
        """Show a model's rows."""
        super().__init__(parent)
        self._layers = model
        self._rows = delegate
        self._sweeping: tuple[Part, bool] | None = None  # which eye a drag sets, and to what
        self._swept_to = 0  # how far down that drag has come
        self._drop: QRect | None = None
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setObjectName("LayerView")
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setExpandsOnDoubleClick(False)
        self.setIndentation(INDENT)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.setAccessibleName(self.tr("Layers"))

    def row_rect(self, index: Index) -> QRect:
        """Return a row's rect in the viewport, indented as deep as it lies."""
        return self.visualRect(_plain(index))

    def sizeHint(self) -> QSize:
        """Return the height of all rows: the panel is no taller than it needs to be."""
        rows = max(LEAST_ROWS, self._visible_rows())
        return QSize(RIGHT, rows * ROW_HEIGHT)

    # Painting

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row's background across the whole width, then the row."""
        theme = current_theme()
        rect: QRect = option.rect
        full = QRect(0, rect.top(), self.viewport().width(), rect.height())
        selection = self.selectionModel()
        selected = selection is not None and selection.isSelected(_plain(index))
        painter.fillRect(full, theme.color("row_selected" if selected else "panel"))
        line = theme.color("line")
        line.setAlphaF(ROW_LINE)
        painter.setPen(line)
        painter.drawLine(full.bottomLeft(), full.bottomRight())
        row = QStyleOptionViewItem(option)
        row.rect = self.visualRect(_plain(index))
        self._rows.paint(painter, row, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Paint nothing: a group's picture is its arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint rows, and where a drop would go."""
        shown = self.showDropIndicator()
        self.setDropIndicatorShown(False)
        super().paintEvent(event)
        self.setDropIndicatorShown(shown)
        if self._layers.rowCount() == 0:
            self._paint_invitation()
        if self._drop is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(current_theme().color("accent"), 2))
            if self._drop.height() <= 2:
                painter.drawLine(self._drop.topLeft(), self._drop.topRight())
            else:
                painter.drawRoundedRect(self._drop.adjusted(1, 1, -2, -2), 4, 4)
            painter.end()

    def _paint_invitation(self) -> None:
        """An empty list says how it is filled."""
        painter = QPainter(self.viewport())
        painter.setPen(current_theme().color("quiet"))
        words = self.tr("No layers yet.\nDescribe one, or drop a picture here.")
        rect = self.viewport().rect().adjusted(12, 20, -12, 0)
        painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)
        painter.end()

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Eyes and arrows act at once and select nothing."""
        index = self.indexAt(event.position().toPoint())
        layer = self._layers.layer_of(index)
        left = event.button() is Qt.MouseButton.LeftButton
        if layer is None or not left:
            super().mousePressEvent(event)
            return
        part = self._rows.part_at(event.position().toPoint(), self.row_rect(index), layer)
        pictured, held = part in (Part.THUMBNAIL, Part.MASK), event.modifiers()
        between = self._between(event)
        if between is not None:
            self.clip_asked.emit(between)
        elif pictured and held & CONTROL:
            self.region_asked.emit(layer.id, part is Part.MASK, _way(held))
        elif part in (Part.EYE, Part.MODEL_EYE) and held & (ALT | SHIFT):
            self.solo_asked.emit(layer.id, part is Part.MODEL_EYE)
        elif part is Part.LINK or (part is Part.MASK and held & (ALT | SHIFT)):
            self.mask_asked.emit(layer.id, _wish(part, held))
        else:
            self._press_part(part, layer, event)

    def _press_part(self, part: Part, layer: Layer, event: QMouseEvent) -> None:
        """A press without keys, or one that the list itself knows what to do with."""
        self._swept_to = event.position().toPoint().y()
        if part is Part.EYE:
            self._sweeping = (part, not layer.visible)
            self.visible_asked.emit(layer.id, not layer.visible)
        elif part is Part.MODEL_EYE:
            self._sweeping = (part, not layer.model_visible)
            self.model_visible_asked.emit(layer.id, not layer.model_visible)
        elif part is Part.THUMBNAIL and isinstance(layer, Group):
            self.open_asked.emit(layer.id, not layer.open)
        else:
            super().mousePressEvent(event)
            if part in (Part.THUMBNAIL, Part.MASK):
                self.target_asked.emit(layer.id, part is Part.MASK)

    def _between(self, event: QMouseEvent) -> LayerId | None:
        """Return the layer above the line that Alt is held over, where it can be clipped."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        layer = self._layers.layer_of(index)
        if layer is None or not event.modifiers() & ALT:
            return None
        rect = self.row_rect(index)
        if self._rows.part_at(point, rect, layer) in (Part.EYE, Part.MODEL_EYE):
            return None
        if rect.bottom() - point.y() <= BETWEEN:
            upper, lower = index, self.indexBelow(index)
        elif point.y() - rect.top() <= BETWEEN:
            upper, lower = self.indexAbove(index), index
        else:
            return None
        beside = upper.siblingAtRow(upper.row() + 1)
        return self._layers.id_of(upper) if beside.isValid() and beside == lower else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A drag down the eyes sets them all to what the first became."""
        if self._sweeping is None:
            clips = self._between(event) is not None
            hand = Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(hand if clips else Qt.CursorShape.ArrowCursor)
            super().mouseMoveEvent(event)
            return
        part, visible = self._sweeping
        for layer in self._swept(event.position().toPoint()):
            if part is Part.EYE and layer.visible != visible:
                self.visible_asked.emit(layer.id, visible)
            elif part is Part.MODEL_EYE and layer.model_visible != visible:
                self.model_visible_asked.emit(layer.id, visible)

    def _swept(self, at: QPoint) -> list[Layer]:
        """Return the layers from where the pointer was told last: a fast one skips rows."""
        start, self._swept_to = self._swept_to, at.y()
        step = ROW_HEIGHT // 2 if at.y() >= start else -ROW_HEIGHT // 2
        places = [*range(start, at.y(), step), at.y()]
        found = (self._layers.layer_of(self.indexAt(QPoint(at.x(), y))) for y in places)
        return list({layer.id: layer for layer in found if layer is not None}.values())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag down the eyes."""
        if self._sweeping is None:
            super().mouseReleaseEvent(event)
            return
        self._sweeping = None
        self.gesture_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename by a double click on the name."""
        point = event.position().toPoint()
        index = self.indexAt(point)
        layer = self._layers.layer_of(index)
        if layer is None:
            return
        part = self._rows.part_at(point, self.row_rect(index), layer)
        if part in (Part.NAME, Part.REST):
            self.edit_name(index)
        else:
            self.mousePressEvent(event)

    def edit_name(self, index: Index) -> None:
        """Begin to rename a layer, unless one is being renamed already."""
        if index.isValid() and self.state() is not QAbstractItemView.State.EditingState:
            self.edit(index)

    # Drag and drop

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Offer the selected layers, with the row under the pointer as the picture."""
        indexes = self.selectedIndexes()
        if not indexes:
            return
        drag = QDrag(self)
        drag.setMimeData(self._layers.mimeData(indexes))
        parts = row_parts(self.row_rect(indexes[0]), indexes[0].data(Qt.ItemDataRole.UserRole))
        picture = self.viewport().grab(parts.thumbnail)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(picture.width() // 4, picture.height() // 4))
        drag.exec(Qt.DropAction.CopyAction)
        self._drop = None
        self.viewport().update()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where a drop would go."""
        super().dragMoveEvent(event)
        self._drop = self._drop_rect(event) if event.isAccepted() else None
        self.viewport().update()

    def dragLeaveEvent(self, event: object) -> None:
        """Show nothing any more."""
        super().dragLeaveEvent(event)  # type: ignore[arg-type]  # a QDragLeaveEvent
        self._drop = None
        self.viewport().update()

    def dropEvent(self, event: object) -> None:
        """Drop, and show nothing any more."""
        super().dropEvent(event)  # type: ignore[arg-type]  # a QDropEvent
        self._drop = None
        self.viewport().update()

    def _drop_rect(self, event: QDragMoveEvent) -> QRect:
        index = self.indexAt(event.position().toPoint())
        width = self.viewport().width()
        if not index.isValid():
            last = self.model().rowCount() - 1
            bottom = self.visualRect(self.model().index(last, 0)).bottom() if last >= 0 else 0
            count = self._visible_rows()
            return QRect(
                0, min(max(bottom, count * ROW_HEIGHT), self.viewport().height() - 2), width, 1
            )
        rect = self.row_rect(index)
        position = self.dropIndicatorPosition()
        if position is QAbstractItemView.DropIndicatorPosition.OnItem:
            return QRect(rect.left() + 2, rect.top(), width - rect.left() - 4, rect.height())
        above = position is QAbstractItemView.DropIndicatorPosition.AboveItem
        return QRect(rect.left(), rect.top() if above else rect.bottom(), width - rect.left(), 1)

    def _visible_rows(self) -> int:
        count, index = 0, self.model().index(0, 0)
        while index.isValid():
            count, index = count + 1, self.indexBelow(index)
        return count

    def _on_menu(self, point: QPoint) -> None:
        self.menu_asked.emit(self.viewport().mapToGlobal(point))


def _way(modifiers: Qt.KeyboardModifier) -> Combine:
    """What Ctrl-click on a thumbnail does to the selection."""
    shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    if shift and alt:
        return Combine.INTERSECT
    if shift:
        return Combine.ADD
    return Combine.SUBTRACT if alt else Combine.NEW


def _wish(part: Part, modifiers: Qt.KeyboardModifier) -> MaskWish:
    if part is Part.LINK:
        return MaskWish.LINK
    return MaskWish.VIEW if modifiers & ALT else MaskWish.SWITCH


def _plain(index: Index) -> QModelIndex:
    if isinstance(index, QModelIndex):
        return index
    return index.model().index(index.row(), index.column(), index.parent())
