"""What a PSD's layer has that a document cannot hold, found and put into words.

Only what would change the picture or what can be edited is told.
"""

import struct
from collections.abc import Iterator
from enum import StrEnum

from editor.document.layer import BlendMode
from editor.formats.psd.keys import FILL_DIFFERS, MODES_BY_KEY
from editor.formats.psd.parse import Record

_ADJUSTMENTS = frozenset(
    b"brit levl curv expA vibA hue2 blnc blwh phfl mixr clrL nvrt post thrs selc grdm".split()
) | {b"hue "}
_FILLS = (b"SoCo", b"GdFl", b"PtFl", b"vscg")
_VECTOR_MASKS = (b"vmsk", b"vsms")
_TEXTS = (b"TySh", b"tySh")
_SMART_OBJECTS = (b"PlLd", b"SoLd", b"SoLE")
_ARTBOARDS = (b"artb", b"artd", b"abdd")
_EFFECTS = (b"lfx2", b"lmfx", b"lfxs")
_OLD_ENABLED = {b"dsdw": 38, b"isdw": 38, b"oglw": 30, b"iglw": 30, b"bevl": 55, b"sofi": 23}
_EVERYTHING = b"\0\0\xff\xff" * 2


class Kind(StrEnum):
    """What a record is."""

    PIXELS = "pixels"
    TEXT = "text"
    SMART_OBJECT = "a smart object"
    SHAPE = "a shape"
    FILL = "a fill"
    ADJUSTMENT = "an adjustment"


def kind_of(record: Record) -> Kind:
    """Return what a record that is no group is."""
    keys = record.blocks.keys()
    if keys & _ADJUSTMENTS:
        return Kind.ADJUSTMENT
    if any(key in keys for key in _TEXTS):
        return Kind.TEXT
    if any(key in keys for key in _SMART_OBJECTS):
        return Kind.SMART_OBJECT
    if any(key in keys for key in _FILLS):
        return Kind.SHAPE if vector_mask(record) is not None else Kind.FILL
    return Kind.PIXELS


def vector_mask(record: Record) -> bytes | None:
    """Return the block of the vector mask, or None."""
    return next((record.blocks[key] for key in _VECTOR_MASKS if key in record.blocks), None)


def fill_opacity(record: Record) -> int:
    """Return the fill opacity, 0 to 255."""
    block = record.blocks.get(b"iOpa", b"\xff")
    return block[0] if block else 255


def folds_fill(record: Record) -> bool:
    """Whether fill opacity is the same as opacity here."""
    mode = MODES_BY_KEY.get(record.blend_key)
    return mode not in FILL_DIFFERS and not has_effects(record)


def has_effects(record: Record) -> bool:
    """Whether the layer has an effect that is switched on."""
    blocks = [record.blocks[key] for key in _EFFECTS if key in record.blocks]
    if blocks:  # descriptors: a key, its type, its value
        return any(b"enabbool\1" in each and b"masterFXSwitchbool\0" not in each for each in blocks)
    return _has_old_effects(record.blocks.get(b"lrFX", b""))


def warnings_of(record: Record, kind: Kind) -> Iterator[str]:
    """Yield one sentence for each thing that is lost."""
    name = f"“{record.name}”"
    if kind is not Kind.PIXELS:
        yield f"{name} is {kind}: it arrived as pixels."
    if has_effects(record):
        yield f"{name} has layer effects, which are not shown."
    if fill_opacity(record) != 255 and not folds_fill(record):
        yield f"{name} has a fill opacity, which is not shown."
    if any(record.blocks.get(b"knko", b"\0")[:1]):
        yield f"{name} knocks out what is below, which is not shown."
    if any(key in record.blocks for key in _ARTBOARDS):
        yield f"{name} is an artboard: it arrived as a group, without its edges and background."
    if not _blends_everywhere(record.ranges):
        yield f"{name} blends only some tones (“Blend If”), which is not shown."
    if record.blocks.get(b"brst"):
        yield f"{name} leaves out some colour channels, which is not shown."


def clips_alone(record: Record) -> bool:
    """Whether layers clipped to it are blended one by one, which only Photoshop does."""
    return record.blocks.get(b"clbl", b"\1")[:1] == b"\0"


def mode_of(record: Record) -> BlendMode | None:
    """Return the blend mode, None where its name is unknown; a group's stands in its divider."""
    divider = record.blocks.get(b"lsct", record.blocks.get(b"lsdk", b""))
    key = divider[8:12] if len(divider) >= 12 else record.blend_key
    return MODES_BY_KEY.get(key)


def divider_of(record: Record) -> int:
    """Return the kind of section divider: 0 for none, 1 and 2 for a group, 3 for its bottom."""
    block = record.blocks.get(b"lsct", record.blocks.get(b"lsdk", b""))
    return int(struct.unpack_from(">I", block)[0]) if len(block) >= 4 else 0


def _blends_everywhere(ranges: bytes) -> bool:
    return all(
        ranges[at : at + 8] == _EVERYTHING[: len(ranges) - at] for at in range(0, len(ranges), 8)
    )


def _has_old_effects(block: bytes) -> bool:
    """Whether `lrFX`, of Photoshop 5, has an effect that is switched on."""
    at = 4
    while at + 12 <= len(block):
        key, (size,) = block[at + 4 : at + 8], struct.unpack_from(">I", block, at + 8)
        place = at + 12 + _OLD_ENABLED.get(key, size)
        if key in _OLD_ENABLED and place < at + 12 + size and block[place : place + 1] == b"\1":
            return True
        at += 12 + size
    return False
