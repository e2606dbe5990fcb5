"""A number with its name, a slider and a field: dragging previews, all else sets."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSlider, QWidget

from editor.ui.section import plain_label


class SliderField(QWidget):
    """A number from least to most in steps of 1 / `scale`."""

    previewed = Signal(float)
    set_to = Signal(float)

    def __init__(self, name: str, least: float, most: float, scale: int = 1) -> None:
        """Show the least value there is."""
        super().__init__()
        self._scale = scale
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(least * scale), round(most * scale))
        self.slider.setAccessibleName(name)
        self.spin = QDoubleSpinBox()
        self.spin.setDecimals(0 if scale == 1 else 2)
        self.spin.setRange(least, most)
        self.spin.setSingleStep(1 if scale == 1 else 0.05)
        self.spin.setKeyboardTracking(False)
        self.spin.setFixedWidth(60)
        self.spin.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(plain_label(name, "quiet"), 0, 0)
        grid.addWidget(self.spin, 0, 1, 2, 1)
        grid.addWidget(self.slider, 1, 0)
        self.slider.valueChanged.connect(self._on_slid)
        self.slider.sliderReleased.connect(self._on_released)
        self.spin.valueChanged.connect(self._on_typed)

    def show_value(self, value: float) -> None:
        """Show a value without saying that it was set."""
        for widget, shown in ((self.slider, round(value * self._scale)), (self.spin, value)):
            blocked = widget.blockSignals(True)
            widget.setValue(shown)  # type: ignore[arg-type]  # whole for the slider
            widget.blockSignals(blocked)

    @Slot(int)
    def _on_slid(self, value: int) -> None:
        number = value / self._scale
        self.show_value(number)
        if self.slider.isSliderDown():
            self.previewed.emit(number)
        else:
            self.set_to.emit(number)

    @Slot()
    def _on_released(self) -> None:
        self.set_to.emit(self.slider.value() / self._scale)

    @Slot(float)
    def _on_typed(self, value: float) -> None:
        self.show_value(value)
        self.set_to.emit(value)
