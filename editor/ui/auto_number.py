"""A number that may be left to the model: below its least value it says "auto"."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox

MARGIN = 7  # as the style sheet has it for lines; it cannot reach into a spin box


class AutoNumber(QDoubleSpinBox):
    """Whole numbers where the step is whole."""

    def __init__(self, least: float, most: float, step: float) -> None:
        """Begin at "auto"."""
        super().__init__()
        self._least = least
        self.setDecimals(0 if step == int(step) else (1 if step >= 0.1 else 2))
        self.setRange(least - step, most)
        self.setSingleStep(step)
        self.setValue(least - step)
        self.setSpecialValueText(self.tr("auto"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(74)
        indent(self)

    @property
    def number(self) -> float | None:
        """The number that is set, None for auto."""
        value = self.value()
        return value if value >= self._least else None

    def show_number(self, number: float | None) -> None:
        """Show a number, or auto."""
        self.setValue(self.minimum() if number is None else number)

    def show_auto(self, number: float) -> None:
        """Say what auto is for the model of now."""
        self.setSpecialValueText(self.tr("auto, {0}").format(f"{number:g}"))


def indent(box: QAbstractSpinBox) -> None:
    """Begin a number as far from the edge as a line's text."""
    box.lineEdit().setTextMargins(MARGIN, 0, MARGIN, 0)
