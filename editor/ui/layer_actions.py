"""Actions on layers: each reads the desk and asks it for one edit."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.document import Place
from editor.document.layer import (
    Group,
    Label,
    Layer,
    LayerId,
    Locks,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import Pixels
from editor.edits.edit import Edit, Together
from editor.edits.layers import (
    AddLayers,
    GroupLayers,
    MoveLayers,
    RemoveLayers,
    Ungroup,
    duplicate,
    outermost,
    place_above,
)
from editor.edits.pixels import ShowVariant
from editor.edits.properties import SetClipped, SetLocks, SetOpacity
from editor.edits.text import TextToPixels
from editor.ui.desk import Desk
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window

ALL_LOCKS = Locks(alpha=True, pixels=True, position=True)


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("LayerActions", text)


def new(window: "Window") -> None:
    """Add an empty layer above the active one."""
    front = _front(window)
    taken = {layer.name for layer in front.document.walk()}
    number = next(n for n in range(1, len(taken) + 2) if tr("Layer {0}").format(n) not in taken)
    place = place_above(front.document, front.active)
    above = front.document.children_of(place.parent)[place.index : place.index + 1]
    layer = PixelLayer(
        id=new_layer_id(),
        name=tr("Layer {0}").format(number),
        pixels=Pixels.empty(),
        clipped=any(each.clipped for each in above),  # not to come between them and their base
    )
    front.do(AddLayers((layer,), place), tr("New layer"))
    front.select((layer.id,))


def copy_all(window: "Window") -> None:
    """Put a copy above each selected layer, or make a layer of what is selected."""
    front = _front(window)
    if front.document.selection is not None and isinstance(window.desk.active_layer, PixelLayer):
        copy_selected(front, window.desk.active_layer)
        return
    edit, copies = duplicate(front.document, front.selected)
    front.do(edit, tr("Duplicate"))
    front.select(copies)


def copy_selected(front: Workspace, layer: PixelLayer) -> None:
    """Make a layer of what is selected of another one, at the same place."""
    from editor.edits.fill import LayerFromSelection  # not before the first paint

    made, name = new_layer_id(), tr("{0} copy").format(layer.name)
    edit = LayerFromSelection(layer.id, made, name)
    front.do(edit, tr("Layer via copy"), lambda: front.select((made,)))


def text_to_pixels(window: "Window") -> None:
    """Make the selected text layers plain pixels."""
    front = _front(window)
    front.do(TextToPixels(front.selected), tr("Text to pixels"))


def delete(window: "Window") -> None:
    """Take the selected layers out; what was below the lowest becomes active."""
    front = _front(window)
    gone = set(front.selected)
    order = [layer.id for layer in front.document.walk()]
    below = [each for each in order[: order.index(front.selected[0])] if each not in gone]
    front.do(RemoveLayers(front.selected), tr("Delete"))
    if below:
        front.select((below[-1],))


def rename(window: "Window") -> None:
    """Begin to rename the active layer."""
    window.layer_panel.edit_name()


def group(window: "Window") -> None:
    """Put the selected layers into a new group."""
    front = _front(window)
    made = Group(id=new_layer_id(), name=tr("Group"))
    front.do(GroupLayers(front.selected, made), tr("Group"))
    front.select((made.id,))


def ungroup(window: "Window") -> None:
    """Dissolve the active group."""
    front = _front(window)
    active = window.desk.active_layer
    if isinstance(active, Group):
        children = tuple(child.id for child in active.children)
        front.do(Ungroup(active.id), tr("Ungroup"))
        front.select(children)


def clip(window: "Window") -> None:
    """Clip the selected layers to what is below them, or release them, as the active one is."""
    active, front = window.desk.active_layer, _front(window)
    if active is not None:
        label = tr("Release clipping") if active.clipped else tr("Clip")
        edits: list[Edit] = [SetClipped(each, not active.clipped) for each in front.selected]
        front.do(Together(tuple(edits)), label)


def lock_alpha(window: "Window") -> None:
    """Lock or free the transparency of the selected layers."""
    _toggle_lock(window, "alpha")


def lock_pixels(window: "Window") -> None:
    """Lock or free the pixels of the selected layers."""
    _toggle_lock(window, "pixels")


def lock_position(window: "Window") -> None:
    """Lock or free the position of the selected layers."""
    _toggle_lock(window, "position")


def lock_all(window: "Window") -> None:
    """Lock or free everything of the selected layers."""
    front, active = _front(window), window.desk.active_layer
    if active is not None:
        locks = Locks() if active.locks == ALL_LOCKS else ALL_LOCKS
        edits: list[Edit] = [SetLocks(each, locks) for each in front.selected]
        front.do(Together(tuple(edits)), tr("Lock") if locks.any else tr("Unlock"))


def up(window: "Window") -> None:
    """Move the active layer one up among its siblings."""
    _reorder(window, lambda index, _count: index + 2)


def down(window: "Window") -> None:
    """Move the active layer one down among its siblings."""
    _reorder(window, lambda index, _count: index - 1)


def top(window: "Window") -> None:
    """Move the active layer above all its siblings."""
    _reorder(window, lambda _index, count: count)


def bottom(window: "Window") -> None:
    """Move the active layer below all its siblings."""
    _reorder(window, lambda _index, _count: 0)


def select_all(window: "Window") -> None:
    """Select every layer that is in no group."""
    front = _front(window)
    front.select(tuple(layer.id for layer in front.document.layers), front.active)


def select_above(window: "Window") -> None:
    """Make the layer above the active one active."""
    _select_beside(window, 1)


def select_below(window: "Window") -> None:
    """Make the layer below the active one active."""
    _select_beside(window, -1)


def next_variant(window: "Window") -> None:
    """Show the next variant of the active layer."""
    step_variant(window, 1)


def last_variant(window: "Window") -> None:
    """Show the variant before."""
    step_variant(window, -1)


def step_variant(window: "Window", by: int) -> None:
    """Show another variant of the active layer, round and round."""
    active = window.desk.active_layer
    if isinstance(active, PixelLayer) and len(active.variants) > 1:
        index = (active.variant + by) % len(active.variants)
        _front(window).do(ShowVariant(active.id, index), tr("Variant {0}").format(index + 1))


def opacity(window: "Window", percent: int) -> None:
    """Set the opacity of the selected layers; with a tool that paints, that of its paint."""
    percent = window.digits.typed(percent)
    if window.tools.number("opacity") is not None:
        window.tools.set_number("opacity", percent)
        return
    front = _front(window)
    edits: list[Edit] = [SetOpacity(each, percent / 100) for each in front.selected]
    front.do(Together(tuple(edits)), tr("Opacity"))


def states(desk: Desk) -> dict[str, bool]:
    """Return which of the checkable layer actions are so for the active layer."""
    active = desk.active_layer
    locks = Locks() if active is None else active.locks
    return {
        "layer.clip": active is not None and active.clipped,
        "layer.lock_alpha": locks.alpha,
        "layer.lock_pixels": locks.pixels,
        "layer.lock_position": locks.position,
        "layer.lock_all": locks == ALL_LOCKS,
        **{f"label.{each}": active is not None and active.label is each for each in Label},
    }


def _front(window: "Window") -> Workspace:
    front = window.desk.front
    assert front is not None  # the action's condition says so
    return front


def _toggle_lock(window: "Window", name: str) -> None:
    front = _front(window)
    active = window.desk.active_layer
    if active is None:
        return
    locked = not getattr(active.locks, name)
    change = partial(replace, **{name: locked})
    layers = [layer for layer in map(front.document.find, front.selected) if layer is not None]
    edits: list[Edit] = [SetLocks(layer.id, change(layer.locks)) for layer in layers]
    front.do(Together(tuple(edits)), tr("Lock") if locked else tr("Unlock"))


def _reorder(window: "Window", place: Callable[[int, int], int]) -> None:
    front = _front(window)
    ids = outermost(front.document, front.selected)
    at = front.document.place_of(ids[-1])
    assert at is not None
    count = len(front.document.children_of(at.parent))
    index = place(at.index, count)
    if 0 <= index <= count and index not in (at.index, at.index + 1):
        front.do(MoveLayers(ids, Place(at.parent, index)), tr("Order"))


def _select_beside(window: "Window", by: int) -> None:
    front = _front(window)
    order = list(_rows(front.document.layers))
    if front.active in order:
        index = order.index(front.active) + by
        if 0 <= index < len(order):
            front.select((order[index],))


def _rows(layers: tuple[Layer, ...]) -> Iterator[LayerId]:
    """The rows of the list from the bottom up; a group stands above what is in it."""
    for layer in layers:
        if isinstance(layer, Group) and layer.open:
            yield from _rows(layer.children)
        yield layer.id
