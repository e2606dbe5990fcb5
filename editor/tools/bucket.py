"""Fill bucket: fills pixels whose colour is like that of the one that was clicked."""

from typing import ClassVar

from editor.edits.fill import FillFound
from editor.render.fills import Plain
from editor.tools.surface import fill_edit
from editor.tools.tool import Cursor, Option, Options, PointerEvent, ToolContext
from editor.tools.wand import alike, wand_switches


class Bucket:
    """A click fills with the foreground colour, within the selection."""

    id: ClassVar[str] = "bucket"
    title: ClassVar[str] = "Fill"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with what hangs together on the active layer."""
        numbers = {
            "tolerance": Option("Tolerance", 32, 0, 255),
            "opacity": Option("Opacity", 100, 1, 100, "%"),
        }
        self.options = Options(numbers=numbers, switches=wand_switches())
        self._pressed: PointerEvent | None = None

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take the colour that is meant."""
        self._pressed = event

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """One click does all."""

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Fill what is alike; raises `EditError` where the layer cannot be painted on."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        alpha = round(self.options.numbers["opacity"].value * 2.55)
        fill = Plain((*context.foreground, alpha))
        document, active, target = context.document, context.active, context.target
        context.do(
            FillFound(
                alike(pressed, self.options, active),
                lambda region: fill_edit(document, active, target, fill, region),
            ),
            "Fill",
        )

    def cancel(self, context: ToolContext) -> None:
        """Fill nothing."""
        self._pressed = None
