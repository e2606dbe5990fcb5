"""What the prompt bar discloses: model, negative prompt, variants, seed, steps, guidance."""

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from editor.ui.section import plain_label

if TYPE_CHECKING:  # slow to import
    from generator.backend import Capabilities


MAX_SEED = 2**31 - 1
MAX_VARIANTS = 16
MAX_STEPS = 200
MAX_GUIDANCE = 20.0


class PromptSettings(QWidget):
    """Two lines of fields; what is left at "model's own" is not asked for."""

    changed = Signal()
    model_chosen = Signal(str)

    def __init__(self) -> None:
        """Make the fields with a seed by chance."""
        super().__init__()
        self._native_size = (0, 0)
        self._model = QComboBox()
        self._model.setMinimumWidth(110)
        self._negative = QLineEdit()
        self._negative.setPlaceholderText(self.tr("What it should not show"))
        self._count = QSpinBox()
        self._count.setRange(1, MAX_VARIANTS)
        self._seed = QSpinBox()
        self._seed.setRange(0, MAX_SEED)
        self._seed.setMinimumWidth(92)
        self._seed.setValue(random.randint(0, MAX_SEED))
        self._keep = QCheckBox(self.tr("Keep"))
        self._keep.setToolTip(self.tr("Use the same seed again instead of a new one each time"))
        self._steps = QSpinBox()
        self._steps.setRange(0, MAX_STEPS)
        self._steps.setSpecialValueText(self.tr("auto"))
        self._guidance = QDoubleSpinBox()
        self._guidance.setRange(-0.5, MAX_GUIDANCE)
        self._guidance.setSingleStep(0.5)
        self._guidance.setDecimals(1)
        self._guidance.setValue(-0.5)
        self._guidance.setSpecialValueText(self.tr("auto"))
        self._build()
        for box in (self._count, self._seed, self._steps):
            box.valueChanged.connect(self.changed)
        self._guidance.valueChanged.connect(self.changed)
        self._seed.editingFinished.connect(self._on_seed_typed)
        self._model.textActivated.connect(self._on_model_chosen)

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
        return self._steps.value() or None

    @property
    def guidance(self) -> float | None:
        """Guidance, None for the model's own."""
        value = self._guidance.value()
        return None if value < 0 else value

    @property
    def native_size(self) -> tuple[int, int]:
        """What the model was made for, (0, 0) where that is not known."""
        return self._native_size

    def show_seed(self, seed: int) -> None:
        """Show the next seed."""
        self._seed.setValue(seed)

    def show_models(self, names: Sequence[str]) -> None:
        """Offer models by name, keeping the one that is chosen."""
        chosen = self.model
        self._model.clear()
        for name in names:
            self._model.addItem(name[:1].upper() + name[1:], name)
        self._model.setCurrentIndex(max(0, self._model.findData(chosen)))

    def show_capabilities(self, able: "Capabilities | None") -> None:
        """Say what "auto" means for this model."""
        self._native_size = (0, 0) if able is None else able.native_size
        if able is not None:
            auto = self.tr("auto, {0}")
            self._steps.setSpecialValueText(auto.format(able.default_steps))
            self._guidance.setSpecialValueText(auto.format(able.default_guidance))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        first, second = QHBoxLayout(), QHBoxLayout()
        for line, name, widget, share in (
            (first, self.tr("Negative"), self._negative, 1),
            (first, self.tr("Model"), self._model, 0),
            (second, self.tr("Variants"), self._count, 0),
            (second, self.tr("Seed"), self._seed, 0),
            (second, "", self._keep, 0),
            (second, self.tr("Steps"), self._steps, 0),
            (second, self.tr("Guidance"), self._guidance, 0),
        ):
            if name:
                line.addWidget(plain_label(name, "quiet"))
                widget.setAccessibleName(name)
            line.addWidget(widget, share)
            line.addSpacing(6)
        second.addStretch(1)
        column.addLayout(first)
        column.addLayout(second)
        for widget in (self._count, self._seed, self._steps, self._guidance):
            widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @Slot()
    def _on_seed_typed(self) -> None:
        if self._seed.hasFocus():
            self._keep.setChecked(True)

    @Slot()
    def _on_model_chosen(self) -> None:
        self.model_chosen.emit(self.model)
