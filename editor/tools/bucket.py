"""Fill bucket: fills pixels whose colour is like that of the one that was clicked."""

from typing import ClassVar

from editor.document.geometry import Point
from editor.render.fills import Plain
from editor.render.flood import similar
from editor.tools.surface import fill_edit
from editor.tools.tool import Cursor, Option, Options, PointerEvent, ToolContext
from editor.tools.wand import reader, wand_switches


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
        self._is_pressed = False

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Fill what is alike; raises `EditError` where the layer cannot be painted on."""
        tolerance = round(self.options.numbers["tolerance"].value)
        contiguous = self.options.switches["contiguous"].value
        read = reader(context, sample_all=self.options.switches["sample_all"].value)
        at = Point(int(event.x // 1), int(event.y // 1))
        region = similar(read, context.document.rect, at, tolerance, contiguous=contiguous)
        alpha = round(self.options.numbers["opacity"].value * 2.55)
        fill = Plain((*context.foreground, alpha))
        if region.tiles:
            context.preview(
                fill_edit(context.document, context.active, context.target, fill, region)
            )
            self._is_pressed = True

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """One click does all."""

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep it."""
        if self._is_pressed:
            context.commit("Fill")
        self._is_pressed = False

    def cancel(self, context: ToolContext) -> None:
        """Take it back."""
        if self._is_pressed:
            context.cancel()
        self._is_pressed = False
