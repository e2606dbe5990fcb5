"""Python's looking for unreachable cycles, kept to the window's thread.

A look begins in whatever thread makes an object. In a thread of the pool it may find widgets, which
Qt then deletes later and elsewhere: until then they hear signals without the fields they had.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 500


class Garbage(QObject):
    """Looks in the window's thread only, by Python's own thresholds, from now on."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Take the looking over from Python for as long as the process runs."""
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(EVERY_MS)
        timer.timeout.connect(self.look)
        timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due, and the younger ones with it."""
        due = [
            count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)
        ]
        if any(due):
            gc.collect(max(number for number, is_due in enumerate(due) if is_due))
