"""Runs a tile's steps with the float64 formulas: exact and slow.

It shows the first pictures while the kernels are being compiled, and tells the tests what is right.
"""

from collections.abc import Sequence

import numpy as np

from editor.document.layer import BlendMode
from editor.document.pixels import TILE, Grey8, TileKey
from editor.render.program import Op, Step
from editor.render.reference import Floats, composite_source, dissolved, straight


def run(steps: Sequence[Step], key: TileKey) -> Floats:
    """Return the premultiplied (128, 128, 4) composite of one tile."""
    stack = [np.zeros((TILE, TILE, 4))]
    kept_alpha: list[Floats] = []
    for step in steps:
        match step.op:
            case Op.SOURCE:
                _blend_piece(stack[-1], step, key)
            case Op.BEGIN:
                stack.append(np.zeros((TILE, TILE, 4)))
            case Op.BEGIN_COPY:
                stack.append(stack[-1].copy())
            case Op.OPAQUE:
                kept_alpha.append(stack[-1][..., 3].copy())
                stack[-1][..., :3] = straight(stack[-1])
                stack[-1][..., 3] = 1
            case Op.RESTORE:
                stack[-1] *= kept_alpha.pop()[..., None]
            case Op.END:
                ended = stack.pop()
                alpha = ended[..., 3] * _strength(step)
                stack[-1] = _blended(stack[-1], straight(ended), alpha, step.mode, key)
            case Op.END_LERP:
                ended = stack.pop()
                stack[-1] += (ended - stack[-1]) * np.broadcast_to(
                    np.asarray(_strength(step))[..., None], (TILE, TILE, 1)
                )
    return stack[0]


def _blend_piece(top: Floats, step: Step, key: TileKey) -> None:
    assert step.tile is not None
    x0, y0, x1, y1, source_x, source_y = step.piece
    rows, columns = slice(source_y, source_y + y1 - y0), slice(source_x, source_x + x1 - x0)
    source = step.tile[rows, columns] / 255.0
    mask = None if step.mask is None else step.mask[y0:y1, x0:x1]
    alpha = source[..., 3] * _strength(step, mask)
    part = top[y0:y1, x0:x1]
    at = (key[0] * TILE + x0, key[1] * TILE + y0)
    if step.mode is BlendMode.DISSOLVE:
        alpha = dissolved(alpha, *at)
    part[...] = composite_source(step.mode, part, source[..., :3], alpha)


def _blended(
    backdrop: Floats, color: Floats, alpha: Floats, mode: BlendMode, key: TileKey
) -> Floats:
    if mode is BlendMode.DISSOLVE:
        alpha = dissolved(alpha, key[0] * TILE, key[1] * TILE)
    return composite_source(mode, backdrop, color, alpha)


def _strength(step: Step, mask: Grey8 | None = None) -> Floats | float:
    """Return opacity times mask, 0 to 1; `mask` is the part of the step's own that is wanted."""
    if mask is None:
        mask = step.mask
    return step.opacity if mask is None else step.opacity * (mask / 255.0)
