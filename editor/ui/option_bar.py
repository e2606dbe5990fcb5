"""The option bar: the tool in hand and what it is set to; at the right, the model and its state."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFontComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QWidget,
)

from editor.document.geometry import Rect
from editor.tools.tool import Choice, Lasting, Option, Pick
from editor.ui.desk import Desk
from editor.ui.fields import NumberField, TextField
from editor.ui.model_picker import ModelPicker
from editor.ui.models import Models
from editor.ui.section import plain_label
from editor.ui.theme import set_role
from editor.ui.tool_box import ToolBox
from editor.ui.work_buttons import WorkButtons

HEIGHT = 37
FONT_WIDTH = 170


class OptionBar(QFrame):
    """One line under the menu."""

    def __init__(self, desk: Desk, tool_box: ToolBox) -> None:
        """Follow the tool in hand and the active layer."""
        super().__init__()
        self.setObjectName("OptionBar")
        self.setFixedHeight(HEIGHT)
        self._desk = desk
        self._tools = tool_box
        self._fields: dict[str, NumberField] = {}
        self._picks: dict[str, QComboBox] = {}
        self._boxes: dict[str, QCheckBox] = {}
        self._font: QFontComboBox | None = None
        self._title = plain_label("", "head")
        self._title.setMinimumWidth(34)
        self.model = ModelPicker()
        self._state = plain_label("", "quiet")
        self._place = PlaceFields()
        self.work = WorkButtons()
        strip = Strip()
        self._middle = strip.line
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 12, 0)
        line.setSpacing(14)
        line.addWidget(self._title)
        line.addWidget(strip, 1)
        line.addWidget(self.work)
        line.addWidget(self.model)
        line.addWidget(self._state)
        tool_box.changed.connect(self._rebuild)
        tool_box.options_changed.connect(self._show_values)
        tool_box.open_changed.connect(self._on_open_changed)
        desk.active_changed.connect(self._show_place)
        desk.document_changed.connect(self._show_place)
        desk.switched.connect(self._show_place)
        self._rebuild()

    def show_models(self, models: Models) -> None:
        """Show which model is used and how it is."""
        self.model.show_models(models)
        self._state.setText(f"● {models.state}" if models.state else "")
        set_role(self._state, models.role)

    @Slot()
    def _rebuild(self) -> None:
        tool = self._tools.current
        while (item := self._middle.takeAt(0)) is not None:
            widget = item.widget()
            if widget is self._place:
                widget.hide()
            elif widget is not None:
                widget.hide()
                widget.deleteLater()
        self._fields = {}
        self._title.setText(self.tr(tool.title))
        self.work.setVisible(isinstance(tool, Lasting))
        self._picks, self._font = {}, None
        if tool.options.font is not None:
            self._font = self._font_box(tool.options.font)
            self._middle.addWidget(self._font)
        for name, pick in tool.options.picks.items():
            self._picks[name] = self._pick(name, pick)
            self._middle.addWidget(self._picks[name])
        for name, option in tool.options.numbers.items():
            self._fields[name] = self._number(name, option)
            self._middle.addWidget(self._fields[name])
        self._boxes = {}
        for name, choice in tool.options.switches.items():
            self._boxes[name] = self._switch(name, choice)
            self._middle.addWidget(self._boxes[name])
        if tool.id == "move":
            self._middle.addWidget(self._place)
            self._place.show()
            self._show_place()
        self._middle.addStretch(1)

    @Slot(bool)
    def _on_open_changed(self, is_open: bool) -> None:
        self.work.show_open(is_open=is_open)

    def _number(self, name: str, option: Option) -> NumberField:
        field = NumberField(
            self.tr(option.name), round(option.least), round(option.most), option.unit
        )
        field.show_value(round(option.value))
        field.spin.setProperty("option", name)
        field.previewed.connect(self._on_number)
        field.set_to.connect(self._on_number)
        return field

    def _switch(self, name: str, choice: Choice) -> QCheckBox:
        box = QCheckBox(self.tr(choice.name))
        box.setChecked(choice.value)
        box.setProperty("option", name)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.toggled.connect(self._on_switch)
        return box

    def _pick(self, name: str, pick: Pick) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr(pick.name))
        box.setToolTip(self.tr(pick.name))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for value, text in pick.values.items():
            box.addItem(self.tr(text), value)
        box.setCurrentIndex(box.findData(pick.value))
        box.setProperty("option", name)
        box.activated.connect(self._on_pick)
        return box

    def _font_box(self, family: str) -> QFontComboBox:
        box = QFontComboBox()
        box.setAccessibleName(self.tr("Font"))
        box.setToolTip(self.tr("Font"))
        box.setMaximumWidth(FONT_WIDTH)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.setCurrentFont(QFont(family) if family else self.font())
        box.currentFontChanged.connect(self._on_font)
        return box

    @Slot(QFont)
    def _on_font(self, font: QFont) -> None:
        self._tools.set_font(font.family())

    @Slot(int)
    def _on_pick(self, at: int) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self._tools.set_pick(str(box.property("option")), str(box.itemData(at)))

    @Slot(int)
    def _on_number(self, value: int) -> None:
        for name, field in self._fields.items():
            if field is self.sender():
                self._tools.set_number(name, value)

    @Slot(bool)
    def _on_switch(self, value: bool) -> None:
        sender = self.sender()
        if sender is not None:
            self._tools.set_switch(str(sender.property("option")), value)

    @Slot()
    def _show_values(self) -> None:
        for name, option in self._tools.current.options.numbers.items():
            if name in self._fields:
                self._fields[name].show_value(round(option.value))
        options = self._tools.current.options
        for name, pick in options.picks.items():
            if name in self._picks:
                self._picks[name].setCurrentIndex(self._picks[name].findData(pick.value))
        for name, choice in options.switches.items():
            if name in self._boxes:
                self._boxes[name].setChecked(choice.value)
        if self._font is not None and options.font:
            blocked = self._font.blockSignals(True)
            self._font.setCurrentFont(QFont(options.font))
            self._font.blockSignals(blocked)

    @Slot()
    def _show_place(self) -> None:
        if self._tools.current.id == "move":
            layer = self._desk.active_layer
            self._place.show_rect(None if layer is None else layer.rect)


class Strip(QScrollArea):
    """One line of settings; what a narrow window cannot show is reached by the wheel."""

    def __init__(self) -> None:
        """Begin with an empty line."""
        super().__init__()
        holder = QWidget()
        self.line = QHBoxLayout(holder)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(14)
        self.setWidget(holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for each in (self.viewport(), holder):
            each.setAutoFillBackground(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go along the line."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))
        event.accept()


class PlaceFields(QWidget):
    """Where the active layer is and how large, to read."""

    def __init__(self) -> None:
        """Make four fields."""
        super().__init__()
        self._fields = {name: TextField(name) for name in "XYWH"}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(14)
        for field in self._fields.values():
            line.addWidget(field)

    def show_rect(self, rect: Rect | None) -> None:
        """Show a rect of the document, or nothing."""
        values = ("", "", "", "")
        if rect is not None and not rect.is_empty:
            values = (str(rect.x0), str(rect.y0), str(rect.width), str(rect.height))
        for field, value in zip(self._fields.values(), values, strict=True):
            field.show_text(value or "-")
