"""Asks for a filter's numbers while the canvas shows what they do.

Each change is worked out in the background, the last one wins; until it is there the one before is
seen. OK keeps what is shown as one step, Cancel goes back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QVBoxLayout

from editor.document.document import Document
from editor.document.geometry import cells
from editor.document.layer import LayerId, PixelLayer, new_layer_id
from editor.document.pixels import TILE, Pixels
from editor.edits.edit import Edit, EditError
from editor.ui.section import plain_label
from editor.ui.slider_field import SliderField

if TYPE_CHECKING:  # the window owns its dialogs
    from editor.ui.window import Window

Numbers = tuple[float, ...]


class Ground(Enum):
    """What the layer is seen on meanwhile."""

    PICTURE = None
    BLACK = (0, 0, 0, 255)
    WHITE = (255, 255, 255, 255)


@dataclass(frozen=True, slots=True)
class Number:
    """One slider."""

    text: str
    least: float
    most: float
    value: float
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter: its name, its sliders, and the edit that their numbers make."""

    title: str
    numbers: tuple[Number, ...]
    edit: Callable[[Numbers], Edit]
    on_grounds: bool = False  # whether it can be looked at on black and white


@dataclass(frozen=True, slots=True, eq=False)
class Show:
    """Show a document that has been worked out already."""

    document: Document

    def apply(self, document: Document) -> Document:
        """Return it."""
        return self.document


class FilterDialog(QDialog):
    """Modal: nothing else changes the document while it is open."""

    def __init__(self, window: "Window", layer: LayerId, asked: Asked) -> None:
        """Begin with the usual numbers, and show them at once."""
        super().__init__(window)
        front = window.desk.front
        assert front is not None
        self._workspace, self._background = front, window.background
        self._messages = window.messages
        self._base, self._layer, self._asked = front.document, layer, asked
        self._running = self._changed = self._closing = False
        self._is_over = False  # what is still worked out then is for nobody
        self.setWindowTitle(asked.title)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        self.fields = [self._field(each) for each in asked.numbers]
        for field in self.fields:
            column.addWidget(field)
        self.ground = QComboBox()
        names = (self.tr("On the picture"), self.tr("On black"), self.tr("On white"))
        for ground, name in zip(Ground, names, strict=True):
            self.ground.addItem(name, ground)
        self.ground.setVisible(asked.on_grounds)
        self.ground.setAccessibleName(self.tr("Seen on"))
        self.ground.activated.connect(self._on_changed)
        column.addWidget(self.ground)
        self.note = plain_label("", "quiet")
        column.addWidget(self.note)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.finished.connect(self._on_finished)
        self.setMinimumWidth(300)
        self._on_changed()

    def numbers(self) -> Numbers:
        """Return what the sliders show."""
        return tuple(field.spin.value() for field in self.fields)

    def _field(self, number: Number) -> SliderField:
        field = SliderField(number.text, number.least, number.most, number.scale)
        field.show_value(number.value)
        field.previewed.connect(self._on_changed)
        field.set_to.connect(self._on_changed)
        return field

    @Slot()
    def _on_changed(self) -> None:
        self._changed = True
        if not self._running:
            self._start()

    def _start(self) -> None:
        self._changed, self._running = False, True
        self.note.setText(self.tr("Working…"))
        edit = self._asked.edit(self.numbers())
        work = partial(_worked, edit, self._base, self._layer, self.ground.currentData())
        self._background.run(work, self._on_worked, self._on_failed)

    def _on_worked(self, worked: "Worked") -> None:
        if self._is_over:
            return
        self._running = False
        self._workspace.preview(Show(worked.document))
        self._workspace.shown_instead.emit(worked.instead)
        self.note.setText("")
        if self._changed:
            self._start()
        elif self._closing:
            self.accept()

    def _on_failed(self, error: Exception) -> None:
        if self._is_over:
            return
        self._running = self._closing = False
        if not isinstance(error, EditError):
            raise error
        self._messages.fail(str(error))
        self.reject()

    @Slot()
    def _on_accepted(self) -> None:
        """Keep the result, once it is there."""
        self._closing = True
        if not self._running and not self._changed:
            self.accept()

    @Slot(int)
    def _on_finished(self, result: int) -> None:
        self._is_over = True
        self._workspace.shown_instead.emit(None)
        if result == QDialog.DialogCode.Accepted:
            self._workspace.commit(self._asked.title)
        else:
            self._workspace.cancel()
        self.deleteLater()


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """The document after a filter, and what is looked at instead: the layer on a plain ground."""

    document: Document
    instead: Document | None


def _worked(edit: Edit, base: Document, layer: LayerId, ground: Ground) -> Worked:
    document = edit.apply(base)
    shown = document.find(layer)
    if ground is Ground.PICTURE or shown is None:
        return Worked(document, None)
    alone = replace(shown, clipped=False, visible=True)
    return Worked(document, replace(document, layers=(_plain(document, ground), alone)))


def _plain(document: Document, ground: Ground) -> PixelLayer:
    tile = np.full((TILE, TILE, 4), ground.value, np.uint8)
    tile.flags.writeable = False
    pixels = Pixels(dict.fromkeys(cells(document.rect, TILE), tile))
    return PixelLayer(id=new_layer_id(), name="", pixels=pixels)
