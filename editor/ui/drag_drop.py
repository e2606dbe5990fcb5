"""Files, images and layers dragged in and out of the window.

A layer goes out as a PNG file, as image data with alpha, and as ids for our own panel. The files
are temporary, in a folder that goes when the window does.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from editor.document.layer import LayerId
from editor.document.pixels import RGBA8
from editor.ui.qimage import image_from_rgba

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


def layers_mime(ids: tuple[LayerId, ...], path: Path | None, pixels: RGBA8 | None) -> QMimeData:
    """Return what a drag of layers offers: the ids, and the picture as a file and as an image."""
    data = QMimeData()
    data.setData(LAYERS_MIME, "\n".join(ids).encode())
    if path is not None:
        data.setUrls([QUrl.fromLocalFile(str(path))])
        data.setData("image/png", path.read_bytes())
    if pixels is not None:
        data.setImageData(image_from_rgba(pixels))
    return data


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
