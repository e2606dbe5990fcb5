"""Asks for another size of the whole picture, its resolution, and how pixels are mixed."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QSpinBox,
    QWidget,
)

from editor.document.document import MAX_SIDE
from editor.document.geometry import Size
from editor.edits.image import ResizeImage
from editor.render.transforming import Interpolation
from editor.ui.section import plain_label


class ImageSizeDialog(QDialog):
    """Width and height in proportion unless that is switched off."""

    def __init__(self, size: Size, dpi: float, parent: QWidget | None) -> None:
        """Begin with what there is."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Image size"))
        self._before = size
        self.width_field = _pixels(size.width)
        self.height_field = _pixels(size.height)
        self.linked = QCheckBox(self.tr("Keep proportions"))
        self.linked.setChecked(True)
        self.dpi = QDoubleSpinBox()
        self.dpi.setRange(1, 9999)
        self.dpi.setSuffix(" ppi")
        self.dpi.setValue(dpi)
        self.how = QComboBox()
        for name, how in (
            (self.tr("Bicubic (sharp)"), Interpolation.CUBIC),
            (self.tr("Bilinear (soft)"), Interpolation.SMOOTH),
            (self.tr("Nearest neighbour (hard edges)"), Interpolation.NEAREST),
        ):
            self.how.addItem(name, how.value)
        form = QFormLayout(self)
        form.setContentsMargins(16, 16, 16, 16)
        form.setSpacing(10)
        for name, field in (
            (self.tr("Width"), self.width_field),
            (self.tr("Height"), self.height_field),
            ("", self.linked),
            (self.tr("Resolution"), self.dpi),
            (self.tr("Resampling"), self.how),
        ):
            field.setAccessibleName(name or self.tr("Keep proportions"))
            form.addRow(plain_label(name, "quiet"), field)
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.width_field.valueChanged.connect(self._on_width)
        self.height_field.valueChanged.connect(self._on_height)

    def answer(self) -> ResizeImage:
        """Return the edit."""
        size = Size(self.width_field.value(), self.height_field.value())
        return ResizeImage(size, self.dpi.value(), Interpolation(self.how.currentData()))

    @Slot(int)
    def _on_width(self, width: int) -> None:
        if self.linked.isChecked():
            _show(self.height_field, round(width * self._before.height / self._before.width))

    @Slot(int)
    def _on_height(self, height: int) -> None:
        if self.linked.isChecked():
            _show(self.width_field, round(height * self._before.width / self._before.height))


def _pixels(value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, MAX_SIDE)
    box.setSuffix(" px")
    box.setMinimumWidth(140)
    box.setValue(value)
    return box


def _show(box: QSpinBox, value: int) -> None:
    blocked = box.blockSignals(True)
    box.setValue(max(1, value))
    box.blockSignals(blocked)
