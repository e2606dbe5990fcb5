"""What is dropped on the window's parts becomes layers or documents."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from editor.document.document import Place
from editor.ui.files import Files


class Drops(QObject):
    """Takes what the panel, the canvas and the welcome page say was dropped on them."""

    def __init__(self, files: Files, parent: QObject) -> None:
        """Give it to `files`."""
        super().__init__(parent)
        self._files = files

    @Slot(object, object)
    def files_on_panel(self, paths: list[Path], place: Place) -> None:
        """Make layers at a place of the list, in the middle of the canvas."""
        self._files.place(paths, None, place)

    @Slot(object, object)
    def image_on_panel(self, image: QImage, place: Place) -> None:
        """Make a layer at a place of the list."""
        self._files.place_image(image, self.tr("Dropped"), None, place)

    @Slot(object, object)
    def image_on_canvas(self, image: QImage, at: tuple[float, float]) -> None:
        """Make a layer at a place of the document."""
        self._files.place_image(image, self.tr("Dropped"), at)

    @Slot(object)
    def image_on_welcome(self, image: QImage) -> None:
        """Make a document."""
        self._files.place_image(image, self.tr("Dropped"))

    @Slot(object)
    def recent(self, path: Path) -> None:
        """Open a file of the list."""
        self._files.open([path])
