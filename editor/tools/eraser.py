"""Eraser: takes alpha away and leaves the colour underneath."""

from typing import ClassVar

from editor.render.painting import Paint
from editor.tools.painter import Painter, brush_options
from editor.tools.tool import Cursor, PointerEvent, ToolContext


class Eraser:
    """Makes the active layer transparent along a stroke."""

    id: ClassVar[str] = "eraser"
    title: ClassVar[str] = "Eraser"
    cursor: ClassVar[Cursor] = Cursor.CIRCLE

    def __init__(self) -> None:
        """Begin with a harder tip than the brush's."""
        self.options = brush_options(40, 80)
        self._painter = Painter(self.options, self.title)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Set the first dab; raises `EditError` where the layer's alpha may not change."""
        self._painter.press(event, context, Paint(erase=True))

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on with the stroke."""
        self._painter.move(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep the stroke as one step."""
        self._painter.release(event, context)

    def cancel(self, context: ToolContext) -> None:
        """Take the stroke back."""
        self._painter.cancel(context)
