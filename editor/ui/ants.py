"""What is selected, on a canvas: an edge that walks, or in the quick mask a red veil.

Each block of the edge is found once for a selection and a zoom; walking only gives its numbers
other colours. What is not found within a frame's share of time comes with the next.
"""

import time
from collections.abc import Iterator
from math import ceil, floor

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSizeF, QTimer, Slot
from PySide6.QtGui import QImage, QPainter, QRegion, QTransform, qRgba
from PySide6.QtWidgets import QWidget

from editor.document.geometry import Rect, cells
from editor.document.pixels import TILE, Coverage, TileKey, changed_tiles, tile_rect
from editor.render.edges import BLOCK, PHASES, edge, values
from editor.ui.qimage import image_from_indexes
from editor.ui.view import View

STEP_MS = 120
MOST_BLOCKS = 800  # about 50 MB
MOST_CHANGED = 64  # tiles; with more all is found anew
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
        self._corner, self._ratio, self._turn = QPoint(), 1.0, QTransform()  # at the last paint
        self._blocks: dict[tuple[int, int], Block | None] = {}
        self._stale: set[tuple[int, int]] = set()  # blocks to be found again
        self._painted: dict[tuple[int, int], QRect] = {}  # of the canvas, at the last paint
        self._phase = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_step)

    def show(self, region: Coverage | None, *, as_veil: bool) -> None:
        """Follow the document's selection; what a brush has not touched stays as it was found."""
        before = self._region
        if region is before and as_veil == self._as_veil:
            return
        alike = before is not None and region is not None and as_veil == self._as_veil
        changed = changed_tiles(before, region) if before and region and alike else set()
        self._region, self._as_veil = region, as_veil
        if alike and len(changed) <= MOST_CHANGED:
            self._forget(changed)
        else:
            self._blocks, self._painted, self._stale = {}, {}, set()
            self._canvas.update()
        self._walk()

    def _forget(self, tiles: set[TileKey]) -> None:
        """Find blocks again where tiles have changed, and ask for that much to be painted."""
        touched = self._under(tiles)
        self._stale |= touched
        region = QRegion()
        for key in touched:
            corner = QPointF(self._corner + QPoint(*key) * BLOCK) / self._ratio
            square = QRectF(corner, QSizeF(BLOCK, BLOCK) / self._ratio)
            region += self._turn.mapRect(square).toAlignedRect().adjusted(-1, -1, 1, 1)
        self._canvas.update(region)

    def _under(self, tiles: set[TileKey]) -> set[tuple[int, int]]:
        """Return the known blocks that tiles have a part in, with a pixel around them."""
        if self._zoom < 1:  # a tile lies in few blocks
            rects = [tile_rect(tile).grown(1) for tile in tiles]
            spread = (_scaled(rect, self._zoom).grown(1) for rect in rects)
            return {key for rect in spread for key in cells(rect, BLOCK)} & self._blocks.keys()
        return {
            (column, row)
            for column, row in self._blocks
            if not tiles.isdisjoint(
                cells(_scaled(_block(column, row), 1 / self._zoom).grown(1), TILE)
            )
        }

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
        if zoom != self._zoom or len(self._blocks) > MOST_BLOCKS:
            self._zoom, self._blocks, self._painted, self._stale = zoom, {}, {}, set()
        corner = QPoint(round(view.x * ratio), round(view.y * ratio))
        self._corner, self._ratio, self._turn = corner, ratio, painter.worldTransform()
        device = QRectF(seen.topLeft() * ratio, seen.size() * ratio).toAlignedRect()
        device.translate(-corner)
        turned = self._turn.isRotating()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, turned)
        for key in self._found_in_time(_blocks_in(device)):
            block = self._blocks[key]
            if block is not None:
                at, image = block
                image.setColorTable(VEIL if self._as_veil else self._colours())
                place = QRectF((corner + at).toPointF() / ratio, image.size().toSizeF() / ratio)
                painter.drawImage(place, image)
                self._painted[key] = self._turn.mapRect(place).toAlignedRect()

    def _found_in_time(self, keys: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Yield the blocks that are known; the others are found as far as a frame has time.

        One that is known from before a change is shown as it was until then.
        """
        until = time.perf_counter() + BUDGET_S
        is_late = False
        for key in keys:
            if key in self._stale or key not in self._blocks:
                if time.perf_counter() < until:
                    self._blocks[key] = self._made(key)
                    self._stale.discard(key)
                elif not is_late:
                    is_late = True
                    # not without the canvas: it may be gone by then, and the process with it
                    QTimer.singleShot(0, self._canvas, self._canvas.update)
            if key in self._blocks:
                yield key

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


def _block(column: int, row: int) -> Rect:
    return Rect(column * BLOCK, row * BLOCK, (column + 1) * BLOCK, (row + 1) * BLOCK)


def _scaled(rect: Rect, by: float) -> Rect:
    """Return the smallest rect of whole pixels around a scaled one."""
    x0, y0, x1, y1 = (each * by for each in rect)
    return Rect(floor(x0), floor(y0), ceil(x1), ceil(y1))


def _blocks_in(device: QRect) -> list[tuple[int, int]]:
    x, y = device.x(), device.y()
    return list(cells(Rect(x, y, x + device.width(), y + device.height()), BLOCK))
