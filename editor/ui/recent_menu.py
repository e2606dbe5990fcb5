"""The files that were opened last, as a menu inside File."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from editor.ui.recent import Recent


class RecentMenu(QMenu):
    """Filled each time it opens: files come and go."""

    chosen = Signal(object)  # Path

    def __init__(self, recent: Recent, parent: QWidget) -> None:
        """Follow a list."""
        super().__init__(parent)
        self.setTitle(self.tr("Open recent"))
        self.setObjectName("menu.file/recent")
        self.setToolTipsVisible(True)
        self._recent = recent
        self.aboutToShow.connect(self.fill)

    @Slot()
    def fill(self) -> None:
        """List what is still there; the digits are keys for the first nine."""
        self.clear()
        paths = [path for path in self._recent.paths if path.exists()]
        for number, path in enumerate(paths, 1):
            name = path.name.replace("&", "&&")
            action = self.addAction(f"&{number}  {name}" if number < 10 else name)
            action.setToolTip(str(path))
            action.setData(str(path))
            action.triggered.connect(self._on_triggered)
        if not paths:
            self.addAction(self.tr("No files yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Clear the list")).triggered.connect(self._recent.clear)

    @Slot()
    def _on_triggered(self) -> None:
        sender = self.sender()
        data = getattr(sender, "data", lambda: None)()
        if data:
            self.chosen.emit(Path(str(data)))
