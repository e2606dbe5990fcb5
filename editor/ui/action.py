"""What an action of the window is, and when one can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.document.layer import Group, PixelLayer
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
