"""Layers as they are offered to other programs: a PNG file, picture data, and our own project data.

Nothing is encoded in the window's thread, and what nobody asks for is not waited for.
"""

import io
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl
from PySide6.QtGui import QImage

from editor.document.document import Document
from editor.document.layer import Layer
from editor.document.pixels import RGBA8
from editor.ui.drag_drop import LAYERS_MIME
from editor.ui.qimage import image_from_rgba

log = logging.getLogger(__name__)

PROJECT_MIME = "application/x-acetate"  # a whole project file
PNG_MIME = "image/png"
IMAGE_MIME = "application/x-qt-image"
FILES_MIME = "text/uri-list"
LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What was encoded: straight pixels, and the same as a PNG, in a file as well or not."""

    pixels: RGBA8
    png: bytes
    is_in_file: bool


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What is being encoded of layers; `path` is where their PNG is being written, for drags."""

    layers: tuple[Layer, ...]
    made: "Future[Made] | None"  # None where there is nothing to see
    project: "Future[bytes]"
    path: Path | None

    def offer(self) -> "Offer":
        """Return the offer, which belongs to the window's thread."""
        return Offer(self.layers, self.made, self.project, self.path)


class Offer(QMimeData):
    """One drag or copy. `made` comes from another thread, None where there is nothing to see."""

    def __init__(
        self,
        layers: tuple[Layer, ...],
        made: "Future[Made] | None",
        project: "Future[bytes] | None",
        path: Path | None,
    ) -> None:
        """Offer layers; `path` is where their PNG is being written, for drags."""
        super().__init__()
        self.layers = layers
        self._made = made
        self._project = project
        self._path = path
        self._kinds: dict[str, Callable[[], object]] = {}
        if project is not None:
            self._kinds[PROJECT_MIME] = self._project_data
        if made is not None:
            if path is not None:
                self._kinds[FILES_MIME] = self._files
            self._kinds[PNG_MIME] = self._png
            self._kinds[IMAGE_MIME] = self._image

    def formats(self) -> list[str]:
        """Return what there is, best first."""
        return [*super().formats(), *self._kinds]

    def hasFormat(self, mime_type: str) -> bool:
        """Whether that is offered."""
        return mime_type in self.formats()

    def retrieveData(self, mime_type: str, preferred_type: QMetaType | QMetaType.Type) -> object:
        """Return one kind of data, waiting until it has been encoded; nothing where that failed."""
        kind = self._kinds.get(mime_type)
        if kind is None:
            return super().retrieveData(mime_type, preferred_type)
        try:
            return kind()
        except Exception:
            log.exception("%s could not be made for another program", mime_type)
            return None

    def plain(self) -> QMimeData:
        """Return the same with nothing left to be made: it outlives the window."""
        data = QMimeData()
        for kind in (PROJECT_MIME, PNG_MIME):
            if kind in self._kinds:
                data.setData(kind, self.data(kind))
        if IMAGE_MIME in self._kinds:
            data.setImageData(self._image())
        return data

    def _project_data(self) -> QByteArray:
        assert self._project is not None
        return QByteArray(self._project.result(LONGEST_WAIT_S))

    def _png(self) -> QByteArray:
        return QByteArray(self._ready().png)

    def _image(self) -> QImage:
        return image_from_rgba(self._ready().pixels)

    def _files(self) -> list[QUrl]:
        """Return the file's address once the file is there, nothing where it had no room."""
        assert self._path is not None
        if not self._ready().is_in_file:
            return []
        return [QUrl.fromLocalFile(str(self._path))]

    def _ready(self) -> Made:
        assert self._made is not None
        return self._made.result(LONGEST_WAIT_S)


def project_bytes(document: Document) -> bytes:
    """Return a document as the project file of its own; runs in any thread."""
    from editor.formats.project import ProjectFormat  # not before the first paint

    file = io.BytesIO()
    ProjectFormat().write(document, file)
    return file.getvalue()


def with_ids(offer: Offer, ids: tuple[str, ...]) -> Offer:
    """Return the offer naming layers of the open document, for our own panel."""
    offer.setData(LAYERS_MIME, QByteArray("\n".join(ids).encode()))
    return offer
