"""Adjustment layers as Photoshop's own blocks, both ways, so that they stay editable there.

After "Adobe Photoshop File Formats Specification" (November 2019). Kinds that we have no layer for
are not read here.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise

from editor.document.adjustment import (
    STRAIGHT,
    Adjustment,
    BrightnessContrast,
    ColorBalance,
    Curve,
    Curves,
    HueSaturation,
    Invert,
    LevelRange,
    Levels,
)
from editor.formats.psd.blocks import DESCRIPTOR_VERSION, padded, unicode_string

_MEAN = 127  # "mean value for brightness and contrast"
_LEVEL_SETS = (29, 62)  # of the fixed part, and of all
_RANGES = (  # of hues, in degrees: reds, yellows, greens, cyans, blues, magentas
    (315, 345, 15, 45), (15, 45, 75, 105), (75, 105, 135, 165),
    (135, 165, 195, 225), (195, 225, 255, 285), (255, 285, 315, 345),
)  # fmt: skip
_SHORT = struct.error, IndexError, ValueError  # what too few bytes, or senseless ones, end in


def blocks_of(adjustment: Adjustment) -> Iterator[tuple[bytes, bytes]]:
    """Yield the key and the body of each block that says what an adjustment layer does."""
    match adjustment:
        case BrightnessContrast(brightness, contrast):
            yield b"brit", struct.pack(">hhhBx", brightness, contrast, _MEAN, 0)
            yield b"CgEd", _brightness_descriptor(adjustment)
        case Levels():
            yield b"levl", _levels(adjustment)
        case Curves():
            yield b"curv", _curves(adjustment)
        case HueSaturation():
            yield b"hue2", _hue(adjustment)
        case ColorBalance(shadows, midtones, highlights, keep):
            numbers = (*shadows, *midtones, *highlights)
            yield b"blnc", struct.pack(">9hBx", *numbers, keep)
        case Invert():
            yield b"nvrt", b""


def adjustment_of(blocks: dict[bytes, bytes]) -> Adjustment | None:
    """Return what a record's blocks say, None where there is no layer of ours for it."""
    try:
        return next((read(blocks) for key, read in _READERS if key in blocks), None)
    except _SHORT:
        return None


def loses(blocks: dict[bytes, bytes]) -> str | None:
    """Return what of an adjustment that was read looks different here, as the end of a sentence."""
    if b"useLegacybool\0" in blocks.get(b"CgEd", b""):
        return "uses Photoshop's newer brightness and contrast: it looks different here"
    body = blocks.get(b"hue2", b"")
    ranges = struct.unpack_from(">42h", body, 16) if len(body) >= 100 else ()
    if any(any(ranges[at + 4 : at + 7]) for at in range(0, len(ranges), 7)):
        return "changes some hues by themselves, which is not shown"
    return None


def _brightness_descriptor(adjustment: BrightnessContrast) -> bytes:
    def number(key: bytes, value: int) -> bytes:
        return _key(key) + b"long" + struct.pack(">i", value)

    def switch(key: bytes, is_on: bool) -> bytes:
        return _key(key) + b"bool" + bytes([is_on])

    items = (
        number(b"Vrsn", 1),
        number(b"Brgh", adjustment.brightness),
        number(b"Cntr", adjustment.contrast),
        number(b"means", _MEAN),
        switch(b"Lab ", False),
        switch(b"useLegacy", True),
        switch(b"Auto", False),
    )
    head = struct.pack(">I", DESCRIPTOR_VERSION) + unicode_string("", ended=True) + _key(b"null")
    return padded(head + struct.pack(">I", len(items)) + b"".join(items), 4)


def _key(name: bytes) -> bytes:
    """A four-letter key has the length 0 before it, any other its own."""
    return struct.pack(">I", 0 if len(name) == 4 else len(name)) + name


def _levels(levels: Levels) -> bytes:
    own = [levels.rgb, levels.red, levels.green, levels.blue]
    fixed, total = _LEVEL_SETS
    sets = [_level_set(each) for each in (*own, *[LevelRange()] * (total - len(own)))]
    more = b"Lvls" + struct.pack(">HH", 3, total)
    return struct.pack(">H", 2) + b"".join(sets[:fixed]) + more + b"".join(sets[fixed:])


def _level_set(each: LevelRange) -> bytes:
    gamma = round(each.gamma * 100)
    return struct.pack(">5H", each.black, each.white, each.out_black, each.out_white, gamma)


def _read_levels(blocks: dict[bytes, bytes]) -> Levels:
    sets = []
    for at in range(2, 42, 10):
        black, white, out_black, out_white, gamma = struct.unpack_from(">5H", blocks[b"levl"], at)
        gamma = min(999, max(10, gamma))
        sets.append(
            LevelRange(
                min(253, black), min(255, white), gamma / 100,
                min(255, out_black), min(255, out_white),
            )
        )  # fmt: skip
    return Levels(*sets)


def _curves(curves: Curves) -> bytes:
    own = dict(enumerate((curves.rgb, curves.red, curves.green, curves.blue)))
    bent = {channel: curve for channel, curve in own.items() if curve != STRAIGHT}
    bent = bent or {0: STRAIGHT}
    body = struct.pack(">BHI", 0, 1, sum(1 << channel for channel in bent))
    body += b"".join(map(_points, bent.values()))
    body += b"Crv " + struct.pack(">HI", 4, len(bent))
    for channel, curve in bent.items():
        body += struct.pack(">H", channel) + _points(curve)
    return body


def _points(curve: Curve) -> bytes:
    body = struct.pack(">H", len(curve))
    return body + b"".join(struct.pack(">HH", output, given) for given, output in curve)


def _read_curves(blocks: dict[bytes, bytes]) -> Curves:
    body = blocks[b"curv"]
    is_map, _, channels = struct.unpack_from(">BHI", body)
    if is_map or channels >= 16 or not channels:
        raise ValueError("a curve drawn by hand, or of other channels")
    curves, at = [STRAIGHT] * 4, 7
    for channel in range(4):
        if channels >> channel & 1:
            (count,) = struct.unpack_from(">H", body, at)
            pairs = struct.unpack_from(f">{2 * count}H", body, at + 2)
            at += 2 + 4 * count
            curves[channel] = _sound(tuple(zip(pairs[1::2], pairs[::2], strict=True)))
    return Curves(*curves)


def _sound(curve: Curve) -> Curve:
    inputs = [point[0] for point in curve]
    rises = all(a < b for a, b in pairwise(inputs))
    if not (2 <= len(curve) <= 19 and rises and max(max(point) for point in curve) <= 255):
        raise ValueError("no curve")
    return curve


def _hue(adjustment: HueSaturation) -> bytes:
    turn = (adjustment.hue + 180) % 360 - 180
    own = (turn, adjustment.saturation, adjustment.lightness)
    none = (0, 25, 0) if not adjustment.colorize else (0, 0, 0)  # Photoshop's own for colorizing
    pairs = (own, none) if adjustment.colorize else (none, own)
    body = struct.pack(">HBx6h", 2, adjustment.colorize, *pairs[0], *pairs[1])
    return body + b"".join(struct.pack(">7h", *each, 0, 0, 0) for each in _RANGES)


def _read_hue(blocks: dict[bytes, bytes]) -> HueSaturation:
    _, colorize, *six = struct.unpack_from(">HBx6h", blocks[b"hue2"])
    hue, saturation, lightness = six[:3] if colorize else six[3:]
    if colorize:
        hue %= 360
    return HueSaturation(hue, _percent(saturation), _percent(lightness), bool(colorize))


def _read_brightness(blocks: dict[bytes, bytes]) -> BrightnessContrast:
    newer = blocks.get(b"CgEd", b"")
    if b"Brghlong" in newer and b"Cntrlong" in newer:
        return BrightnessContrast(*(_percent(_long(newer, key)) for key in (b"Brgh", b"Cntr")))
    brightness, contrast = struct.unpack_from(">hh", blocks[b"brit"])
    return BrightnessContrast(_percent(brightness), _percent(contrast))


def _long(descriptor: bytes, key: bytes) -> int:
    at = descriptor.index(key + b"long") + 8
    return int(struct.unpack_from(">i", descriptor, at)[0])


def _read_balance(blocks: dict[bytes, bytes]) -> ColorBalance:
    numbers = struct.unpack_from(">9h", blocks[b"blnc"])
    keep = bool(blocks[b"blnc"][18])
    r = tuple(map(_percent, numbers))
    return ColorBalance((r[0], r[1], r[2]), (r[3], r[4], r[5]), (r[6], r[7], r[8]), keep)


def _percent(value: int) -> int:
    return min(100, max(-100, value))


_READERS = (
    (b"levl", _read_levels),
    (b"curv", _read_curves),
    (b"hue2", _read_hue),
    (b"blnc", _read_balance),
    (b"brit", _read_brightness),
    (b"nvrt", lambda _: Invert()),
)
