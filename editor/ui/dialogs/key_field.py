"""A field that takes the key that is pressed in it, whatever that does elsewhere."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_unknown,
    Qt.Key(0),
}


class KeyField(QLineEdit):
    """Tab and Escape without Ctrl or Alt leave the field and the dialog, as everywhere."""

    pressed = Signal(str)  # the key as keymaps write it

    def __init__(self, name: str) -> None:
        """Begin empty; `name` is what the field is called."""
        super().__init__()
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setReadOnly(True)
        self.key = ""

    def show_key(self, key: str) -> None:
        """Show a key that was pressed, or "" for none."""
        self.key = key
        self.setText(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))

    def event(self, event: QEvent) -> bool:
        """Take keys before the dialog sees them as its shortcuts."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the key, with its modifiers."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        leaves = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)
        key = Qt.Key(event.key())
        if key in leaves and plain == Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif key not in MODIFIERS:
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            text = QKeySequence(modifiers.value | key.value).toString(
                QKeySequence.SequenceFormat.PortableText
            )
            self.show_key(text)
            self.pressed.emit(text)
