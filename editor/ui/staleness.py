"""Watches which layers were made from what has since changed, in a thread, a moment after edits."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from editor.document.document import Document
from editor.document.layer import LayerId, PixelLayer
from editor.ui.background import Background
from editor.ui.desk import Desk

if TYPE_CHECKING:  # not before the first paint
    from editor.generation import Staleness

PAUSE_MS = 250  # a stroke changes its layer with every move


class StalenessWatch(QObject):
    """Of the document in front."""

    changed = Signal(object)  # frozenset[LayerId]

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """Begin to watch."""
        super().__init__(parent)
        self._desk = desk
        self._background = Background(1, self)
        self._asked: Document | None = None  # what is being looked at
        self._staleness: Staleness | None = None  # used by one thread at a time
        self._stale: frozenset[LayerId] = frozenset()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        desk.switched.connect(self._on_switched)
        desk.document_changed.connect(self._on_changed)

    @property
    def stale(self) -> frozenset[LayerId]:
        """The layers found last."""
        return self._stale

    @Slot()
    def _on_switched(self) -> None:
        self._staleness = None
        self._show(frozenset())
        self._timer.start()

    @Slot(object, object)
    def _on_changed(self, before: Document, after: Document) -> None:
        if before.layers is not after.layers:
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        """Look at the document of now, unless an earlier one is still being looked at."""
        document = self._desk.document
        if self._asked is not None or document is None:
            return
        if not any(_is_made_from_others(layer) for layer in document.walk()):
            self._show(frozenset())
            return
        from editor.generation import Staleness  # not before the first paint

        self._staleness = self._staleness or Staleness()
        self._asked = document
        self._background.run(
            partial(self._staleness.of, document),
            partial(self._on_found, document),
            self._on_failed,
        )

    def _on_found(self, document: Document, stale: frozenset[LayerId]) -> None:
        self._asked = None
        if document is self._desk.document:
            self._show(stale)
        else:
            self._timer.start()

    def _on_failed(self, error: Exception) -> None:
        self._asked = None
        raise error

    def _show(self, stale: frozenset[LayerId]) -> None:
        if stale != self._stale:
            self._stale = stale
            self.changed.emit(stale)


def _is_made_from_others(layer: object) -> bool:
    return (
        isinstance(layer, PixelLayer)
        and layer.recipe is not None
        and any(each.layer not in ("", layer.id) for each in layer.recipe.inputs)
    )
