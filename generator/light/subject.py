"""The subject's colour as the blended picture shows it; its shape is nobody's business here."""

import numpy as np

from generator.light.drift import LEVEL, cell_side, noise, robust_fit
from generator.light.planes import Planes, pooled
from generator.request import RGBA8

GAINS = (0.7, 1.4)  # a light's change, not another subject
OFFSETS = (-0.15, 0.15)
LEAST_CELLS = 4  # with fewer there is nothing for a fit to agree on


def corrected(subject: RGBA8, counts: Planes, backdrop: Planes, seen: Planes) -> RGBA8:
    """Return the subject with a gain and an offset per channel that most of it agrees on.

    `counts` (h, w, 1) is how much to ask of a pixel, `backdrop` what shows through the subject,
    `seen` the blended picture, (h, w, 3) in 0..1. With seen = alpha F' + (1 - alpha) backdrop, F'
    of a cell is the sum of seen - (1 - alpha) backdrop over the sum of alpha: no pixel is divided
    by its own small alpha, and a displaced detail stays within its cell. A change that nobody sees,
    below a level, is left out; alpha comes back as it was.
    """
    factor = cell_side(counts.shape)
    alpha = subject[..., 3:].astype(np.float32) * np.float32(LEVEL)
    colour = subject[..., :3].astype(np.float32) * np.float32(LEVEL)
    cover = pooled(counts * alpha, factor)
    known = cover[..., 0] > 0.1
    if np.count_nonzero(known) < LEAST_CELLS:
        return subject.copy()
    divisor = np.maximum(cover, np.float32(LEVEL))
    given = pooled(counts * alpha * colour, factor) / divisor
    drawn = pooled(counts * (seen - (1 - alpha) * backdrop), factor) / divisor
    result = subject.copy()
    for channel in range(3):
        levels, wanted = given[..., channel], drawn[..., channel]
        design = np.stack([np.ones_like(levels), levels], axis=2)[known].astype(np.float64)
        scale = max(2 * LEVEL, 2 * noise(wanted - levels, known))
        weight = cover[known][:, 0] ** 2
        fit = robust_fit(design, wanted[known], weight, np.array([0.0, 1.0]), scale)
        gain = float(np.clip(fit[1], *GAINS))
        middle = float(np.average(levels[known], weights=weight))
        offset = float(np.clip(fit[0] + (fit[1] - gain) * middle, *OFFSETS))
        if np.abs((gain - 1) * levels[known] + offset).max() >= LEVEL:
            changed = np.round((colour[..., channel] * gain + offset) * 255)
            result[..., channel] = np.clip(changed, 0, 255)
    return result
