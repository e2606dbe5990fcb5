"""Tiles as they were last painted, scaled to device pixels: scrolling paints them as they are.

Scaling costs several times what painting does, and a scroll changes no tile and no size. One that
is opaque is copied rather than blended. Memory is bounded: what was not painted for longest goes.
"""

from collections import OrderedDict

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from editor.ui.qimage import BGRA8, image_from_premultiplied, is_opaque

MOST_BYTES = 48 << 20  # about four screens of 1920 x 1080 with their surroundings

Key = tuple[int, int, int]  # level, column, row


class ScaledTiles:
    """Of one canvas."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[Key, tuple[BGRA8, QImage]] = OrderedDict()
        self._bytes = 0

    def scaled(self, key: Key, pixels: BGRA8, size: QSize) -> QImage:
        """Return a tile in a size in device pixels, smooth; `pixels` is what it looks like now.

        It has the format of opaque images where nothing shows through.
        """
        kept = self._kept.get(key)
        if kept is not None and kept[0] is pixels and kept[1].size() == size:
            self._kept.move_to_end(key)
            return kept[1]
        made = image = image_from_premultiplied(pixels)
        if size != image.size():
            stretched, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode
            made = image.scaled(size, stretched, smooth.SmoothTransformation)
        if is_opaque(pixels):
            made.reinterpretAsFormat(QImage.Format.Format_RGB32)  # copied, not blended
        self._keep(key, pixels, made)
        return made

    def _keep(self, key: Key, pixels: BGRA8, made: QImage) -> None:
        before = self._kept.pop(key, None)
        if before is not None:
            self._bytes -= before[1].sizeInBytes()
        self._kept[key] = pixels, made
        self._bytes += made.sizeInBytes()
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()
