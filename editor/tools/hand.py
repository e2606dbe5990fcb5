"""The hand: drags the view."""

from typing import ClassVar

from editor.tools.tool import Cursor, Options, PointerEvent, ToolContext


class Hand:
    """Scrolls by as much as the pointer moves."""

    id: ClassVar[str] = "hand"
    title: ClassVar[str] = "Hand"
    cursor: ClassVar[Cursor] = Cursor.OPEN_HAND

    def __init__(self) -> None:
        """Begin with nothing held."""
        self.options = Options()
        self._last: PointerEvent | None = None

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Hold the picture where the pointer is."""
        self._last = event

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Take the picture along."""
        if self._last is not None:
            dx, dy = event.view_x - self._last.view_x, event.view_y - self._last.view_y
            self._last = event
            context.scroll_by(dx, dy)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Let go."""
        self._last = None

    def cancel(self, context: ToolContext) -> None:
        """Let go; the view stays where it is."""
        self._last = None
