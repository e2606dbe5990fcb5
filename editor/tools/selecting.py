"""What tools that select have in common: how regions combine, soft edges, the selection moved."""

from collections.abc import Callable
from dataclasses import dataclass

from editor.document.document import Document
from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage
from editor.edits.selection import MoveSelection, SelectFound, SetSelection
from editor.edits.transform import Instead
from editor.render.regions import Combine
from editor.tools.tool import Key, Modifier, Option, Options, Pick, PointerEvent, ToolContext

STEPS = {Key.LEFT: (-1, 0), Key.RIGHT: (1, 0), Key.UP: (0, -1), Key.DOWN: (0, 1)}
LARGE_STEP = 10


def selecting_options(**numbers: Option) -> Options:
    """Return the settings that tools for selecting share, after numbers of their own."""
    modes = {
        Combine.NEW.value: "New",
        Combine.ADD.value: "Add",
        Combine.SUBTRACT.value: "Subtract",
        Combine.INTERSECT.value: "Intersect",
    }
    return Options(
        numbers={**numbers, "feather": Option("Feather", 0, 0, 250, "px")},
        picks={"mode": Pick("Mode", Combine.NEW.value, modes)},
    )


def way(options: Options, modifiers: Modifier) -> Combine:
    """Return what a new region does: as keys say that are held at the press, else as is set."""
    shift, alt = Modifier.SHIFT in modifiers, Modifier.ALT in modifiers
    if shift and alt:
        return Combine.INTERSECT
    if shift:
        return Combine.ADD
    return Combine.SUBTRACT if alt else Combine(options.picks["mode"].value)


def select(
    context: ToolContext,
    find: Callable[[Document], Coverage],
    how: Combine,
    options: Options,
    label: str,
) -> None:
    """Select what is found as one step, softened as the options say."""
    context.do(SelectFound(find, how, options.numbers["feather"].value), label)


def step_of(key: Key, modifiers: Modifier) -> tuple[int, int] | None:
    """Return by how much an arrow key moves: one pixel, with Shift ten."""
    if key not in STEPS:
        return None
    by = LARGE_STEP if Modifier.SHIFT in modifiers else 1
    return STEPS[key][0] * by, STEPS[key][1] * by


def nudge(key: Key, modifiers: Modifier, context: ToolContext) -> bool:
    """Move the selection alone by an arrow key; False where nothing is selected."""
    step = step_of(key, modifiers)
    if step is None or context.document.selection is None:
        return False
    context.do(MoveSelection(*step), "Move selection")
    return True


@dataclass(slots=True)
class SelectionDrag:
    """The selection alone dragged by the pointer."""

    base: Document
    pressed: PointerEvent
    done: Point = Point(0, 0)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Show the selection where the pointer has taken it; what leaves the canvas comes back."""
        dx, dy = round(event.x - self.pressed.x), round(event.y - self.pressed.y)
        if Modifier.SHIFT in event.modifiers:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        if (dx, dy) != self.done:
            self.done = Point(dx, dy)
            context.preview(Instead(self.base, MoveSelection(dx, dy)))

    def release(self, context: ToolContext) -> None:
        """Keep it there; a click inside the selection ends it."""
        if self.done == (0, 0):
            context.preview(SetSelection(None))
            context.commit("Deselect")
        else:
            context.commit("Move selection")


def drag_of(event: PointerEvent, how: Combine, context: ToolContext) -> SelectionDrag | None:
    """Return the drag that a press inside the selection begins, if it would begin a new one."""
    selection = context.document.selection
    if how is not Combine.NEW or selection is None:
        return None
    x, y = int(event.x // 1), int(event.y // 1)
    if not selection.read(Rect(x, y, x + 1, y + 1)).any():
        return None
    return SelectionDrag(context.document, event)
