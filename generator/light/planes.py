"""Pooling, enlarging and blurring of float planes (h, w, c), and ratios that reach into gaps.

Beyond its edges a plane is zero: everything here is made for sums of weights, where zero is "not
known", and for alpha, where it is "not there".
"""

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float32]  # (h, w, c)

LARGEST_SIGMA = 4.0  # a wider blur is made at half the size: 25 taps a direction at most
TRUST = 0.002  # mean evidence at which a ratio's own scale and the coarser one weigh the same


def pooled(planes: Planes, factor: int) -> Planes:
    """Return the means of factor x factor blocks; the last blocks are filled up with zeros."""
    height, width, channels = planes.shape
    rows, columns = -(-height // factor), -(-width // factor)
    whole = np.zeros((rows * factor, columns * factor, channels), np.float32)
    whole[:height, :width] = planes
    # Slice by slice: numpy is slow at sums along short axes, here and in `largest_channel`.
    lines = sum((whole[start::factor] for start in range(1, factor)), whole[::factor])
    cells = sum((lines[:, start::factor] for start in range(1, factor)), lines[:, ::factor])
    means: Planes = np.divide(cells, np.float32(factor**2))
    return means


def largest_channel(planes: Planes) -> Planes:
    """Return the largest value over channels, (h, w, 1)."""
    largest = planes[..., :1]
    for channel in range(1, planes.shape[2]):
        largest = np.maximum(largest, planes[..., channel : channel + 1])
    return largest


def mean_channel(planes: Planes) -> Planes:
    """Return the mean over three channels, (h, w, 1)."""
    mean: Planes = (planes[..., :1] + planes[..., 1:2] + planes[..., 2:]) / np.float32(3)
    return mean


def enlarged(planes: Planes, factor: int, shape: tuple[int, ...]) -> Planes:
    """Undo `pooled` bilinearly: (rows, columns, c) to shape[:2], cut off at its edges."""
    for axis in (0, 1):
        size = planes.shape[axis]
        at = np.clip((np.arange(shape[axis]) + 0.5) / factor - 0.5, 0, size - 1)
        low = at.astype(np.intp)
        part = (at - low).astype(np.float32).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        first = planes.take(low, axis)
        second = planes.take(np.minimum(low + 1, size - 1), axis)
        planes = first + part * (second - first)
    return planes


def blurred(planes: Planes, sigma: float) -> Planes:
    """Return the planes under a Gaussian of that many pixels; what lies beyond the edge is zero."""
    if sigma > LARGEST_SIGMA:
        return enlarged(blurred(pooled(planes, 2), sigma / 2), 2, planes.shape)
    reach = int(np.ceil(3 * sigma))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-3)) ** 2)
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in (0, 1):
        margin = [(reach, reach) if each == axis else (0, 0) for each in range(3)]
        source = np.pad(planes, margin)
        planes = np.zeros_like(planes)
        for start, tap in enumerate(taps):
            stop = start + planes.shape[axis]
            planes += tap * (source[start:stop] if axis == 0 else source[:, start:stop])
    return planes


def widest(planes: Planes, reach: int) -> Planes:
    """Return the largest value within a square of `reach` pixels to each side."""
    for axis in (0, 1):
        for _ in range(reach):
            ahead, behind = planes.copy(), planes
            if axis == 0:
                np.maximum(ahead[1:], behind[:-1], out=ahead[1:])
                np.maximum(ahead[:-1], behind[1:], out=ahead[:-1])
            else:
                np.maximum(ahead[:, 1:], behind[:, :-1], out=ahead[:, 1:])
                np.maximum(ahead[:, :-1], behind[:, 1:], out=ahead[:, :-1])
            planes = ahead
    return planes


def smooth_ratio(above: Planes, below: Planes, sigma: float) -> Planes:
    """Return above / below under a Gaussian, continued smoothly to where `below` is nothing.

    With above = w y x and below = w x x this is the local least-squares slope of y = ratio x under
    weights w. Where a scale has no evidence, the next coarser one is asked (push-pull: Gortler et
    al., "The Lumigraph", 1996, section 3.4), and at the last the answer is 1.
    """
    smooth_above, smooth_below = blurred(above, sigma), blurred(below, sigma)
    coarse = _coarse_ratio(pooled(smooth_above, 2), pooled(smooth_below, 2))
    prior = enlarged(coarse, 2, above.shape)
    ratio: Planes = (smooth_above + TRUST * prior) / (smooth_below + TRUST)
    return ratio


def _coarse_ratio(above: Planes, below: Planes) -> Planes:
    prior = np.ones_like(above)
    if max(above.shape[:2]) > 1:
        coarse = _coarse_ratio(pooled(above, 2), pooled(below, 2))
        prior = enlarged(coarse, 2, above.shape)
    ratio: Planes = (above + TRUST * prior) / (below + TRUST)
    return ratio
