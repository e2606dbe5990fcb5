"""What the prompt bar discloses: everything about a job that is not its prompt or its task."""

import random
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from editor.ui.auto_number import AutoNumber, indent
from editor.ui.extras import Extras
from editor.ui.extras_menu import ExtrasMenu
from editor.ui.models import Models
from editor.ui.section import plain_label
from generator.request import Task

if TYPE_CHECKING:  # slow to import
    from generator.backend import Capabilities


MAX_SEED = 2**31 - 1
MAX_VARIANTS = 16
MAX_STEPS = 200
MAX_GUIDANCE = 20.0
MAX_WEIGHT = 2.0
WITH_STRENGTH = (Task.VARY, Task.REPAINT)


class Where(StrEnum):
    """Which part of the canvas a result is made for."""

    AUTO = "auto"  # the selection; without one what the task is usually done on
    CANVAS = "canvas"
    SQUARE = "square"  # the largest in the middle
    LAYER = "layer"  # the active layer's box


class PromptSettings(QWidget):
    """Lines of fields; what is left at "auto" is the model's own."""

    changed = Signal()
    model_chosen = Signal(str)

    def __init__(self) -> None:
        """Make the fields with a seed by chance."""
        super().__init__()
        self._native_size = (0, 0)
        self._model = QComboBox()
        self._model.setMinimumWidth(150)
        self._negative = QLineEdit()
        self._negative.setPlaceholderText(self.tr("What it should not show"))
        self._count = QSpinBox()
        self._count.setRange(1, MAX_VARIANTS)
        self._seed = QSpinBox()
        self._seed.setRange(0, MAX_SEED)
        self._seed.setMinimumWidth(104)
        self._seed.setValue(random.randint(0, MAX_SEED))
        self._keep = QCheckBox(self.tr("Keep"))
        self._keep.setToolTip(self.tr("Use the same seed again instead of a new one each time"))
        self._steps = AutoNumber(1, MAX_STEPS, step=1)
        self._guidance = AutoNumber(0, MAX_GUIDANCE, step=0.5)
        self._strength = AutoNumber(0, 1, step=0.05)
        self._strength.setToolTip(self.tr("How far from the layer: 0 keeps it, 1 forgets it"))
        self._where = QComboBox()
        self._weight = AutoNumber(0, MAX_WEIGHT, step=0.1)
        self._weight.setToolTip(self.tr("How strongly the transparency weights act; 1 is as made"))
        self._stop_at = AutoNumber(0, 1, step=0.1)
        self._stop_at.setToolTip(self.tr("The share of the steps for which they act"))
        self._draft = QCheckBox(self.tr("Draft"))
        self._draft.setToolTip(self.tr("Rougher edges, sooner: one pass instead of eight"))
        self._models: Models | None = None
        self._task = Task.LAYER
        self.extras = Extras()
        self.extras_menu = ExtrasMenu()
        self._strength_line = QWidget()
        self._family_line = QWidget()
        self._build()
        self._connect()

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model.currentData() or "pocket"

    @property
    def negative_prompt(self) -> str:
        """What it should not show."""
        return self._negative.text()

    @property
    def count(self) -> int:
        """How many variants."""
        return self._count.value()

    @property
    def seed(self) -> int:
        """The seed of the first variant."""
        return self._seed.value()

    @property
    def keeps_seed(self) -> bool:
        """Whether the next job uses the same seed."""
        return self._keep.isChecked()

    @property
    def steps(self) -> int | None:
        """Steps, None for the model's own."""
        number = self._steps.number
        return None if number is None else round(number)

    @property
    def guidance(self) -> float | None:
        """Guidance, None for the model's own."""
        return self._guidance.number

    @property
    def strength(self) -> float | None:
        """How far from a layer that is varied, None for the engine's own."""
        return self._strength.number

    @property
    def where(self) -> Where:
        """Which part of the canvas."""
        return Where(self._where.currentData())

    @property
    def weight(self) -> float:
        """What scales the weights that make layers transparent."""
        return 1.0 if self._weight.number is None else self._weight.number

    @property
    def stop_at(self) -> float | None:
        """How long they stay on, None for the task's own."""
        return self._stop_at.number

    @property
    def is_draft(self) -> bool:
        """Whether the decoder may be quick."""
        return self._draft.isChecked() and self._family_line.isEnabled()

    @property
    def native_size(self) -> tuple[int, int]:
        """What the model was made for, (0, 0) where that is not known."""
        return self._native_size

    def show_seed(self, seed: int) -> None:
        """Show the next seed."""
        self._seed.setValue(seed)

    def show_task(self, task: Task) -> None:
        """Show only what counts for a task."""
        self._task = task
        self._strength_line.setVisible(task in WITH_STRENGTH)
        self._show_guides()

    def show_models(self, models: Models) -> None:
        """Offer models by name with their state, and say what "auto" means for the chosen one."""
        self._model.clear()
        for known in models.known or ():
            state = "" if known.able is not None else f" ({known.state})"
            self._model.addItem(known.title + state, known.name)
        self._model.setCurrentIndex(max(0, self._model.findData(models.chosen)))
        self._show_capabilities(models.able)
        self._family_line.setVisible(models.is_layer_diffusion)
        self._models = models
        self._show_guides()

    def _show_guides(self) -> None:
        models = self._models
        if models is not None:
            self.extras_menu.show_models(models, self._task)
            kinds = models.controls(self._task)
            self.extras.show_taken(kinds, models.takes_adapters, models.family)

    def _show_capabilities(self, able: "Capabilities | None") -> None:
        self._native_size = (0, 0) if able is None else able.native_size
        if able is not None:
            self._steps.show_auto(able.default_steps)
            self._guidance.show_auto(able.default_guidance)

    def _build(self) -> None:
        for text, where in (
            (self.tr("Selection, or auto"), Where.AUTO),
            (self.tr("Whole canvas"), Where.CANVAS),
            (self.tr("Square in the middle"), Where.SQUARE),
            (self.tr("Active layer's box"), Where.LAYER),
        ):
            self._where.addItem(text, where.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        first = _line((self.tr("Negative"), self._negative), (self.tr("Model"), self._model))
        first.setStretch(1, 1)
        strength = QHBoxLayout(self._strength_line)
        strength.setContentsMargins(0, 0, 0, 0)
        _fill(strength, (self.tr("Strength"), self._strength))
        second = _line(
            (self.tr("Variants"), self._count),
            (self.tr("Seed"), self._seed),
            ("", self._keep),
            (self.tr("Steps"), self._steps),
            (self.tr("Guidance"), self._guidance),
            ("", self._strength_line),
        )
        second.addStretch(1)
        family = QHBoxLayout(self._family_line)
        family.setContentsMargins(0, 0, 0, 0)
        _fill(
            family,
            (self.tr("Layer weight"), self._weight),
            (self.tr("Stop at"), self._stop_at),
            ("", self._draft),
        )
        third = _line((self.tr("Place"), self._where), ("", self._family_line))
        third.addStretch(1)
        third.addWidget(self.extras_menu)
        for line in (first, second, third):
            column.addLayout(line)
        column.addWidget(self.extras)
        self._strength_line.hide()
        self._family_line.hide()

    def _connect(self) -> None:
        for box in (self._count, self._seed):
            indent(box)
            box.valueChanged.connect(self.changed)
        for number in (self._steps, self._guidance, self._strength, self._weight, self._stop_at):
            number.valueChanged.connect(self.changed)
        self._where.activated.connect(self.changed)
        self.extras.changed.connect(self.changed)
        self._seed.editingFinished.connect(self._on_seed_typed)
        self._model.activated.connect(self._on_model_chosen)

    @Slot()
    def _on_seed_typed(self) -> None:
        if self._seed.hasFocus():
            self._keep.setChecked(True)

    @Slot()
    def _on_model_chosen(self) -> None:
        self.model_chosen.emit(self.model)


def new_seed() -> int:
    """Return a seed by chance."""
    return random.randint(0, MAX_SEED)


def _line(*fields: tuple[str, QWidget]) -> QHBoxLayout:
    line = QHBoxLayout()
    _fill(line, *fields)
    return line


def _fill(line: QHBoxLayout, *fields: tuple[str, QWidget]) -> None:
    """Put fields with their names into a line."""
    line.setSpacing(8)
    for number, (name, widget) in enumerate(fields):
        if number:
            line.addSpacing(4)
        if name:
            line.addWidget(plain_label(name, "quiet"))
            widget.setAccessibleName(name)
        line.addWidget(widget)
