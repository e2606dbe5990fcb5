"""The image resources of a PSD that we write, and what we read of others' files."""

import io
import struct

from PIL import Image

from editor.document.document import Document, Guide, Orientation
from editor.document.pixels import RGBA8
from editor.formats.flatten import on_white
from editor.formats.psd.blocks import pascal, resource, unicode_string

RESOLUTION, ALPHA_NAMES, GUIDES, THUMBNAIL, ICC = 1005, 1006, 1032, 1036, 1039
ALPHA_NAMES_UNICODE, ALPHA_IDENTIFIERS, VERSION_INFO, XMP = 1045, 1053, 1057, 1060
TRANSPARENT_INDEX = 1047

_GUIDE_STEP = 32  # guides lie on 32nds of a pixel
_GRID = 576  # Photoshop's own default: 18 pixels


def written(document: Document, xmp: str, thumbnail: RGBA8) -> bytes:
    """Return all resources one after another."""
    parts = [
        resource(RESOLUTION, _resolution(document.dpi)),
        resource(ALPHA_NAMES, pascal("Transparency", 1)),
        resource(ALPHA_NAMES_UNICODE, unicode_string("Transparency", ended=True)),
        resource(ALPHA_IDENTIFIERS, struct.pack(">I", 0)),
        resource(GUIDES, _guides(document.guides)),
        resource(THUMBNAIL, _thumbnail(thumbnail)),
        resource(VERSION_INFO, _version_info()),
        resource(XMP, xmp.encode("utf-8")),
    ]
    if document.icc is not None:
        parts.append(resource(ICC, document.icc))
    return b"".join(parts)


def dpi(found: dict[int, bytes]) -> float:
    """Return the resolution, 72 where there is none that makes sense."""
    body = found.get(RESOLUTION, b"")
    if len(body) < 4:
        return 72.0
    (fixed,) = struct.unpack_from(">I", body)
    value: float = fixed / 65536
    return value if 1.0 <= value <= 100_000.0 else 72.0


def guides(found: dict[int, bytes]) -> tuple[Guide, ...]:
    """Return the guides."""
    body = found.get(GUIDES, b"")
    if len(body) < 16:
        return ()
    (count,) = struct.unpack_from(">I", body, 12)
    count = min(count, (len(body) - 16) // 5)
    read = (struct.unpack_from(">iB", body, 16 + 5 * index) for index in range(count))
    return tuple(
        Guide(Orientation.HORIZONTAL if across else Orientation.VERTICAL, place / _GUIDE_STEP)
        for place, across in read
    )


def has_transparency(found: dict[int, bytes]) -> bool:
    """Whether the first extra channel is the merged picture's alpha: its identifier is 0."""
    return found.get(ALPHA_IDENTIFIERS, b"")[:4] == b"\0\0\0\0"


def _resolution(dpi: float) -> bytes:
    fixed = min(round(dpi * 65536), 2**32 - 1)
    return struct.pack(">IHHIHH", fixed, 1, 1, fixed, 1, 1)


def _guides(guides: tuple[Guide, ...]) -> bytes:
    head = struct.pack(">IIII", 1, _GRID, _GRID, len(guides))
    return head + b"".join(
        struct.pack(
            ">iB",
            max(-(2**31), min(2**31 - 1, round(guide.position * _GUIDE_STEP))),
            guide.orientation is Orientation.HORIZONTAL,
        )
        for guide in guides
    )


def _thumbnail(rgba: RGBA8) -> bytes:
    held = io.BytesIO()
    Image.fromarray(on_white(rgba)).save(held, "JPEG", quality=80)
    height, width = rgba.shape[:2]
    stride = (width * 24 + 31) // 32 * 4
    jpeg = held.getvalue()
    head = struct.pack(">IIIIIIHH", 1, width, height, stride, stride * height, len(jpeg), 24, 1)
    return head + jpeg


def _version_info() -> bytes:
    names = unicode_string("Acetate", ended=True) * 2
    return struct.pack(">IB", 1, 1) + names + struct.pack(">I", 1)
