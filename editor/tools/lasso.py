"""Lasso: selects what a line drawn by hand encloses."""

from typing import ClassVar

from editor.edits.selection import SetSelection
from editor.render.outlines import polygon
from editor.render.regions import Combine
from editor.tools.selecting import SelectionDrag, drag_of, nudge, select, selecting_options, way
from editor.tools.tool import Cursor, Key, Modifier, Place, PointerEvent, Sketch, ToolContext

LEAST_VIEW_PIXELS = 1.5  # between two places of the line


class Lasso:
    """Draws a line that closes itself; Shift adds, Alt subtracts, both intersect."""

    id: ClassVar[str] = "lasso"
    title: ClassVar[str] = "Lasso"
    cursor: ClassVar[Cursor] = Cursor.CROSS

    def __init__(self) -> None:
        """Begin with no line."""
        self.options = selecting_options()
        self._how = Combine.NEW
        self._drag: SelectionDrag | None = None
        self._places: list[Place] = []
        self._last: PointerEvent | None = None

    @property
    def sketch(self) -> Sketch | None:
        """The line so far."""
        return Sketch((tuple(self._places),)) if len(self._places) > 1 else None

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Begin a line, or take hold of the selection."""
        self._how = way(self.options, event.modifiers)
        self._drag = drag_of(event, self._how, context)
        self._places = [] if self._drag is not None else [(event.x, event.y)]
        self._last = event

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Draw on."""
        if self._drag is not None:
            self._drag.move(event, context)
        elif self._places and self._last is not None:
            dx, dy = event.view_x - self._last.view_x, event.view_y - self._last.view_y
            if max(abs(dx), abs(dy)) >= LEAST_VIEW_PIXELS:
                self._places.append((event.x, event.y))
                self._last = event

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Close the line and select what is inside; a click ends the selection."""
        drag, places, self._drag, self._places = self._drag, self._places, None, []
        if drag is not None:
            drag.release(context)
        elif len(places) > 2:
            select(
                context,
                lambda document: polygon(places, document.rect),
                self._how,
                self.options,
                "Select",
            )
        elif places and self._how is Combine.NEW:
            context.preview(SetSelection(None))
            context.commit("Deselect")

    def cancel(self, context: ToolContext) -> None:
        """Leave the selection as it was."""
        if self._drag is not None:
            context.cancel()
        self._drag, self._places = None, []

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move the selection alone."""
        return nudge(key, modifiers, context)
