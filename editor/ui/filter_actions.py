"""Actions that filter the pixels of the active layer, or its mask: each asks in a dialog."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.edits.edit import EditError, found_pixels
from editor.edits.filters import BlurMask, BlurPixels, DefringePixels, SharpenPixels
from editor.tools.tool import Target

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.dialogs.filter import Asked
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("FilterActions", text)


def blur(window: "Window") -> None:
    """Soften the active layer, or its mask where that is painted on."""
    from editor.ui.dialogs.filter import Asked, Number  # not before the first paint

    layer = window.desk.active_layer
    front = window.desk.front
    if layer is None or front is None:
        return
    radius = (Number(tr("Radius"), 0.1, 250.0, 4.0, 10),)
    make = BlurMask if front.target is Target.MASK else BlurPixels
    _ask(window, Asked(tr("Gaussian blur"), radius, lambda numbers: make(layer.id, numbers[0])))


def sharpen(window: "Window") -> None:
    """Make the active layer's edges clearer."""
    from editor.ui.dialogs.filter import Asked, Number

    layer = window.desk.active_layer
    if layer is None:
        return
    numbers = (
        Number(tr("Amount, %"), 1, 500, 80),
        Number(tr("Radius"), 0.1, 100.0, 1.5, 10),
        Number(tr("Threshold"), 0, 255, 0),
    )
    _ask(
        window,
        Asked(
            tr("Sharpen"),
            numbers,
            lambda given: SharpenPixels(layer.id, given[0] / 100, given[1], round(given[2])),
        ),
    )


def defringe(window: "Window") -> None:
    """Clean the active layer's half-transparent edges of an old background."""
    from editor.ui.dialogs.filter import Asked, Number

    layer = window.desk.active_layer
    if layer is None:
        return
    width = (Number(tr("Width"), 1, 40, 4),)
    asked = Asked(
        tr("Defringe"), width, lambda given: DefringePixels(layer.id, round(given[0])),
        on_grounds=True,
    )  # fmt: skip
    _ask(window, asked)


def _ask(window: "Window", asked: "Asked") -> None:
    from editor.ui.dialogs.filter import FilterDialog

    front, layer = window.desk.front, window.desk.active_layer
    if front is None or layer is None:
        return
    if front.target is not Target.MASK:
        found_pixels(front.document, layer.id)
    elif asked.title != tr("Gaussian blur"):
        raise EditError("This filter works on pixels: choose the layer's own thumbnail.")
    if front.is_previewing:
        front.commit(tr("Edit"))
    FilterDialog(window, layer.id, asked).open()
