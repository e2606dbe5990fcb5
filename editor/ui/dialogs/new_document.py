"""Asks what size a new document has."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from editor.document.document import Document
from editor.document.geometry import Size
from editor.ui.section import plain_label

MAX_NEW_SIDE = 16384
PRESETS = (
    (QT_TRANSLATE_NOOP("NewDocumentDialog", "Square, 1024"), 1024, 1024, 72),
    (QT_TRANSLATE_NOOP("NewDocumentDialog", "Sticker, 512"), 512, 512, 72),
    (QT_TRANSLATE_NOOP("NewDocumentDialog", "Screen, 1920 × 1080"), 1920, 1080, 72),
    (QT_TRANSLATE_NOOP("NewDocumentDialog", "Poster, 2048 × 1536"), 2048, 1536, 300),
    (QT_TRANSLATE_NOOP("NewDocumentDialog", "A4 at 300 ppi"), 2480, 3508, 300),
)


class NewDocumentDialog(QDialog):
    """A preset, or width, height and resolution."""

    def __init__(self, parent: QWidget | None) -> None:
        """Begin with a square."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("New document"))
        self._preset = QComboBox()
        for name, *_values in PRESETS:
            self._preset.addItem(self.tr(str(name)))
        self._width = _number(MAX_NEW_SIDE, " px")
        self._height = _number(MAX_NEW_SIDE, " px")
        self._dpi = _number(2400, " ppi")
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(10)
        for name, widget in (
            (self.tr("Preset"), self._preset),
            (self.tr("Width"), self._width),
            (self.tr("Height"), self._height),
            (self.tr("Resolution"), self._dpi),
        ):
            widget.setAccessibleName(name)
            form.addRow(plain_label(name, "quiet"), widget)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.button(kinds.Ok).setText(self.tr("Create"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._preset.currentIndexChanged.connect(self._on_preset)
        self._on_preset(0)

    def document(self) -> Document:
        """Return the empty document that was asked for."""
        size = Size(self._width.value(), self._height.value())
        return Document(size=size, dpi=float(self._dpi.value()))

    @Slot(int)
    def _on_preset(self, index: int) -> None:
        _name, width, height, dpi = PRESETS[index]
        self._width.setValue(width)
        self._height.setValue(height)
        self._dpi.setValue(dpi)


def _number(most: int, unit: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, most)
    box.setSuffix(unit)
    box.setMinimumWidth(150)
    return box
