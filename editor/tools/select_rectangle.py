"""Rectangle: selects whole pixels in a box."""

from typing import ClassVar

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.tools.box import outline
from editor.tools.select_box import BoxSelecting
from editor.tools.selecting import nudge, selecting_options
from editor.tools.tool import Cursor, Key, Modifier, PointerEvent, Sketch, ToolContext


class SelectRectangle:
    """Selects a rectangle; Shift adds, Alt subtracts, both intersect."""

    id: ClassVar[str] = "select_rectangle"
    title: ClassVar[str] = "Rectangle"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with nothing pulled up."""
        self.options = selecting_options()
        self._gesture = BoxSelecting(self.options, _region, "Select")

    @property
    def sketch(self) -> Sketch | None:
        """The shape as it is now."""
        box = self._gesture.box
        return None if box is None or box.rect.is_empty else Sketch((outline(box.rect),))

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Begin the box, or take hold of the selection."""
        self._gesture.press(event, context)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Pull."""
        self._gesture.move(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Select."""
        self._gesture.release(event, context)

    def cancel(self, context: ToolContext) -> None:
        """Leave the selection as it was."""
        self._gesture.cancel(context)

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move the selection alone."""
        return nudge(key, modifiers, context)


def _region(rect: Rect, canvas: Rect) -> Coverage:
    return Coverage.of_rect(rect.met(canvas))
