"""Eraser: takes alpha away and leaves the colour underneath."""

from typing import ClassVar

from editor.edits.edit import EditError, found_pixels
from editor.tools.brush import StrokeGesture, brush_options, required_active
from editor.tools.stroke import away
from editor.tools.tool import Cursor, PointerEvent, ToolContext


class Eraser:
    """Makes the active layer transparent along a stroke; pressure scales the size."""

    id: ClassVar[str] = "eraser"
    title: ClassVar[str] = "Eraser"
    cursor: ClassVar[Cursor] = Cursor.CIRCLE

    def __init__(self) -> None:
        """Begin with a harder tip than the brush's."""
        self.options = brush_options(40, 80)
        self._gesture = StrokeGesture(self.title)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Set the first dab; raises `EditError` where the layer's alpha may not change."""
        layer = found_pixels(context.document, required_active(context))
        if layer.locks.alpha:
            raise EditError(f"The transparency of “{layer.name}” is locked.")
        paint = away(self.options.numbers["opacity"].value / 100)
        self._gesture.press(event, context, self.options, paint)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on with the stroke."""
        self._gesture.move(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep the stroke as one step."""
        self._gesture.release(context)

    def cancel(self, context: ToolContext) -> None:
        """Take the stroke back."""
        self._gesture.cancel(context)
