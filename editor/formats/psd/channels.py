"""Channels of a PSD to 8-bit planes: raw, RLE, zip and zip with prediction; 1, 8, 16 and 32 bit.

Every size is known before anything is decoded, and nothing is decoded beyond it.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from editor.formats.psd.parse import Buffer, ChannelPlace, DamagedError, Structure
from editor.formats.psd.rle import unpack

RAW, RLE, ZIP, ZIP_PREDICTED = 0, 1, 2, 3

Plane = NDArray[np.uint8]  # (h, w)


def decode(buffer: Buffer, place: ChannelPlace, found: Structure, out: Plane) -> None:
    """Decode a layer's channel into a plane of its size; raises `DamagedError`.

    Colour of 32-bit files is linear and gets the sRGB curve; alpha and masks, whose numbers are
    negative, stay linear.
    """
    if not out.size:
        return
    if place.length < 2:
        raise DamagedError
    data = np.frombuffer(buffer, np.uint8, place.length, place.start)
    compression = int(data[0]) << 8 | int(data[1])
    wide = found.header.version == 2
    depth = found.header.depth
    if depth == 8 and compression == RLE:  # straight into its place: nearly every channel there is
        counts = _counts(data[2:], len(out), wide=wide)
        if not unpack(data[2 + len(out) * (4 if wide else 2) :], counts, out):
            raise DamagedError
        return
    rows = _rows(data[2:], compression, out.shape, depth, wide=wide)
    out[:] = _reduced(rows, out.shape[1], depth, is_colour=place.number >= 0)


def merged_planes(buffer: Buffer, found: Structure, count: int) -> list[Plane]:
    """Decode the first channels of the merged picture; raises `DamagedError`."""
    header = found.header
    shape = (header.height, header.width)
    data = np.frombuffer(buffer, np.uint8, offset=found.merged_start)
    if len(data) < 2 or count > header.channels:
        raise DamagedError
    compression = int(data[0]) << 8 | int(data[1])
    rows = _merged_rows(data[2:], compression, found, count)
    whole = _reduced(rows, shape[1], header.depth, is_colour=True)
    return [whole[index * shape[0] : (index + 1) * shape[0]] for index in range(count)]


def is_merged_whole(buffer: Buffer, found: Structure) -> bool:
    """Whether the bytes of the merged picture are all there; a cut file ends within it."""
    header = found.header
    data = np.frombuffer(buffer, np.uint8, offset=found.merged_start)
    if len(data) < 2:
        return False
    compression, rest = int(data[0]) << 8 | int(data[1]), data[2:]
    rows = header.height * header.channels
    if compression == RAW:
        return len(rest) >= rows * _row_bytes(header.width, header.depth)
    if compression == RLE:
        width = 4 if header.version == 2 else 2
        if len(rest) < rows * width:
            return False
        counts = rest[: rows * width].view(f">u{width}")
        return len(rest) - rows * width >= int(counts.sum(dtype=np.int64))
    return True


def _merged_rows(data: Plane, compression: int, found: Structure, count: int) -> Plane:
    header = found.header
    rows = header.height * header.channels
    wanted = header.height * count
    width = _row_bytes(header.width, header.depth)
    if compression != RLE:
        shape = (rows if compression != RAW else wanted, header.width)
        wide = header.version == 2
        return _rows(data, compression, shape, header.depth, wide=wide)[:wanted]
    lengths = _counts(data, rows, wide=header.version == 2)
    packed = data[rows * (4 if header.version == 2 else 2) :]
    return _unpacked(packed, lengths[:wanted], (wanted, width))


def _rows(
    data: Plane, compression: int, shape: tuple[int, ...], depth: int, *, wide: bool
) -> Plane:
    """Return rows of bytes, big-endian samples in order, prediction undone."""
    height, width = shape
    size = _row_bytes(width, depth)
    if compression == RLE:
        packed = data[height * (4 if wide else 2) :]
        return _unpacked(packed, _counts(data, height, wide=wide), (height, size))
    if compression == RAW:
        if len(data) < height * size:
            raise DamagedError
        return data[: height * size].reshape(height, size)
    if compression not in (ZIP, ZIP_PREDICTED):
        raise DamagedError
    rows = _inflated(data, height * size).reshape(height, size)
    return _unpredicted(rows, depth) if compression == ZIP_PREDICTED else rows


def _counts(data: Plane, rows: int, *, wide: bool) -> NDArray[np.int64]:
    width = 4 if wide else 2
    if len(data) < rows * width:
        raise DamagedError
    return data[: rows * width].view(f">u{width}").astype(np.int64)


def _unpacked(data: Plane, counts: NDArray[np.int64], shape: tuple[int, int]) -> Plane:
    rows = np.empty(shape, np.uint8)
    if not unpack(data, counts, rows):
        raise DamagedError
    return rows


def _inflated(data: Plane, size: int) -> Plane:
    try:
        body = zlib.decompressobj().decompress(data.tobytes(), size)
    except zlib.error as error:
        raise DamagedError from error
    if len(body) != size:
        raise DamagedError
    return np.frombuffer(body, np.uint8)


def _unpredicted(rows: Plane, depth: int) -> Plane:
    """Undo the differences between neighbours; those of 32-bit rows go byte plane by byte plane."""
    if depth == 16:
        values = np.cumsum(rows.view(">u2"), axis=1, dtype=np.uint16)
        return values.astype(">u2").view(np.uint8)
    summed = np.cumsum(rows, axis=1, dtype=np.uint8)
    if depth == 32:
        height, size = rows.shape
        planes = summed.reshape(height, 4, size // 4)
        return np.ascontiguousarray(planes.transpose(0, 2, 1)).reshape(height, size)
    return summed


def _reduced(rows: Plane, width: int, depth: int, *, is_colour: bool) -> Plane:
    """Return 8-bit samples of rows of bytes, rounded to the nearest level."""
    if depth == 8:
        return rows
    if depth == 16:
        values = rows.view(">u2").astype(np.uint32)
        return ((values * 255 + 32895) >> 16).astype(np.uint8)
    if depth == 32:
        floats = np.clip(np.nan_to_num(rows.view(">f4").astype(np.float32)), 0.0, 1.0)
        if is_colour:  # IEC 61966-2-1
            curve = 1.055 * floats ** np.float32(1 / 2.4) - 0.055
            floats = np.where(floats <= 0.0031308, floats * 12.92, curve)
        return np.rint(floats * 255).astype(np.uint8)
    bits = np.unpackbits(rows, axis=1)[:, :width]
    return (1 - bits) * np.uint8(255)  # of a bitmap, a set bit is black


def _row_bytes(width: int, depth: int) -> int:
    return (width * depth + 7) // 8
