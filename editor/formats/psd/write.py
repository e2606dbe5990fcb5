"""Documents to PSD and PSB, streaming: one layer, compressed, in memory at a time.

Mode RGB with alpha, so the layer count is negative; every channel RLE, for other compressions are
refused by some readers; the merged picture is our own composite, laid on white as Photoshop does.
"""

import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from os import cpu_count
from tempfile import TemporaryFile
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.layer import PixelLayer
from editor.document.pixels import RGBA8
from editor.formats.flatten import Thumbnail, bands
from editor.formats.format import FormatError
from editor.formats.psd import resources
from editor.formats.psd.metadata import document_xmp
from editor.formats.psd.records import MAX_LAYERS, Entry, entries, record
from editor.formats.psd.rle import pack_channel
from editor.formats.psd.streams import Channel, mask_channel, picture_channels

MAX_SIDE = {1: 30_000, 2: 300_000}
MAX_PSD_BYTES = 2**31 - 1
_THUMBNAIL = 160  # as Photoshop's own
_RLE = b"\0\1"


def write(document: Document, file: BinaryIO, version: int) -> tuple[str, ...]:
    """Write a document to an empty file; returns what the format could not hold.

    Version 1 is PSD, 2 is PSB. Raises `FormatError` where the document is too large for it.
    """
    _check(document, version)
    listed = tuple(entries(document.layers))
    numbers = {entry.layer.id: entry.number for entry in listed}
    width, height = document.size
    file.write(b"8BPS" + struct.pack(">H6xHIIHH", version, 4, height, width, 8, 3))
    file.write(struct.pack(">I", 0))  # colour mode data
    with ThreadPoolExecutor(cpu_count() or 1) as pool, _Merged(document, pool, version) as merged:
        found = resources.written(document, document_xmp(document, numbers), merged.thumbnail)
        file.write(struct.pack(">I", len(found)) + found)
        _write_layers(listed, file, version, pool)
        merged.write(file)
    if version == 1 and file.tell() > MAX_PSD_BYTES:
        raise _too_much()
    return tuple(_losses(document))


def _check(document: Document, version: int) -> None:
    longest, limit = max(document.size), MAX_SIDE[version]
    if longest > limit:
        beyond = "; save it as .psb instead." if version == 1 else "."
        raise FormatError(f"A side of {longest} pixels is too large: the limit is {limit}{beyond}")
    if sum(1 for _ in document.walk()) > MAX_LAYERS:
        raise FormatError(f"Photoshop files hold at most {MAX_LAYERS} layers.")


def _losses(document: Document) -> Iterator[str]:
    if document.selection is not None:
        yield "The selection is not kept in a Photoshop file."
    for layer in document.walk():
        if isinstance(layer, PixelLayer) and len(layer.variants) > 1:
            yield f"Only the shown variant of “{layer.name}” is kept in a Photoshop file."
        if isinstance(layer, PixelLayer) and layer.text is not None:
            yield f"The text “{layer.name}” is kept as pixels in a Photoshop file."


def _write_layers(
    listed: tuple[Entry, ...], file: BinaryIO, version: int, pool: ThreadPoolExecutor
) -> None:
    """Write the layer and mask section; lengths are filled in where they become known."""
    length = ">I" if version == 1 else ">Q"
    start = file.tell()
    file.write(struct.pack(length, 0) * 2)
    inside = file.tell()
    if listed:
        file.write(struct.pack(">h", -len(listed)))
        places = []
        for entry in listed:
            body, at = record(entry, version)
            places.append([file.tell() + each for each in at])
            file.write(body)
        for entry, slots in zip(listed, places, strict=True):
            for channel, slot in zip(_channels(entry, pool), slots, strict=True):
                _fill(file, slot, length, _write_channel(channel, file, version))
        file.write(bytes(-(file.tell() - inside) % 4))
    end = file.tell()
    file.write(struct.pack(">I", 0))  # global layer mask
    sections = (end - inside, file.tell() - start - struct.calcsize(length))
    _fill(file, start + struct.calcsize(length), length, sections[0])
    _fill(file, start, length, sections[1])


def _channels(entry: Entry, pool: ThreadPoolExecutor) -> Iterator[Channel]:
    """Yield alpha, red, green, blue and the mask, in the order of the record."""
    layer = entry.layer
    if not isinstance(layer, PixelLayer):
        yield from [Channel()] * 4
    else:
        yield from picture_channels(layer.pixels, layer.pixels.content, pool)
    if layer.mask is not None and not entry.is_divider:
        yield mask_channel(layer.mask.coverage)


def _write_channel(channel: Channel, file: BinaryIO, version: int) -> int:
    """Write a channel's pixels and return how many bytes they took."""
    if not channel.parts:
        file.write(b"\0\0")  # raw, and nothing
        return 2
    start = file.tell()
    file.write(_RLE)
    for _, counts in channel.parts:
        file.write(_counts(counts, version))
    for data, _ in channel.parts:
        file.write(data)
    return file.tell() - start


def _counts(counts: NDArray[np.int64], version: int) -> bytes:
    return counts.astype(">u2" if version == 1 else ">u4").tobytes()


def _fill(file: BinaryIO, at: int, length: str, value: int) -> None:
    end = file.tell()
    file.seek(at)
    try:
        file.write(struct.pack(length, value))
    except struct.error as error:
        raise _too_much() from error
    file.seek(end)


def _too_much() -> FormatError:
    return FormatError("The document is too large for a .psd file; save it as .psb instead.")


class _Merged:
    """The composite, made before the layers are written because its thumbnail comes before them.

    It waits in a temporary file per plane, compressed.
    """

    def __init__(self, document: Document, pool: ThreadPoolExecutor, version: int) -> None:
        """Composite and compress the whole document."""
        self._version = version
        self._planes = [TemporaryFile() for _ in range(4)]  # noqa: SIM115  closed in __exit__
        self._counts: list[list[NDArray[np.int64]]] = [[] for _ in range(4)]
        small = Thumbnail(document.size, _THUMBNAIL)
        for band in small.watched(bands(document, pool)):
            packed = pool.map(partial(pack_channel, band, on_white=True), range(4))
            for plane, (data, counts) in enumerate(packed):
                self._planes[plane].write(data)
                self._counts[plane].append(counts)
        self.thumbnail: RGBA8 = small.picture()

    def __enter__(self) -> "_Merged":
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the temporary files."""
        for plane in self._planes:
            plane.close()

    def write(self, file: BinaryIO) -> None:
        """Write the image data section: the counts of all planes, then their rows."""
        file.write(_RLE)
        for counts in self._counts:
            for each in counts:
                file.write(_counts(each, self._version))
        for plane in self._planes:
            plane.seek(0)
            while part := plane.read(1 << 20):
                file.write(part)
