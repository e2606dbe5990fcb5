"""What takes part in a generation besides words: control pictures, a style, LoRAs, one a row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.document.layer import LayerId
from editor.document.pixels import RGBA8
from editor.ui.auto_number import indent
from editor.ui.icons import set_icon
from editor.ui.qimage import image_from_rgba
from editor.ui.section import plain_label
from editor.ui.words import CONTROL_WORDS, words

STYLE = "style"
LORA = "lora"
THUMB = 22
MAX_WEIGHT = 2.0
WEIGHT_WIDTH = 72


@dataclass(frozen=True, slots=True, eq=False)
class Extra:
    """One of them: `kind` is a control's, `STYLE` or `LORA`; a picture is a layer's or a file's.

    `layer` names a layer whose pixels of the moment are used; `pixels` are a file's, (h, w, 4).
    """

    kind: str
    name: str
    layer: LayerId | None = None
    pixels: RGBA8 | None = None
    weight: float = 1.0
    family: str = ""  # of the models that a LoRA is for, where it is known


class Extras(QWidget):
    """A row for each; empty it takes no space."""

    changed = Signal()

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self._rows: list[ExtraRow] = []
        self._kinds: tuple[str, ...] = ()
        self._takes_adapters, self._family = False, ""
        self._own: Mapping[str, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    @property
    def extras(self) -> tuple[Extra, ...]:
        """All that take part, with the kinds and weights that are set."""
        return tuple(row.extra for row in self._rows if self._is_taken(row))

    def show_taken(self, kinds: tuple[str, ...], takes_adapters: bool, family: str) -> None:
        """Say what the chosen model takes for the task: the kinds of control picture, the rest.

        The others are kept for a model and a task that take them.
        """
        self._kinds, self._takes_adapters, self._family = kinds, takes_adapters, family
        for row in self._rows:
            row.show_kinds(self._known)
            row.setVisible(self._is_taken(row))
        self.setVisible(bool(self.extras))

    def show_kinds(self, own: Mapping[str, str]) -> None:
        """Take what kinds of control there are beside the usual ones: names and words."""
        self._own = own

    def add(self, extra: Extra) -> None:
        """Add one; a LoRA takes the place of itself."""
        for row in [row for row in self._rows if extra.kind == LORA and row.is_lora(extra.name)]:
            self.remove(row)
        row = ExtraRow(extra)
        row.show_kinds(self._known)
        row.removed.connect(self.remove)
        self._rows.append(row)
        self._column.addWidget(row)
        row.setVisible(self._is_taken(row))
        self.setVisible(bool(self.extras))
        self.changed.emit()

    @Slot(object)
    def remove(self, row: "ExtraRow") -> None:
        """Take one away."""
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self.extras))
        self.changed.emit()

    @property
    def _known(self) -> dict[str, str]:
        """The kinds of control picture that can be followed now, by name, in words."""
        known = {kind: words(CONTROL_WORDS.get(kind, kind)) for kind in self._kinds}
        return {**known, **self._own} if self._takes_adapters else known

    def _is_taken(self, row: "ExtraRow") -> bool:
        extra = row.extra
        if extra.kind == LORA:
            is_own = extra.family == self._family
            return is_own or (self._takes_adapters and not extra.family)
        return self._takes_adapters if extra.kind == STYLE else extra.kind in self._known


class ExtraRow(QWidget):
    """A picture, what it is, whose it is, how much it weighs, and an x."""

    removed = Signal(object)  # itself

    def __init__(self, extra: Extra) -> None:
        """Show one."""
        super().__init__()
        self._extra = extra
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        if extra.pixels is not None:
            line.addWidget(_thumbnail(extra.pixels))
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Kind"))
        self.show_kinds({extra.kind: extra.kind})
        is_control = extra.kind not in (STYLE, LORA)
        self.kind.setVisible(is_control)
        line.addWidget(self.kind)
        if not is_control:
            line.addWidget(
                plain_label(self.tr("Style") if extra.kind == STYLE else "LoRA", "quiet")
            )
        line.addWidget(plain_label(" ".join(extra.name.split())[:60]), 1)
        line.addWidget(plain_label(self.tr("Weight"), "quiet"))
        self.weight = QDoubleSpinBox()
        self.weight.setRange(-MAX_WEIGHT if extra.kind == LORA else 0.0, MAX_WEIGHT)
        self.weight.setSingleStep(0.1)
        self.weight.setDecimals(2)
        self.weight.setValue(extra.weight)
        self.weight.setAccessibleName(self.tr("Weight"))
        self.weight.setFixedWidth(WEIGHT_WIDTH)
        indent(self.weight)
        line.addWidget(self.weight)
        stop = QToolButton()
        set_icon(stop, "close", 12)
        stop.setIconSize(QSize(12, 12))
        stop.setFixedSize(20, 20)
        stop.setToolTip(self.tr("Remove"))
        stop.setAccessibleName(self.tr("Remove"))
        stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        stop.clicked.connect(self._on_stop)
        line.addWidget(stop)

    @property
    def extra(self) -> Extra:
        """What the row shows, with the kind and weight that are set."""
        extra = self._extra
        kind = extra.kind if extra.kind in (STYLE, LORA) else str(self.kind.currentData())
        return replace(extra, kind=kind, weight=self.weight.value())

    def show_kinds(self, kinds: Mapping[str, str]) -> None:
        """Offer kinds, by name, in words; a row whose own is not among them keeps it and waits."""
        chosen = self.extra.kind if self.kind.count() else self._extra.kind
        if chosen in kinds:
            self.kind.clear()
            for kind, text in kinds.items():
                self.kind.addItem(text, kind)
            self.kind.setCurrentIndex(self.kind.findData(chosen))

    def is_lora(self, name: str) -> bool:
        """Whether this is the LoRA of that name."""
        return self._extra.kind == LORA and self._extra.name == name

    @Slot()
    def _on_stop(self) -> None:
        self.removed.emit(self)


def _thumbnail(pixels: RGBA8) -> QLabel:
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    label = QLabel()
    image = image_from_rgba(pixels).scaled(THUMB, THUMB, keep, smooth)
    label.setPixmap(QPixmap.fromImage(image))
    label.setFixedSize(THUMB, THUMB)
    return label
