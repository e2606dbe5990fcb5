"""How one canvas is looked at: scrolled, enlarged and turned by wheel, keys, touchpad and fingers.

Changes the view alone; what the pointer does to the document is the tools' business.
"""

from math import atan2, degrees
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

if TYPE_CHECKING:  # the canvas makes its navigation
    from editor.ui.canvas import Canvas

WHEEL_NOTCH = 120.0
ZOOM_PER_NOTCH = 1.25
DEGREES_PER_NOTCH = 5.0
STEP_DEGREES = 15.0  # to which Shift keeps a turn, and which the menu turns by
PIXELS_PER_NOTCH = 60.0


class Navigation:
    """Scrolls with the middle button, turns while R is held, and follows wheel and fingers."""

    def __init__(self, canvas: "Canvas") -> None:
        """Begin with nothing held."""
        self._canvas = canvas
        self._last: QPointF | None = None  # of the pointer, while the view follows it
        self._turns = False  # rather than scrolls
        self._from = 0.0  # degrees from the pointer's to the view's angle
        self.is_ready_to_turn = False  # R is down

    @property
    def is_held(self) -> bool:
        """Whether the view follows the pointer."""
        return self._last is not None

    def press(self, event: QMouseEvent) -> bool:
        """Take hold of the view; False where the press is the tool's."""
        left = event.button() is Qt.MouseButton.LeftButton
        self._turns = left and self.is_ready_to_turn
        if not self._turns and event.button() is not Qt.MouseButton.MiddleButton:
            return False
        self._last = event.position()
        self._from = self._canvas.view.angle - self._angle_of(event.position())
        if not self._turns:
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        return True

    def move(self, event: QMouseEvent) -> None:
        """Take the view along; with Shift it turns in steps."""
        if self._last is None:
            return
        delta, self._last = event.position() - self._last, event.position()
        if not self._turns:
            self._canvas.show_view(self._canvas.view.scrolled(delta.x(), delta.y()))
            return
        angle = self._from + self._angle_of(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            angle = round(angle / STEP_DEGREES) * STEP_DEGREES
        self.turn_to(angle)

    def release(self) -> bool:
        """Let go; False where nothing was held."""
        was_held, self._last = self.is_held, None
        return was_held

    def be_ready_to_turn(self, *, ready: bool) -> None:
        """As long as R is held, a drag turns the view."""
        if ready != self.is_ready_to_turn:
            self.is_ready_to_turn = ready
            self._canvas.show_cursor()

    def turn_to(self, angle: float, about: QPointF | None = None) -> None:
        """Turn the view, about the middle of what is seen unless a place is given."""
        canvas = self._canvas
        canvas.show_view(canvas.view.turned(angle, about or canvas.free_area.center()))

    def wheel(self, event: QWheelEvent) -> None:
        """Enlarge about the pointer; with Shift turn about it; a touchpad scrolls."""
        view, canvas = self._canvas.view, self._canvas
        pixels, angle = event.pixelDelta(), event.angleDelta()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        notches = angle.y() / WHEEL_NOTCH
        if not control and not pixels.isNull():
            canvas.show_view(view.scrolled(pixels.x(), pixels.y()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            notches = notches or angle.x() / WHEEL_NOTCH  # some systems turn the wheel with Shift
            self.turn_to(view.angle + DEGREES_PER_NOTCH * notches, event.position())
        elif notches:
            canvas.show_view(view.zoomed(view.zoom * ZOOM_PER_NOTCH**notches, event.position()))
        elif angle.x():
            canvas.show_view(view.scrolled(angle.x() / WHEEL_NOTCH * PIXELS_PER_NOTCH, 0))
        event.accept()

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Follow two fingers on a touchpad; False for what means nothing here."""
        view, at = self._canvas.view, event.position()
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self._canvas.show_view(view.zoomed(view.zoom * (1 + event.value()), at))
            case Qt.NativeGestureType.RotateNativeGesture:
                self.turn_to(view.angle + event.value(), at)
            case _:
                return False
        return True

    def pinch(self, event: QGestureEvent) -> bool:
        """Follow two fingers on a screen; False where it is no pinch."""
        found = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(found, QPinchGesture):
            return False
        canvas, before = self._canvas, found.lastCenterPoint()
        delta = found.centerPoint() - before
        at = QPointF(canvas.mapFromGlobal(found.centerPoint()))
        view = canvas.view.scrolled(delta.x(), delta.y())
        view = view.zoomed(view.zoom * found.scaleFactor(), at)
        canvas.show_view(
            view.turned(view.angle + found.rotationAngle() - found.lastRotationAngle(), at)
        )
        event.accept(found)
        return True

    def _angle_of(self, at: QPointF) -> float:
        middle = self._canvas.free_area.center()
        return degrees(atan2(at.y() - middle.y(), at.x() - middle.x()))
