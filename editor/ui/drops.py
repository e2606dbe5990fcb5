"""What is dropped on the window's parts becomes layers or documents."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from editor.document.document import Place
from editor.ui.arrivals import Arrival
from editor.ui.desk import Desk
from editor.ui.files import Files
from editor.workspace import Workspace


class Drops(QObject):
    """Takes what the panel, the canvas and the welcome page say was dropped on them."""

    def __init__(self, files: Files, desk: Desk, parent: QObject) -> None:
        """Give it to `files`."""
        super().__init__(parent)
        self._desk = desk
        self._files = files

    @Slot(object, object)
    def on_panel(self, arrival: Arrival, place: Place) -> None:
        """Make layers at a place of the list, in the middle of the canvas."""
        self._files.arrive(arrival, self.tr("Dropped"), None, place)

    @Slot(object, object)
    def on_canvas(self, arrival: Arrival, at: tuple[float, float]) -> None:
        """Make layers at a place of the document."""
        self._files.arrive(arrival, self.tr("Dropped"), at)

    @Slot(object)
    def on_welcome(self, arrival: Arrival) -> None:
        """Make documents."""
        self._files.arrive(arrival, self.tr("Dropped"))

    @Slot(object, object)
    def on_tab(self, workspace: Workspace, arrival: Arrival) -> None:
        """Make layers in a document of the tabs, our own where they were in theirs."""
        self._desk.show(workspace)
        self._files.arrive(arrival, self.tr("Dropped"), as_they_were=True)

    @Slot(object)
    def recent(self, path: Path) -> None:
        """Open a file of the list."""
        self._files.open([path])
