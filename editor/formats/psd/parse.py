"""The structure of a PSD: header, resources, layer records and where their pixels lie.

Bounds are checked everywhere, and nothing is decoded here. Only layer sections as Photoshop writes
them are known: that of 8-bit files, and `Lr16` and `Lr32` for deeper ones.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from editor.document.geometry import EMPTY, Rect

Buffer = bytes | memoryview

_WIDE_KEYS = frozenset(  # blocks whose length takes 8 bytes in a PSB
    b"LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 FEid FXid PxSD cinf lnk3 lnkE".split()
)
_DEEP_LAYERS = (b"Lr16", b"Lr32", b"Layr")


class DamagedError(Exception):
    """The bytes are not what their structure says."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first 26 bytes."""

    version: int
    channels: int
    height: int
    width: int
    depth: int
    mode: int


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """Where a channel's bytes lie in the file, compression included; `number` is -3 and up."""

    number: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class MaskRecord:
    """A mask as a record has it; `real` is the user's own where `rect` is of a rendered one."""

    rect: Rect
    outside: int
    flags: int
    parameters: bytes = b""
    real: "MaskRecord | None" = None


@dataclass(frozen=True, slots=True)
class Record:
    """One layer, group or divider."""

    rect: Rect
    blend_key: bytes
    opacity: int
    clipping: int
    flags: int
    mask: MaskRecord | None
    ranges: bytes
    name: str
    blocks: dict[bytes, bytes]
    channels: tuple[ChannelPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Layers:
    """The layer section; a negative count in the file says that merged alpha is transparency."""

    records: tuple[Record, ...] = ()
    merged_alpha: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """A whole file."""

    header: Header
    colours: bytes
    resources: dict[int, bytes]
    merged_start: int
    layer_section: tuple[int, int]  # start and end
    blocks: dict[bytes, tuple[int, int]] = field(default_factory=dict)  # the document's own


class Cursor:
    """A place in a buffer, with an end that nothing is read beyond."""

    def __init__(self, buffer: Buffer, at: int, end: int) -> None:
        """Begin at a place."""
        if not 0 <= at <= end <= len(buffer):
            raise DamagedError
        self.buffer, self.at, self.end = buffer, at, end

    @property
    def left(self) -> int:
        """How many bytes there are."""
        return self.end - self.at

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        start = self.at
        self.skip(count)
        return bytes(self.buffer[start : self.at])

    def skip(self, count: int) -> None:
        """Pass over bytes."""
        if count < 0 or count > self.left:
            raise DamagedError
        self.at += count

    def unpack(self, shape: str) -> tuple[Any, ...]:  # Any: struct's numbers and bytes
        """Return what `struct` reads, big-endian."""
        return struct.unpack(">" + shape, self.take(struct.calcsize(">" + shape)))

    def number(self, shape: str) -> int:
        """Return one whole number."""
        return int(self.unpack(shape)[0])

    def part(self, count: int) -> "Cursor":
        """Return a cursor for the next bytes and pass over them."""
        start = self.at
        self.skip(count)
        return Cursor(self.buffer, start, self.at)


def structure(buffer: Buffer) -> Structure:
    """Return the sections of a file; raises `DamagedError`."""
    cursor = Cursor(buffer, 0, len(buffer))
    signature, version, channels, height, width, depth, mode = cursor.unpack("4sH6xHIIHH")
    if signature != b"8BPS" or version not in (1, 2):
        raise DamagedError
    header = Header(version, channels, height, width, depth, mode)
    colours = cursor.take(cursor.number("I"))
    resources = dict(_resources(cursor.part(cursor.number("I"))))
    section = cursor.part(cursor.number(_length(version)))
    merged_start = cursor.at
    place, blocks = (section.at, section.at), {}
    if section.left:
        inside = section.part(section.number(_length(version)))
        place = (inside.at, inside.end)
        blocks = _document_blocks(section, version)
    if place[0] == place[1]:  # deeper files keep their layers in a block
        place = next((blocks[key] for key in _DEEP_LAYERS if key in blocks), place)
    return Structure(header, colours, resources, merged_start, place, blocks)


def layers(buffer: Buffer, found: Structure) -> Layers:
    """Return the layer records, bottom first; raises `DamagedError`."""
    cursor = Cursor(buffer, *found.layer_section)
    if not cursor.left:
        return Layers()
    count = cursor.number("h")
    version = found.header.version
    listed = [_record(cursor, version) for _ in range(abs(count))]
    records = []
    for record, lengths in listed:
        places = []
        for number, length in lengths:
            places.append(ChannelPlace(number, cursor.at, length))
            cursor.skip(length)
        records.append(_placed(record, tuple(places)))
    return Layers(tuple(records), merged_alpha=count < 0)


def _placed(record: Record, channels: tuple[ChannelPlace, ...]) -> Record:
    return Record(
        record.rect,
        record.blend_key,
        record.opacity,
        record.clipping,
        record.flags,
        record.mask,
        record.ranges,
        record.name,
        record.blocks,
        channels,
    )


def _length(version: int) -> str:
    return "I" if version == 1 else "Q"


def _resources(cursor: Cursor) -> Iterator[tuple[int, bytes]]:
    while cursor.left >= 12:
        if cursor.take(4) not in (b"8BIM", b"MeSa", b"AgHg", b"PHUT", b"DCSR"):
            return
        number = cursor.number("H")
        name = cursor.number("B")
        cursor.skip(name + (name + 1) % 2)
        size = cursor.number("I")
        yield number, cursor.take(size)
        cursor.skip(min(size % 2, cursor.left))


def _document_blocks(cursor: Cursor, version: int) -> dict[bytes, tuple[int, int]]:
    if cursor.left < 4:
        return {}
    if bytes(cursor.buffer[cursor.at : cursor.at + 4]) not in (b"8BIM", b"8B64"):
        cursor.skip(min(cursor.number("I"), cursor.left))
    return {key: (part.at, part.end) for key, part in _blocks(cursor, version, 4)}


def _blocks(cursor: Cursor, version: int, multiple: int) -> Iterator[tuple[bytes, Cursor]]:
    """Yield tagged blocks, skipping the zeros between them; what is no block ends the list."""
    while cursor.left >= 12:
        signature = cursor.take(4)
        if signature not in (b"8BIM", b"8B64"):
            return
        key = cursor.take(4)
        wide = version == 2 and (key in _WIDE_KEYS or signature == b"8B64")
        size = cursor.number("Q" if wide else "I")
        yield key, cursor.part(min(size, cursor.left))
        cursor.skip(min(-size % multiple, cursor.left))


def _record(cursor: Cursor, version: int) -> tuple[Record, list[tuple[int, int]]]:
    top, left, bottom, right, count = cursor.unpack("4iH")
    channels = [cursor.unpack("h" + _length(version)) for _ in range(count)]
    signature, key, opacity, clipping, flags = cursor.unpack("4s4sBBBx")
    if signature != b"8BIM":
        raise DamagedError
    extra = cursor.part(cursor.number("I"))
    numbers = [number for number, _ in channels]
    mask = _mask(extra.part(extra.number("I")), has_real=-3 in numbers)
    ranges = extra.take(extra.number("I"))
    start = extra.at
    name = extra.take(extra.number("B")).decode("mac_roman", "replace")
    extra.skip(min(-(extra.at - start) % 4, extra.left))
    blocks = {each: part.take(part.left) for each, part in _blocks(extra, version, 1)}
    record = Record(
        Rect(left, top, right, bottom),
        key,
        opacity,
        clipping,
        flags,
        mask,
        ranges,
        _unicode_name(blocks.get(b"luni"), name),
        blocks,
    )
    return record, channels


def _mask(cursor: Cursor, *, has_real: bool) -> MaskRecord | None:
    if cursor.left < 18:
        return None
    top, left, bottom, right, outside, flags = cursor.unpack("4iBB")
    rect = Rect(left, top, right, bottom)
    real = None
    if has_real and cursor.left >= 18:
        real_flags, real_outside, top, left, bottom, right = cursor.unpack("BB4i")
        real = MaskRecord(Rect(left, top, right, bottom), real_outside, real_flags)
    parameters = cursor.take(cursor.left) if flags & 16 else b""
    return MaskRecord(EMPTY if rect.is_empty else rect, outside, flags, parameters, real)


def _unicode_name(block: bytes | None, name: str) -> str:
    if block is None or len(block) < 4:
        return name
    (count,) = struct.unpack_from(">I", block)
    return block[4 : 4 + 2 * count].decode("utf-16-be", "replace").rstrip("\0")
