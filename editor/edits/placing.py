"""Layers laid above or beneath others, wherever these are by then.

Nothing comes between a layer and what is clipped to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from editor.document.document import Document, Place
from editor.document.layer import Group, Layer, LayerId
from editor.edits.layers import AddLayers


@dataclass(frozen=True, slots=True, eq=False)
class AddAbove:
    """Put layers, bottom first, just above another one; on top of all if it is gone by then."""

    layers: tuple[Layer, ...]
    anchor: LayerId | None

    def apply(self, document: Document) -> Document:
        """Return the document with the layers in it."""
        place = None if self.anchor is None else document.place_of(self.anchor)
        if place is None:
            return AddLayers(self.layers, Place(None, len(document.layers))).apply(document)
        siblings = document.children_of(place.parent)
        index = place.index + 1
        while index < len(siblings) and siblings[index].clipped:
            index += 1
        return AddLayers(self.layers, Place(place.parent, index)).apply(document)


@dataclass(frozen=True, slots=True, eq=False)
class AddBeneath:
    """Put layers, bottom first, just beneath the lowest of others that are still there.

    With `below_groups` they go beneath the outermost group around it. Where all are gone, they lie
    beneath everything.
    """

    layers: tuple[Layer, ...]
    subjects: tuple[LayerId, ...]
    below_groups: bool = False

    def apply(self, document: Document) -> Document:
        """Return the document with the layers in it."""
        place = self._place(document)
        return AddLayers(self.layers, place).apply(document)

    def _place(self, document: Document) -> Place:
        there = [layer.id for layer in document.walk() if layer.id in self.subjects]
        if not there:
            return Place(None, 0)
        lowest = there[0]
        if self.below_groups and document.parents_of(lowest):
            lowest = document.parents_of(lowest)[0].id
        place = document.place_of(lowest)
        assert place is not None
        return Place(place.parent, _base(document.children_of(place.parent), place.index))


@dataclass(frozen=True, slots=True, eq=False)
class GroupBeneath:
    """Put layers beneath a subject and all of them into a new group that passes through.

    Where a group would change what is seen, or there is one around the subject already, they are
    laid beneath it alone.
    """

    layers: tuple[Layer, ...]
    subject: LayerId
    group: LayerId  # of the new group, which takes the subject's name

    def apply(self, document: Document) -> Document:
        """Return the document with the layers in it; the subject is the same object."""
        place, subject = document.place_of(self.subject), document.find(self.subject)
        if place is None or subject is None:
            return AddAbove(self.layers, None).apply(document)
        siblings = document.children_of(place.parent)
        above = siblings[place.index + 1 : place.index + 2]
        is_alone = not subject.clipped and not any(each.clipped for each in above)
        if place.parent is not None or not is_alone:
            return AddBeneath(self.layers, (self.subject,)).apply(document)
        group = Group(id=self.group, name=subject.name, children=(*self.layers, subject))
        return document.removed(self.subject).inserted(group, place)


def _base(siblings: Sequence[Layer], index: int) -> int:
    """Return the index of the layer that the one at an index is clipped to, or its own."""
    while index > 0 and siblings[index].clipped:
        index -= 1
    return index
