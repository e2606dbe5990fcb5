"""Actions that add adjustment layers, or change the colours of a layer's pixels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.adjustment import ADJUSTMENTS, AdjustmentKind, Invert
from editor.document.layer import new_layer_id
from editor.edits.adjustment import AddAdjustment, AdjustPixels
from editor.edits.masks import InvertMask
from editor.edits.selection import InvertSelection
from editor.tools.tool import Target
from editor.ui.words import ADJUSTMENT_WORDS, words

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("AdjustActions", text)


def add(window: "Window", kind: AdjustmentKind) -> None:
    """Put an adjustment layer that changes nothing yet above the active layer."""
    front = window.desk.front
    if front is not None:
        made, name = new_layer_id(), words(ADJUSTMENT_WORDS[kind])
        front.do(AddAdjustment(made, name, ADJUSTMENTS[kind](), front.active), name)
        front.select((made,))


def invert(window: "Window") -> None:
    """Turn the colours of what is painted on to their opposites: pixels, mask or selection."""
    front = window.desk.front
    if front is None or front.active is None:
        return
    match front.target:
        case Target.MASK:
            front.do(InvertMask(front.active), tr("Invert mask"))
        case Target.SELECTION:
            front.do(InvertSelection(), tr("Invert selection"))
        case Target.PIXELS:
            front.do(AdjustPixels(front.active, Invert()), tr("Invert colours"))
