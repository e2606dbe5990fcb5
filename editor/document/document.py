"""The picture being edited: an immutable tree of layers, with the calls that change the tree.

Layers are tuples, bottom first. A layer is named by its id; a `Place` says where one goes. The
calls here return new documents that share every layer they did not touch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from editor.document.geometry import Rect, Size, rect_of
from editor.document.layer import Group, Layer, LayerId
from editor.document.pixels import Coverage

MAX_SIDE = 65536


class Orientation(StrEnum):
    """Which way a guide runs."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class Guide(NamedTuple):
    """A line to align to, at a distance in pixels from the top or left edge."""

    orientation: Orientation
    position: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the tree: the parent group (None is the document) and the index, 0 at the bottom."""

    parent: LayerId | None
    index: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Document:
    """Canvas and layers. `icc` is the profile of the colours, None meaning sRGB."""

    size: Size
    layers: tuple[Layer, ...] = ()
    dpi: float = 72.0
    icc: bytes | None = None
    guides: tuple[Guide, ...] = ()
    selection: Coverage | None = None  # None selects everything

    @property
    def rect(self) -> Rect:
        """The canvas as a rect at the origin."""
        return rect_of(self.size)

    def walk(self) -> Iterator[Layer]:
        """Yield every layer, bottom first, a group before its children."""
        yield from _walk(self.layers)

    def find(self, layer_id: LayerId) -> Layer | None:
        """Return the layer of that id, or None."""
        return next((layer for layer in self.walk() if layer.id == layer_id), None)

    def place_of(self, layer_id: LayerId) -> Place | None:
        """Return where the layer is, or None."""
        return _place_of(self.layers, layer_id, None)

    def parents_of(self, layer_id: LayerId) -> tuple[Group, ...]:
        """Return the groups around a layer, outermost first; raises KeyError if it is not there."""
        path = _path(self.layers, layer_id)
        if path is None:
            raise KeyError(layer_id)
        return path

    def children_of(self, parent: LayerId | None) -> tuple[Layer, ...]:
        """Return the layers in a group, or the document's own for None."""
        if parent is None:
            return self.layers
        group = self.find(parent)
        if not isinstance(group, Group):
            raise KeyError(parent)
        return group.children

    def replaced(self, layer_id: LayerId, change: Callable[[Layer], Layer]) -> "Document":
        """Return a document in which one layer is what `change` makes of it; KeyError if absent."""
        layers, found = _mapped(self.layers, layer_id, lambda layer: (change(layer),))
        if not found:
            raise KeyError(layer_id)
        return replace(self, layers=layers)

    def removed(self, layer_id: LayerId) -> "Document":
        """Return a document without that layer and its children; KeyError if it is not there."""
        layers, found = _mapped(self.layers, layer_id, lambda _: ())
        if not found:
            raise KeyError(layer_id)
        return replace(self, layers=layers)

    def inserted(self, layer: Layer, place: Place) -> "Document":
        """Return a document with the layer at a place; an index past the end means the top."""
        siblings = self.children_of(place.parent)
        index = max(0, min(place.index, len(siblings)))
        after = (*siblings[:index], layer, *siblings[index:])
        if place.parent is None:
            return replace(self, layers=after)
        return self.replaced(place.parent, lambda group: with_children(group, after))


def with_children(layer: Layer, children: tuple[Layer, ...]) -> Group:
    """Return the group with other children; a layer that is no group is a wrong call."""
    assert isinstance(layer, Group)
    return replace(layer, children=children)


def _walk(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        yield layer
        if isinstance(layer, Group):
            yield from _walk(layer.children)


def _place_of(layers: tuple[Layer, ...], layer_id: LayerId, parent: LayerId | None) -> Place | None:
    for index, layer in enumerate(layers):
        if layer.id == layer_id:
            return Place(parent, index)
        if isinstance(layer, Group):
            place = _place_of(layer.children, layer_id, layer.id)
            if place is not None:
                return place
    return None


def _path(layers: tuple[Layer, ...], layer_id: LayerId) -> tuple[Group, ...] | None:
    for layer in layers:
        if layer.id == layer_id:
            return ()
        if isinstance(layer, Group):
            path = _path(layer.children, layer_id)
            if path is not None:
                return (layer, *path)
    return None


def _mapped(
    layers: tuple[Layer, ...], layer_id: LayerId, change: Callable[[Layer], tuple[Layer, ...]]
) -> tuple[tuple[Layer, ...], bool]:
    for index, layer in enumerate(layers):
        if layer.id == layer_id:
            return (*layers[:index], *change(layer), *layers[index + 1 :]), True
        if isinstance(layer, Group):
            children, found = _mapped(layer.children, layer_id, change)
            if found:
                group = replace(layer, children=children)
                return (*layers[:index], group, *layers[index + 1 :]), True
    return layers, False
