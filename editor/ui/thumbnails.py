"""Small pictures of layers and masks for lists, made in the background and kept while unchanged."""

from functools import cache, partial
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QBrush, QImage, QPainter, QPixmap

from editor.document.geometry import Rect
from editor.document.layer import Layer, LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels, tile_rect
from editor.ui.background import Background
from editor.ui.looks import current_looks
from editor.ui.qimage import image_from_grey, image_from_rgba

Key = tuple[LayerId, bool]  # the bool tells a layer's mask from its pixels
Wanted = dict[Key, tuple[Pixels | Coverage, float]]
Drawn = dict[Key, tuple[Pixels | Coverage, QImage]]

SIDE = 36  # device-independent pixels
SAMPLES = 8  # of a large picture, each way, for one pixel of its thumbnail
MOST_LAST = 1000  # pictures kept to be shown until a new one is made
PAUSE_MS = 120  # a stroke changes its layer with every move; its thumbnail waits for a pause


@cache
def checkerboard(side: int) -> QBrush:
    """Return a brush of light squares that says: nothing is here."""
    first, second = current_looks().colours
    image = QImage(side * 2, side * 2, QImage.Format.Format_RGB32)
    image.fill(first)
    painter = QPainter(image)
    painter.fillRect(side, 0, side, side, second)
    painter.fillRect(0, side, side, side, second)
    painter.end()
    return QBrush(image)


class Thumbnails(QObject):
    """Thumbnails by picture; asking for one that is missing starts it."""

    ready = Signal(str)  # layer id

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        """Make them in the background given."""
        super().__init__(parent)
        self._background = background
        self._pictures: WeakKeyDictionary[Pixels | Coverage, QPixmap] = WeakKeyDictionary()
        self._last: dict[Key, QPixmap] = {}  # shown until the new one is made
        self._wanted: Wanted = {}
        self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_pause)

    def of_layer(self, layer: Layer, ratio: float = 1.0) -> QPixmap | None:
        """Return the picture of a pixel layer, an older one while the new one is being made."""
        if not isinstance(layer, PixelLayer):
            return None
        return self._of(layer.pixels, (layer.id, False), ratio)

    def of_mask(self, layer: Layer, ratio: float = 1.0) -> QPixmap | None:
        """Return the picture of a layer's mask."""
        if layer.mask is None:
            return None
        return self._of(layer.mask.coverage, (layer.id, True), ratio)

    def of_pixels(self, pixels: Pixels, layer: LayerId, ratio: float = 1.0) -> QPixmap | None:
        """Return the picture of pixels that are not shown now, such as a variant's."""
        return self._pictures.get(pixels) or self._of(
            pixels, (LayerId(f"{layer}/{id(pixels)}"), False), ratio
        )

    def _of(self, pixels: Pixels | Coverage, key: Key, ratio: float) -> QPixmap | None:
        picture = self._pictures.get(pixels)
        if picture is None:
            self._wanted[key] = (pixels, ratio)
            if not self._timer.isActive() and not self._running:
                self._timer.start(PAUSE_MS if key in self._last else 0)
            return self._last.get(key)
        return picture

    @Slot()
    def _on_pause(self) -> None:
        wanted, self._wanted = self._wanted, {}
        if wanted:
            self._running = True
            self._background.run(partial(_drawn, wanted), self._on_drawn, self._on_failed)

    def _on_drawn(self, drawn: Drawn) -> None:
        self._running = False
        for key, (pixels, image) in drawn.items():
            picture = QPixmap.fromImage(image)
            self._pictures[pixels] = picture
            self._last.pop(key, None)
            self._last[key] = picture
        while len(self._last) > MOST_LAST:
            del self._last[next(iter(self._last))]  # the oldest
        for layer_id in {str(key[0]).partition("/")[0] for key in drawn}:
            self.ready.emit(layer_id)
        if self._wanted:
            self._timer.start(PAUSE_MS)

    def _on_failed(self, error: Exception) -> None:
        self._running = False
        raise error


def _drawn(wanted: Wanted) -> Drawn:
    return {key: (picture, _image(picture, ratio)) for key, (picture, ratio) in wanted.items()}


def _image(picture: Pixels | Coverage, ratio: float) -> QImage:
    """Draw what a picture shows, as large as it fits, at the screen's resolution."""
    side = round(SIDE * ratio)
    rect = picture.content
    if rect.is_empty:
        empty = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
        empty.fill(Qt.GlobalColor.transparent)
        empty.setDevicePixelRatio(ratio)
        return empty
    seen = sampled(picture, rect, side * SAMPLES)
    image = image_from_rgba(seen) if isinstance(picture, Pixels) else image_from_grey(seen)
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    image = image.scaled(side, side, keep, smooth)
    image.setDevicePixelRatio(ratio)
    return image


def sampled(picture: Pixels | Coverage, rect: Rect, most: int) -> NDArray[np.uint8]:
    """Return every n-th value of a rect both ways, n as small as gives at most `most` each way.

    Tile by tile: strokes far apart may span more pixels than any memory holds.
    """
    step = max(1, -(-max(rect.width, rect.height) // most))
    if step == 1:
        return picture.read(rect)
    size = -(-rect.height // step), -(-rect.width // step)
    if isinstance(picture, Pixels):
        out = np.zeros((*size, 4), np.uint8)
    else:
        out = np.full(size, picture.outside, np.uint8)
    for key, tile in picture.tiles.items():
        whole = tile_rect(key)
        part = whole.met(rect)
        left, right = -(-(part.x0 - rect.x0) // step), -(-(part.x1 - rect.x0) // step)
        top, bottom = -(-(part.y0 - rect.y0) // step), -(-(part.y1 - rect.y0) // step)
        if not part.is_empty and left < right and top < bottom:
            rows = slice(rect.y0 + top * step - whole.y0, part.y1 - whole.y0, step)
            columns = slice(rect.x0 + left * step - whole.x0, part.x1 - whole.x0, step)
            out[top:bottom, left:right] = tile[rows, columns]
    return out
