"""Waits a moment before anybody is told that something is being worked out."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

PATIENCE_MS = 150  # what takes less is not worth a word


class Patience(QTimer):
    """Follows a workspace's `working_changed`; `told` comes late when it begins, at once after."""

    told = Signal()

    def __init__(self, parent: QObject) -> None:
        """Tell for as long as the parent lives."""
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(PATIENCE_MS)
        self.timeout.connect(self.told)

    @Slot(str)
    def follow(self, label: str) -> None:
        """Begin to wait where something is being worked out, "" says that it has ended."""
        if label:
            self.start()
        else:
            self.stop()
            self.told.emit()
