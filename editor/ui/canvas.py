"""The canvas: shows a document, and turns what the pointer does into calls on the tool in hand.

A plain widget that paints tiles of the composite. It composites nothing itself, and waits for
nothing: a tile that is not there yet is painted when it comes.
"""

from math import ceil, floor

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QHideEvent,
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

from editor.document.document import Document, Orientation
from editor.document.geometry import Rect
from editor.edits.edit import EditError
from editor.tools.tool import PointerEvent, Target
from editor.ui.aids import Aids
from editor.ui.ants import Ants
from editor.ui.arrivals import arrival_of, is_taken
from editor.ui.canvas_keys import CanvasKeys, modifiers_of
from editor.ui.canvas_painter import CanvasPainter, Over, Placeholder
from editor.ui.canvas_pointer import Pointer
from editor.ui.display import Display
from editor.ui.drag_drop import layer_ids_from
from editor.ui.gestures import Gestures
from editor.ui.guiding import Guiding
from editor.ui.navigation import STEP_DEGREES, Navigation
from editor.ui.patience import Patience
from editor.ui.ruler import THICKNESS, Ruler
from editor.ui.snapper import Snapper
from editor.ui.tool_box import ToolBox
from editor.ui.view import View, centred, fitted, next_step
from editor.workspace import Workspace


class Canvas(QWidget):
    """One document's view; the tools are shared by all."""

    view_changed = Signal()
    colour_under_pointer = Signal(object)  # (r, g, b, a) or None
    refused = Signal(str)
    dropped = Signal(object, object)  # Arrival, (x, y) in the document
    variant_asked = Signal(int)  # -1 or 1

    def __init__(
        self, workspace: Workspace, tool_box: ToolBox, display: Display, aids: Aids
    ) -> None:
        """Show a workspace; `display` makes its tiles."""
        super().__init__()
        self.aids = aids
        self.guiding = Guiding(self)
        self.workspace = workspace
        self.view = View()
        self._tools = tool_box
        self._display = display
        self._gestures = Gestures(self, tool_box)
        self._snapper = Snapper(self)
        self._painter = CanvasPainter(workspace, display)
        self._rulers = tuple(Ruler(self, orientation) for orientation in Orientation)
        self._ants = Ants(self)
        self._patience = Patience(self, self.show_cursor)
        self._navigation = Navigation(self)
        self._keys = CanvasKeys(self, tool_box, self._gestures, self._navigation)
        self._pointer = Pointer(self, tool_box)
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
        workspace.working_changed.connect(self._patience.follow)
        display.ready.connect(self._on_ready)
        tool_box.leaving.connect(self._on_leaving)
        tool_box.changed.connect(self._on_tool_changed)
        for signal in (tool_box.options_changed, workspace.colours_changed):
            signal.connect(self._on_options_changed)
        workspace.target_changed.connect(self._on_target_changed)
        aids.changed.connect(self._on_aids_changed)
        self._on_target_changed()
        self._on_tool_changed()
        self._on_aids_changed()

    def close_display(self) -> None:
        """Let go of the document's tiles: it has been closed."""
        self._display.close()

    # The view

    @property
    def free_area(self) -> QRectF:
        """The part of the widget that no bar and no ruler covers."""
        edge = THICKNESS if self.aids.has("rulers") else 0
        height = max(1, self.height() - self._covered - edge)
        return QRectF(edge, edge, self.width() - edge, height)

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
            for each in self._rulers:
                each.update()
            self.view_changed.emit()

    def show_placeholders(self, placeholders: tuple[Placeholder, ...]) -> None:
        """Show jobs where their layers will be."""
        self._painter.placeholders = placeholders
        self.update()

    # The tool in hand

    def cancel_gesture(self) -> bool:
        """Take back what the tool is doing; False where it does nothing."""
        self._snapper.end()
        return self.guiding.cancel() or self._gestures.cancel()

    def apply_gesture(self) -> bool:
        """Keep what a tool that goes on has done; False where there is none."""
        return self._gestures.apply()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture, or take hold of the view or of a guide."""
        left = event.button() is Qt.MouseButton.LeftButton
        if not self._gestures.is_pressed and self._navigation.press(event):
            return
        guide = self._pointer.guide_at(event.position()) if left else None
        if guide is not None:
            self.guiding.take(guide)
        elif left and not self._navigation.is_held:
            self._press(self._pointer_event(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on."""
        self._pointer.follow(event.position())
        if self._navigation.is_held:
            self._navigation.move(event)
        elif self.guiding.is_held:
            self.guiding.move(event.position())
        else:
            self._pointer.hover(event.position(), pressed=self._gestures.is_pressed)
            self._move(self._pointer_event(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End the work of a tool that goes on; for the others it is a press like any."""
        pointer = self._pointer_event(event.position(), event.modifiers())
        left = event.button() is Qt.MouseButton.LeftButton
        if not (left and self._gestures.double_press(pointer)):
            self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End."""
        if self._navigation.release():
            self.show_cursor()
        elif self.guiding.is_held:
            self.guiding.end(event.position())
        elif event.button() is Qt.MouseButton.LeftButton and self._gestures.is_pressed:
            self._release(self._pointer_event(event.position(), event.modifiers()))

    def tabletEvent(self, event: QTabletEvent) -> None:
        """The same with a pen, which knows how hard it is pressed."""
        pointer = self._pointer_event(event.position(), event.modifiers(), event.pressure())
        self._pointer.follow(event.position())
        match event.type():
            case QEvent.Type.TabletPress:
                self._press(pointer)
            case QEvent.Type.TabletMove:
                self._move(pointer)
            case QEvent.Type.TabletRelease if self._gestures.is_pressed:
                self._release(pointer)
        event.accept()

    def _press(self, event: PointerEvent) -> None:
        self._gestures.press(self._snapper.press(event, self._tools.current))

    def _move(self, event: PointerEvent) -> None:
        self._gestures.move(self._snapper.move(event, self._tools.current))

    def _release(self, event: PointerEvent) -> None:
        self._gestures.release(event)
        self._snapper.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, turn or scroll."""
        self._navigation.wheel(event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from being shortcuts where the tool's open work needs them."""
        asks = event.type() is QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and self._keys.wants(event):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and self._navigation.gesture(event):
            return True
        if isinstance(event, QGestureEvent) and self._navigation.pinch(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on a key that means something here."""
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Give back what was borrowed."""
        if not self._keys.release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Without the keyboard nothing is borrowed."""
        self._keys.leave()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        self._pointer.follow(None)

    # Things dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, pictures, links, and layers of other documents."""
        data, document = event.mimeData(), self.workspace.document
        here = any(document.find(each) is not None for each in layer_ids_from(data))
        if is_taken(data) and not here:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped and where in the document."""
        at = self.view.to_document(event.position())
        try:
            self.dropped.emit(arrival_of(event.mimeData()), at)
        except EditError as error:
            self.refused.emit(str(error))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is needed of the document and what lies over it."""
        ring = self._pointer.ring_radius()
        pointer = self._pointer.at if ring is not None else None
        framed = self._tools.current.id == "move"
        guides = self.workspace.document.guides if self.aids.has("guides") else ()
        over = Over(
            ants=self._ants,
            framed=framed,
            sketch=self._gestures.sketch,
            ring=pointer,
            radius=ring or 0.0,
            guides=guides,
            met=self._snapper.met,
            grid=self.aids.has("grid"),
        )
        self._painter.paint(self, self.view, event.rect(), over)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit at the first size; later keep the middle of the picture in the middle."""
        self._place_rulers()
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

    def show_cursor(self) -> None:
        """Show by the pointer what a press would do."""
        if self.workspace.is_working and not self._patience.isActive():
            self.setCursor(Qt.CursorShape.BusyCursor)
        else:
            self._pointer.show_cursor(turns=self._navigation.is_ready_to_turn)

    def show_place(self, at: QPointF | None) -> None:
        """Mark a place of the widget in the rulers, and say what colour is there."""
        for each in self._rulers:
            each.follow(at)
        colour = None
        if at is not None:
            x, y = self.view.to_document(at)
            colour = self._display.colour_at(int(x // 1), int(y // 1))
        self.colour_under_pointer.emit(colour)

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
        return PointerEvent(x, y, at.x(), at.y(), pressure, modifiers_of(modifiers))

    @Slot()
    def _on_tool_changed(self) -> None:
        self.show_cursor()
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
        moves = self._tools.current.id == "move"  # the frame of what is moved goes along
        if before.size != after.size or before.guides != after.guides or moves:
            self.update()
        if before.size != after.size:
            view = self.view
            self.show_view(centred(after.size, self.free_area, view.zoom, view.angle))
            self._request_tiles()

    @Slot()
    def _on_aids_changed(self) -> None:
        for each in self._rulers:
            each.setVisible(self.aids.has("rulers"))
        self._place_rulers()
        self.update()

    def _place_rulers(self) -> None:
        for each in self._rulers:
            each.place()

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
