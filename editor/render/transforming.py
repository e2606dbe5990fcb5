"""Pictures through an affine: turned, scaled, slanted, mirrored, with clean soft edges.

Neighbours are mixed by their alpha, so that the hidden colour of what is transparent never shows;
made smaller, each new pixel is the mean of all that it covers. The picture's edge stays an edge: a
pixel across it is as opaque as it is inside.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Rect
from editor.document.pixels import RGBA8
from editor.document.recipe import Affine
from editor.render import native

Doubles = NDArray[np.float64]


class Interpolation(StrEnum):
    """How neighbours are mixed."""

    NEAREST = "nearest"
    SMOOTH = "smooth"  # bilinear
    CUBIC = "cubic"  # sharper: Catmull and Rom's


KINDS = {Interpolation.NEAREST: 0, Interpolation.SMOOTH: 1, Interpolation.CUBIC: 2}


def is_quick() -> bool:
    """Whether neighbours can be mixed while a pointer moves: the formulas take seconds."""
    return native.ready()


def times(second: Affine, first: Affine) -> Affine:
    """Return the affine that does the first and then the second."""
    a, b, c, d, e, f = second
    g, h, i, j, k, m = first
    return (
        a * g + b * j, a * h + b * k, a * i + b * m + c,
        d * g + e * j, d * h + e * k, d * i + e * m + f,
    )  # fmt: skip


def inverse(affine: Affine) -> Affine:
    """Return the affine that undoes one; raises ValueError where it leaves no area."""
    a, b, c, d, e, f = affine
    determinant = a * e - b * d
    if abs(determinant) < 1e-9:
        raise ValueError("the affine has no inverse")
    g, h, j, k = e / determinant, -b / determinant, -d / determinant, a / determinant
    return (g, h, -g * c - h * f, j, k, -j * c - k * f)


def applied(affine: Affine, x: float, y: float) -> tuple[float, float]:
    """Return where an affine takes a place."""
    a, b, c, d, e, f = affine
    return a * x + b * y + c, d * x + e * y + f


def extent(affine: Affine, rect: Rect) -> Rect:
    """Return the smallest rect around a rect that went through an affine."""
    corners = [applied(affine, x, y) for x in (rect.x0, rect.x1) for y in (rect.y0, rect.y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Rect(
        int(np.floor(min(xs) + 1e-6)),
        int(np.floor(min(ys) + 1e-6)),
        int(np.ceil(max(xs) - 1e-6)),
        int(np.ceil(max(ys) - 1e-6)),
    )


def transformed(
    rgba: RGBA8, at: tuple[int, int], affine: Affine, out: Rect, how: Interpolation
) -> RGBA8:
    """Return what a rect shows of a straight picture that lies at a place, after an affine.

    Raises ValueError where the affine has no inverse.
    """
    back = inverse(affine)
    matrix = times((1, 0, -at[0], 0, 1, -at[1]), times(back, (1, 0, out.x0, 0, 1, out.y0)))
    rgba = np.ascontiguousarray(rgba)
    result = np.zeros((out.height, out.width, 4), np.uint8)
    if native.ready():
        words = np.asarray(matrix, np.float64)
        height, width = rgba.shape[:2]
        sizes = (width, height, result, out.width, out.height)
        native.call("resample", rgba, *sizes, words, KINDS[how])
        return result
    for row in range(out.height):  # a row at a time: every neighbour is a picture of its own
        result[row] = _row(rgba, matrix, row, out.width, how)
    return result


def _row(rgba: RGBA8, matrix: Affine, row: int, width: int, how: Interpolation) -> RGBA8:
    """Return one row of the new picture; matrix takes its places to those of the old."""
    columns = np.arange(width, dtype=np.float64) + 0.5
    x: Doubles = matrix[0] * columns + matrix[1] * (row + 0.5) + matrix[2]
    y: Doubles = matrix[3] * columns + matrix[4] * (row + 0.5) + matrix[5]
    if how is Interpolation.NEAREST:
        return _picked(rgba, np.floor(x).astype(np.int64), np.floor(y).astype(np.int64))
    support = 1 if how is Interpolation.SMOOTH else 2
    height, width_before = rgba.shape[:2]
    unit_x, unit_y = float(np.hypot(*matrix[:2])), float(np.hypot(*matrix[3:5]))
    reach_x, reach_y = max(1.0, unit_x), max(1.0, unit_y)
    across, down = int(np.ceil(support * reach_x)), int(np.ceil(support * reach_y))
    left, top = np.floor(x - 0.5).astype(np.int64), np.floor(y - 0.5).astype(np.int64)
    mixed, total = np.zeros((width, 4)), np.zeros(width)
    for dy in range(-down, down + 2):
        weight_y = _weight((top + dy + 0.5 - y) / reach_y, how)
        for dx in range(-across, across + 2):
            weight = weight_y * _weight((left + dx + 0.5 - x) / reach_x, how)
            weight = weight * _is_inside(rgba, left + dx, top + dy)
            pixels = _picked(rgba, left + dx, top + dy).astype(np.float64)
            alpha = pixels[:, 3] * weight
            mixed[:, :3] += pixels[:, :3] * alpha[:, None]
            mixed[:, 3] += alpha
            total += weight
    share: Doubles = _within(x, width_before, unit_x) * _within(y, height, unit_y)
    there = (total > 0) & (mixed[:, 3] > 0)
    alpha = np.clip(mixed[:, 3] / np.where(there, total, 1), 0, 255) * share * there
    colours = np.clip(mixed[:, :3] / np.where(there, mixed[:, 3], 1)[:, None], 0, 255)
    result = (np.concatenate([colours, alpha[:, None]], axis=1) + 0.5).astype(np.uint8)
    result[result[:, 3] == 0] = 0
    return result


def _within(place: Doubles, size: int, unit: float) -> Doubles:
    """Return how much of a new pixel, `unit` wide in the old picture, lies inside of it."""
    before = np.clip(place / unit + 0.5, 0, 1)
    share: Doubles = before * np.clip((size - place) / unit + 0.5, 0, 1)
    return share


def _weight(distance: Doubles, how: Interpolation) -> Doubles:
    d = np.abs(distance)
    if how is Interpolation.SMOOTH:
        tent: Doubles = np.maximum(0.0, 1 - d)
        return tent
    near = (1.5 * d - 2.5) * d * d + 1
    far = ((-0.5 * d + 2.5) * d - 4) * d + 2
    weight: Doubles = np.where(d < 1, near, np.where(d < 2, far, 0.0))
    return weight


def _picked(rgba: RGBA8, x: NDArray[np.int64], y: NDArray[np.int64]) -> RGBA8:
    height, width = rgba.shape[:2]
    pixels = rgba[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    return np.where(_is_inside(rgba, x, y)[:, None], pixels, np.uint8(0))


def _is_inside(rgba: RGBA8, x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.bool_]:
    height, width = rgba.shape[:2]
    inside: NDArray[np.bool_] = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return inside
