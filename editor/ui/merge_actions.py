"""Actions that make layers one, line them up, or mark them: each asks the desk for one edit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.layer import Group, Label, LayerId, new_layer_id
from editor.edits.aligning import AlignLayers, DistributeLayers, Edge
from editor.edits.edit import Edit, Together
from editor.edits.layers import outermost
from editor.edits.merging import (
    Flatten,
    MergeDown,
    MergeLayers,
    MergeVisible,
    Rasterise,
    StampVisible,
)
from editor.edits.properties import SetLabel
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("MergeActions", text)


def down(window: "Window") -> None:
    """Make the active layer one with the one below it, or all that are selected one."""
    front, merged = _front(window), new_layer_id()
    ids = outermost(front.document, front.selected)
    if len(ids) > 1:
        _show(front, MergeLayers(ids, merged), tr("Merge layers"), merged)
    elif front.active is not None:
        is_group = isinstance(front.document.find(front.active), Group)
        label = tr("Merge group") if is_group else tr("Merge down")
        _show(front, MergeDown(front.active, merged), label, merged)


def visible(window: "Window") -> None:
    """Make all that is seen one layer."""
    front, merged = _front(window), new_layer_id()
    name = next(layer.name for layer in front.document.layers if layer.visible)
    _show(front, MergeVisible(merged, name), tr("Merge visible"), merged)


def stamp(window: "Window") -> None:
    """Put a layer of all that is seen above the active one."""
    front, merged = _front(window), new_layer_id()
    edit = StampVisible(front.active, merged, tr("Stamp"))
    _show(front, edit, tr("Stamp visible"), merged)


def flatten(window: "Window") -> None:
    """Make the document one opaque layer."""
    front, merged = _front(window), new_layer_id()
    _show(front, Flatten(merged, tr("Background")), tr("Flatten"), merged)


def rasterise(window: "Window") -> None:
    """Make the active group a layer of pixels."""
    front, merged = _front(window), new_layer_id()
    if front.active is not None:
        _show(front, Rasterise(front.active, merged), tr("Rasterise"), merged)


def align(window: "Window", edge: Edge) -> None:
    """Line the selected layers up."""
    front = _front(window)
    front.do(AlignLayers(front.selected, edge), tr("Align"))


def distribute(window: "Window", across: bool) -> None:
    """Spread the selected layers out evenly."""
    front = _front(window)
    front.do(DistributeLayers(front.selected, across), tr("Distribute"))


def label(window: "Window", colour: Label) -> None:
    """Mark the rows of the selected layers."""
    front = _front(window)
    edits: list[Edit] = [SetLabel(each, colour) for each in front.selected]
    front.do(Together(tuple(edits)), tr("Colour label"))


def _show(front: Workspace, edit: Edit, text: str, merged: LayerId) -> None:
    front.do(edit, text, lambda: front.select((merged,)))


def _front(window: "Window") -> Workspace:
    front = window.desk.front
    assert front is not None  # the actions' conditions say so
    return front
