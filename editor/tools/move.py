"""Move: shifts layers by whole pixels; auto-select first takes what is under the pointer."""

from typing import ClassVar

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import Group, Layer, LayerId, PixelLayer
from editor.edits.layers import OffsetLayers
from editor.tools.tool import Choice, Cursor, Modifier, Options, PointerEvent, ToolContext

PICKABLE_ALPHA = 26  # a tenth; fainter pixels are clicked through


class Move:
    """Drags the selected layers; Shift keeps to one axis."""

    id: ClassVar[str] = "move"
    title: ClassVar[str] = "Move"
    cursor: ClassVar[Cursor] = Cursor.MOVE

    def __init__(self) -> None:
        """Begin with auto-select on."""
        self.options = Options(switches={"auto_select": Choice("Auto-select", value=True)})
        self._pressed: PointerEvent | None = None
        self._done = (0, 0)

    def press(self, event: PointerEvent, context: ToolContext) -> None:
        """Take hold of the layers."""
        auto = self.options.switches["auto_select"].value
        if auto != (Modifier.CONTROL in event.modifiers):
            layer = layer_at(context.document, event.x, event.y)
            if layer is not None and layer.id not in _with_children(context):
                context.select(layer.id)
        self._pressed, self._done = event, (0, 0)

    def move(self, event: PointerEvent, context: ToolContext) -> None:
        """Show the layers where the pointer has taken them."""
        if self._pressed is None or not context.selected:
            return
        dx, dy = round(event.x - self._pressed.x), round(event.y - self._pressed.y)
        if Modifier.SHIFT in event.modifiers:
            dx, dy = (dx, 0) if abs(dx) >= abs(dy) else (0, dy)
        if (dx, dy) != self._done:
            step = OffsetLayers(context.selected, dx - self._done[0], dy - self._done[1])
            context.preview(step)
            self._done = (dx, dy)

    def release(self, event: PointerEvent, context: ToolContext) -> None:
        """Keep the layers there."""
        if self._pressed is not None and self._done != (0, 0):
            context.commit("Move")
        elif self._pressed is not None:
            context.cancel()
        self._pressed = None

    def cancel(self, context: ToolContext) -> None:
        """Put the layers back."""
        if self._pressed is not None:
            context.cancel()
        self._pressed = None


def layer_at(document: Document, x: float, y: float) -> Layer | None:
    """Return the topmost layer that shows something at a place of the document, or None."""
    return _topmost(document.layers, int(x // 1), int(y // 1))


def _topmost(layers: tuple[Layer, ...], x: int, y: int) -> Layer | None:
    for layer in reversed(layers):
        if not layer.visible or layer.opacity == 0 or not layer.rect.holds(x, y):
            continue
        if isinstance(layer, Group):
            inner = _topmost(layer.children, x, y)
            if inner is not None:
                return inner
        elif _alpha_at(layer, x, y) >= PICKABLE_ALPHA:
            return layer
    return None


def _alpha_at(layer: PixelLayer, x: int, y: int) -> int:
    px, py = x - layer.offset.x, y - layer.offset.y
    alpha = int(layer.pixels.read(Rect(px, py, px + 1, py + 1))[0, 0, 3])
    if layer.mask is not None and layer.mask.enabled:
        mx, my = x - layer.mask.offset.x, y - layer.mask.offset.y
        alpha = alpha * int(layer.mask.coverage.read(Rect(mx, my, mx + 1, my + 1))[0, 0]) // 255
    return alpha


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
