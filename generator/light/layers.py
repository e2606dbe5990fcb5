"""From measured ratios to 8-bit layers: where there is light or shadow at all, and its encoding.

The ratio is what remains of b under Multiply, of 1 - b under Screen, so one code serves both.
"""

import numpy as np
from numpy.typing import NDArray

from generator.light.drift import LEVEL, cell_means, cell_side, noise
from generator.light.planes import (
    Planes,
    enlarged,
    largest_channel,
    mean_channel,
    pooled,
    smooth_ratio,
    widest,
)
from generator.request import RGBA8

# A layer exists where a cell's mean changes by 4 levels: 1.5 % is about what an eye sees of a soft
# change, and twice what may be left between the recomposition and the blended picture. It goes on
# from there as long as there is a change of a level. With noise both are multiples of it, at which
# none of 48 x 48 cells is expected to pass by chance.
SEED, FRINGE = 4 * LEVEL, 1 * LEVEL
SEED_NOISES, FRINGE_NOISES = 5.0, 1.5
LEAST_SEEDS = 4  # cells: one alone is a stray detail
GREY = 2 * LEVEL  # a hue that changes what is seen by less is the model's, not the light's


def slope(below: Planes, seen: Planes, weight: Planes) -> Planes:
    """Return the least-squares m of seen = m x below around each pixel, (h, w, 3)."""
    return smooth_ratio(weight * seen * below, weight * below * below, _sigma(below))


def kept(ratio: Planes, below: Planes, seen: Planes, weight: Planes) -> Planes | None:
    """Return the ratio (h, w, 3), at most 1, where something is there, else 1; None if nowhere.

    A ratio without a hue worth keeping comes back grey, measured from all channels together.
    """
    factor = cell_side(ratio.shape)
    known = pooled(weight, factor)[..., 0] > 0.1
    change = pooled(largest_channel(below * (1 - ratio)), factor)[..., 0]
    difference, _ = cell_means(seen - below, weight, factor)
    chance = max(noise(difference[..., channel], known) for channel in range(3))
    seeds = known & (change > max(SEED, SEED_NOISES * chance))
    if np.count_nonzero(seeds) < LEAST_SEEDS:
        return None
    region = _grown(seeds, change > max(FRINGE, FRINGE_NOISES * chance))
    cells = widest(region[..., None].astype(np.float32), 1)
    cover = enlarged(cells, factor, ratio.shape)
    grey = _grey_slope(below, seen, weight)
    if _is_grey(ratio, grey, cover * below):
        ratio = np.repeat(np.minimum(grey, 1), 3, axis=2)
    result: Planes = 1 - cover * (1 - ratio)
    return result


def multiply_layer(ratio: Planes, shown: Planes) -> RGBA8:
    """Encode ratio = 1 - alpha (1 - colour): colour is the shadow at its deepest, alpha its cover.

    `shown` (h, w, 1) is where there is something to lie on.
    """
    alpha, share = _cover_and_share(1 - ratio)
    return _layer(1 - share, alpha * shown)


def screen_layer(ratio: Planes, shown: Planes) -> RGBA8:
    """Encode ratio = 1 - alpha x colour, which is what Screen leaves of 1 - b."""
    alpha, share = _cover_and_share(1 - ratio)
    return _layer(share, alpha * shown)


def _sigma(planes: Planes) -> float:
    return float(np.clip(max(planes.shape[:2]) / 400, 1, 2.5))


def _grey_slope(below: Planes, seen: Planes, weight: Planes) -> Planes:
    above, base = mean_channel(weight * seen * below), mean_channel(weight * below * below)
    return smooth_ratio(above, base, _sigma(below))


def _is_grey(ratio: Planes, grey: Planes, levels: Planes) -> bool:
    """Whether the hue, where there is most to see, is too weak to matter."""
    strength = levels * (1 - np.minimum(grey, 1))
    hue = levels * (ratio - np.minimum(grey, 1))
    mean_square = float((strength * hue**2).sum()) / max(float(strength.sum()), 1e-9)
    return mean_square < GREY**2


def _grown(seeds: NDArray[np.bool_], within: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the parts of `within` that touch a seed."""
    region = seeds
    while True:
        wider = (widest(region[..., None].astype(np.float32), 1)[..., 0] > 0) & within | seeds
        if np.array_equal(wider, region):
            return region
        region = wider


def _cover_and_share(lost: Planes) -> tuple[Planes, Planes]:
    """Split what is lost (h, w, 3) into alpha (h, w, 1), in whole levels, and a share of at most 1.

    The largest loss is the full alpha's, so that a grey shadow has one colour and alpha is its
    coverage; where alpha is 0 the share is the mean.
    """
    deepest = max(np.ceil(float(lost.max()) * 255) / 255, LEVEL)
    levels = np.round(largest_channel(lost) / np.float32(deepest) * 255)
    alpha: Planes = np.divide(levels, np.float32(255))
    if (lost == lost[..., :1]).all():
        return alpha, np.full_like(lost, deepest)
    share = np.clip(lost / np.maximum(alpha, np.float32(LEVEL)), 0, 1)
    mean = (share * alpha).sum((0, 1)) / max(float(alpha.sum()), LEVEL)
    everywhere: Planes = np.where(alpha > 0, share, mean)
    return alpha, everywhere


def _layer(colour: Planes, alpha: Planes) -> RGBA8:
    levels = np.concatenate([colour, alpha], axis=2) * 255
    rounded: RGBA8 = np.clip(np.round(levels), 0, 255).astype(np.uint8)
    return rounded
