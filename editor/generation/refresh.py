"""Stale layers made again one after the other, each before those that were made from it.

A value: whoever runs jobs asks what follows, has it made, and gives the result back; in the end all
of it is one edit. Layers that are locked, and what was made together with them, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from editor.document.document import Document
from editor.document.layer import Group, LayerId
from editor.edits.edit import Edit, Together
from editor.generation.asked import asked_again, made_together, recipe_of
from editor.generation.order import Order, order_for
from editor.generation.placing import placed
from editor.generation.staleness import stale_layers
from generator.request import GenerationResult


@dataclass(frozen=True, slots=True, eq=False)
class Refresh:
    """How far a refresh is: the document as it would be by now, and the edits that lead there."""

    document: Document
    edits: tuple[Edit, ...] = ()
    done: frozenset[LayerId] = frozenset()

    def next_layer(self) -> LayerId | None:
        """Return the stale layer to make now, or None when the rest is up to date or locked."""
        waiting = stale_layers(self.document) - self.done
        free = {each for each in waiting if not _is_locked(self.document, each)}
        for layer in self.document.walk():
            if layer.id in free and not _sources(self.document, layer.id) & free:
                return layer.id
        # They were made from each other in a circle: the lowest is as good as any.
        return next((layer.id for layer in self.document.walk() if layer.id in free), None)

    def order(self, layer: LayerId) -> Order:
        """Return the order for a stale layer by its recipe; raises `GenerationError`."""
        return order_for(self.document, (), asked_again(self.document, layer))

    def with_result(self, layer: LayerId, order: Order, result: GenerationResult) -> Refresh:
        """Return the refresh after a layer was made, with those that were made together with it."""
        edit = placed(order, result).edit
        following = self.without(layer)
        return replace(following, document=edit.apply(self.document), edits=(*self.edits, edit))

    def without(self, layer: LayerId) -> Refresh:
        """Return the refresh that leaves a layer, and what was made together with it, as it is."""
        together = {each.id for each in made_together(self.document, layer)}
        return replace(self, done=self.done | together)

    @property
    def edit(self) -> Edit:
        """All that was made so far, as one step."""
        return Together(self.edits)


def _is_locked(document: Document, layer_id: LayerId) -> bool:
    together = made_together(document, layer_id)
    around = [group for each in together for group in document.parents_of(each.id)]
    return any(each.locks.any for each in (*together, *around))


def _sources(document: Document, layer_id: LayerId) -> set[LayerId]:
    """Return all that a layer was made from, directly or not, but what was made with it."""
    found: set[LayerId] = set()
    waiting = [layer_id]
    while waiting:
        fresh = set(_direct_sources(document, waiting.pop())) - found
        found |= fresh
        waiting += fresh
    return found - {each.id for each in made_together(document, layer_id)}


def _direct_sources(document: Document, layer_id: LayerId) -> Iterator[LayerId]:
    recipe = recipe_of(document.find(layer_id))
    for each in recipe.inputs if recipe is not None else ():
        source = document.find(LayerId(each.layer))
        if source is None or source.id == layer_id:
            continue
        yield source.id
        if isinstance(source, Group):
            yield from (child.id for child in Document(size=document.size, layers=(source,)).walk())
