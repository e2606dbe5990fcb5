"""The line for a prompt: Enter generates, Escape leaves, a picture dropped on it guides."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from editor.ui.drag_drop import (
    dropped_image,
    dropped_paths,
    has_picture,
    layer_ids_from,
)

MAX_LENGTH = 2000


class PromptField(QLineEdit):
    """One line for the prompt; Enter generates, with Ctrl too."""

    submitted = Signal()
    queued = Signal()
    left = Signal()
    entered = Signal()
    pictures_dropped = Signal(object)  # list[Path], QImage or tuple[LayerId, ...]

    def __init__(self, invitation: str, name: str) -> None:
        """Begin empty; `invitation` is shown as long as it is."""
        super().__init__()
        self.setObjectName("PromptField")
        self.setPlaceholderText(invitation)
        self.setAccessibleName(name)
        self.setMaxLength(MAX_LENGTH)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that somebody is about to write."""
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape are the bar's, all else is typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            (self.queued if event.modifiers() & both == both else self.submitted).emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures and layers; text goes where it is dropped, as in every field."""
        if has_picture(event.mimeData()) or layer_ids_from(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking what was taken at the edge."""
        if has_picture(event.mimeData()) or layer_ids_from(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped: layers of our own first, then files, then a picture."""
        data = event.mimeData()
        dropped = layer_ids_from(data) or dropped_paths(data) or dropped_image(data)
        if not dropped:
            super().dropEvent(event)
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.pictures_dropped.emit(dropped)
