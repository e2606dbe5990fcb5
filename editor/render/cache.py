"""Composited tiles of the document that is shown, with their mips, ready for the display.

Lives in one thread; only `Work` runs in others, and what it made is installed if its tiles have not
changed since. A tile of level n covers 128 << n pixels of the document each way. Memory is bounded:
what was not looked at for longest goes first, and is composited again when it is wanted.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

from editor.document.changes import Changes
from editor.document.document import Document
from editor.document.geometry import Rect, cells
from editor.document.pixels import TILE, TileKey
from editor.render.composite import PremultipliedBGRA, composite_tiles
from editor.render.mips import LEVELS, pasted

MEMORY_BYTES = 384 << 20
TILE_BYTES = TILE * TILE * 4


@dataclass(frozen=True, slots=True)
class Work:
    """Tiles to composite, in any thread."""

    document: Document
    keys: tuple[TileKey, ...]
    serial: int  # of the state of the cache that asked

    def run(self, pool: Executor | None = None) -> "Composited":
        """Composite them."""
        return Composited(composite_tiles(self.document, self.keys, pool), self.serial)


@dataclass(frozen=True, slots=True)
class Composited:
    """What a piece of work made."""

    tiles: dict[TileKey, PremultipliedBGRA]
    serial: int


@dataclass(slots=True)
class _Entry:
    """A tile of some level, and which of the document's tiles are in it as they are now."""

    pixels: PremultipliedBGRA
    current: set[TileKey] = field(default_factory=set)


class TileCache:
    """Composited tiles of one document and of the values that follow it."""

    def __init__(self, document: Document, memory_bytes: int = MEMORY_BYTES) -> None:
        """Start with nothing composited."""
        self._follow(document)
        self._most = max(1, memory_bytes // TILE_BYTES)
        self._entries: OrderedDict[tuple[int, int, int], _Entry] = OrderedDict()
        self.kept_level = 0  # what is in sight: its tiles are forgotten last
        self._serial = 0
        self._all_changed_at = 0
        self._changed_at: dict[TileKey, int] = {}

    @property
    def document(self) -> Document:
        """The document whose composite this is."""
        return self._document

    def update(self, after: Document, changed: Changes) -> None:
        """Go on to a document that differs from the last as `changes(before, after)` says."""
        self._serial += 1
        if after.size != self._document.size:
            self._entries.clear()
            self._changed_at.clear()
            self._all_changed_at = self._serial
        self._follow(after)
        for key in changed.tiles:
            self._changed_at[key] = self._serial
            for entry_key in _ancestors(key):
                entry = self._entries.get(entry_key)
                if entry is not None:
                    entry.current.discard(key)

    def tile(self, level: int, column: int, row: int) -> PremultipliedBGRA | None:
        """Return a tile, (128, 128, 4), as it must look now, or None if it is not composited."""
        entry = self._touched((level, column, row))
        if entry is None or len(entry.current) < self._expected(level, column, row):
            return None
        return entry.pixels

    def previous(self, level: int, column: int, row: int) -> PremultipliedBGRA | None:
        """Return a tile as it last looked, to be shown until the new one is there."""
        entry = self._touched((level, column, row))
        return None if entry is None else entry.pixels

    def missing(self, level: int, rect: Rect) -> Iterator[TileKey]:
        """Yield the document's tiles to composite before a rect can be shown at a level.

        One by one, since who composites them in small batches wants but the next few.
        """
        for column, row in cells(rect.met(self._document.rect), TILE << level):
            entry = self._entries.get((level, column, row))
            if entry is None:
                yield from self._within(level, column, row)
            elif len(entry.current) < self._expected(level, column, row):
                keys = self._within(level, column, row)
                yield from (key for key in keys if key not in entry.current)

    def work(self, keys: Iterable[TileKey]) -> Work:
        """Return the compositing of some tiles of the document as it is now."""
        return Work(self._document, tuple(keys), self._serial)

    def install(self, made: Composited) -> set[TileKey]:
        """Take in what was composited; returns the tiles that are still wanted as they are."""
        taken = {
            key
            for key in made.tiles
            if max(self._all_changed_at, self._changed_at.get(key, 0)) <= made.serial
        }
        for key in taken:
            self._paste(key, made.tiles[key])
        self._forget()
        return taken

    def _forget(self) -> None:
        """Keep within memory: a whole that is seen small is made of more tiles than there is room.

        So tiles of a reduced level that is in sight are spared, up to half of all.
        """
        spared = 0
        while len(self._entries) > self._most:
            key, entry = self._entries.popitem(last=False)
            if 0 < self.kept_level == key[0] and spared < self._most // 2:
                self._entries[key] = entry
                spared += 1

    def composite_now(self, keys: Iterable[TileKey], pool: Executor | None = None) -> None:
        """Composite tiles and install them, in this thread or sharing them out in a pool."""
        self.install(self.work(keys).run(pool))

    def _paste(self, key: TileKey, pixels: PremultipliedBGRA) -> None:
        """Put a tile in its place, and its smaller and smaller versions in theirs.

        A tile's mips depend on it alone, since every level halves an even side.
        """
        olds = []
        for entry_key in _ancestors(key):
            entry = self._touched(entry_key)
            olds.append(None if entry is None else entry.pixels)
        for entry_key, new in zip(_ancestors(key), pasted(key, pixels, olds), strict=True):
            entry = self._entries.setdefault(entry_key, _Entry(new))
            entry.pixels = new
            entry.current.add(key)

    def _follow(self, document: Document) -> None:
        self._document = document
        self._across = -(-document.size.width // TILE)
        self._down = -(-document.size.height // TILE)

    def _touched(self, key: tuple[int, int, int]) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def _expected(self, level: int, column: int, row: int) -> int:
        """Return how many of the document's tiles lie in a tile of a level."""
        width = min((column + 1) << level, self._across) - (column << level)
        height = min((row + 1) << level, self._down) - (row << level)
        return max(0, width) * max(0, height)

    def _within(self, level: int, column: int, row: int) -> Iterable[TileKey]:
        side = TILE << level
        rect = Rect(column * side, row * side, (column + 1) * side, (row + 1) * side)
        return cells(rect.met(self._document.rect), TILE)


def _ancestors(key: TileKey) -> list[tuple[int, int, int]]:
    """Return the level, column and row of the tile of each level that holds a document's tile."""
    return [(level, key[0] >> level, key[1] >> level) for level in range(LEVELS + 1)]
