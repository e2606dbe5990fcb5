"""PackBits, the row compression of PSD, for whole planes: by our kernels, or by psd-tools.

The kernels let other threads run and are about four times as fast; psd-tools' codec serves while
they are being compiled, once for each version on a machine.
"""

import numpy as np
from numpy.typing import NDArray

from editor.formats import flatten
from editor.formats.psd import machine
from editor.render.native import address_of

Bytes = NDArray[np.uint8]
Counts = NDArray[np.int64]

_ALPHA = 3


def pack(plane: Bytes) -> tuple[bytes, Counts]:
    """Compress an (h, w) plane; returns its rows one after another and the length of each."""
    codec = machine.codec()
    if codec is None:
        return _slowly_packed(plane)
    return _packed(codec, plane, 0, machine.AS_IT_IS)


def pack_channel(rgba: Bytes, channel: int, *, on_white: bool = False) -> tuple[bytes, Counts]:
    """Compress one channel of (h, w, 4) straight pixels.

    Colour is laid on white, or else is 0 under alpha 0, where it would only cost room.
    """
    codec = machine.codec()
    if channel == _ALPHA:
        return pack(rgba[..., _ALPHA])
    if codec is None:
        seen = np.where(rgba[..., _ALPHA] > 0, rgba[..., channel], np.uint8(0))
        return _slowly_packed(flatten.on_white(rgba)[..., channel] if on_white else seen)
    rgba = np.ascontiguousarray(rgba)
    kind = machine.ON_WHITE if on_white else machine.CLEARED
    return _packed(codec, rgba[..., channel], _ALPHA - channel, kind)


def _packed(codec: machine.Codec, plane: Bytes, alpha_at: int, kind: int) -> tuple[bytes, Counts]:
    assert min(plane.strides) >= 0, plane.strides
    height, width = plane.shape
    row = np.empty(width, np.uint8)
    out = np.empty(height * (width + width // 64 + 16), np.uint8)
    counts = np.empty(height, np.int64)
    scratch = map(address_of, (row, out, counts))
    end = codec.pack(address_of(plane), height, width, *plane.strides, alpha_at, kind, *scratch)
    return out[:end].tobytes(), counts


def unpack(data: Bytes, counts: Counts, out: Bytes) -> bool:
    """Decompress rows of the given lengths into an (h, w) plane; False where they do not fit.

    The plane may be one channel of a picture, its bytes not side by side.
    """
    if len(counts) != len(out) or counts.min(initial=0) < 0 or int(counts.sum()) > len(data):
        return False
    codec = machine.codec()
    if codec is None:
        return _slowly_unpacked(data, counts, out)
    assert min(out.strides) >= 0, out.strides
    data, counts = np.ascontiguousarray(data), np.ascontiguousarray(counts)
    done = codec.unpack(
        address_of(data), address_of(counts), *out.shape, *out.strides, address_of(out)
    )
    return done == 1


def _slowly_packed(plane: Bytes) -> tuple[bytes, Counts]:
    from psd_tools.compression.rle import encode

    rows = [encode(row.tobytes()) for row in plane]
    return b"".join(rows), np.array([len(row) for row in rows], np.int64)


def _slowly_unpacked(data: Bytes, counts: Counts, out: Bytes) -> bool:
    from psd_tools.compression.rle import decode

    ends = np.cumsum(counts)
    for row, start, end in zip(out, ends - counts, ends, strict=True):
        try:
            row[:] = np.frombuffer(decode(data[start:end].tobytes(), out.shape[1]), np.uint8)
        except ValueError:
            return False
    return True
