"""Polygon lasso: selects what straight lines from click to click enclose."""

from math import hypot, pi
from typing import ClassVar

from editor.render.outlines import polygon
from editor.render.regions import Combine
from editor.tools.angles import turned_to
from editor.tools.selecting import nudge, select, selecting_options, way
from editor.tools.tool import Cursor, Key, Modifier, Place, PointerEvent, Sketch, ToolContext

CLOSING_VIEW_PIXELS = 8.0  # so near the first corner a click closes the line


class PolygonLasso:
    """Sets corners; the first corner, a double click or Enter closes, Backspace takes one back."""

    id: ClassVar[str] = "polygon"
    title: ClassVar[str] = "Polygon lasso"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with no corner."""
        self.options = selecting_options()
        self._how = Combine.NEW
        self._corners: list[Place] = []
        self._pointer: Place = (0.0, 0.0)

    @property
    def is_open(self) -> bool:
        """Whether a line has been begun."""
        return bool(self._corners)

    @property
    def sketch(self) -> Sketch | None:
        """The corners, and the line on to the pointer."""
        if not self._corners:
            return None
        return Sketch(((*self._corners, self._pointer),), handles=(self._corners[0],))

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Set a corner, or close the line at the first one."""
        if not self._corners:
            self._how = way(self.options, event.modifiers)
            self._corners = [(event.x, event.y)]
            self._pointer = (event.x, event.y)
        elif len(self._corners) > 2 and self._is_at_first(event, context):
            self.apply(context)
        else:
            self._corners.append(self._place(event))

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """The corner that was set stays; the line follows."""
        self.hover(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """The line stays open."""

    def hover(self, event: PointerEvent, context: ToolContext) -> None:
        """Draw the line on to the pointer; Shift keeps it to steps of 45 degrees."""
        self._pointer = self._place(event)

    def double_press(self, event: PointerEvent, context: ToolContext) -> None:
        """Close the line; the first press of the two has set the last corner."""
        self.apply(context)

    def apply(self, context: ToolContext) -> None:
        """Close the line and select what is inside."""
        corners, self._corners = self._corners, []
        if len(corners) > 2:
            select(
                context,
                lambda document: polygon(corners, document.rect),
                self._how,
                self.options,
                "Select",
            )

    def cancel(self, context: ToolContext) -> None:
        """Forget the line."""
        self._corners = []

    def adjust(self, context: ToolContext) -> None:
        """The settings count when the line is closed."""

    def leave(self, context: ToolContext) -> None:
        """Forget the line."""
        self._corners = []

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Backspace takes the last corner back; arrows move the selection."""
        if key is Key.BACKSPACE and self._corners:
            self._corners.pop()
            return True
        return not self._corners and nudge(key, modifiers, context)

    def _place(self, event: PointerEvent) -> Place:
        if Modifier.SHIFT in event.modifiers and self._corners:
            return turned_to(self._corners[-1], (event.x, event.y), pi / 4)
        return event.x, event.y

    def _is_at_first(self, event: PointerEvent, context: ToolContext) -> bool:
        x, y = self._corners[0]
        return hypot(event.x - x, event.y - y) * context.zoom <= CLOSING_VIEW_PIXELS
