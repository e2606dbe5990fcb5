"""Dabs and paint on tiles, by machine code where it is loaded and else by the formulas here.

A stroke's coverage of a tile is (128, 128) float32 from 0 to 1; pixels are straight RGBA8.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from editor.document.pixels import FULL, RGBA8, TILE, Grey8
from editor.render import native

Cover = NDArray[np.float32]  # (128, 128), 0 to 1
Dabs = NDArray[np.float32]  # (n, 5): x, y, radius, width of the soft edge, flow
Colour = tuple[int, int, int]
STRENGTH_ONE = 1 << 16
BLANK: RGBA8 = np.zeros((TILE, TILE, 4), np.uint8)


class Paint(NamedTuple):
    """What a stroke does to pixels: a colour laid over them, or alpha taken away."""

    colour: Colour = (0, 0, 0)
    opacity: float = 1.0  # 0 to 1
    keep_alpha: bool = False
    erase: bool = False


def stamp(cover: Cover, corner: tuple[int, int], dabs: Dabs) -> None:
    """Build up a tile's coverage by dabs; it comes nearer to 1 with each and never exceeds it.

    `corner` is the tile's place in the coordinates of the dabs.
    """
    dabs = np.ascontiguousarray(dabs, np.float32)
    if native.ready():
        native.call("stamp", cover, *corner, dabs, len(dabs))
        return
    columns = np.arange(TILE, dtype=np.float32) + np.float32(corner[0] + 0.5)
    rows = np.arange(TILE, dtype=np.float32) + np.float32(corner[1] + 0.5)
    for x, y, radius, edge, flow in dabs:
        distance = np.sqrt((columns[None, :] - x) ** 2 + (rows[:, None] - y) ** 2)
        ramp = np.clip((radius + np.float32(0.5) - distance) / edge, 0, 1)
        cover += ramp * ramp * (3 - 2 * ramp) * flow * (1 - cover)


def laid(base: RGBA8 | None, cover: Cover, mask: Grey8 | None, paint: Paint) -> RGBA8:
    """Return a tile with paint on it, as far as coverage and mask let it.

    Straight alpha, Porter-Duff source over; what stays fully transparent keeps its colour.
    """
    if mask is FULL:
        mask = None
    if native.ready():
        out = np.empty((TILE, TILE, 4), np.uint8)
        red, green, blue = paint.colour
        colour = red | green << 8 | blue << 16
        strength = round(paint.opacity * STRENGTH_ONE)
        native.call("lay", base, cover, mask, out, colour, strength, paint.keep_alpha, paint.erase)
        return out
    share = cover * np.float32(paint.opacity)
    if mask is not None:
        share = share * (mask.astype(np.float32) / np.float32(255))
    return _laid(BLANK if base is None else base, share[..., None], paint)


def laid_pixels(
    base: RGBA8 | None, source: RGBA8, mask: Grey8 | None, opacity: float, *, keep_alpha: bool
) -> RGBA8:
    """Return a tile with another one laid over it, as far as the mask lets it."""
    if mask is FULL:
        mask = None
    if native.ready():
        out = np.empty((TILE, TILE, 4), np.uint8)
        source = np.ascontiguousarray(source)
        strength = round(opacity * STRENGTH_ONE)
        native.call("lay_pixels", base, source, mask, out, strength, keep_alpha)
        return out
    share = source[..., 3].astype(np.float32) / np.float32(255) * np.float32(opacity)
    if mask is not None:
        share = share * (mask.astype(np.float32) / np.float32(255))
    colours = source[..., :3].astype(np.float32)
    plain = Paint(keep_alpha=keep_alpha)
    return _laid(BLANK if base is None else base, share[..., None], plain, colours)


def laid_grey(base: Grey8, share: Cover, mask: Grey8 | None, value: Grey8 | int) -> Grey8:
    """Return a tile of coverage moved towards a value, or a value each, by a share from 0 to 1."""
    if mask is not None and mask is not FULL:
        share = share * (mask.astype(np.float32) / np.float32(255))
    wanted = np.asarray(value, np.float32)
    grey: Grey8 = np.rint(base + (wanted - base) * share).astype(np.uint8)
    return grey


def _laid(
    base: RGBA8,
    share: NDArray[np.float32],
    paint: Paint,
    wanted: NDArray[np.float32] | None = None,
) -> RGBA8:
    """Lay the paint's colour, or a colour for each pixel, by its share (128, 128, 1)."""
    alpha = base[..., 3:].astype(np.float32) / np.float32(255)
    colours = base[..., :3].astype(np.float32)
    if paint.erase:
        alpha = alpha * (1 - share)
    else:
        if not paint.keep_alpha:
            alpha = alpha + share * (1 - alpha)
            share = share / np.maximum(alpha, np.float32(1e-6))
        if wanted is None:
            wanted = np.asarray(paint.colour, np.float32)
        colours = colours + (wanted - colours) * share
    painted = np.concatenate([colours, alpha * 255], axis=2) + np.float32(0.5)
    rounded = np.clip(painted, 0, 255).astype(np.uint8)
    return np.where((rounded[..., 3:] | base[..., 3:]) > 0, rounded, base)
