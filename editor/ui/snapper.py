"""Lets the pointer's places snap to lines before a tool sees them, for tools that place things.

What is moved as a whole snaps by its edges and middle, what is pulled by the pointer alone.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from editor.document.document import Guide
from editor.document.geometry import Rect, union
from editor.document.layer import LayerId
from editor.tools.handles import nearest
from editor.tools.snapping import NONE, Lines, lines_of, places, snapped
from editor.tools.tool import Modifier, PointerEvent, Sketching, Target, Tool

if TYPE_CHECKING:  # the canvas makes it
    from editor.ui.canvas import Canvas

REACH = 6.0  # device-independent pixels
PULLING = ("select_rectangle", "select_ellipse", "crop")
SNAPPING = (*PULLING, "move", "transform")


class Snapper:
    """One canvas's; Control held while the pointer moves keeps things off the lines."""

    def __init__(self, canvas: "Canvas") -> None:
        """Begin with nothing pressed."""
        self._canvas = canvas
        self._lines: Lines | None = None
        self._pressed: PointerEvent | None = None
        self._moved: Rect | None = None  # what moves as a whole, as it was at the press
        self.met: tuple[Guide, ...] = ()  # the lines to show

    def press(self, event: PointerEvent, tool: Tool) -> PointerEvent:
        """Find what moves and what it can meet; a box that is pulled up begins on a line."""
        self.end()
        if tool.id not in SNAPPING or not self._canvas.aids.has("snap"):
            return event
        self._pressed, self._moved = event, self._taken(event, tool)
        if tool.id != "move":
            self._lines = lines_of(self._canvas.workspace.document)
        if tool.id in PULLING and self._moved is None:
            return self._seen(event)
        return event

    def move(self, event: PointerEvent, tool: Tool) -> PointerEvent:
        """Return the event where what is moved lies on a line, if one is near."""
        if self._pressed is None:
            return event
        if self._lines is None and not self._begin_move():
            return event  # nothing is moved that has edges, as of an empty group
        return self._seen(event)

    def end(self) -> None:
        """Nothing is moved any more."""
        self._pressed = self._moved = self._lines = None
        self._show(())

    def _seen(self, event: PointerEvent) -> PointerEvent:
        assert self._pressed is not None
        snap = NONE
        if self._lines is not None and Modifier.CONTROL not in event.modifiers:
            xs: tuple[float, ...] = (event.x,)
            ys: tuple[float, ...] = (event.y,)
            if self._moved is not None:
                dx, dy = event.x - self._pressed.x, event.y - self._pressed.y
                xs, ys = places(self._moved)
                xs, ys = tuple(x + dx for x in xs), tuple(y + dy for y in ys)
            snap = snapped(xs, ys, self._lines, REACH / self._canvas.view.zoom)
        self._show(snap.met)
        return replace(event, x=event.x + snap.dx, y=event.y + snap.dy)

    def _taken(self, event: PointerEvent, tool: Tool) -> Rect | None:
        """Return what a press takes hold of as a whole, None for a corner or a new box."""
        sketch = tool.sketch if isinstance(tool, Sketching) else None
        if sketch is not None and sketch.handles:
            if nearest(sketch.handles, event.x, event.y, self._canvas.view.zoom) is not None:
                return None
            xs, ys = zip(*sketch.handles, strict=True)
            box = Rect(round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys)))
            return box if box.holds(event.x, event.y) else None
        selection = self._canvas.workspace.document.selection
        plain = event.modifiers is Modifier.NONE and tool.id in PULLING
        if plain and selection is not None:
            x, y = int(event.x // 1), int(event.y // 1)
            if selection.read(Rect(x, y, x + 1, y + 1))[0, 0] >= 128:
                return selection.content
        return None

    def _begin_move(self) -> bool:
        """Find the lines that what moves can meet; False where nothing does."""
        workspace = self._canvas.workspace
        document, ids = workspace.document, workspace.selected
        floats = document.selection is not None and workspace.target is not Target.SELECTION
        if document.selection is not None and floats:
            self._moved = document.selection.content
        else:
            found = [layer for layer in map(document.find, ids) if layer is not None]
            self._moved = union(layer.rect for layer in found)
        if self._moved.is_empty:
            self._pressed = None
            return False
        self._lines = lines_of(document, frozenset(self._with_groups(ids)))
        return True

    def _with_groups(self, ids: tuple[LayerId, ...]) -> set[LayerId]:
        """Return the layers that move and the groups around them, whose edges move along."""
        document = self._canvas.workspace.document
        parents = {group.id for each in ids for group in document.parents_of(each)}
        return {*ids, *parents}

    def _show(self, met: tuple[Guide, ...]) -> None:
        if met != self.met:
            self.met = met
            self._canvas.update()
