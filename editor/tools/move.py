"""Move: shifts layers, or the selected pixels, by whole pixels; Alt leaves a copy behind."""

from typing import ClassVar

from editor.document.geometry import Point
from editor.document.layer import Group, LayerId
from editor.edits.layers import OffsetLayers, duplicate
from editor.tools.floating import Floating
from editor.tools.picking import layer_at
from editor.tools.selecting import step_of
from editor.tools.tool import (
    Choice,
    Cursor,
    Key,
    Modifier,
    Options,
    PointerEvent,
    Target,
    ToolContext,
)


class Move:
    """Drags the selected layers, or what is selected of one; Shift keeps to one axis."""

    id: ClassVar[str] = "move"
    title: ClassVar[str] = "Move"
    cursor: ClassVar[Cursor] = Cursor.MOVE

    def __init__(self) -> None:
        """Begin with auto-select on."""
        self.options = Options(switches={"auto_select": Choice("Auto-select", value=True)})
        self._pressed: PointerEvent | None = None
        self._done = (0, 0)
        self._layers: tuple[LayerId, ...] = ()
        self._floating: Floating | None = None
        self._from = Point(0, 0)  # where the floating pixels were at the press

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take hold of the layers, or of what is selected where there is a selection."""
        if _floats(context):
            self._lift(context, copy=Modifier.ALT in event.modifiers)
        else:
            self._pick(event, context)
            self._layers = context.selected
        self._pressed, self._done = event, (0, 0)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Show it where the pointer has taken it."""
        if self._pressed is None or not context.selected:
            return
        dx, dy = round(event.x - self._pressed.x), round(event.y - self._pressed.y)
        if Modifier.SHIFT in event.modifiers:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        if (dx, dy) == self._done:
            return
        if self._floating is not None:
            self._shift(dx, dy, context)
        else:
            if self._done == (0, 0) and Modifier.ALT in self._pressed.modifiers:
                self._copy(context)
            step = OffsetLayers(self._layers, dx - self._done[0], dy - self._done[1])
            context.preview(step)
        self._done = (dx, dy)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep it there."""
        if self._pressed is not None and self._done != (0, 0):
            context.commit("Move")
            if len(self._layers) == 1 and self._layers != context.selected:
                context.select(self._layers[0])
        elif self._pressed is not None:
            context.cancel()
        self._pressed = None

    def cancel(self, context: ToolContext) -> None:
        """Put it back."""
        if self._pressed is not None:
            context.cancel()
        self._pressed = self._floating = None

    def forget(self) -> None:
        """Let what floats lie where it is."""
        self._floating = None

    def key(self, key: Key, modifiers: Modifier, context: ToolContext) -> bool:
        """Arrows move by a pixel, with Shift by ten."""
        step = step_of(key, modifiers)
        if step is None or not context.selected:
            return False
        if _floats(context):
            self._lift(context, copy=False)
            self._shift(*step, context)
        else:
            context.preview(OffsetLayers(context.selected, *step))
        context.commit("Move")
        return True

    def _lift(self, context: ToolContext, *, copy: bool) -> None:
        """Go on with what floats already, or lift what is selected."""
        active = context.active
        assert active is not None
        held = self._floating
        if copy or held is None or held.layer != active or not held.goes_on(context.document):
            held = Floating.lifted_from(context.document, active, copy=copy)
        self._floating, self._from = held, held.by

    def _shift(self, dx: int, dy: int, context: ToolContext) -> None:
        assert self._floating is not None
        context.preview(self._floating.shift(self._from.x + dx, self._from.y + dy))

    def _pick(self, event: PointerEvent, context: ToolContext) -> None:
        self._floating = None
        auto = self.options.switches["auto_select"].value
        if auto != (Modifier.CONTROL in event.modifiers):
            layer = layer_at(context.document, event.x, event.y)
            if layer is not None and layer.id not in _with_children(context):
                context.select(layer.id)

    def _copy(self, context: ToolContext) -> None:
        edit, self._layers = duplicate(context.document, self._layers)
        context.preview(edit)


def _floats(context: ToolContext) -> bool:
    """Whether what is selected of the active layer moves, rather than whole layers."""
    return (
        context.document.selection is not None
        and context.target is not Target.SELECTION
        and context.active is not None
        and not isinstance(context.document.find(context.active), Group)
    )


def _with_children(context: ToolContext) -> set[LayerId]:
    """What moves already: the selected layers and all that is in them."""
    held = set(context.selected)
    for layer_id in context.selected:
        layer = context.document.find(layer_id)
        if isinstance(layer, Group):
            held.update(_ids_in(layer))
    return held


def _ids_in(group: Group) -> set[LayerId]:
    ids = {child.id for child in group.children}
    for child in group.children:
        if isinstance(child, Group):
            ids |= _ids_in(child)
    return ids
