"""Actions on masks: each reads the desk and asks it for one edit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.layer import LayerId
from editor.edits.edit import Edit
from editor.edits.masks import (
    AddMask,
    ApplyMask,
    EnableMask,
    InvertMask,
    LinkMask,
    RemoveMask,
)
from editor.edits.selection import MaskFromSelection
from editor.tools.tool import Target
from editor.ui.desk import Desk
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("MaskActions", text)


def has_no_mask(desk: Desk) -> bool:
    """Needs an active layer without a mask."""
    return desk.active_layer is not None and desk.active_layer.mask is None


def states(desk: Desk) -> dict[str, bool]:
    """Return which of the checkable actions here are so for the active layer."""
    front, mask = desk.front, None if desk.active_layer is None else desk.active_layer.mask
    return {
        "mask.enabled": mask is not None and mask.enabled,
        "mask.linked": mask is not None and mask.linked,
        "mask.view": front is not None and front.shows_mask,
        "mask.paint": front is not None and front.target is Target.MASK,
    }


def add(window: "Window") -> None:
    """Give the active layer a mask of what is selected, else one that shows all; paint on it."""
    _add(window, hide=False)


def add_hiding(window: "Window") -> None:
    """Give the active layer a mask that hides what is selected, else all; paint on it."""
    _add(window, hide=True)


def reveal_all(window: "Window") -> None:
    """Give the active layer a mask that shows all."""
    front, active = _active(window)
    _do(window, AddMask(active), tr("Add mask"))
    front.set_target(Target.MASK)


def hide_all(window: "Window") -> None:
    """Give the active layer a mask that hides all."""
    front, active = _active(window)
    _do(window, AddMask(active, hide=True), tr("Add mask"))
    front.set_target(Target.MASK)


def toggle_enabled(window: "Window") -> None:
    """Switch the active layer's mask on or off."""
    switch(window.desk, _active(window)[1])


def toggle_linked(window: "Window") -> None:
    """Let the active layer's mask move with it or not."""
    link(window.desk, _active(window)[1])


def toggle_view(window: "Window") -> None:
    """Look at the active layer's mask, or at the picture."""
    front = _active(window)[0]
    front.set_shows_mask(shown=not front.shows_mask)


def toggle_paint(window: "Window") -> None:
    """Paint on the active layer's mask, or on its pixels."""
    front = _active(window)[0]
    front.set_target(Target.PIXELS if front.target is Target.MASK else Target.MASK)


def invert(window: "Window") -> None:
    """Show what the mask hides."""
    _do(window, InvertMask(_active(window)[1]), tr("Invert mask"))


def apply(window: "Window") -> None:
    """Make the mask part of the pixels."""
    _do(window, ApplyMask(_active(window)[1]), tr("Apply mask"))


def delete(window: "Window") -> None:
    """Take the mask away."""
    _do(window, RemoveMask(_active(window)[1]), tr("Delete mask"))


def switch(desk: Desk, layer_id: LayerId) -> None:
    """Switch a layer's mask on or off, as Shift-click on it does."""
    layer = None if desk.document is None else desk.document.find(layer_id)
    if layer is not None and layer.mask is not None:
        label = tr("Disable mask") if layer.mask.enabled else tr("Enable mask")
        desk.do(EnableMask(layer_id, not layer.mask.enabled), label)


def link(desk: Desk, layer_id: LayerId) -> None:
    """Link a layer and its mask or part them, as a click between their thumbnails does."""
    layer = None if desk.document is None else desk.document.find(layer_id)
    if layer is not None and layer.mask is not None:
        label = tr("Unlink mask") if layer.mask.linked else tr("Link mask")
        desk.do(LinkMask(layer_id, not layer.mask.linked), label)


def view(desk: Desk, layer_id: LayerId) -> None:
    """Look at a layer's mask, or at the picture again, as Alt-click on it does."""
    front = desk.front
    if front is not None:
        shown = not (front.shows_mask and front.active == layer_id)
        front.select((layer_id,))
        front.set_shows_mask(shown=shown)


def _add(window: "Window", *, hide: bool) -> None:
    front, active = _active(window)
    if front.document.selection is None:
        edit: Edit = AddMask(active, hide)
        label = tr("Add mask")
    else:
        edit, label = MaskFromSelection(active, hide), tr("Mask from selection")
    window.desk.do(edit, label, lambda: front.set_target(Target.MASK))


def _do(window: "Window", edit: Edit, label: str) -> None:
    window.desk.do(edit, label)


def _active(window: "Window") -> tuple[Workspace, LayerId]:
    front = window.desk.front
    assert front is not None  # the actions' conditions say so
    assert front.active is not None
    return front, front.active
