"""Gradient: fills the selection, or all, from colour to colour along a line that is drawn."""

from math import hypot, pi
from typing import ClassVar

from editor.render.fills import RGBA, Gradient, GradientKind
from editor.tools.angles import turned_to
from editor.tools.surface import fill_edit
from editor.tools.tool import (
    Choice,
    Cursor,
    Modifier,
    Option,
    Options,
    Pick,
    Place,
    PointerEvent,
    Sketch,
    ToolContext,
)

LEAST_PIXELS = 1.0  # of the line


class GradientTool:
    """Draws the line and fills when it is let go; Shift keeps to steps of 45 degrees."""

    id: ClassVar[str] = "gradient"
    title: ClassVar[str] = "Gradient"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with a linear one between the two colours."""
        kinds = {GradientKind.LINEAR.value: "Linear", GradientKind.RADIAL.value: "Radial"}
        ends = {"background": "To the background colour", "nothing": "To transparent"}
        self.options = Options(
            numbers={"opacity": Option("Opacity", 100, 1, 100, "%")},
            switches={"reverse": Choice("Reverse", value=False)},
            picks={
                "kind": Pick("Shape", GradientKind.LINEAR.value, kinds),
                "end": Pick("Colours", "background", ends),
            },
        )
        self._start: Place | None = None
        self._end: Place = (0.0, 0.0)

    @property
    def sketch(self) -> Sketch | None:
        """The line."""
        if self._start is None or self._start == self._end:
            return None
        return Sketch(((self._start, self._end),), (self._start, self._end))

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Begin the line."""
        self._start = self._end = (event.x, event.y)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Draw the line on."""
        if self._start is not None:
            self._end = (event.x, event.y)
            if Modifier.SHIFT in event.modifiers:
                self._end = turned_to(self._start, self._end, pi / 4)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Fill."""
        self.move(event, context)
        start, self._start = self._start, None
        if start is None or hypot(self._end[0] - start[0], self._end[1] - start[1]) < LEAST_PIXELS:
            return
        gradient = self._gradient(start, self._end, context)
        edit = fill_edit(context.document, context.active, context.target, gradient, None)
        context.do(edit, "Gradient")

    def cancel(self, context: ToolContext) -> None:
        """Forget the line."""
        self._start = None

    def _gradient(self, start: Place, end: Place, context: ToolContext) -> Gradient:
        alpha = round(self.options.numbers["opacity"].value * 2.55)
        fades = self.options.picks["end"].value == "nothing"
        first: RGBA = (*context.foreground, alpha)
        last: RGBA = (*(context.foreground if fades else context.background), 0 if fades else alpha)
        if self.options.switches["reverse"].value:
            first, last = last, first
        return Gradient(GradientKind(self.options.picks["kind"].value), start, end, first, last)
