"""The records of layers as a PSD lists them: flat, bottom first, each group between two records."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from editor.document.geometry import EMPTY, Rect
from editor.document.layer import AdjustmentLayer, BlendMode, Group, Label, Layer, Mask, PixelLayer
from editor.formats.psd.adjustments import blocks_of
from editor.formats.psd.blocks import metadata, pascal, tagged, unicode_string
from editor.formats.psd.keys import (
    BLEND_KEYS,
    LABELS,
    LOCK_ALPHA,
    LOCK_PIXELS,
    LOCK_POSITION,
)
from editor.formats.psd.metadata import recipe_xmp

MAX_LAYERS = 8000  # Photoshop's own limit
OPEN, CLOSED, DIVIDER = 1, 2, 3  # kinds of section divider
MASK_UNLINKED, MASK_DISABLED = 1, 2
FLAG_LOCKED_ALPHA, FLAG_HIDDEN, FLAG_MODERN, FLAG_IRRELEVANT = 1, 2, 8, 16
DIVIDER_NAME = "</Layer group>"

_CHANNELS = (-1, 0, 1, 2)
_MASK_CHANNEL = -2
_RANGES = struct.pack(">I", 40) + b"\0\0\xff\xff" * 10  # blend if: everything, for 1 + 4 channels


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One record: a layer, a group, or the divider below a group's children."""

    layer: Layer
    number: int  # Photoshop's layer number, from 1
    is_divider: bool = False

    @property
    def rect(self) -> Rect:
        """Where its pixels lie."""
        return self.layer.rect if isinstance(self.layer, PixelLayer) else EMPTY


def entries(layers: tuple[Layer, ...], first: int = 1) -> Iterator[Entry]:
    """Yield the records of a document, numbered from the bottom."""
    number = first
    for layer in layers:
        if not isinstance(layer, Group):
            yield Entry(layer, number)
            number += 1
            continue
        inside = list(entries(layer.children, number + 1))
        yield Entry(layer, number, is_divider=True)
        yield from inside
        yield Entry(layer, number)
        number = max((each.number for each in inside), default=number) + 1


def record(entry: Entry, version: int) -> tuple[bytes, list[int]]:
    """Return a record's bytes and where in them the lengths of its channels go."""
    layer = entry.layer
    channels = list(_CHANNELS)
    if layer.mask is not None and not entry.is_divider:
        channels.append(_MASK_CHANNEL)
    length = ">I" if version == 1 else ">Q"
    x0, y0, x1, y1 = entry.rect
    body = struct.pack(">iiiiH", y0, x0, y1, x1, len(channels))
    places = []
    for channel in channels:
        body += struct.pack(">h", channel)
        places.append(len(body))
        body += struct.pack(length, 0)
    body += b"8BIM" + _blend_key(entry)
    clipped = layer.clipped and not entry.is_divider
    body += struct.pack(">BBBx", _opacity(entry), clipped, _flags(entry))
    extra = _extra(entry)
    return body + struct.pack(">I", len(extra)) + extra, places


def _extra(entry: Entry) -> bytes:
    layer = entry.layer
    if entry.is_divider:
        body = struct.pack(">I", 0) + _RANGES + pascal(DIVIDER_NAME, 4)
        body += tagged(b"luni", unicode_string(DIVIDER_NAME))
        return body + tagged(b"lsct", struct.pack(">I", DIVIDER))
    body = _mask(layer.mask) + _RANGES + pascal(layer.name, 4)
    body += tagged(b"luni", unicode_string(layer.name))
    body += tagged(b"lyid", struct.pack(">I", entry.number))
    body += tagged(b"clbl", b"\1") + tagged(b"infx", b"\0") + tagged(b"knko", b"\0")
    body += tagged(b"lspf", struct.pack(">I", _locks(layer)))
    body += tagged(b"lclr", struct.pack(">H6x", LABELS.index(Label(layer.label))))
    if isinstance(layer, Group):
        kind = OPEN if layer.open else CLOSED
        body += tagged(b"lsct", struct.pack(">I", kind) + b"8BIM" + BLEND_KEYS[layer.blend_mode])
    elif isinstance(layer, AdjustmentLayer):
        body += b"".join(tagged(key, each) for key, each in blocks_of(layer.adjustment))
    elif layer.recipe is not None:
        body += tagged(b"shmd", metadata(recipe_xmp(layer.recipe)))
    return body


def _blend_key(entry: Entry) -> bytes:
    """Return the mode; that of a pass-through group stands in its section divider alone."""
    mode = entry.layer.blend_mode
    if entry.is_divider or mode is BlendMode.PASS_THROUGH:
        return BLEND_KEYS[BlendMode.NORMAL]
    return BLEND_KEYS[mode]


def _opacity(entry: Entry) -> int:
    return 255 if entry.is_divider else round(entry.layer.opacity * 255)


def _flags(entry: Entry) -> int:
    flags = FLAG_MODERN
    if not isinstance(entry.layer, PixelLayer):
        flags |= FLAG_IRRELEVANT
    if not entry.layer.visible and not entry.is_divider:
        flags |= FLAG_HIDDEN
    if entry.layer.locks.alpha and not entry.is_divider:
        flags |= FLAG_LOCKED_ALPHA
    return flags


def _locks(layer: Layer) -> int:
    locks = layer.locks
    return locks.alpha * LOCK_ALPHA + locks.pixels * LOCK_PIXELS + locks.position * LOCK_POSITION


def _mask(mask: Mask | None) -> bytes:
    if mask is None:
        return struct.pack(">I", 0)
    x0, y0, x1, y1 = mask.rect
    flags = (not mask.linked) * MASK_UNLINKED | (not mask.enabled) * MASK_DISABLED
    return struct.pack(">IiiiiBBxx", 20, y0, x0, y1, x1, mask.coverage.outside, flags)
