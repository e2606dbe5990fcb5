"""Ellipse: selects what is inside an ellipse, with a smooth edge."""

from math import cos, pi, sin
from typing import ClassVar

from editor.document.geometry import Rect
from editor.render.outlines import ellipse
from editor.tools.select_box import BoxSelecting
from editor.tools.selecting import nudge, selecting_options
from editor.tools.tool import Cursor, Key, Modifier, Place, PointerEvent, Sketch, ToolContext

CORNERS = 96


class SelectEllipse:
    """Selects an ellipse; Shift adds, Alt subtracts, both intersect."""

    id: ClassVar[str] = "select_ellipse"
    title: ClassVar[str] = "Ellipse"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with nothing pulled up."""
        self.options = selecting_options()
        self._gesture = BoxSelecting(self.options, ellipse, "Select")

    @property
    def sketch(self) -> Sketch | None:
        """The shape as it is now."""
        box = self._gesture.box
        return None if box is None or box.rect.is_empty else Sketch((_line(box.rect),))

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


def _line(rect: Rect) -> tuple[Place, ...]:
    """Return the ellipse in a rect as a closed line of many corners."""
    x, y = (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2
    turns = [2 * pi * each / CORNERS for each in range(CORNERS + 1)]
    return tuple((x + rect.width / 2 * cos(t), y + rect.height / 2 * sin(t)) for t in turns)
