"""Brush: paints the foreground colour; on a mask or the selection, how light that is."""

from typing import ClassVar

from editor.render.painting import Paint
from editor.tools.painter import Painter, brush_options
from editor.tools.tool import Cursor, PointerEvent, ToolContext


class Brush:
    """Lays the foreground colour over what is painted on."""

    id: ClassVar[str] = "brush"
    title: ClassVar[str] = "Brush"
    cursor: ClassVar[Cursor] = Cursor.CIRCLE

    def __init__(self) -> None:
        """Begin with a soft brush of 40 pixels."""
        self.options = brush_options(40, 60)
        self._painter = Painter(self.options, self.title)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Set the first dab; raises `EditError` where nothing can be painted."""
        self._painter.press(event, context, Paint(context.foreground))

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Go on with the stroke."""
        self._painter.move(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep the stroke as one step."""
        self._painter.release(event, context)

    def cancel(self, context: ToolContext) -> None:
        """Take the stroke back."""
        self._painter.cancel(context)
