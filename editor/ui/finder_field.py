"""The line above a list that is chosen from while typing: arrows, Enter and Escape are not text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

PAGE = 10
STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: PAGE,
    Qt.Key.Key_PageUp: -PAGE,
}
STAYS = (  # reasons for which the focus comes back by itself
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
)


class FinderField(QLineEdit):
    """Says what the keys ask for; the list is somebody else's."""

    stepped = Signal(int)  # rows, down is positive
    entered = Signal()
    escaped = Signal()
    left = Signal()  # somebody went to another widget

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that choose."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key in STEPS:
            self.stepped.emit(STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the list as the arrows do: there is nothing else to go to."""
        self.stepped.emit(1 if forward else -1)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell another widget from another window that comes to the front."""
        super().focusOutEvent(event)
        if event.reason() not in STAYS:
            self.left.emit()
