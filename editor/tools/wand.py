"""Magic wand: selects pixels whose colour is like that of the one that was clicked."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Point, Rect
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import RGBA8, Coverage
from editor.edits.edit import EditError
from editor.render.flood import similar
from editor.tools.selecting import nudge, select, selecting_options, way
from editor.tools.tool import (
    Choice,
    Cursor,
    Key,
    Modifier,
    Option,
    Options,
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
        self._pressed: PointerEvent | None = None

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take the colour that is meant."""
        self._pressed = event

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """One click does all."""

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Select what is alike."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            find = alike(pressed, self.options, context.active)
            select(context, find, way(self.options, pressed.modifiers), self.options, "Select")

    def cancel(self, context: ToolContext) -> None:
        """Leave the selection as it was."""
        self._pressed = None

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move the selection alone."""
        return nudge(key, modifiers, context)


def wand_switches() -> dict[str, Choice]:
    """Return the switches of what looks for similar colours."""
    return {
        "contiguous": Choice("Contiguous", value=True),
        "sample_all": Choice("Sample all layers", value=False),
    }


def alike(
    event: PointerEvent, options: Options, active: LayerId | None
) -> Callable[[Document], Coverage]:
    """Return what finds the pixels that are alike to where a pointer was, as the options say.

    It raises `EditError` where the active layer has no pixels of its own to look at.
    """
    at = Point(int(event.x // 1), int(event.y // 1))
    tolerance = round(options.numbers["tolerance"].value)
    contiguous = options.switches["contiguous"].value
    sample_all = options.switches["sample_all"].value

    def find(document: Document) -> Coverage:
        read = _reader(document, active, sample_all=sample_all)
        return similar(read, document.rect, at, tolerance, contiguous=contiguous)

    return find


def _reader(
    document: Document, active: LayerId | None, *, sample_all: bool
) -> Callable[[Rect], RGBA8]:
    """Return what reads straight pixels of a rect: of all layers, or of the active one alone."""
    if sample_all:
        # The compositor is imported when it is first needed: a window must not wait for it.
        from editor.render.composite import composite

        return partial(composite, document)
    layer = None if active is None else document.find(active)
    if not isinstance(layer, PixelLayer):
        raise EditError("Choose a layer with pixels, or sample all layers.")
    pixels, offset = layer.pixels, layer.offset
    return lambda rect: pixels.read(rect.moved(-offset.x, -offset.y))
