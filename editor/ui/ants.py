"""What is selected, on a canvas: an edge that walks, or in the quick mask a red veil.

Each block of the edge is found once for a selection and a zoom; walking only gives its numbers
other colours. What is not found within a frame's share of time comes with the next.
"""

import time

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QRegion, qRgba
from PySide6.QtWidgets import QWidget

from editor.document.geometry import Rect, cells
from editor.document.pixels import Coverage
from editor.render.edges import BLOCK, PHASES, edge, values
from editor.ui.qimage import image_from_indexes
from editor.ui.view import View

STEP_MS = 120
BUDGET_S = 0.003  # of a frame, for blocks that are not found yet
VEIL = tuple(qRgba(204, 40, 40, (255 - each) // 2) for each in range(256))
WHITE, BLACK = qRgba(255, 255, 255, 255), qRgba(0, 0, 0, 255)

Block = tuple[QPoint, QImage]  # where in device pixels from the document's corner


class Ants(QObject):
    """Paints one canvas's selection, and asks for the edge to be painted again as it walks."""

    def __init__(self, canvas: QWidget) -> None:
        """Begin with nothing selected."""
        super().__init__(canvas)
        self._canvas = canvas
        self._region: Coverage | None = None
        self._as_veil = False
        self._zoom = 0.0
        self._blocks: dict[tuple[int, int], Block | None] = {}
        self._painted: dict[tuple[int, int], QRect] = {}  # of the canvas, at the last paint
        self._phase = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_step)

    def show(self, region: Coverage | None, *, as_veil: bool) -> None:
        """Follow the document's selection."""
        if region is self._region and as_veil == self._as_veil:
            return
        self._region, self._as_veil = region, as_veil
        self._blocks, self._painted = {}, {}
        self._walk()
        self._canvas.update()

    def set_walking(self, *, walking: bool) -> None:
        """Walk only while the canvas is seen."""
        if walking:
            self._walk()
        else:
            self._timer.stop()

    def paint(self, painter: QPainter, view: View, seen: QRectF, ratio: float) -> None:
        """Paint what is selected within a part of the canvas."""
        if self._region is None:
            return
        zoom = view.zoom * ratio
        if zoom != self._zoom:
            self._zoom, self._blocks, self._painted = zoom, {}, {}
        corner = QPoint(round(view.x * ratio), round(view.y * ratio))
        device = QRectF(seen.topLeft() * ratio, seen.size() * ratio).toAlignedRect()
        device.translate(-corner)
        until = time.perf_counter() + BUDGET_S
        turned = painter.worldTransform().isRotating()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, turned)
        for key in _blocks_in(device):
            if key not in self._blocks:
                if time.perf_counter() > until:
                    QTimer.singleShot(0, self._canvas.update)
                    return
                self._blocks[key] = self._made(key)
            block = self._blocks[key]
            if block is not None:
                at, image = block
                image.setColorTable(VEIL if self._as_veil else self._colours())
                place = QRectF((corner + at).toPointF() / ratio, image.size().toSizeF() / ratio)
                painter.drawImage(place, image)
                self._painted[key] = painter.worldTransform().mapRect(place).toAlignedRect()

    def _made(self, key: tuple[int, int]) -> Block | None:
        assert self._region is not None
        at = QPoint(key[0] * BLOCK, key[1] * BLOCK)
        if self._as_veil:
            found = values(self._region, self._zoom, *key)
            if isinstance(found, int):
                if found == 255:
                    return None
                found = np.full((BLOCK, BLOCK), found, np.uint8)
            return at, image_from_indexes(found)
        on_edge = edge(self._region, self._zoom, *key)
        if on_edge is None:
            return None
        rect, indexes = on_edge
        return at + QPoint(rect.x0, rect.y0), image_from_indexes(indexes)

    def _colours(self) -> list[int]:
        half = PHASES // 2
        walked = ((each - self._phase) % PHASES for each in range(PHASES))
        return [0, *(BLACK if each < half else WHITE for each in walked)]

    def _walk(self) -> None:
        if self._region is None or self._as_veil or not self._canvas.isVisible():
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_step(self) -> None:
        """Ask for the edge to be painted again, and for nothing else."""
        self._phase = (self._phase + 1) % PHASES
        region = QRegion()
        for rect in self._painted.values():
            region += rect
        self._painted = {}
        self._canvas.update(region)


def _blocks_in(device: QRect) -> list[tuple[int, int]]:
    x, y = device.x(), device.y()
    return list(cells(Rect(x, y, x + device.width(), y + device.height()), BLOCK))
