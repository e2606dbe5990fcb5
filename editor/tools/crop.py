"""Crop: a box that becomes the canvas when Enter or a double click says so."""

from typing import ClassVar

from editor.document.geometry import Rect
from editor.edits.canvas import Crop
from editor.tools.box import Box, outline
from editor.tools.handles import SPOTS, nearest, spots_of
from editor.tools.selecting import step_of
from editor.tools.tool import (
    Choice,
    Cursor,
    Key,
    Modifier,
    Options,
    Pick,
    PointerEvent,
    Sketch,
    ToolContext,
)

RATIOS = {"free": 0.0, "1:1": 1.0, "4:3": 4 / 3, "3:2": 3 / 2, "16:9": 16 / 9, "9:16": 9 / 16}


class CropTool:
    """Pull up a box, set it right by its handles, apply it."""

    id: ClassVar[str] = "crop"
    title: ClassVar[str] = "Crop"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with no box; what is cropped away is kept outside the canvas."""
        words = {"free": "Any proportions", **{name: name for name in RATIOS if name != "free"}}
        self.options = Options(
            switches={"delete": Choice("Delete cropped pixels", value=False)},
            picks={"ratio": Pick("Proportions", "free", words)},
        )
        self._rect = Rect(0, 0, 0, 0)
        self._before = self._rect  # at the press
        self._pressed: PointerEvent | None = None
        self._handle: int | None = None
        self._box: Box | None = None  # one that is being pulled up

    @property
    def is_open(self) -> bool:
        """Whether there is a box."""
        return not self._rect.is_empty

    @property
    def sketch(self) -> Sketch | None:
        """The box, with what it takes away darkened."""
        if self._rect.is_empty:
            return None
        note = f"{self._rect.width} × {self._rect.height}"
        return Sketch((outline(self._rect),), spots_of(self._rect), self._rect, note)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take hold of a handle or of the box, or begin another one."""
        self._pressed, self._before = event, self._rect
        self._handle = self._box = None
        if self.is_open:
            self._handle = nearest(spots_of(self._rect), event.x, event.y, context.zoom)
        if self._handle is None and not (self.is_open and self._rect.holds(event.x, event.y)):
            self._box = Box.begun(event)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Pull."""
        if self._pressed is None:
            return
        if self._box is not None:
            self._box.pull(event)
            rect = self._box.rect
            self._rect = self._proportioned(rect, (rect.x0, rect.y0))
        elif self._handle is not None:
            self._rect = self._resized(event, self._handle)
        else:
            dx, dy = round(event.x - self._pressed.x), round(event.y - self._pressed.y)
            self._rect = self._before.moved(dx, dy)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """The box stays until it is applied; a click outside of it takes it away."""
        if self._box is not None and self._box.rect.is_empty:
            self._rect = Rect(0, 0, 0, 0)
        self._pressed = None

    def hover(self, event: PointerEvent, context: ToolContext) -> None:
        """Nothing follows the pointer."""

    def double_press(self, event: PointerEvent, context: ToolContext) -> None:
        """Apply."""
        self.apply(context)

    def apply(self, context: ToolContext) -> None:
        """Make the box the canvas."""
        rect = self._rect
        self.cancel(context)
        if not rect.is_empty:
            context.do(Crop(rect, self.options.switches["delete"].value), "Crop")

    def cancel(self, context: ToolContext) -> None:
        """Forget the box."""
        self._rect, self._pressed = Rect(0, 0, 0, 0), None

    def leave(self, context: ToolContext) -> None:
        """Forget the box."""
        self.cancel(context)

    def adjust(self, context: ToolContext) -> None:
        """Give the box the proportions that were chosen."""
        self._rect = self._proportioned(self._rect, (self._rect.x0, self._rect.y0))

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move the box."""
        step = step_of(key, modifiers)
        if step is None or not self.is_open:
            return False
        self._rect = self._rect.moved(*step)
        return True

    def _resized(self, event: PointerEvent, handle: int) -> Rect:
        """Return the box with a handle where the pointer is and the opposite side as it was."""
        across, down = SPOTS[handle]
        x0, y0, x1, y1 = self._before
        x, y = round(event.x), round(event.y)
        x0, x1 = (x, x1) if across == 0 else (x0, x if across == 1 else x1)
        y0, y1 = (y, y1) if down == 0 else (y0, y if down == 1 else y1)
        rect = Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        corner = (x1 if across == 0 else x0, y1 if down == 0 else y0)
        return self._proportioned(rect, corner)

    def _proportioned(self, rect: Rect, fixed: tuple[int, int]) -> Rect:
        """Return a rect of the chosen proportions, as wide as given, with a corner where it is."""
        ratio = RATIOS[self.options.picks["ratio"].value]
        if ratio == 0 or rect.is_empty:
            return rect
        height = max(1, round(rect.width / ratio))
        y0 = rect.y0 if fixed[1] <= rect.y0 else rect.y1 - height
        return Rect(rect.x0, y0, rect.x1, y0 + height)
