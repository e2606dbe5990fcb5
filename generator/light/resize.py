"""8-bit pictures in another size, on numpy alone: what measuring light on two pictures needs."""

import numpy as np
from numpy.typing import NDArray

from generator.request import RGBA8


def resized(rgba: RGBA8, size: tuple[int, int]) -> RGBA8:
    """Return a straight picture as (width, height), mixed premultiplied; the same size as it is.

    Each new pixel is the mean under a triangle as wide as a pixel of the coarser picture: linear
    where it grows, without aliases where it shrinks. What is fully transparent becomes 0.
    """
    width, height = size
    if rgba.shape[:2] == (height, width):
        return rgba
    down, across = _weights(rgba.shape[0], height), _weights(rgba.shape[1], width)
    alpha = rgba[..., 3].astype(np.float32)
    new_alpha = down @ alpha @ across.T
    out = np.zeros((height, width, 4), np.uint8)
    out[..., 3] = np.rint(np.clip(new_alpha, 0, 255))
    for channel in range(3):
        mixed = down @ (rgba[..., channel] * alpha) @ across.T
        straight = mixed / np.maximum(new_alpha, np.float32(1e-6))
        out[..., channel] = np.rint(np.clip(straight, 0, 255))
    out[out[..., 3] == 0] = 0
    return out


def _weights(old: int, new: int) -> NDArray[np.float32]:
    """Return (new, old): how much of each old pixel is in each new one; rows sum to 1."""
    ratio = old / new
    reach = max(ratio, 1.0)
    centres = (np.arange(new) + 0.5) * ratio - 0.5
    weights = np.maximum(0, 1 - np.abs(centres[:, None] - np.arange(old)[None, :]) / reach)
    normal: NDArray[np.float32] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return normal
