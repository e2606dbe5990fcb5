"""The steps of a document: earlier and later documents with labels, within a memory budget.

A step is a whole document; what it costs is only the tiles that the next step does not share.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.layer import Layer, PixelLayer
from editor.document.pixels import Coverage

DEFAULT_BUDGET_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One document of the history, and the label of the edit that led to it."""

    label: str
    document: Document
    kept_bytes: int = 0  # held for this step alone, because the next one does not share it


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Steps, oldest first, and which of them is shown; never empty."""

    steps: tuple[Step, ...]
    cursor: int = 0
    budget_bytes: int = DEFAULT_BUDGET_BYTES

    @staticmethod
    def started(document: Document, label: str) -> "History":
        """Return a history of one step."""
        return History((Step(label, document),))

    @property
    def document(self) -> Document:
        """The document that is shown."""
        return self.steps[self.cursor].document

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier step."""
        return self.cursor > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a later step."""
        return self.cursor < len(self.steps) - 1

    @property
    def kept_bytes(self) -> int:
        """Memory that undo and redo hold beyond the document that is shown."""
        return sum(step.kept_bytes for step in self.steps)

    def pushed(self, document: Document, label: str) -> "History":
        """Return the history with a step after the one shown; later ones are dropped.

        The oldest steps are forgotten where the budget asks for it, but never the last one back.
        """
        last = self.steps[self.cursor]
        last = replace(last, kept_bytes=bytes_not_shared(last.document, document))
        steps = (*self.steps[: self.cursor], last, Step(label, document))
        return replace(self, steps=steps, cursor=len(steps) - 1)._trimmed()

    def within(self, budget_bytes: int) -> "History":
        """Return the history with another budget, or itself where that is the one it has."""
        if budget_bytes == self.budget_bytes:
            return self
        return replace(self, budget_bytes=budget_bytes)._trimmed()

    def _trimmed(self) -> "History":
        """Forget the oldest steps, but never the one before that which is shown."""
        steps, cursor = self.steps, self.cursor
        while cursor > 1 and sum(step.kept_bytes for step in steps) > self.budget_bytes:
            steps, cursor = steps[1:], cursor - 1
        return replace(self, steps=steps, cursor=cursor)

    def at(self, cursor: int) -> "History":
        """Return the history with another step shown."""
        if not 0 <= cursor < len(self.steps):
            raise ValueError(f"no step {cursor} of {len(self.steps)}")
        return replace(self, cursor=cursor)


def bytes_not_shared(document: Document, other: Document) -> int:
    """Return the bytes of tiles in a document that another one does not hold too."""
    theirs = {id(layer): layer for layer in other.walk()}
    mine = [layer for layer in document.walk() if id(layer) not in theirs]
    sizes = {id(tile): tile.nbytes for layer in mine for tile in _tiles(layer)}
    if document.selection is not other.selection:
        sizes |= {id(tile): tile.nbytes for tile in _selected(document)}
        _drop(sizes, _selected(other))
    for layer in other.walk() if sizes else ():
        _drop(sizes, _tiles(layer))
    return sum(sizes.values())


def _drop(sizes: dict[int, int], tiles: Iterator[NDArray[np.uint8]]) -> None:
    for key in sizes.keys() & set(map(id, tiles)):
        del sizes[key]


def last_selection(history: History) -> Coverage | None:
    """Return what was selected last before the shown step, None where nothing ever was."""
    earlier = (step.document.selection for step in reversed(history.steps[: history.cursor + 1]))
    return next((each for each in earlier if each is not None), None)


def _selected(document: Document) -> Iterator[NDArray[np.uint8]]:
    if document.selection is not None:
        yield from document.selection.tiles.values()


def _tiles(layer: Layer) -> Iterator[NDArray[np.uint8]]:
    if layer.mask is not None:
        yield from layer.mask.coverage.tiles.values()
    if isinstance(layer, PixelLayer):
        yield from layer.pixels.tiles.values()
        for variant in layer.variants:
            yield from variant.pixels.tiles.values()
