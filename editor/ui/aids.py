"""What helps to align, for all canvases of a window: which of it is shown and which of it works."""

from PySide6.QtCore import QObject, Signal


class Aids(QObject):
    """On or off each: `rulers`, `guides`, `locked` (the guides), `snap`, `grid` (of pixels)."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin without rulers, with all else but the lock."""
        super().__init__(parent)
        self._on = {"rulers": False, "guides": True, "locked": False, "snap": True, "grid": True}

    def has(self, name: str) -> bool:
        """Whether it is on; an unknown name raises KeyError."""
        return self._on[name]

    def toggle(self, name: str) -> None:
        """Turn it on or off."""
        self._on[name] = not self._on[name]
        self.changed.emit()
