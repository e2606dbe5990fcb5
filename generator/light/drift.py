"""How a model's picture differs everywhere from the one it was given, told from light and shadow.

Knows only cells: means over blocks, in which noise and small displacements average away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.light.planes import Planes, enlarged, pooled

Floats = NDArray[np.float64]

CELLS = 48  # along the longer side
LEVEL = 1 / 255
GAINS = (0.8, 1.25)  # what a drift may be; a larger change is light or shadow
OFFSETS = (-0.12, 0.12)
SIMPLER = 0.75  # of the agreement of the best fit is enough for a simpler one
TILT = 0.025  # of the offset, from the middle to a border
NO_DRIFT = np.array([0.0, 1.0, 0.0, 0.0])
RIDGE = 1e-4  # pull towards "no drift": decides what a flat background leaves open
LEAST_CELLS = 8  # with fewer there is nothing for a fit to agree on
STEPS = 16  # of the graduated fit


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """Per channel: seen = gain x true + offset, the offset (rows, columns, 3) varying slowly."""

    gain: NDArray[np.float32]  # (3,)
    offset: Planes
    factor: int  # side of a cell in pixels

    def undone(self, seen: Planes, background: Planes) -> Planes:
        """Return what was seen without the drift, 0..1.

        A channel at the end of its range may have been cut off there, and tells nothing of a
        difference from the background that points inwards.
        """
        true: Planes = (seen - enlarged(self.offset, self.factor, seen.shape)) / self.gain
        cut = (seen >= 1 - LEVEL) & (true < background) | (seen <= LEVEL) & (true > background)
        clean: Planes = np.clip(np.where(cut, background, true), 0, 1)
        return clean


def cell_side(shape: tuple[int, ...]) -> int:
    """Return the side in pixels of the blocks that a picture is judged by."""
    return max(1, -(-max(shape[:2]) // CELLS))


def cell_means(planes: Planes, weight: Planes, factor: int) -> tuple[Planes, Planes]:
    """Return the weighted means of blocks and each block's mean weight (rows, columns, 1)."""
    total = pooled(weight, factor)
    means: Planes = np.divide(pooled(planes * weight, factor), np.maximum(total, np.float32(1e-6)))
    return means, total


def drift_between(background: Planes, seen: Planes, weight: Planes) -> Drift:
    """Fit seen = gain x background + offset + tilt x (x, y) to what is neither shadow nor light.

    Four numbers a channel cannot follow the shape of a shadow, and the fit gives no weight to cells
    that disagree with most of the others. Where nothing is known, there is no drift.
    """
    factor = cell_side(background.shape)
    given, total = cell_means(background, weight, factor)
    drawn, _ = cell_means(seen, weight, factor)
    known = total[..., 0] > 0.1
    x, y = np.meshgrid(*(np.linspace(-1, 1, side) for side in reversed(known.shape)))
    if np.count_nonzero(known) < LEAST_CELLS:
        return Drift(np.ones(3, np.float32), np.zeros_like(given), factor)
    weight = total[known][:, 0]
    designs, fits, agreed = [], [], []
    for channel in range(3):
        levels, wanted = given[..., channel], drawn[..., channel]
        design = np.stack([np.ones_like(x), levels, x, y], axis=2)
        scale = max(LEVEL, 2 * noise(wanted - levels, known))
        designs.append(design)
        fits.append(_candidates(design[known], wanted[known], weight, scale))
        left = [wanted[known] - design[known] @ fit for fit in fits[-1]]
        agreed.append([agreement(residual, weight, scale) for residual in left])
    kind = _simplest(fits, np.sum(agreed, axis=0))
    chosen = [each[kind] for each in fits]
    offsets = [
        design[..., 2:] @ fit[2:] + fit[0] for design, fit in zip(designs, chosen, strict=True)
    ]
    gain = np.array([fit[1] for fit in chosen], np.float32)
    return Drift(gain, np.stack(offsets, axis=2).astype(np.float32), factor)


def _candidates(
    design: Floats, wanted: NDArray[np.floating], weight: Planes, scale: float
) -> tuple[Floats, Floats, Floats]:
    """Return offset, gain and tilts, (4,) each: none at all, without tilts, with tilts."""
    level = np.append(robust_fit(design[:, :2], wanted, weight, NO_DRIFT[:2], scale), (0, 0))
    tilted = robust_fit(design, wanted, weight, NO_DRIFT, scale)
    return NO_DRIFT, _cut(level, design), _cut(tilted, design)


def _simplest(fits: list[tuple[Floats, Floats, Floats]], agreed: Floats) -> int:
    """Return which candidate will do for all channels.

    A tilt follows a broad soft shadow more easily than an offset does, and both more than nothing;
    so enough more of the cells must agree on the one before it is preferred to the other.
    """
    if max(float(np.abs(each[2][2:]).max()) for each in fits) > TILT:
        agreed = agreed[:2]
    return int(np.argmax(agreed >= SIMPLER * agreed.max()))


def _cut(fit: Floats, design: Floats) -> Floats:
    """Keep gain and offset in their limits; the mean of the known levels stays where it was."""
    gain = float(np.clip(fit[1], *GAINS))
    offset = fit[0] + (fit[1] - gain) * float(design[:, 1].mean())
    return np.array([np.clip(offset, *OFFSETS), gain, *fit[2:]])


def noise(plane: NDArray[np.floating], known: NDArray[np.bool_]) -> float:
    """Return the standard deviation of what changes from one value to the next along a row.

    The median of second differences passes over slopes and over single edges; sqrt 6 is the norm
    of (1, -2, 1), 1.4826 turns a median of a normal distribution into its deviation.
    """
    second = plane[:, 2:] - 2 * plane[:, 1:-1] + plane[:, :-2]
    sure = known[:, 2:] & known[:, 1:-1] & known[:, :-2]
    if not sure.any():
        return 0.0
    return float(np.median(np.abs(second[sure]))) * 1.4826 / 6**0.5


def robust_fit(
    design: Floats, wanted: NDArray[np.floating], weight: Planes, prior: Floats, scale: float
) -> Floats:
    """Return theta, (k,), such that design (n, k) @ theta is what most of `wanted` (n,) agree on.

    Welsch's loss, sum of weight x (1 - exp(-(residual / width)^2 / 2)), by reweighting, with the
    width falling from the residuals' spread to `scale` (graduated non-convexity: Blake and
    Zisserman, "Visual Reconstruction", 1987). It starts twice, from the prior and from there moved
    by the median, as either may lie in the shadow; what more agree on is returned.
    """
    values: Floats = wanted.astype(np.float64)
    residual: Floats = values - design @ prior
    starts = (residual, residual - np.median(residual))
    fits = [_fit_from(start, (design, values, weight), prior, scale) for start in starts]
    return max(fits, key=lambda fit: agreement(values - design @ fit, weight, scale))


def agreement(residual: NDArray[np.floating], weight: Planes, scale: float) -> float:
    """Return how much weight lies within about `scale` of a fit."""
    return float((weight * np.exp(-0.5 * (residual / scale) ** 2)).sum())


def _fit_from(
    residual: Floats, data: tuple[Floats, Floats, Planes], prior: Floats, scale: float
) -> Floats:
    design, values, weight = data
    width = max(scale, 3 * float(np.median(np.abs(residual))))
    ridge = RIDGE * np.eye(len(prior))
    theta = prior
    for _ in range(STEPS):
        trust: Floats = np.multiply(weight, np.exp(-0.5 * (residual / width) ** 2))
        weighed = design * (trust / max(float(trust.sum()), 1e-12))[:, None]
        left, right = weighed.T @ design + ridge, weighed.T @ values + ridge @ prior
        theta = np.asarray(np.linalg.solve(left, right), np.float64)
        residual = np.subtract(values, design @ theta)
        width = max(scale, width * 0.75)
    return theta
