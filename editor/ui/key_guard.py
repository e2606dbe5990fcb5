"""Which keys reach the widget with the focus before they are shortcuts.

Qt asks by a ShortcutOverride first; accepting it makes the key go to the widget alone.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.actions import Actions
    from editor.ui.canvas_area import CanvasArea

TEXT_FIELDS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)
MOVING = {  # keys that go through widgets, wherever it is not the canvas that has the focus
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Space,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
}


class KeyGuard(QObject):
    """Watches the widget that has the focus, and nothing else."""

    def __init__(self, actions: "Actions", work: "CanvasArea") -> None:
        """Guard all but `work`, where the canvas lies: there every key is a shortcut first."""
        super().__init__(work)
        self._actions = actions
        self._work = work
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and (is_typed_into(now) or not self._is_work(now)):
            now.installEventFilter(self)

    def _is_work(self, widget: QWidget) -> bool:
        """The window itself, what the canvas lies in, and the canvas; nothing that floats over."""
        return widget is widget.window() or widget in (self._work, self._work.canvas)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep shortcuts from firing while something is typed, and from moving keys."""
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget):
            return False
        if is_typed_into(watched):
            keeps = not self._actions.works_while_typing(QKeySequence(event.keyCombination()))
        else:
            plain = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            keeps = event.key() in MOVING and plain == Qt.KeyboardModifier.NoModifier
        if keeps:
            event.accept()
        return keeps


def is_typed_into(widget: QWidget | None) -> bool:
    """Whether keys that reach a widget are text."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, TEXT_FIELDS)
