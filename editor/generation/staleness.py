"""Which layers were made from what has since changed: by the hashes in their recipes.

A picture that is no longer in the document at all makes nothing stale: there is nothing left to
agree with. Neither does an eye that is closed, nor a layer that is itself moved.
"""

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import Layer, LayerId, PixelLayer
from editor.document.recipe import RecipeInput
from editor.generation.seen import box_of_layer, seen_hash

Key = tuple[LayerId, str, Rect]


class Staleness:
    """Answers for one document again and again, hashing only layers that are other objects now."""

    def __init__(self) -> None:
        """Know no hash yet."""
        self._known: dict[Key, tuple[tuple[Layer, ...], str]] = {}

    def of(self, document: Document) -> frozenset[LayerId]:
        """Return the layers that were made from what has since changed."""
        there = {layer.id for layer in document.walk()}
        self._known = {key: each for key, each in self._known.items() if key[0] in there}
        return frozenset(
            layer.id
            for layer in document.walk()
            if isinstance(layer, PixelLayer) and self._is_stale(document, layer, there)
        )

    def _is_stale(self, document: Document, layer: PixelLayer, there: set[LayerId]) -> bool:
        recipe = layer.recipe
        if recipe is None or recipe.box is None:
            return False
        others = [each for each in recipe.inputs if each.layer not in ("", layer.id)]
        left = {each.role for each in others if each.layer in there}
        boxes = tuple(dict.fromkeys((recipe.box, box_of_layer(layer))))
        return any(
            each.role in left
            and (each.layer not in there or self._has_changed(document, each, boxes))
            for each in others
        )

    def _has_changed(self, document: Document, given: RecipeInput, boxes: tuple[Rect, ...]) -> bool:
        return all(self._hash(document, given, box) != given.pixels_hash for box in boxes)

    def _hash(self, document: Document, given: RecipeInput, box: Rect) -> str:
        layer_id = LayerId(given.layer)
        key = (layer_id, given.role, box)
        path = _path(document, layer_id)
        known = self._known.get(key)
        if known is not None and list(map(id, known[0])) == list(map(id, path)):
            return known[1]
        found = seen_hash(document, layer_id, given, box)
        self._known[key] = (path, found)
        return found


def stale_layers(document: Document) -> frozenset[LayerId]:
    """Return the layers of a document that were made from what has since changed."""
    return Staleness().of(document)


def _path(document: Document, layer_id: LayerId) -> tuple[Layer, ...]:
    """Return all that a layer's picture depends on: its groups, itself, what is clipped to it."""
    parents = document.parents_of(layer_id)
    siblings = document.children_of(parents[-1].id if parents else None)
    index = next(i for i, each in enumerate(siblings) if each.id == layer_id)
    end = index + 1
    while end < len(siblings) and siblings[end].clipped:
        end += 1
    return (*parents, *siblings[index:end])
