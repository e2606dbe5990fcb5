"""Arrays to QImage and back: the only place that knows how Qt orders its bytes."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from editor.document.pixels import RGBA8, Grey8

BGRA8 = NDArray[np.uint8]  # (h, w, 4), premultiplied, the byte order of ARGB32_Premultiplied


def image_from_premultiplied(pixels: BGRA8, *, opaque: bool = False) -> QImage:
    """Wrap (h, w, 4) premultiplied BGRA without copying; the array must outlive the image.

    What is opaque is copied when it is painted, rather than blended.
    """
    kind = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, kind)
    image.pixels = pixels  # type: ignore[attr-defined]  # keeps the memory as long as the image
    return image


def is_opaque(pixels: BGRA8) -> bool:
    """Whether nothing shows through (h, w, 4) premultiplied BGRA."""
    return bool(pixels[0, 0, 3] == 255 and pixels[..., 3].min() == 255)


def image_from_rgba(pixels: RGBA8) -> QImage:
    """Copy (h, w, 4) straight RGBA into an image that keeps straight alpha."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGBA8888)
    return image.copy()


def image_from_grey(coverage: Grey8) -> QImage:
    """Copy (h, w) coverage into an image, 255 as white."""
    coverage = np.ascontiguousarray(coverage)
    height, width = coverage.shape
    image = QImage(coverage.data, width, height, width, QImage.Format.Format_Grayscale8)
    return image.copy()


def image_from_indexes(indexes: Grey8) -> QImage:
    """Copy (h, w) indexes into an image whose colours are set by `setColorTable`."""
    indexes = np.ascontiguousarray(indexes)
    height, width = indexes.shape
    image = QImage(indexes.data, width, height, width, QImage.Format.Format_Indexed8)
    return image.copy()


def rgba_from_image(image: QImage) -> RGBA8:
    """Return a new (h, w, 4) straight RGBA array of any QImage, in sRGB."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width, stride = image.height(), image.width(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8, height * stride).reshape(height, stride)
    return rows[:, : width * 4].reshape(height, width, 4).copy()
