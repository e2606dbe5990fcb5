"""PackBits, the row compression of PSD, both ways, as numba kernels that free the interpreter.

A row is a string of pieces: a byte n < 128 and n + 1 bytes as they are, or a byte n > 128 and one
byte to be repeated 257 - n times (TIFF 6.0, section 9).
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]

FAST: dict[str, Any] = {"nogil": True, "cache": True}  # keywords of any type


def pack(plane: Bytes) -> tuple[bytes, Counts]:
    """Compress an (h, w) plane; returns its rows one after another and the length of each."""
    height, width = plane.shape
    bound = width + width // 64 + 16
    out = np.empty(height * bound, np.uint8)
    counts = np.empty(height, np.int64)
    end = _pack_rows(plane, np.empty(width, np.uint8), out, counts)
    return out[:end].tobytes(), counts


def unpack(data: Bytes, counts: Counts, out: Bytes) -> bool:
    """Decompress rows of the given lengths into an (h, w) plane; False where they do not fit."""
    if len(counts) != len(out) or int(counts.sum()) > len(data):
        return False
    return bool(_unpack_rows(data, counts, out))


@njit(**FAST)  # type: ignore[untyped-decorator]  # numba has no types
def _pack_rows(plane: Bytes, row: Bytes, out: Bytes, counts: Counts) -> int:
    at = 0
    for y in range(plane.shape[0]):
        for x in range(plane.shape[1]):
            row[x] = plane[y, x]
        end = _pack_row(row, out, at)
        counts[y] = end - at
        at = end
    return at


@njit(**FAST)  # type: ignore[untyped-decorator]  # numba has no types
def _pack_row(row: Bytes, out: Bytes, at: int) -> int:
    """Write one row and return where it ends; two equal bytes are not worth a run."""
    width = row.shape[0]
    start = 0
    while start < width:
        value = row[start]
        limit = min(width, start + 128)
        end = start + 1
        while end < limit and row[end] == value:
            end += 1
        if end - start >= 3:
            out[at] = 257 - (end - start)
            out[at + 1] = value
            at += 2
        else:
            while end < limit and not (
                end + 2 < width and row[end] == row[end + 1] and row[end] == row[end + 2]
            ):
                end += 1
            out[at] = end - start - 1
            at += 1
            for x in range(start, end):
                out[at] = row[x]
                at += 1
        start = end
    return at


@njit(**FAST)  # type: ignore[untyped-decorator]  # numba has no types
def _unpack_rows(data: Bytes, counts: Counts, out: Bytes) -> bool:
    at = 0
    for y in range(out.shape[0]):
        end = at + int(counts[y])
        if not _unpack_row(data, at, end, out[y]):
            return False
        at = end
    return True


@njit(**FAST)  # type: ignore[untyped-decorator]  # numba has no types
def _unpack_row(data: Bytes, at: int, end: int, row: Bytes) -> bool:
    width = row.shape[0]
    x = 0
    while x < width:
        if at + 1 >= end:
            return False
        head = int(np.int64(data[at]))  # numba's int() of uint8 would be unsigned
        at += 1
        if head < 128:
            count = head + 1
            if at + count > end or x + count > width:
                return False
            for i in range(count):
                row[x + i] = data[at + i]
            at += count
            x += count
        elif head > 128:
            count = 257 - head
            if x + count > width:
                return False
            value = data[at]
            for i in range(count):
                row[x + i] = value
            at += 1
            x += count
    return True
