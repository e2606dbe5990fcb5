"""The zip of a project file: pictures stored under the hash of their bytes, and bounds on reading.

Nothing is ever unpacked to disk; entries are read by name, each up to a limit.
"""

import hashlib
import io
import struct
import zipfile
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.document.document import MAX_SIDE
from editor.document.geometry import Point, Rect
from editor.document.pixels import TILE, Coverage, Pixels
from editor.formats.format import MAX_PICTURE_PIXELS, MAX_TOTAL_PIXELS, FormatError
from editor.formats.png import SIGNATURE, encoded
from editor.formats.records import CoverageRecord, PictureRecord
from editor.formats.room import check_room

HEAD_BYTES, RGBA = 26, 6  # of a PNG, up to its colour type; and that type
MIMETYPE = b"image/openraster"
MAX_ENTRIES = 100_000
MAX_JSON_BYTES = 1 << 28


@dataclass(eq=False)
class Writer:
    """A zip being written. A picture that is there already is not stored twice."""

    archive: zipfile.ZipFile
    _stored: set[str] = field(default_factory=set)
    _seen: dict[int, PictureRecord] = field(default_factory=dict)

    @staticmethod
    def open(file: BinaryIO) -> "Writer":
        """Begin with the entry that names the kind of file: first and not compressed."""
        writer = Writer(zipfile.ZipFile(file, "w", zipfile.ZIP_STORED))
        writer.store("mimetype", MIMETYPE)
        return writer

    def store(self, name: str, body: bytes) -> None:
        """Store an entry as it is: PNG is compressed already. Equal documents, equal bytes."""
        self.archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), body)

    def store_packed(self, name: str, body: bytes) -> None:
        """Store an entry compressed."""
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        self.archive.writestr(entry, body, zipfile.ZIP_DEFLATED)

    def store_hashed(self, folder: str, suffix: str, body: bytes) -> str:
        """Store an entry under the SHA-256 of its bytes and return its name."""
        name = f"{folder}/{hashlib.sha256(body).hexdigest()}{suffix}"
        if name not in self._stored:
            self._stored.add(name)
            self.store(name, body)
        return name

    def pixels(self, pixels: Pixels) -> PictureRecord:
        """Store a picture with the colour that lies under alpha 0."""
        if id(pixels) not in self._seen:
            rect = _crop(pixels)
            self._seen[id(pixels)] = self._picture(pixels, rect, channels=4)
        return self._seen[id(pixels)]

    def coverage(self, coverage: Coverage) -> CoverageRecord:
        """Store a mask or selection."""
        picture = self._picture(coverage, coverage.content, channels=1)
        return CoverageRecord(picture, coverage.outside)

    def _picture(self, picture: Pixels | Coverage, rect: Rect, channels: int) -> PictureRecord:
        if rect.is_empty:
            return PictureRecord()
        if rect.width * rect.height > MAX_PICTURE_PIXELS:
            raise FormatError(f"A layer is too large to save: {rect.width} x {rect.height} pixels.")
        rows = range(rect.y0, rect.y1, TILE)
        bands = (picture.read(Rect(rect.x0, y, rect.x1, min(y + TILE, rect.y1))) for y in rows)
        body = encoded(bands, rect.size, channels=channels)
        return PictureRecord(self.store_hashed("data", ".png", body), Point(rect.x0, rect.y0))


@dataclass(eq=False)
class Reader:
    """A zip being read; pictures named twice are decoded once."""

    archive: zipfile.ZipFile
    name: str
    _pixels: dict[PictureRecord, Pixels] = field(default_factory=dict)
    _budget: int = MAX_TOTAL_PIXELS

    def __post_init__(self) -> None:
        """Refuse a zip whose names would lead out of it, or that is absurdly long."""
        names = self.archive.namelist()
        if len(names) > MAX_ENTRIES or len(set(names)) != len(names):
            raise FormatError(f"{self.name} is not a sound project file: its list is too long.")
        for each in names:
            if "\\" in each or each.startswith("/") or ".." in PurePosixPath(each).parts:
                raise FormatError(f"{self.name} is not safe to open: it names files outside it.")

    def check_room(self) -> None:
        """Refuse pictures that do not fit into memory all together, by their heads alone."""
        total = 0
        for name in self.archive.namelist():
            if name.startswith("data/") and name.endswith(".png"):
                with self.archive.open(name) as file:
                    head = file.read(HEAD_BYTES)
                if head.startswith(SIGNATURE) and len(head) == HEAD_BYTES:
                    width, height = struct.unpack_from(">II", head, 16)
                    total += width * height if head[25] == RGBA else width * height // 4
        check_room(total, self.name)

    def has(self, name: str) -> bool:
        """Whether there is such an entry."""
        return name in self.archive.NameToInfo

    def entry(self, name: str, limit: int) -> bytes:
        """Return an entry's bytes, refusing more than the limit whatever the list says."""
        try:
            with self.archive.open(name) as file:
                body = file.read(limit + 1)
        except KeyError as error:
            raise FormatError(f"{self.name} is incomplete: a part of it is missing.") from error
        if len(body) > limit:
            raise FormatError(f"{self.name} holds more data than can be opened.")
        return body

    def pixels(self, record: PictureRecord) -> Pixels:
        """Return a layer's picture."""
        if record.file is None:
            return Pixels.empty()
        if record not in self._pixels:
            array = self._array(record.file, "RGBA")
            self._pixels[record] = Pixels.from_array(array, record.at)
        return self._pixels[record]

    def coverage(self, record: CoverageRecord) -> Coverage:
        """Return a mask or selection."""
        outside = 255 if record.outside else 0
        if record.picture.file is None:
            return Coverage.full(outside)
        array = self._array(record.picture.file, "L")
        return Coverage.from_array(array, record.picture.at, outside)

    def _array(self, name: str, mode: str) -> NDArray[np.uint8]:
        body = self.entry(name, MAX_PICTURE_PIXELS * 4)
        if not body.startswith(SIGNATURE) or len(body) < 24:
            raise FormatError(f"{self.name} is damaged: {name} is not a picture.")
        width, height = struct.unpack(">II", body[16:24])
        self._budget -= width * height
        if max(width, height) > MAX_SIDE * 4 or self._budget < 0:
            raise FormatError(f"{self.name} holds more pixels than can be opened.")
        with Image.open(io.BytesIO(body), formats=("PNG",)) as image:
            return np.asarray(image.convert(mode))


def _crop(pixels: Pixels) -> Rect:
    """Return the smallest rect around everything that is not (0, 0, 0, 0)."""
    rect = pixels.rect
    if rect.is_empty:
        return rect
    columns = np.zeros(rect.width, bool)
    rows = np.zeros(rect.height, bool)
    for (column, row), tile in pixels.tiles.items():
        lit = tile.view(np.uint32)[..., 0] != 0
        x, y = column * TILE - rect.x0, row * TILE - rect.y0
        columns[x : x + TILE] |= lit.any(axis=0)
        rows[y : y + TILE] |= lit.any(axis=1)
    if not rows.any():
        return Rect(0, 0, 0, 0)
    xs, ys = np.flatnonzero(columns), np.flatnonzero(rows)
    return Rect(int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1).moved(rect.x0, rect.y0)
