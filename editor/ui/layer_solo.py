"""One layer shown alone, to the eye or to the model, and all again: the edit that does it."""

from collections.abc import Callable

from editor.document.document import Document
from editor.document.layer import Group, Layer, LayerId
from editor.edits.edit import Edit, Together
from editor.edits.properties import SetModelVisible, SetVisible


def solo(document: Document, layer_id: LayerId, *, model: bool = False) -> Edit:
    """Return the edit that shows one layer alone, or all again where it is alone already.

    Groups around it stay open to it; what is in it keeps its own eyes. With `model` it is about
    what generation sees.
    """
    around = {group.id for group in document.parents_of(layer_id)}
    own = document.find(layer_id)
    inside = {layer.id for layer in _within(own)} if own is not None else set()
    kept = around | inside | {layer_id}
    others = [layer for layer in document.walk() if layer.id not in kept]
    make: Callable[[LayerId, bool], Edit] = SetModelVisible if model else SetVisible
    seen = [layer.model_visible if model else layer.visible for layer in others]
    alone = not any(seen)
    shown = tuple(make(layer.id, alone) for layer in others)
    opened = tuple(make(each, True) for each in (*around, layer_id))
    return Together((*shown, *opened))


def _within(layer: Layer) -> list[Layer]:
    if not isinstance(layer, Group):
        return []
    found: list[Layer] = []
    for child in layer.children:
        found += [child, *_within(child)]
    return found
