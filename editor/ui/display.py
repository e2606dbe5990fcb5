"""The composite of one document as images to paint, made in the background, what is seen first.

A few tiles, as a brush touches, are composited at once where the kernels are compiled; everything
else goes to threads. Until a tile is there, the canvas paints how it last looked, or nothing.
"""

import math
from collections import deque
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from editor.document.changes import changes
from editor.document.document import Document
from editor.document.geometry import Rect, cells
from editor.document.layer import LayerId
from editor.document.pixels import TILE, TileKey, tile_rect
from editor.render import native
from editor.render.cache import Composited, TileCache
from editor.render.composite import PremultipliedBGRA
from editor.render.mask_view import MaskView
from editor.render.mips import LEVELS
from editor.ui.background import Background
from editor.ui.qimage import image_from_premultiplied

AT_ONCE = 12  # tiles composited in the window's thread: about 3 ms with twenty layers
BATCH = 24  # tiles composited together in a thread: few enough for the first ones to show early
SLOW_BATCH = 2  # before the kernels are there: each tile taken in costs this thread milliseconds
BATCHES = 2
ALL_TILES = 4096  # a document with more is only composited where it is seen

Colour = tuple[int, int, int, int]


def level_for(zoom: float) -> int:
    """Return which level to paint: 0 is full size, each further one half of it.

    `zoom` is device pixels a document pixel; the level is never smaller than what is shown.
    """
    return min(LEVELS, max(0, math.floor(math.log2(1 / zoom) + 1e-6)))


class Display(QObject):
    """Lives in the window's thread; `background` does the work."""

    ready = Signal(object)  # tuple[Rect, ...] of the document: new pixels are there

    def __init__(self, document: Document, background: Background, parent: QObject) -> None:
        """Begin with nothing composited; `want` starts it."""
        super().__init__(parent)
        self._background = background
        self._cache = TileCache(document)
        self._document = document
        self._masked: LayerId | None = None  # whose mask is shown instead of the composite
        self._mask_view = MaskView()
        self._instead: Document | None = None
        self._running: set[TileKey] = set()
        self._again: set[TileKey] = set()  # changed while they were being composited
        self._batches = 0
        self._seen = Rect(0, 0, 0, 0)
        self._level = 0
        self._seen_left: deque[TileKey] | None = None  # of what is in sight; None is not known
        self._rest_left: deque[TileKey] | None = None  # of all else
        self._is_closed = False

    def close(self) -> None:
        """Make nothing more: the document has been closed."""
        self._is_closed = True
        self.deleteLater()

    def show(self, document: Document) -> None:
        """Follow the document."""
        self._document = document
        layer = None if self._masked is None else document.find(self._masked)
        if layer is not None and layer.mask is not None:
            document = self._mask_view.document(document, layer)
        self._show(document if self._instead is None else self._instead)

    @Slot(object)
    def show_instead(self, document: Document | None) -> None:
        """Show another document of the same size for a while, or with None the one that is."""
        self._instead = document
        self.show(self._document)

    @Slot(object)
    def show_mask(self, layer: LayerId | None) -> None:
        """Show a layer's mask in grey, or with None the composite again."""
        self._masked = layer
        self.show(self._document)

    def _show(self, document: Document) -> None:
        changed = changes(self._cache.document, document)
        self._cache.update(document, changed)
        self._seen = self._seen.met(document.rect)
        self._again.update(changed.tiles & self._running)
        if native.ready() and len(changed.tiles) <= 4 * AT_ONCE:
            self._composite_now(changed.tiles)
        if any(self._cache.tile(0, *key) is None for key in changed.tiles):
            self._look_again()
        self._start()

    def want(self, seen: tuple[float, float, float, float], zoom: float) -> None:
        """Say what is in sight: x0, y0, x1, y1 of the document; zoom as for `level_for`."""
        x0, y0, x1, y1 = seen
        part = Rect(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
        part, level = part.met(self._cache.document.rect), level_for(zoom)
        if (part, level) != (self._seen, self._level):
            self._seen, self._level, self._seen_left = part, level, None
            self._cache.kept_level = level
        self._start()

    def pixels(self, level: int, column: int, row: int) -> PremultipliedBGRA | None:
        """Return a tile of a level, (128, 128, 4), as it is or at least was; None where unknown."""
        return self._cache.previous(level, column, row)

    def image(self, level: int, column: int, row: int) -> QImage | None:
        """Return the same as an image."""
        pixels = self.pixels(level, column, row)
        return None if pixels is None else image_from_premultiplied(pixels)

    def colour_at(self, x: int, y: int) -> Colour | None:
        """Return the composite's colour, straight; None where it is not known."""
        if not self._cache.document.rect.holds(x, y):
            return None
        tile = self.image(0, x // TILE, y // TILE)
        if tile is None:
            return None
        colour = tile.pixelColor(x % TILE, y % TILE)
        return colour.red(), colour.green(), colour.blue(), colour.alpha()

    def _composite_now(self, changed: frozenset[TileKey]) -> None:
        keys = [key for key in changed if not tile_rect(key).met(self._seen).is_empty]
        if 0 < len(keys) <= AT_ONCE:
            self._cache.composite_now(keys)
            self._announce(set(keys))

    def _start(self) -> None:
        while not self._is_closed and self._batches < (BATCHES if native.ready() else 1):
            keys = self._next_keys()
            if not keys:
                return
            self._batches += 1
            self._running.update(keys)
            work = self._cache.work(keys)
            done = partial(self._on_composited, keys)
            self._background.run(work.run, done, partial(self._on_failed, keys))

    def _next_keys(self) -> tuple[TileKey, ...]:
        """Take the next tiles from what is left; what is missing is looked up but once."""
        if self._seen_left is None:
            self._seen_left = deque(self._cache.missing(self._level, self._seen))
        seen = self._taken(self._seen_left)
        if seen:
            return seen
        if self._rest_left is None:
            whole = self._cache.document.rect
            is_small = sum(1 for _ in cells(whole, TILE)) <= ALL_TILES
            self._rest_left = deque(self._cache.missing(0, whole) if is_small else ())
        return self._taken(self._rest_left)

    def _taken(self, left: deque[TileKey]) -> tuple[TileKey, ...]:
        taken: list[TileKey] = []
        batch = BATCH if native.ready() else SLOW_BATCH
        while left and len(taken) < batch:
            key = left.popleft()
            if key not in self._running:
                taken.append(key)
        return tuple(taken)

    def _look_again(self) -> None:
        self._seen_left = self._rest_left = None

    def _on_composited(self, keys: tuple[TileKey, ...], made: Composited) -> None:
        if self._is_closed:
            return
        self._end_batch(keys)
        self._announce(self._cache.install(made))
        self._start()

    def _on_failed(self, keys: tuple[TileKey, ...], error: Exception) -> None:
        """Nothing is tried again, so that what fails always does not run for ever."""
        self._end_batch(keys)
        raise error

    def _end_batch(self, keys: tuple[TileKey, ...]) -> None:
        self._batches -= 1
        self._running.difference_update(keys)
        if self._again.intersection(keys):
            self._again.difference_update(keys)
            self._look_again()

    def _announce(self, keys: set[TileKey]) -> None:
        if keys:
            canvas = self._cache.document.rect
            self.ready.emit(tuple(tile_rect(key).met(canvas) for key in keys))
