"""Actions that mirror and turn layers, or the selected pixels of one, in their place."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from editor.document.geometry import Rect, union
from editor.document.layer import PixelLayer
from editor.document.recipe import Affine
from editor.edits.edit import Edit, EditError
from editor.tools.tool import Target

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("TransformActions", text)


def flip(window: "Window", across: bool) -> None:
    """Mirror left to right, or top to bottom."""
    _transform(window, _across if across else _down, tr("Flip"))


def turn(window: "Window", quarters: int) -> None:
    """Turn to the right by quarters of a circle, about the middle."""
    _transform(window, partial(_turned, quarters=quarters), tr("Rotate"))


def _transform(window: "Window", affine_of: Callable[[Rect], Affine], label: str) -> None:
    """Put what is selected through an affine that maps pixels on pixels: nothing is mixed."""
    # What transforms is not imported before the first paint.
    from editor.edits.transform import TransformLayers, TransformSelected, transformable
    from editor.render.fills import lifted
    from editor.render.transforming import Interpolation

    front, layer = window.desk.front, window.desk.active_layer
    if front is None:
        return
    document, nearest = front.document, Interpolation.NEAREST
    region = document.selection if front.target is not Target.SELECTION else None
    if region is not None and isinstance(layer, PixelLayer):
        box = lifted(layer.pixels, layer.offset, region).content.moved(*layer.offset)
        edit: Edit = TransformSelected(layer.id, affine_of(box), nearest)
    else:
        box = union(each.rect for each in transformable(document, front.selected))
        edit = TransformLayers(front.selected, affine_of(box), nearest)
    if box.is_empty:
        raise EditError("There is nothing to transform: the layer is empty here.")
    front.do(edit, label)


def _across(box: Rect) -> Affine:
    return (-1, 0, box.x0 + box.x1, 0, 1, 0)


def _down(box: Rect) -> Affine:
    return (1, 0, 0, 0, -1, box.y0 + box.y1)


def _turned(box: Rect, quarters: int) -> Affine:
    """Return what turns a box in its place, half a pixel aside where its middle lies so."""
    x, y = box.x0 + box.x1, box.y0 + box.y1  # twice the middle
    if quarters == 2:
        return (-1, 0, x, 0, -1, y)
    if quarters == 1:
        return (0, -1, (x + y) // 2, 1, 0, (y - x) // 2)
    return (0, 1, (x - y) // 2, -1, 0, (x + y) // 2)
