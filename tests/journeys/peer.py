"""Another program: `python tests/journeys/peer.py STATE PICTURE PHOTO`; gives and takes pictures.

Buttons copy and paste one, labels are dragged from (data, a file, a link, the photo's file), one
takes drops.
What it got is written beside STATE, each kind in a file; STATE says where everything is.
"""

import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget


class Peer(QWidget):
    """A column of parts."""

    def __init__(self, state: Path, picture: Path, photo: Path) -> None:
        """Give pictures of files."""
        super().__init__()
        self._state, self._picture = state, picture
        self._found: dict[str, object] = {"count": 0}
        copy, paste = QPushButton("Copy"), QPushButton("Paste")
        copy.clicked.connect(self.copy)
        paste.clicked.connect(self.paste)
        self._parts = {
            "copy": copy,
            "paste": paste,
            "data": Source("Drag data", lambda: data_of(picture, with_file=False)),
            "file": Source("Drag file", lambda: data_of(picture, with_file=True)),
            "link": Source("Drag link", lambda: link_of(picture)),
            "photo": Source("Drag photo", lambda: data_of(photo, with_file=True)),
            "middle": Target("Drop here", self.take),
        }
        column = QVBoxLayout(self)
        for part in self._parts.values():
            part.setMinimumHeight(70)
            column.addWidget(part)
        timer = QTimer(self)
        timer.timeout.connect(self.write)
        timer.start(150)

    def copy(self) -> None:
        """Put the picture on the clipboard, and a flattened bitmap beside it, as browsers do."""
        QApplication.clipboard().setMimeData(data_of(self._picture, with_file=False))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self.take(QApplication.clipboard().mimeData())

    def take(self, data: QMimeData) -> None:
        """Keep what came, each kind in a file of its own."""
        kinds = data.formats()
        count = int(str(self._found["count"])) + 1
        found: dict[str, object] = {"count": count, "formats": kinds}
        png = self._state.with_name(f"got_{count}.png")
        png.write_bytes(bytes(data.data("image/png").data()))
        found["png"] = str(png)
        if data.hasImage():
            found["image"] = str(png.with_name(f"got_{count}_image.png"))
            QImage(data.imageData()).save(str(found["image"]))
        if data.hasUrls():
            path = Path(data.urls()[0].toLocalFile())
            found["file"] = str(png.with_name(f"got_{count}_file.png"))
            found["name"] = path.name
            Path(str(found["file"])).write_bytes(path.read_bytes())
        self._found = found

    def write(self) -> None:
        """Say where everything is, and what came."""
        found = dict(self._found)
        for name, part in self._parts.items():
            place = part.mapToGlobal(part.rect().center())
            found[name if name not in found else f"{name}_part"] = [place.x(), place.y()]
        part_file = self._state.with_suffix(".part")
        part_file.write_text(json.dumps(found))
        part_file.replace(self._state)


class Source(QLabel):
    """Something to drag."""

    def __init__(self, text: str, make: Callable[[], QMimeData]) -> None:
        """`make` gives the data of a drag."""
        super().__init__(text)
        self._make = make
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """Drag at once."""
        drag = QDrag(self)
        drag.setMimeData(self._make())
        drag.exec(Qt.DropAction.CopyAction)


class Target(QLabel):
    """Where to drop."""

    def __init__(self, text: str, take: Callable[[QMimeData], None]) -> None:
        """`take` gets what was dropped."""
        super().__init__(text)
        self._take = take
        self.setAcceptDrops(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setStyleSheet("background: white")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Take all."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Take it."""
        self._take(event.mimeData())
        event.acceptProposedAction()


def data_of(picture: Path, *, with_file: bool) -> QMimeData:
    """The picture as a file, or as a PNG with a bitmap beside it that has lost its alpha."""
    data = QMimeData()
    if with_file:
        data.setUrls([QUrl.fromLocalFile(str(picture))])
        return data
    flat = QImage(str(picture)).convertToFormat(QImage.Format.Format_RGB32)
    data.setImageData(flat)
    data.setData("image/png", picture.read_bytes())
    return data


def link_of(picture: Path) -> QMimeData:
    """A piece of a page with the picture in it."""
    body = base64.b64encode(picture.read_bytes()).decode()
    data = QMimeData()
    data.setHtml(f'<p><img alt="x" src="data:image/png;base64,{body}"></p>')
    return data


if __name__ == "__main__":
    app = QApplication([])
    peer = Peer(*map(Path, sys.argv[1:4]))
    peer.setWindowTitle("Another program")
    peer.resize(300, 560)
    peer.show()
    peer.move(1640, 240)
    sys.exit(app.exec())
