"""Text to pixels: outlines of the letters, filled with smooth edges; the only place with fonts.

Colour is the same all over and only alpha varies, so that soft edges stay clean.
"""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QTransform

from editor.document.geometry import Point
from editor.document.pixels import Pixels
from editor.document.text import Alignment, Text

SHARES = {Alignment.LEFT: 0.0, Alignment.CENTER: 0.5, Alignment.RIGHT: 1.0}
MOST_SIDE = 16384  # pixels


def drawn(text: Text) -> Pixels:
    """Return the pixels of a text whose first baseline begins at (0, 0)."""
    a, b, c, d = text.linear
    path = QTransform(a, c, b, d, 0, 0).map(outline(text))
    bounds = path.boundingRect().toAlignedRect().adjusted(-1, -1, 1, 1)
    if path.isEmpty() or max(bounds.width(), bounds.height()) > MOST_SIDE:
        return Pixels.empty()
    image = QImage(bounds.size(), QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-bounds.topLeft())
    painter.fillPath(path, Qt.GlobalColor.white)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(bounds.height(), -1)
    rgba = np.zeros((bounds.height(), bounds.width(), 4), np.uint8)
    rgba[..., 3] = rows[:, : bounds.width()]
    rgba[rgba[..., 3] > 0, :3] = text.colour
    return Pixels.from_array(rgba, Point(bounds.x(), bounds.y()))


def outline(text: Text) -> QPainterPath:
    """Return the outlines of all lines, before any transform."""
    font = QFont(text.font) if text.font else QFont()
    font.setPixelSize(max(1, round(text.size)))
    font.setBold(text.bold)
    font.setItalic(text.italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for index, line in enumerate(text.content.split("\n")):
        shift = metrics.horizontalAdvance(line) * SHARES[text.alignment]
        path.addText(QPointF(-shift, index * metrics.lineSpacing()), font, line)
    return path
