"""Small fields with their name inside, as the option bar and the panels use them."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QWidget

from editor.ui.section import plain_label
from editor.ui.theme import set_role

HEIGHT = 23
SCRUB_PIXELS = 2  # of the pointer for one step of the value


class ScrubLabel(QLabel):
    """A name that changes its field's value when it is dragged sideways."""

    scrubbed = Signal(int)  # steps since the last signal
    released = Signal()

    def __init__(self, text: str) -> None:
        """Show the name as plain text."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        set_role(self, "quiet")
        self._from: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say by how many steps the pointer has gone on."""
        if self._from is None:
            return
        at = event.globalPosition().toPoint()
        steps = int((at.x() - self._from.x()) / SCRUB_PIXELS)
        if steps:
            self._from = QPoint(self._from.x() + steps * SCRUB_PIXELS, at.y())
            self.scrubbed.emit(steps)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._from is not None:
            self._from = None
            self.released.emit()


class NumberField(QFrame):
    """A whole number with its name before it. Dragging the name previews, everything else sets."""

    previewed = Signal(int)
    set_to = Signal(int)

    def __init__(self, name: str, least: int, most: int, unit: str = "") -> None:
        """Make a field for least to most."""
        super().__init__()
        self.setObjectName("OptionField")
        self.setFixedHeight(HEIGHT)
        self._label = ScrubLabel(name)
        self.spin = QSpinBox()
        self.spin.setRange(least, most)
        self.spin.setSuffix(f" {unit}" if unit else "")
        self.spin.setKeyboardTracking(False)
        self.spin.setFrame(False)
        self.spin.setAccessibleName(name)
        self.spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 8, 0)
        line.setSpacing(6)
        line.addWidget(self._label)
        line.addWidget(self.spin, 1)
        self._label.scrubbed.connect(self._on_scrubbed)
        self._label.released.connect(self._on_released)
        self.spin.valueChanged.connect(self.set_to)

    @property
    def value(self) -> int:
        """What the field shows."""
        return self.spin.value()

    def show_value(self, value: int) -> None:
        """Show a value without saying that it was set."""
        blocked = self.spin.blockSignals(True)
        self.spin.setValue(value)
        self.spin.blockSignals(blocked)

    def _on_scrubbed(self, steps: int) -> None:
        self.show_value(self.spin.value() + steps)
        self.previewed.emit(self.spin.value())

    def _on_released(self) -> None:
        self.set_to.emit(self.spin.value())


class TextField(QFrame):
    """A value with its name before it, to read."""

    def __init__(self, name: str, text: str = "") -> None:
        """Show name and value as plain text."""
        super().__init__()
        self.setObjectName("OptionField")
        self.setFixedHeight(HEIGHT)
        self._value = plain_label(text)
        line: QHBoxLayout = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 8, 0)
        line.setSpacing(6)
        name_label: QWidget = plain_label(name, "quiet")
        line.addWidget(name_label)
        line.addWidget(self._value)

    def show_text(self, text: str) -> None:
        """Show another value."""
        self._value.setText(text)
