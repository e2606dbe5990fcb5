"""Magic wand: selects pixels whose colour is like that of the one that was clicked."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from editor.document.geometry import Point, Rect
from editor.document.layer import PixelLayer
from editor.document.pixels import RGBA8
from editor.edits.edit import EditError
from editor.render.flood import similar
from editor.tools.selecting import nudge, preview, selecting_options, way
from editor.tools.tool import (
    Choice,
    Cursor,
    Key,
    Modifier,
    Option,
    PointerEvent,
    ToolContext,
)


class Wand:
    """A click selects; Shift adds, Alt subtracts, both intersect."""

    id: ClassVar[str] = "wand"
    title: ClassVar[str] = "Magic wand"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with what hangs together on the active layer."""
        self.options = selecting_options(tolerance=Option("Tolerance", 32, 0, 255))
        self.options.switches = wand_switches()
        self._is_pressed = False

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Select what is alike."""
        how = way(self.options, event.modifiers)
        tolerance = round(self.options.numbers["tolerance"].value)
        contiguous = self.options.switches["contiguous"].value
        read = reader(context, sample_all=self.options.switches["sample_all"].value)
        at = Point(int(event.x // 1), int(event.y // 1))
        region = similar(read, context.document.rect, at, tolerance, contiguous=contiguous)
        preview(context, region, how, self.options)
        self._is_pressed = True

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """One click does all."""

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep it."""
        if self._is_pressed:
            context.commit("Select")
        self._is_pressed = False

    def cancel(self, context: ToolContext) -> None:
        """Leave the selection as it was."""
        if self._is_pressed:
            context.cancel()
        self._is_pressed = False

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move the selection alone."""
        return nudge(key, modifiers, context)


def wand_switches() -> dict[str, Choice]:
    """Return the switches of what looks for similar colours."""
    return {
        "contiguous": Choice("Contiguous", value=True),
        "sample_all": Choice("Sample all layers", value=False),
    }


def reader(context: ToolContext, *, sample_all: bool) -> Callable[[Rect], RGBA8]:
    """Return what reads straight pixels of a rect: of all layers, or of the active one alone.

    Raises `EditError` where the active layer has no pixels of its own.
    """
    if sample_all:
        # The compositor is imported when it is first needed: a window must not wait for it.
        from editor.render.composite import composite

        return partial(composite, context.document)
    layer = None if context.active is None else context.document.find(context.active)
    if not isinstance(layer, PixelLayer):
        raise EditError("Choose a layer with pixels, or sample all layers.")
    pixels, offset = layer.pixels, layer.offset
    return lambda rect: pixels.read(rect.moved(-offset.x, -offset.y))
