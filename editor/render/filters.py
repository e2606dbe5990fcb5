"""Filters on pixels: Gaussian blur, sharpening, and edges cleaned of an old background.

Colour is premultiplied while it is mixed, so that what is transparent lends no colour to what is
not. A picture is done in blocks, so that memory is that of a block.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, cells
from editor.document.pixels import RGBA8, Coverage, Pixels
from editor.render import native

BLOCK = 768  # pixels a side that are done at once
SOLID = 250  # alpha from which a pixel's colour is its own, when edges are cleaned
TINY = np.float32(1e-9)

RGBAFloat = NDArray[np.float32]  # (h, w, 4), premultiplied, 0 to 1
Filter = Callable[[RGBAFloat], RGBAFloat]  # from a block with `reach` more on every side to one


@dataclass(frozen=True, slots=True)
class Area:
    """What of a picture is filtered: a rect of it, and how much of that a selection takes.

    `bounds` is the canvas in the picture's coordinates: what ends at its edges goes on as it is.
    """

    rect: Rect
    bounds: Rect
    region: Coverage | None = None
    keep_alpha: bool = False


def filtered(pixels: Pixels, area: Area, reach: int, make: Filter) -> Pixels:
    """Return a picture filtered in an area; `make` looks at `reach` pixels around each."""
    after = pixels
    for column, row in cells(area.rect, BLOCK):
        whole = Rect(column * BLOCK, row * BLOCK, (column + 1) * BLOCK, (row + 1) * BLOCK)
        rect = whole.met(area.rect)
        region = None if area.region is None else area.region.read(rect)
        if region is not None and not region.any():
            continue
        before = pixels.read(rect)
        made = make(_premultiplied(_surroundings(pixels, rect.grown(reach), area.bounds)))
        block = _mixed(before, made, region, keep_alpha=area.keep_alpha)
        after = after.written(block, Point(rect.x0, rect.y0))
    return after


def blur_reach(radius: float) -> int:
    """Return how far a Gaussian of that standard deviation in pixels is looked at."""
    return max(1, math.ceil(3 * radius))


def blurred(radius: float) -> Filter:
    """Return the Gaussian blur of a standard deviation in pixels."""
    weights = gaussian(radius)

    def make(block: RGBAFloat) -> RGBAFloat:
        down = summed_rows(block, weights)
        across = summed_rows(np.ascontiguousarray(down.transpose(1, 0, 2)), weights)
        return np.ascontiguousarray(across.transpose(1, 0, 2))

    return make


def sharpened(radius: float, amount: float, threshold: float) -> Filter:
    """Return the unsharp mask: colours moved away from their own blur by a factor `amount`.

    Differences of less than `threshold`, 0 to 1, stay; alpha stays as it is.
    """
    blur, reach = blurred(radius), blur_reach(radius)

    def make(block: RGBAFloat) -> RGBAFloat:
        own = block[reach:-reach, reach:-reach].copy()
        alpha = own[..., 3:]
        color, soft = _straight(own), _straight(blur(block))
        apart = color - soft
        far = np.abs(apart).max(axis=-1, keepdims=True) >= threshold
        sharp = np.where(far, np.clip(color + amount * apart, 0, 1), color)
        own[..., :3] = sharp * alpha
        return own

    return make


def defringed(width: int) -> Filter:
    """Return the filter that gives half-transparent pixels the colour of the solid ones near them.

    Colours spread outward from what is solid, a pixel at a time, `width` pixels far; alpha stays.
    """

    def make(block: RGBAFloat) -> RGBAFloat:
        alpha = block[..., 3]
        solid = alpha >= SOLID / 255
        color = np.where(solid[..., None], block[..., :3] / np.maximum(alpha, TINY)[..., None], 0)
        known = solid.copy()
        for _ in range(width):
            total, count = _around(color * known[..., None]), _around(known.astype(np.float32))
            new = ~known & (count > 0)
            color[new] = total[new] / count[new][..., None]
            known |= new
        own = np.where((known & ~solid)[..., None], color * alpha[..., None], block[..., :3])
        result = np.concatenate([own, alpha[..., None]], axis=-1)
        return np.ascontiguousarray(result[width:-width, width:-width])

    return make


def gaussian(radius: float) -> NDArray[np.float32]:
    """Return the weights of a Gaussian out to three deviations; their sum is 1."""
    reach = blur_reach(radius)
    at = np.arange(-reach, reach + 1)
    weights = np.exp(-(at**2) / (2 * radius * radius))
    return np.ascontiguousarray(weights / weights.sum(), np.float32)


def summed_rows(block: RGBAFloat, weights: NDArray[np.float32]) -> RGBAFloat:
    """Return the weighted sum of each `len(weights)` rows that follow one another."""
    rows = len(block) - len(weights) + 1
    block = np.ascontiguousarray(block, np.float32)
    out = np.empty((rows, *block.shape[1:]), np.float32)
    if native.load_or_order():
        native.call("sum_rows", block, out, rows, out[0].size, weights, len(weights))
        return out
    out[:] = 0
    for index, share in enumerate(weights):
        out += block[index : index + rows] * share
    return out


def _around(values: RGBAFloat) -> RGBAFloat:
    """Return the sum of each value's eight neighbours and itself; beyond the block there is 0."""
    wide = np.pad(values, ((1, 1), (1, 1), *((0, 0),) * (values.ndim - 2)))
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    total: RGBAFloat = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
    return total


def _surroundings(pixels: Pixels, rect: Rect, bounds: Rect) -> RGBA8:
    """Return a rect in which what ends just at the canvas's edge goes on beyond it."""
    content = pixels.content
    x0 = max(rect.x0, content.x0) if content.x0 == bounds.x0 else rect.x0
    y0 = max(rect.y0, content.y0) if content.y0 == bounds.y0 else rect.y0
    x1 = min(rect.x1, content.x1) if content.x1 == bounds.x1 else rect.x1
    y1 = min(rect.y1, content.y1) if content.y1 == bounds.y1 else rect.y1
    inner = Rect(x0, y0, x1, y1)
    if inner == rect or inner.is_empty:
        return pixels.read(rect)
    beside = ((y0 - rect.y0, rect.y1 - y1), (x0 - rect.x0, rect.x1 - x1), (0, 0))
    around: RGBA8 = np.pad(pixels.read(inner), beside, mode="edge")
    return around


def _premultiplied(rgba: RGBA8) -> RGBAFloat:
    result: RGBAFloat = rgba.astype(np.float32) / np.float32(255)
    result[..., :3] *= result[..., 3:]
    return result


def _straight(block: RGBAFloat) -> RGBAFloat:
    return np.asarray(block[..., :3] / np.maximum(block[..., 3:], TINY), np.float32)


def _mixed(
    before: RGBA8, made: RGBAFloat, region: NDArray[np.uint8] | None, *, keep_alpha: bool
) -> RGBA8:
    """Return straight pixels: what was made where the region is, as they were elsewhere."""
    if region is not None:
        share = (region.astype(np.float32) / np.float32(255))[..., None]
        old = _premultiplied(before)
        made = np.asarray(old + (made - old) * share, np.float32)
    after = np.empty_like(before)
    after[..., :3] = np.clip(_straight(made), 0, 1) * 255 + np.float32(0.5)
    after[..., 3] = np.clip(made[..., 3], 0, 1) * 255 + np.float32(0.5)
    if keep_alpha:
        after[..., 3] = before[..., 3]
    gone = after[..., 3] == 0  # its colour is kept, as everywhere
    after[gone, :3] = before[gone, :3]
    if region is not None:
        after[region == 0] = before[region == 0]
    return after
