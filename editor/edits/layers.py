"""Layers added, removed, moved, copied and grouped."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from editor.document.document import Document, Place, with_children
from editor.document.layer import Group, Layer, LayerId, moved, new_layer_id
from editor.edits.edit import Edit, EditError, Together, found


@dataclass(frozen=True, slots=True, eq=False)
class AddLayers:
    """Put layers, bottom first, at a place; if its group is gone, on top of the document."""

    layers: tuple[Layer, ...]
    place: Place

    def apply(self, document: Document) -> Document:
        """Return the document with the layers in it."""
        place = self.place
        if place.parent is not None and not isinstance(document.find(place.parent), Group):
            place = Place(None, len(document.layers))
        for index, layer in enumerate(self.layers):
            document = document.inserted(layer, Place(place.parent, place.index + index))
        return document


@dataclass(frozen=True, slots=True)
class RemoveLayers:
    """Take layers out, with what is in them."""

    layers: tuple[LayerId, ...]

    def apply(self, document: Document) -> Document:
        """Return the document without them."""
        for layer_id in outermost(document, self.layers):
            document = document.removed(layer_id)
        return document


@dataclass(frozen=True, slots=True)
class MoveLayers:
    """Put layers, keeping their order, at a place given in the tree as it was before the move."""

    layers: tuple[LayerId, ...]
    place: Place

    def apply(self, document: Document) -> Document:
        """Return the document with the layers at their new place."""
        ids = outermost(document, self.layers)
        inside = self.place.parent
        around = () if inside is None else (inside, *_ids(document.parents_of(inside)))
        if set(ids) & set(around):
            raise EditError("A group cannot be moved into itself.")
        siblings = _ids(document.children_of(self.place.parent))
        staying = [each for each in siblings[: self.place.index] if each not in ids]
        layers = tuple(found(document, layer_id) for layer_id in ids)
        for layer_id in ids:
            document = document.removed(layer_id)
        return AddLayers(layers, Place(self.place.parent, len(staying))).apply(document)


@dataclass(frozen=True, slots=True, eq=False)
class GroupLayers:
    """Put layers into a new group that stands where the topmost of them stood."""

    layers: tuple[LayerId, ...]
    group: Group  # empty; made by the caller, so that its id is known

    def apply(self, document: Document) -> Document:
        """Return the document with the group in it."""
        ids = outermost(document, self.layers)
        if not ids:
            raise EditError("There is no layer to group.")
        place = document.place_of(ids[-1])
        assert place is not None
        below = _ids(document.children_of(place.parent))[: place.index]
        children = tuple(found(document, layer_id) for layer_id in ids)
        for layer_id in ids:
            document = document.removed(layer_id)
        index = sum(each not in ids for each in below)
        return document.inserted(with_children(self.group, children), Place(place.parent, index))


@dataclass(frozen=True, slots=True)
class Ungroup:
    """Put a group's children in its place."""

    group: LayerId

    def apply(self, document: Document) -> Document:
        """Return the document with the group dissolved; its mask and opacity go with it."""
        group, place = found(document, self.group), document.place_of(self.group)
        if not isinstance(group, Group) or place is None:
            raise EditError(f"“{group.name}” is not a group.")
        return AddLayers(group.children, place).apply(document.removed(self.group))


def duplicate(document: Document, layers: Iterable[LayerId]) -> tuple[Edit, tuple[LayerId, ...]]:
    """Return the edit that puts a copy above each layer, and the ids of the copies."""
    edits: list[Edit] = []
    copies = []
    for layer_id in outermost(document, tuple(layers)):
        layer = found(document, layer_id)
        copy = replace(copied(layer), name=f"{layer.name} copy")
        edits.append(_AddAbove(copy, layer_id))
        copies.append(copy.id)
    return Together(tuple(edits)), tuple(copies)


@dataclass(frozen=True, slots=True, eq=False)
class _AddAbove:
    layer: Layer
    anchor: LayerId

    def apply(self, document: Document) -> Document:
        return document.inserted(self.layer, place_above(document, self.anchor))


def place_above(document: Document, layer_id: LayerId | None) -> Place:
    """Return the place just above a layer, or the top of the document where it is gone."""
    place = None if layer_id is None else document.place_of(layer_id)
    if place is None:
        return Place(None, len(document.layers))
    return Place(place.parent, place.index + 1)


def copied(layer: Layer) -> Layer:
    """Return the same layer under new ids, its children's included; no pixel is copied."""
    if isinstance(layer, Group):
        children = tuple(copied(child) for child in layer.children)
        return replace(layer, id=new_layer_id(), children=children)
    return replace(layer, id=new_layer_id())


def outermost(document: Document, layers: tuple[LayerId, ...]) -> tuple[LayerId, ...]:
    """Return the layers that are still there and in no other of them, bottom first."""
    wanted = set(layers)
    there = [layer.id for layer in document.walk() if layer.id in wanted]
    return tuple(each for each in there if not wanted & set(_ids(document.parents_of(each))))


@dataclass(frozen=True, slots=True)
class OffsetLayers:
    """Shift layers and what is linked to them by whole pixels; no pixel is copied."""

    layers: tuple[LayerId, ...]
    dx: int
    dy: int

    def apply(self, document: Document) -> Document:
        """Return the document with the layers shifted."""
        for layer_id in outermost(document, self.layers):
            layer = found(document, layer_id)
            if layer.locks.position:
                raise EditError(f"The position of “{layer.name}” is locked.")
            document = document.replaced(layer_id, lambda each: moved(each, self.dx, self.dy))
        return document


def _ids(layers: Iterable[Layer]) -> tuple[LayerId, ...]:
    return tuple(layer.id for layer in layers)
