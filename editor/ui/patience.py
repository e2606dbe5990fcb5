"""Waits a moment before anybody is told that something is being worked out."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

PATIENCE_MS = 150  # what takes less is not worth a word


class Patience(QTimer):
    """Follows a workspace's `working_changed`; calls `show` late when it begins, at once after."""

    def __init__(self, parent: QObject, show: Callable[[], None]) -> None:
        """Call `show` for as long as the parent lives."""
        super().__init__(parent)
        self._show = show
        self.setSingleShot(True)
        self.setInterval(PATIENCE_MS)
        self.timeout.connect(show)

    @Slot(str)
    def follow(self, label: str) -> None:
        """Begin to wait where something is being worked out, "" says that it has ended."""
        if label:
            self.start()
        else:
            self.stop()
            self._show()
