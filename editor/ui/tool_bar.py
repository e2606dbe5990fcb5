"""The column of tools at the left, with the two colours below."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from editor.ui.desk import Desk
from editor.ui.theme import current_theme
from editor.ui.tool_box import ToolBox
from editor.workspace import Colour

WIDTH = 44
BUTTON = 32
LINES_BEFORE = ("brush", "transform")


class ToolBar(QFrame):
    """One button a tool, the tool in hand checked."""

    def __init__(self, desk: Desk, tool_box: ToolBox, actions: Mapping[str, QAction]) -> None:
        """Make the buttons; each is the window's action `tool.<id>`."""
        super().__init__()
        self.setObjectName("ToolBar")
        self.setFixedWidth(WIDTH)
        self._tools = tool_box
        self._actions = actions
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 5, 6)
        column.setSpacing(2)
        for tool_id in tool_box.tools:
            if tool_id in LINES_BEFORE:
                column.addWidget(_line())
            column.addWidget(self._button(actions[f"tool.{tool_id}"]))
        column.addSpacing(6)
        self.swatches = Swatches(desk)
        column.addWidget(self.swatches)
        column.addStretch(1)
        tool_box.changed.connect(self._follow)
        self._follow()

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(18, 18))
        button.setFixedSize(BUTTON, BUTTON)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @Slot()
    def _follow(self) -> None:
        current = self._tools.current.id
        for tool_id in self._tools.tools:
            self._actions[f"tool.{tool_id}"].setChecked(tool_id == current)


class Swatches(QWidget):
    """Foreground over background; a click chooses a colour."""

    chosen = Signal()

    def __init__(self, desk: Desk) -> None:
        """Follow the colours of the workspace in front."""
        super().__init__()
        self._desk = desk
        self.setFixedSize(BUTTON, 34)
        self.setToolTip(self.tr("Colours: click to choose, X swaps them, D resets them"))
        self.setAccessibleName(self.tr("Colours"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        desk.colours_changed.connect(self.update)
        desk.switched.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both squares."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = current_theme()
        foreground, background = self._colours()
        for rect, colour in ((_background(), background), (_foreground(), foreground)):
            painter.setPen(QPen(theme.color("panel"), 2))
            painter.setBrush(QColor(*colour))
            painter.drawRoundedRect(rect, 3, 3)
            painter.setPen(QPen(theme.color("quiet"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 2, 2)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter choose the foreground, with Shift the background."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(background=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the colour that was clicked."""
        point = event.position().toPoint()
        if _foreground().contains(point):
            self.choose(background=False)
        elif _background().contains(point):
            self.choose(background=True)

    def choose(self, *, background: bool) -> None:
        """Ask for a colour."""
        from PySide6.QtWidgets import QColorDialog  # not before the first paint

        front = self._desk.front
        if front is None:
            return
        title = self.tr("Background colour") if background else self.tr("Foreground colour")
        start = QColor(*(front.background if background else front.foreground))
        dialog = QColorDialog(start, self.window())
        dialog.setWindowTitle(title)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setProperty("background", background)
        dialog.colorSelected.connect(self._on_colour_selected)
        dialog.open()

    @Slot(QColor)
    def _on_colour_selected(self, colour: QColor) -> None:
        front, sender = self._desk.front, self.sender()
        if front is None or sender is None:
            return
        rgb: Colour = (colour.red(), colour.green(), colour.blue())
        if sender.property("background"):
            front.set_colours(front.foreground, rgb)
        else:
            front.set_colours(rgb, front.background)

    def _colours(self) -> tuple[Colour, Colour]:
        front = self._desk.front
        return (
            ((0, 0, 0), (255, 255, 255)) if front is None else (front.foreground, front.background)
        )


def _foreground() -> QRect:
    return QRect(QPoint(1, 1), QSize(19, 19))


def _background() -> QRect:
    return QRect(QPoint(13, 14), QSize(19, 19))


def _line() -> QWidget:
    line = QFrame()
    line.setObjectName("ToolLine")
    line.setFixedHeight(1)
    holder = QWidget()
    holder.setFixedHeight(13)
    column = QVBoxLayout(holder)
    column.setContentsMargins(5, 6, 5, 6)
    column.addWidget(line)
    return holder
