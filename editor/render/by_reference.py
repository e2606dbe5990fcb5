"""Runs a tile's steps with the float64 formulas: exact and slow.

It shows the first pictures while the kernels are being compiled, and tells the tests what is right.
"""

from collections.abc import Sequence

import numpy as np

from editor.document.layer import BlendMode
from editor.document.pixels import TILE, TileKey
from editor.render.adjusting import How, adjusted
from editor.render.program import Op, Step
from editor.render.reference import Floats, composite_source, dissolved, straight
from editor.render.strip import TINY


def run(steps: Sequence[Step], key: TileKey) -> Floats:  # noqa: C901 - one case an op
    """Return the premultiplied (128, 128, 4) composite of one tile."""
    stack = [np.zeros((TILE, TILE, 4))]
    kept_alpha: list[Floats] = []
    for step in steps:
        match step.op:
            case Op.SOURCE:
                source = _gathered(step)
                stack[-1] = _laid(stack[-1], source[..., :3], source[..., 3], step, key)
            case Op.ADJUST:
                stack[-1] = _adjusted(stack[-1], step, key)
            case Op.BEGIN:
                stack.append(np.zeros((TILE, TILE, 4)))
            case Op.BEGIN_COPY:
                stack.append(stack[-1].copy())
            case Op.OPAQUE:
                kept_alpha.append(_set_aside(stack[-1]))
            case Op.RESTORE:
                stack[-1] *= kept_alpha.pop()[..., None]
            case Op.END:
                ended = stack.pop()
                stack[-1] = _laid(stack[-1], straight(ended), ended[..., 3], step, key)
            case Op.END_WITHIN:
                within, ended = stack.pop()[..., 3:], stack.pop()
                share = np.minimum(1, within / np.maximum(stack[-1][..., 3:], TINY))
                stack[-1] += (ended - stack[-1]) * share
            case Op.END_LERP:
                ended = stack.pop()
                stack[-1] += (ended - stack[-1]) * _strength(step)[..., None]
    return stack[0]


def _set_aside(top: Floats) -> Floats:
    """Make a picture opaque and straight, in place; return the alpha it had."""
    alpha = top[..., 3].copy()
    top[..., :3] = straight(top)
    top[..., 3] = 1
    return alpha


def _gathered(step: Step) -> Floats:
    """Return the straight (128, 128, 4) source that lies in up to four tiles of its layer."""
    source = np.zeros((TILE, TILE, 4))
    x, y = step.source_x, step.source_y
    places = (
        (slice(0, TILE - y), slice(0, TILE - x), slice(y, TILE), slice(x, TILE)),
        (slice(0, TILE - y), slice(TILE - x, TILE), slice(y, TILE), slice(0, x)),
        (slice(TILE - y, TILE), slice(0, TILE - x), slice(0, y), slice(x, TILE)),
        (slice(TILE - y, TILE), slice(TILE - x, TILE), slice(0, y), slice(0, x)),
    )
    for tile, (rows, columns, from_rows, from_columns) in zip(step.tiles, places, strict=True):
        if tile is not None:
            source[rows, columns] = tile[from_rows, from_columns] / 255.0
    return source


def _adjusted(top: Floats, step: Step, key: TileKey) -> Floats:
    values = step.tiles[0]
    assert values is not None
    color = straight(top)
    made = adjusted(How(step.source_x), values.astype(np.float32), color)
    opaque = np.concatenate([color, np.ones((TILE, TILE, 1))], axis=-1)
    after = _laid(opaque, made, np.ones((TILE, TILE)), step, key)
    return np.concatenate([after[..., :3] * top[..., 3:], top[..., 3:]], axis=-1)


def _laid(backdrop: Floats, color: Floats, alpha: Floats, step: Step, key: TileKey) -> Floats:
    alpha = alpha * _strength(step)
    if step.mode is BlendMode.DISSOLVE:
        alpha = dissolved(alpha, key[0] * TILE, key[1] * TILE)
    return composite_source(step.mode, backdrop, color, alpha)


def _strength(step: Step) -> Floats:
    """Return opacity times mask, 0 to 1, (128, 128) or a single value."""
    opacity = np.float64(step.opacity)
    return np.asarray(opacity if step.mask is None else opacity * (step.mask / 255.0))
