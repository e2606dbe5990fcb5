"""What each kind of adjustment is set with: sliders, switches, a curve."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton, QVBoxLayout, QWidget

from editor.document.adjustment import STRAIGHT, AdjustmentKind, Curve, Curves
from editor.ui.curve_editor import CurveEditor
from editor.ui.section import plain_label
from editor.ui.slider_field import SliderField

CHANNEL_COLOURS = ("", "#d9625b", "#62b26b", "#6290e0")  # of the lines of curves


def _(text: str) -> Any:  # what QT_TRANSLATE_NOOP gives is a str
    return QT_TRANSLATE_NOOP("Adjustments", text)


def tr(text: object) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("Adjustments", str(text))


@dataclass(frozen=True, slots=True)
class Slide:
    """A slider: of a field, or of one of three numbers by its index."""

    field: str | int
    text: str
    least: float
    most: float
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page; with parts, the sliders are of one part at a time."""

    slides: tuple[Slide, ...]
    parts: tuple[tuple[str, str], ...] = ()  # field, text
    switches: tuple[tuple[str, str], ...] = ()
    first: int = 0  # the part that is shown first


CHANNELS = (("rgb", _("RGB")), ("red", _("Red")), ("green", _("Green")), ("blue", _("Blue")))
PAGES = {
    AdjustmentKind.BRIGHTNESS: Rows((
        Slide("brightness", _("Brightness"), -100, 100),
        Slide("contrast", _("Contrast"), -100, 100),
    )),
    AdjustmentKind.LEVELS: Rows((
        Slide("black", _("Black"), 0, 253),
        Slide("gamma", _("Middle"), 0.1, 9.99, 100),
        Slide("white", _("White"), 2, 255),
        Slide("out_black", _("Darkest output"), 0, 255),
        Slide("out_white", _("Lightest output"), 0, 255),
    ), CHANNELS),
    AdjustmentKind.HUE: Rows((
        Slide("hue", _("Hue"), -180, 360),
        Slide("saturation", _("Saturation"), -100, 100),
        Slide("lightness", _("Lightness"), -100, 100),
    ), switches=(("colorize", _("All in one hue")),)),
    AdjustmentKind.BALANCE: Rows((
        Slide(0, _("Cyan to red"), -100, 100),
        Slide(1, _("Magenta to green"), -100, 100),
        Slide(2, _("Yellow to blue"), -100, 100),
    ), (("shadows", _("Shadows")), ("midtones", _("Midtones")), ("highlights", _("Highlights"))),
        (("keep_luminosity", _("Keep luminosity")),), 1),
}  # fmt: skip


class SliderPage(QWidget):
    """The page of any adjustment that is made of numbers and switches."""

    previewed = Signal(object)  # Adjustment
    set_to = Signal(object)

    def __init__(self, rows: Rows) -> None:
        """Build the rows."""
        super().__init__()
        self._rows = rows
        self._adjustment: Any = None  # of the kind that the rows are of
        column = _column(self)
        self.part = QComboBox()
        self.part.addItems([tr(text) for _field, text in rows.parts])
        self.part.setVisible(bool(rows.parts))
        self.part.setCurrentIndex(rows.first if rows.parts else -1)
        self.part.setAccessibleName(tr("Part"))
        column.addWidget(self.part)
        self.part.activated.connect(self._on_part)
        self.fields = [self._slider(each) for each in rows.slides]
        for field in self.fields:
            column.addWidget(field)
        self.switches = [QCheckBox(tr(text)) for _field, text in rows.switches]
        for index, switch in enumerate(self.switches):
            column.addWidget(switch)
            switch.clicked.connect(partial(self._on_switched, index))

    def show_adjustment(self, adjustment: Any) -> None:  # of the kind that the rows are of
        """Show an adjustment's numbers."""
        self._adjustment = adjustment
        part = self._part()
        for slide, field in zip(self._rows.slides, self.fields, strict=True):
            field.show_value(_value(part, slide.field))
        for (name, _text), switch in zip(self._rows.switches, self.switches, strict=True):
            switch.setChecked(getattr(adjustment, name))

    def _slider(self, slide: Slide) -> SliderField:
        field = SliderField(tr(slide.text), slide.least, slide.most, slide.scale)
        field.previewed.connect(partial(self._on_slid, slide, self.previewed.emit))
        field.set_to.connect(partial(self._on_slid, slide, self.set_to.emit))
        return field

    def _part(self) -> Any:
        if not self._rows.parts:
            return self._adjustment
        return getattr(self._adjustment, self._rows.parts[self.part.currentIndex()][0])

    def _on_slid(self, slide: Slide, say: Callable[[object], None], value: float) -> None:
        number = value if slide.scale > 1 else round(value)
        part = _sound(_with(self._part(), slide.field, number), slide.field)
        if self._rows.parts:
            name = self._rows.parts[self.part.currentIndex()][0]
            part = replace(self._adjustment, **{name: part})
        say(part)

    @Slot(int)
    def _on_part(self, _index: int) -> None:
        self.show_adjustment(self._adjustment)

    def _on_switched(self, index: int, *_: object) -> None:
        name, is_on = self._rows.switches[index][0], self.switches[index].isChecked()
        self.set_to.emit(replace(self._adjustment, **{name: is_on}))


class CurvePage(QWidget):
    """The page of curves."""

    previewed = Signal(object)
    set_to = Signal(object)

    def __init__(self) -> None:
        """Show all channels together first."""
        super().__init__()
        self._curves = Curves()
        column = _column(self)
        self.channel = QComboBox()
        self.channel.addItems([tr(text) for _field, text in CHANNELS])
        self.channel.setAccessibleName(tr("Channel"))
        self.editor = CurveEditor()
        self.straight = QPushButton(tr("Straighten"))
        for widget in (self.channel, self.editor, self.straight):
            column.addWidget(widget)
        self.channel.activated.connect(self._on_channel)
        self.editor.previewed.connect(partial(self._on_bent, self.previewed.emit))
        self.editor.set_to.connect(partial(self._on_bent, self.set_to.emit))
        self.straight.clicked.connect(partial(self._on_bent, self.set_to.emit, STRAIGHT))

    def show_adjustment(self, curves: Curves) -> None:
        """Show the curve of the channel chosen."""
        self._curves = curves
        index = self.channel.currentIndex()
        self.editor.show_curve(getattr(curves, CHANNELS[index][0]), CHANNEL_COLOURS[index])

    @Slot(int)
    def _on_channel(self, _index: int) -> None:
        self.show_adjustment(self._curves)

    def _on_bent(self, say: Callable[[object], None], curve: Curve, *_: object) -> None:
        say(replace(self._curves, **{CHANNELS[self.channel.currentIndex()][0]: curve}))


class PlainPage(QWidget):
    """The page of what has no settings."""

    previewed = Signal(object)
    set_to = Signal(object)

    def __init__(self) -> None:
        """Say so."""
        super().__init__()
        _column(self).addWidget(plain_label(tr("There is nothing to set."), "quiet"))

    def show_adjustment(self, adjustment: object) -> None:
        """Show nothing more."""


Page = SliderPage | CurvePage | PlainPage


def page_for(kind: AdjustmentKind) -> Page:
    """Return the page of a kind."""
    if kind is AdjustmentKind.CURVES:
        return CurvePage()
    return SliderPage(PAGES[kind]) if kind in PAGES else PlainPage()


def _column(page: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    return column


def _value(part: Any, field: str | int) -> float:
    return float(part[field] if isinstance(field, int) else getattr(part, field))


def _with(part: Any, field: str | int, value: float) -> Any:
    if isinstance(field, int):
        return (*part[:field], value, *part[field + 1 :])
    return replace(part, **{field: value})


def _sound(part: Any, field: str | int) -> Any:
    """Keep black below white: what was moved pushes the other along."""
    if field == "black":
        return replace(part, white=max(part.white, part.black + 2))
    if field == "white":
        return replace(part, black=min(part.black, part.white - 2))
    return part
