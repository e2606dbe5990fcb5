"""Actions on the selection: each asks the desk for one edit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.layer import LayerId
from editor.edits.selection import (
    BorderSelection,
    FeatherSelection,
    GrowSelection,
    InvertSelection,
    SelectAll,
    SelectFound,
    SetSelection,
    alpha_of,
    mask_of,
)
from editor.history import last_selection
from editor.render.regions import Combine
from editor.tools.tool import Target
from editor.ui.desk import Desk

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("SelectActions", text)


def has_selection(desk: Desk) -> bool:
    """Needs a selection."""
    return desk.document is not None and desk.document.selection is not None


def has_mask(desk: Desk) -> bool:
    """Needs an active layer with a mask."""
    return desk.active_layer is not None and desk.active_layer.mask is not None


def states(desk: Desk) -> dict[str, bool]:
    """Return which of the checkable actions here are so."""
    front = desk.front
    return {"select.quick_mask": front is not None and front.target is Target.SELECTION}


def select_all(window: "Window") -> None:
    """Select the canvas."""
    window.desk.do(SelectAll(), tr("Select all"))


def select_none(window: "Window") -> None:
    """Select nothing in particular."""
    window.desk.do(SetSelection(None), tr("Deselect"))


def select_again(window: "Window") -> None:
    """Select what was selected last."""
    front = window.desk.front
    if front is None or front.document.selection is not None:
        return
    last = last_selection(front.history)
    if last is None:
        window.messages.say(tr("Nothing was selected before."))
    else:
        window.desk.do(SetSelection(last), tr("Select again"))


def invert(window: "Window") -> None:
    """Select what is not selected."""
    window.desk.do(InvertSelection(), tr("Invert selection"))


def of_layer(window: "Window") -> None:
    """Select the alpha of the active layer."""
    front = window.desk.front
    if front is not None and front.active is not None:
        select_layer(window.desk, front.active, Combine.NEW)


def of_mask(window: "Window") -> None:
    """Select what the active layer's mask shows."""
    front = window.desk.front
    if front is not None and front.active is not None:
        select_layer(window.desk, front.active, Combine.NEW, mask=True)


def select_layer(desk: Desk, layer_id: LayerId, how: Combine, *, mask: bool = False) -> None:
    """Combine the selection with a layer's alpha or its mask, as Ctrl-click on a thumbnail does."""
    if desk.document is not None and desk.document.find(layer_id) is not None:
        find = mask_of(layer_id) if mask else alpha_of(layer_id)
        desk.do(SelectFound(find, how), tr("Select mask") if mask else tr("Select layer"))


def quick_mask(window: "Window") -> None:
    """Paint on the selection, or on layers again."""
    front = window.desk.front
    if front is None:
        return
    is_on = front.target is Target.SELECTION
    front.set_target(Target.PIXELS if is_on else Target.SELECTION)
    region = front.document.selection
    if is_on and region is not None and region.content.is_empty:
        front.do(SetSelection(None), tr("Deselect"))
        window.messages.say(tr("Nothing was selected in the quick mask."))


def grow(window: "Window") -> None:
    """Ask by how much to grow the selection."""
    pixels = _asked(window, tr("Grow selection"), 4)
    if pixels is not None:
        window.desk.do(GrowSelection(pixels), tr("Grow selection"))


def shrink(window: "Window") -> None:
    """Ask by how much to shrink the selection."""
    pixels = _asked(window, tr("Shrink selection"), 4)
    if pixels is not None:
        window.desk.do(GrowSelection(-pixels), tr("Shrink selection"))


def feather(window: "Window") -> None:
    """Ask how soft the selection's edge is to be."""
    pixels = _asked(window, tr("Feather selection"), 5)
    if pixels is not None:
        window.desk.do(FeatherSelection(pixels), tr("Feather selection"))


def border(window: "Window") -> None:
    """Ask how wide a frame along the selection's edge is to be."""
    pixels = _asked(window, tr("Border of selection"), 4)
    if pixels is not None:
        window.desk.do(BorderSelection(pixels), tr("Border of selection"))


def _asked(window: "Window", title: str, value: int) -> int | None:
    from editor.ui.dialogs.number import NumberDialog  # not before the first paint

    dialog = NumberDialog(title, tr("Pixels"), value, window)
    if dialog.exec() != NumberDialog.DialogCode.Accepted:
        return None
    return dialog.answer()
