"""Eyedropper: takes the colour that is seen; with Alt it becomes the background colour."""

from typing import ClassVar

from editor.document.geometry import Rect
from editor.tools.tool import Cursor, Modifier, Options, PointerEvent, ToolContext


class Eyedropper:
    """Samples the composite under the pointer, as long as the button is down."""

    id: ClassVar[str] = "eyedropper"
    title: ClassVar[str] = "Eyedropper"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Nothing to set."""
        self.options = Options()

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take the colour here; nothing where the picture is transparent or ends."""
        # The compositor is imported when it is first needed: a window must not wait for it.
        from editor.render.composite import composite

        x, y = int(event.x // 1), int(event.y // 1)
        if context.document.rect.holds(x, y):
            red, green, blue, alpha = composite(context.document, Rect(x, y, x + 1, y + 1))[0, 0]
            if alpha > 0:
                colour = (int(red), int(green), int(blue))
                context.pick(colour, background=Modifier.ALT in event.modifiers)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Take the colour there."""
        self.press(event, context)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Nothing is left to do."""

    def cancel(self, context: ToolContext) -> None:
        """Nothing is left to undo."""
