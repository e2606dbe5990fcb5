"""Zoom: a click enlarges, with Alt it reduces, a drag to the sides does either smoothly."""

from typing import ClassVar

from editor.tools.tool import Cursor, Modifier, Options, PointerEvent, ToolContext

CLICK_FACTOR = 2.0
DRAG_THRESHOLD_PIXELS = 4.0
PIXELS_PER_DOUBLING = 160.0


class Zoom:
    """Enlarges and reduces about the place that was pressed."""

    id: ClassVar[str] = "zoom"
    title: ClassVar[str] = "Zoom"
    cursor: ClassVar[Cursor] = Cursor.ZOOM

    def __init__(self) -> None:
        """Begin with nothing pressed."""
        self.options = Options()
        self._pressed: PointerEvent | None = None
        self._last_x = 0.0
        self._dragged = False

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Remember the place to enlarge about."""
        self._pressed, self._last_x, self._dragged = event, event.view_x, False

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Enlarge to the right, reduce to the left."""
        if self._pressed is None:
            return
        if abs(event.view_x - self._pressed.view_x) > DRAG_THRESHOLD_PIXELS:
            self._dragged = True
        if self._dragged:
            factor = 2.0 ** ((event.view_x - self._last_x) / PIXELS_PER_DOUBLING)
            self._last_x = event.view_x
            context.zoom_by(factor, self._pressed.view_x, self._pressed.view_y)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """A press without a drag is a click."""
        if self._pressed is not None and not self._dragged:
            factor = 1 / CLICK_FACTOR if Modifier.ALT in event.modifiers else CLICK_FACTOR
            context.zoom_by(factor, event.view_x, event.view_y)
        self._pressed = None

    def cancel(self, context: ToolContext) -> None:
        """Forget the press."""
        self._pressed = None
