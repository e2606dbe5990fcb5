"""One model in the Models dialog: what it can do, which parts it has, and the terms of the rest."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.ui.section import plain_label
from editor.ui.shelf import size_words
from editor.ui.words import DOT, task_word

if TYPE_CHECKING:  # not before the first paint
    from generator.models.catalogue import Model
    from generator.models.published import Weights
    from generator.models.registry import Adopted

TERMS_HEIGHT = 150


class ModelDetails(QScrollArea):
    """What is ticked is what would be fetched; `terms` is for a place where nobody misses it."""

    changed = Signal()  # other parts are ticked

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._ticks: list[tuple[Weights, QCheckBox]] = []
        self.terms = QScrollArea()
        self.terms.setWidgetResizable(True)
        self.terms.setFixedHeight(TERMS_HEIGHT)
        self.terms.setObjectName("Terms")

    @property
    def lacks(self) -> bool:
        """Whether anything could be fetched."""
        return bool(self._ticks)

    @property
    def ticked(self) -> "tuple[Weights, ...]":
        """What would be fetched."""
        return tuple(weights for weights, box in self._ticks if box.isChecked())

    def tick(self, name: str, *, ticked: bool = True) -> None:
        """Choose a part by its name, or leave it."""
        for weights, box in self._ticks:
            if weights.name == name:
                box.setChecked(ticked)

    def show_model(self, model: "Model", parts: "tuple[tuple[Weights, bool], ...]") -> None:
        """Show a model; those of its parts that its tasks need are ticked."""
        column = self._cleared()
        card = model.card
        column.addWidget(plain_label((card.title if card else "") or model.name, "title"))
        if card is not None:
            tasks = ", ".join(task_word(task) for task in model.tasks) if model.is_installed else ""
            width, height = card.native_size
            facts = [f"{width} × {height} px", tasks, self.tr("licence: {0}").format(card.licence)]
            column.addWidget(_quiet(DOT.join(fact for fact in facts if fact)))
        own = [part for part in parts if not part[0].is_extra]
        guiding = [part for part in parts if part[0].kind is not None]
        others = [part for part in parts if part[0].is_extra and part[0].kind is None]
        self._add_parts(column, self.tr("What its tasks need"), own)
        self._add_parts(column, self.tr("What may guide it"), guiding)
        self._add_parts(column, self.tr("Other forms"), others)
        self._finish(column)

    def show_lora(self, lora: "Adopted") -> None:
        """Show a LoRA."""
        column = self._cleared()
        column.addWidget(plain_label(lora.name, "title"))
        column.addWidget(_quiet(DOT.join((lora.words, size_words(lora.size_bytes)))))
        column.addWidget(_quiet(lora.path))
        self._finish(column)

    def _cleared(self) -> QVBoxLayout:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(6)
        self._ticks = []
        self.setWidget(body)
        return column

    def _finish(self, column: QVBoxLayout) -> None:
        column.addStretch(1)
        self._on_toggled()

    def _add_parts(
        self, column: QVBoxLayout, title: str, parts: "list[tuple[Weights, bool]]"
    ) -> None:
        if parts:
            column.addSpacing(6)
            column.addWidget(plain_label(title, "head"))
        for weights, is_here in parts:
            words = [weights.title, size_words(weights.about_bytes)]
            box = QCheckBox(DOT.join([*words, self.tr("is here")] if is_here else words))
            box.setChecked(not is_here and not weights.is_extra)
            box.setEnabled(not is_here)
            column.addWidget(box)
            if not is_here:
                self._ticks.append((weights, box))
                box.toggled.connect(self._on_toggled)

    @Slot()
    def _on_toggled(self) -> None:
        """Show the terms of what is ticked now."""
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        for terms in dict.fromkeys(weights.terms for weights in self.ticked):
            column.addWidget(plain_label(self.tr("Licence: {0}").format(terms.licence), "head"))
            column.addWidget(_quiet(terms.restrictions))
            column.addWidget(_quiet(terms.page))
        column.addStretch(1)
        self.terms.setWidget(body)
        self.terms.setVisible(bool(self.ticked))
        self.changed.emit()


def _quiet(text: str) -> QLabel:
    label = plain_label(text, "quiet")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
