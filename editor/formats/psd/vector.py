"""Vector masks and solid fills of a PSD as pixels: paths flattened and filled.

Paths are closed cubic Bezier curves whose points are fractions of the canvas.
"""

import struct

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, Size
from editor.document.pixels import Coverage
from editor.formats.psd.outline import covered

_CURVE_STEPS = 24
_RECORD = 26
_CLOSED_LENGTH, _OPEN_LENGTH, _INITIAL_FILL = 0, 3, 8
_KNOTS = (1, 2, 4, 5)
_INVERT, _DISABLE = 1, 4
_EXCLUDE, _SUBTRACT, _INTERSECT = 0, 2, 3  # 1, and what is unknown, unites
_MAX_PIXELS = 2**26

Points = NDArray[np.float64]  # (n, 2), x and y in pixels
Shares = NDArray[np.float32]  # (h, w), how much of each pixel is covered, 0 to 1


def is_disabled(block: bytes) -> bool:
    """Whether a vector mask is switched off."""
    return len(block) < 8 or bool(struct.unpack_from(">I", block, 4)[0] & _DISABLE)


def rasterised(block: bytes, canvas: Size) -> Coverage | None:
    """Return a vector mask's coverage of the canvas; None where it is too large to draw."""
    (flags,) = struct.unpack_from(">I", block, 4)
    if canvas.width * canvas.height > _MAX_PIXELS:
        return None
    starts_full, paths = _paths(block[8:], canvas)
    drawn = np.full((canvas.height, canvas.width), starts_full, np.float32)
    for operation, points in paths:
        _combine(drawn, covered(points, canvas), operation)
    if flags & _INVERT:
        drawn = 1 - drawn
    return Coverage.from_array(np.rint(drawn * 255).astype(np.uint8), Point(0, 0), outside=0)


def solid_colour(block: bytes) -> tuple[int, int, int] | None:
    """Return the RGB of a solid fill (`SoCo`), or None where it is in another colour model."""
    levels = []
    for key in (b"Rd  doub", b"Grn doub", b"Bl  doub"):
        at = block.find(key)
        if at < 0 or at + 16 > len(block):
            return None
        (value,) = struct.unpack_from(">d", block, at + 8)
        levels.append(round(min(255.0, max(0.0, value))) if value == value else 0)
    return (levels[0], levels[1], levels[2])


def filled(colour: tuple[int, int, int], rect: Rect) -> NDArray[np.uint8]:
    """Return an opaque (h, w, 4) picture of one colour."""
    return np.full((rect.height, rect.width, 4), (*colour, 255), np.uint8)


def _combine(drawn: Shares, path: Shares, operation: int) -> None:
    if operation == _EXCLUDE:
        drawn += path - 2 * drawn * path
    elif operation == _SUBTRACT:
        drawn *= 1 - path
    elif operation == _INTERSECT:
        drawn *= path
    else:
        drawn += path - drawn * path


def _paths(body: bytes, canvas: Size) -> tuple[bool, list[tuple[int, Points]]]:
    """Return whether all is filled to begin with, and each closed path with its operation.

    An operation of -1 continues the path before it, and the two exclude each other's inside.
    """
    starts_full = False
    paths: list[tuple[int, list[Points]]] = []
    for at in range(0, len(body) - _RECORD + 1, _RECORD):
        (kind,) = struct.unpack_from(">H", body, at)
        if kind == _INITIAL_FILL:
            starts_full = bool(struct.unpack_from(">H", body, at + 2)[0])
        elif kind in (_CLOSED_LENGTH, _OPEN_LENGTH):
            (operation,) = struct.unpack_from(">h", body, at + 4)
            paths.append((_EXCLUDE if operation < 0 else operation, []))
        elif kind in _KNOTS and paths:
            fixed = np.array(struct.unpack_from(">6i", body, at + 2), np.float64) / 2**24
            paths[-1][1].append(fixed.reshape(3, 2)[:, ::-1] * (canvas.width, canvas.height))
    return starts_full, [(operation, _flattened(knots)) for operation, knots in paths]


def _flattened(knots: list[Points]) -> Points:
    """Return a polygon; each knot is the control point before, the anchor and the one after."""
    steps = np.linspace(0.0, 1.0, _CURVE_STEPS, endpoint=False)[:, None]
    parts = []
    for index, knot in enumerate(knots):
        following = knots[(index + 1) % len(knots)]
        a, b, c, d = knot[1], knot[2], following[0], following[1]
        rest = 1 - steps
        parts.append(rest**3 * a + 3 * rest**2 * steps * b + 3 * rest * steps**2 * c + steps**3 * d)
    return np.concatenate(parts) if parts else np.empty((0, 2))
