"""What an action of the window is, and when one can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.document.layer import Group, PixelLayer
from editor.tools.tool import Target
from editor.ui.desk import Desk

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window

Handler = Callable[["Window"], None]
Condition = Callable[[Desk], bool]


def always(desk: Desk) -> bool:
    """Can be done at any time."""
    return True


def has_document(desk: Desk) -> bool:
    """Needs an open document."""
    return desk.front is not None


def has_layer(desk: Desk) -> bool:
    """Needs an active layer."""
    return desk.front is not None and desk.front.active is not None


def can_undo(desk: Desk) -> bool:
    """Needs an earlier step, or an open gesture."""
    front = desk.front
    if front is None:
        return False
    return front.history.can_undo or front.is_previewing or front.is_working


def can_redo(desk: Desk) -> bool:
    """Needs a later step."""
    return desk.front is not None and desk.front.history.can_redo


def is_generated(desk: Desk) -> bool:
    """Needs an active layer with a recipe."""
    active = desk.active_layer
    return isinstance(active, PixelLayer) and active.recipe is not None


def varied(desk: Desk) -> bool:
    """Needs an active layer with several variants."""
    active = desk.active_layer
    return isinstance(active, PixelLayer) and len(active.variants) > 1


def is_text(desk: Desk) -> bool:
    """Needs an active text layer."""
    active = desk.active_layer
    return isinstance(active, PixelLayer) and active.text is not None


def is_group(desk: Desk) -> bool:
    """Needs an active group."""
    return isinstance(desk.active_layer, Group)


def has_pixels(desk: Desk) -> bool:
    """Needs an active layer with pixels."""
    return isinstance(desk.active_layer, PixelLayer)


def can_blur(desk: Desk) -> bool:
    """Needs an active layer with pixels, or a mask that is painted on."""
    on_mask = desk.front is not None and desk.front.target is Target.MASK
    return on_mask or has_pixels(desk)


def has_visible(desk: Desk) -> bool:
    """Needs a layer that is shown."""
    return desk.document is not None and any(layer.visible for layer in desk.document.layers)


def is_several(desk: Desk) -> bool:
    """Needs three layers or more that are selected."""
    return desk.front is not None and len(desk.front.selected) > 2


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table; a menu of "" is for keys and buttons alone."""

    id: str
    menu: str
    text: object  # as QT_TRANSLATE_NOOP gives it: a str
    handler: Handler
    condition: Condition = has_document
    icon: str = ""
    number: int = 0  # what {0} in the text stands for
