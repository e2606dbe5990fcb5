"""The canvas: shows a document, and turns what the pointer does into calls on the tool in hand.

A plain widget that paints tiles of the composite. It composites nothing itself, and waits for
nothing: a tile that is not there yet is painted when it comes.
"""

from math import ceil, floor

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QWidget

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import PixelLayer
from editor.tools.tool import Cursor, Key, Modifier, PointerEvent, Target
from editor.ui.ants import Ants
from editor.ui.canvas_painter import CanvasPainter, Over, Placeholder
from editor.ui.display import Display
from editor.ui.drag_drop import dropped_image, dropped_paths, has_picture
from editor.ui.gestures import Gestures
from editor.ui.navigation import STEP_DEGREES, Navigation
from editor.ui.tool_box import ToolBox
from editor.ui.view import View, centred, fitted, next_step
from editor.workspace import Workspace

PAINTING = ("brush", "eraser", "bucket", "gradient")  # tools that Alt borrows the eyedropper from
CURSORS = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.MOVE: Qt.CursorShape.ArrowCursor,
    Cursor.CROSS: Qt.CursorShape.CrossCursor,
    Cursor.OPEN_HAND: Qt.CursorShape.OpenHandCursor,
    Cursor.CIRCLE: Qt.CursorShape.BlankCursor,
    Cursor.ZOOM: Qt.CursorShape.CrossCursor,
    Cursor.TEXT: Qt.CursorShape.IBeamCursor,
}
MODIFIERS = (
    (Qt.KeyboardModifier.ShiftModifier, Modifier.SHIFT),
    (Qt.KeyboardModifier.ControlModifier, Modifier.CONTROL),
    (Qt.KeyboardModifier.AltModifier, Modifier.ALT),
)
KEYS = {
    Qt.Key.Key_Left: Key.LEFT,
    Qt.Key.Key_Right: Key.RIGHT,
    Qt.Key.Key_Up: Key.UP,
    Qt.Key.Key_Down: Key.DOWN,
    Qt.Key.Key_Backspace: Key.BACKSPACE,
}
PLAIN = (Modifier.NONE, Modifier.SHIFT)
TOOL_KEYS = {  # with which modifiers they go to a tool that has open work
    **dict.fromkeys(KEYS, PLAIN),
    Qt.Key.Key_Return: PLAIN,
    Qt.Key.Key_Enter: PLAIN,
}
TURNING = Qt.Key.Key_R
BORROWING = (Qt.Key.Key_Space, Qt.Key.Key_Alt)
VARIANT_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
SMALL_RING = 6.0  # device-independent pixels; below it a cross is easier to see


class Canvas(QWidget):
    """One document's view; the tools are shared by all."""

    view_changed = Signal()
    colour_under_pointer = Signal(object)  # (r, g, b, a) or None
    refused = Signal(str)
    files_dropped = Signal(object, object)  # list[Path], (x, y) in the document
    image_dropped = Signal(object, object)  # QImage, (x, y) in the document
    variant_asked = Signal(int)  # -1 or 1

    def __init__(self, workspace: Workspace, tool_box: ToolBox, display: Display) -> None:
        """Show a workspace; `display` makes its tiles."""
        super().__init__()
        self.workspace = workspace
        self.view = View()
        self._tools = tool_box
        self._display = display
        self._gestures = Gestures(self, tool_box)
        self._painter = CanvasPainter(workspace, display)
        self._ants = Ants(self)
        self._navigation = Navigation(self)
        self._pointer: QPointF | None = None
        self._is_placed = False  # whether the view has been chosen once
        self._covered = 0  # device-independent pixels at the bottom that a bar covers
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(self.tr("Canvas"))
        workspace.document_changed.connect(self._on_document_changed)
        workspace.active_changed.connect(self.update)
        display.ready.connect(self._on_ready)
        tool_box.leaving.connect(self._on_leaving)
        tool_box.changed.connect(self._on_tool_changed)
        tool_box.options_changed.connect(self._on_options_changed)
        workspace.target_changed.connect(self._on_target_changed)
        workspace.colours_changed.connect(self._on_options_changed)
        self._on_target_changed()
        self._on_tool_changed()

    # The view

    @property
    def free_area(self) -> QRectF:
        """The part of the widget that no bar covers."""
        return QRectF(0, 0, self.width(), max(1, self.height() - self._covered))

    def set_covered(self, pixels: int) -> None:
        """Say how much of the lower edge the prompt bar covers; a fitted document stays clear."""
        self._covered = pixels

    def fit(self) -> None:
        """Show the whole document, turned as it is."""
        size = self.workspace.document.size
        self.show_view(fitted(size, self.free_area, angle=self.view.angle))

    def zoom_to(self, zoom: float) -> None:
        """Zoom about the middle; 1.0 is one device pixel a pixel of the document."""
        about = self.free_area.center()
        self.show_view(self.view.zoomed(zoom / self.devicePixelRatioF(), about))

    def zoom_in_steps(self, *, larger: bool) -> None:
        """Go to the next of the usual zooms."""
        self.zoom_to(next_step(self.zoom, larger=larger))

    def turn_in_steps(self, *, clockwise: bool) -> None:
        """Turn the view to the next of the usual angles."""
        steps = self.view.angle / STEP_DEGREES
        step = floor(steps + 1.001) if clockwise else ceil(steps - 1.001)
        self._navigation.turn_to(step * STEP_DEGREES)

    def turn_upright(self) -> None:
        """Show the document as it is again."""
        self._navigation.turn_to(0.0)

    @property
    def zoom(self) -> float:
        """Device pixels a document pixel."""
        return self.view.zoom * self.devicePixelRatioF()

    def show_view(self, view: View) -> None:
        """Show another part of the document, or at another size."""
        area = QSizeF(self.width(), self.height())
        view = view.kept(self.workspace.document.size, area)
        if view != self.view:
            self.view = view
            self._request_tiles()
            self.update()
            self.view_changed.emit()

    def show_placeholders(self, placeholders: tuple[Placeholder, ...]) -> None:
        """Show jobs where their layers will be."""
        self._painter.placeholders = placeholders
        self.update()

    # The tool in hand

    def cancel_gesture(self) -> bool:
        """Take back what the tool is doing; False where it does nothing."""
        return self._gestures.cancel()

    def apply_gesture(self) -> bool:
        """Keep what a tool that goes on has done; False where there is none."""
        return self._gestures.apply()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, or take hold of the view."""
        left = event.button() is Qt.MouseButton.LeftButton
        if not self._gestures.is_pressed and self._navigation.press(event):
            return
        if left and not self._navigation.is_held:
            self._gestures.press(self._pointer_event(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        self._follow_pointer(event.position())
        if self._navigation.is_held:
            self._navigation.move(event)
        else:
            self._gestures.move(self._pointer_event(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End the work of a tool that goes on; for the others it is a press like any."""
        pointer = self._pointer_event(event.position(), event.modifiers())
        left = event.button() is Qt.MouseButton.LeftButton
        if not (left and self._gestures.double_press(pointer)):
            self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End."""
        if self._navigation.release():
            self._show_cursor()
        elif event.button() is Qt.MouseButton.LeftButton and self._gestures.is_pressed:
            self._gestures.release(self._pointer_event(event.position(), event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The same with a pen, which knows how hard it is pressed."""
        pointer = self._pointer_event(event.position(), event.modifiers(), event.pressure())
        self._follow_pointer(event.position())
        match event.type():
            case QEvent.Type.TabletPress:
                self._gestures.press(pointer)
            case QEvent.Type.TabletMove:
                self._gestures.move(pointer)
            case QEvent.Type.TabletRelease if self._gestures.is_pressed:
                self._gestures.release(pointer)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, turn or scroll."""
        self._navigation.wheel(event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from being shortcuts where the tool's open work needs them."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key, held = Qt.Key(event.key()), _modifiers(event.modifiers())
            if self._gestures.lasting is not None and held in TOOL_KEYS.get(key, ()):
                event.accept()
                return True
        if isinstance(event, QNativeGestureEvent) and self._navigation.gesture(event):
            return True
        if isinstance(event, QGestureEvent) and self._navigation.pinch(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Alt borrow a tool, Enter and arrows go to it or step through variants."""
        gestures, key = self._gestures, Qt.Key(event.key())
        if key is TURNING and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._be_ready_to_turn(ready=True)
        elif key in BORROWING:
            self._borrow(key, event)
        elif self._given(key, _modifiers(event.modifiers())):
            event.accept()
        elif key in VARIANT_STEPS and not gestures.is_pressed:
            self.variant_asked.emit(VARIANT_STEPS[key])
        else:
            super().keyPressEvent(event)

    def _given(self, key: Qt.Key, modifiers: Modifier) -> bool:
        """Give a key to the tool; False where it has no use for it."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._gestures.apply()
        if key in VARIANT_STEPS and modifiers is Modifier.NONE and self._shows_variants():
            return False
        return key in KEYS and self._gestures.key(KEYS[key], modifiers)

    def _shows_variants(self) -> bool:
        """Whether arrows are wanted to choose among results; with Control they always move."""
        active = self.workspace.active
        layer = None if active is None else self.workspace.document.find(active)
        moves = self._tools.chosen.id == "move"
        return moves and isinstance(layer, PixelLayer) and len(layer.variants) > 1

    def _be_ready_to_turn(self, *, ready: bool) -> None:
        """As long as R is held, a drag turns the view."""
        if ready != self._navigation.is_ready_to_turn:
            self._navigation.is_ready_to_turn = ready
            self._show_cursor()

    def _borrow(self, key: Qt.Key, event: QKeyEvent) -> None:
        if self._gestures.is_pressed or event.isAutoRepeat():
            return
        if key is Qt.Key.Key_Space:
            self._tools.borrow("hand")
        elif self._tools.current.id in PAINTING:
            self._tools.borrow("eyedropper")

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Give a borrowed tool back."""
        if event.key() == TURNING and not event.isAutoRepeat():
            self._be_ready_to_turn(ready=False)
        released = event.key() in BORROWING and not event.isAutoRepeat()
        if released and not self._gestures.is_pressed:
            self._tools.borrow(None)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the keyboard nothing is borrowed."""
        self._be_ready_to_turn(ready=False)
        self._tools.borrow(None)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._follow_pointer(None)

    # Things dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if has_picture(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped and where in the document."""
        at = self.view.to_document(event.position())
        paths = dropped_paths(event.mimeData())
        image: QImage | None = None if paths else dropped_image(event.mimeData())
        if paths:
            self.files_dropped.emit(paths, at)
        elif image is not None:
            self.image_dropped.emit(image, at)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is needed of the document and what lies over it."""
        ring = self._ring_radius()
        pointer = self._pointer if ring is not None else None
        framed = self._tools.current.id == "move"
        over = Over(self._ants, framed, self._gestures.sketch, pointer, ring or 0.0)
        self._painter.paint(self, self.view, event.rect(), over)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit at the first size; later keep the middle of the picture in the middle."""
        if not self._is_placed and self.width() > 200:
            self._is_placed = True
            size = self.workspace.document.size
            view = fitted(size, self.free_area)
            if self.zoom_of(view) > 1.0:
                view = centred(size, self.free_area, 1.0 / self.devicePixelRatioF())
            self.view = view
            self.view_changed.emit()
        elif event.oldSize().isValid():
            grown = event.size() - event.oldSize()
            self.view = self.view.scrolled(grown.width() / 2, grown.height() / 2)
        self._request_tiles()

    def zoom_of(self, view: View) -> float:
        """Return how many device pixels a view gives a document pixel."""
        return view.zoom * self.devicePixelRatioF()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the selection's edge walk, and the tool begin."""
        if not event.spontaneous():
            self._gestures.enter()
        self._ants.set_walking(walking=True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another document comes to the front: what is open here ends."""
        if not event.spontaneous():
            self._gestures.leave()
        self._ants.set_walking(walking=False)
        super().hideEvent(event)

    # Inside

    def _pointer_event(
        self, at: QPointF, modifiers: Qt.KeyboardModifier, pressure: float = 1.0
    ) -> PointerEvent:
        x, y = self.view.to_document(at)
        return PointerEvent(x, y, at.x(), at.y(), pressure, _modifiers(modifiers))

    def _follow_pointer(self, at: QPointF | None) -> None:
        before, self._pointer = self._pointer, at
        ring = self._ring_radius()
        if ring is not None:
            for place in (before, at):
                if place is not None:
                    self.update(_square(place, ring + 3))
        colour = None
        if at is not None:
            x, y = self.view.to_document(at)
            colour = self._display.colour_at(int(x // 1), int(y // 1))
        self.colour_under_pointer.emit(colour)

    def _ring_radius(self) -> float | None:
        """The radius of the brush on the widget, None where it is not shown as a ring."""
        tool = self._tools.current
        if tool.cursor is not Cursor.CIRCLE:
            return None
        radius = tool.options.numbers["size"].value * self.view.zoom / 2
        return radius if radius * 2 >= SMALL_RING else None

    def _show_cursor(self) -> None:
        cursor = self._tools.current.cursor
        shape = CURSORS[cursor]
        if self._navigation.is_ready_to_turn:
            shape = Qt.CursorShape.SizeAllCursor
        elif cursor is Cursor.CIRCLE and self._ring_radius() is None:
            shape = Qt.CursorShape.CrossCursor
        self.setCursor(shape)

    @Slot()
    def _on_tool_changed(self) -> None:
        self._show_cursor()
        if self.isVisible():
            self._gestures.enter()
        self.update()

    @Slot()
    def _on_options_changed(self) -> None:
        if self.isVisible():
            self._gestures.adjust()
        self.update()

    @Slot()
    def _on_leaving(self) -> None:
        """Another tool is chosen: what this one has open ends as suits it."""
        if self.isVisible():
            self._gestures.leave()

    @Slot(object, object)
    def _on_document_changed(self, before: Document, after: Document) -> None:
        self._display.show(after)
        self._on_target_changed()
        if before.size != after.size or self._tools.current.id == "move":
            self.update()  # the frame of what is moved goes along
        if before.size != after.size:
            self._request_tiles()

    @Slot()
    def _on_target_changed(self) -> None:
        """Show the selection by its edge, in the quick mask by a veil over what is not selected."""
        as_veil = self.workspace.target is Target.SELECTION
        self._ants.show(self.workspace.document.selection, as_veil=as_veil)

    @Slot(object)
    def _on_ready(self, rects: tuple[Rect, ...]) -> None:
        for rect in rects:
            self.update(self.view.to_widget(rect).toAlignedRect().adjusted(-2, -2, 2, 2))

    def _request_tiles(self) -> None:
        self._display.want(self.view.around(QRectF(self.rect())), self.zoom)


def _modifiers(qt: Qt.KeyboardModifier) -> Modifier:
    held = Modifier.NONE
    for theirs, ours in MODIFIERS:
        if qt & theirs:
            held |= ours
    return held


def _square(middle: QPointF, radius: float) -> QRect:
    return QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius).toAlignedRect()
