"""Files, images and layers in drags: what is in one, and the folder of those that go out.

The files are temporary, in a folder that goes when the window does.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from editor.document.layer import LayerId

LAYERS_MIME = "application/x-acetate-layers"
FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')  # in file names, on one system or another


class DragFolder:
    """A temporary folder for the files that are dragged out; gone at `close`."""

    def __init__(self) -> None:
        """Make nothing yet: most windows close without a drag."""
        self._folder: TemporaryDirectory[str] | None = None

    def path_for(self, name: str) -> Path:
        """Return a path in a new folder of its own, so that equal names do not meet."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="acetate-", ignore_cleanup_errors=True)
        root = Path(self._folder.name)
        place = root / str(sum(1 for _ in root.iterdir()))
        place.mkdir()
        return place / f"{file_stem(name)}.png"

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def file_stem(name: str) -> str:
    """Return a layer's name as a file name any system takes, without the suffix."""
    stem = FORBIDDEN.sub(" ", name).strip(" .")[:80].strip()
    return stem or "layer"


def layer_ids_from(data: QMimeData) -> tuple[LayerId, ...]:
    """Return the ids of a drag that began in one of our panels."""
    if not data.hasFormat(LAYERS_MIME):
        return ()
    text = bytes(data.data(LAYERS_MIME).data()).decode("utf-8", "replace")
    return tuple(LayerId(line) for line in text.splitlines())


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the local files of a drop, in order."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def dropped_image(data: QMimeData) -> QImage | None:
    """Return the picture of a drop that has no file: PNG first, because it keeps alpha."""
    image = QImage()
    if data.hasFormat("image/png"):
        image.loadFromData(bytes(data.data("image/png").data()), "PNG")
    if image.isNull() and data.hasImage():
        image = QImage(data.imageData())
    return None if image.isNull() else image


def has_picture(data: QMimeData) -> bool:
    """Whether a drop may hold something that can become a layer."""
    return bool(dropped_paths(data)) or data.hasImage() or data.hasFormat("image/png")
