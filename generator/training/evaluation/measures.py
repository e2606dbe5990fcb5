"""How far one transparent picture is from another: the measures of matting and of compression.

All take float arrays, 0..1, and know nothing of models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.training.drawing.easel import Layer, Mask

GRADIENT_SIGMA = 1.4  # of the Gaussian derivatives, in pixels, as alphamatting.com has it
SSIM_SIGMA, SSIM_REACH = 1.5, 5  # an 11 x 11 window
SEMI = (0.1, 0.9)  # alpha between these is semi-transparent
MOST_PSNR = 99.0  # dB, said of pictures without any difference


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a found layer is from the true one.

    `colour_error` is the mean square of premultiplied colour; `sad` and `gradient` are sums over
    the picture, in thousands, as the matting field reports them; `semi_mae` is None where nothing
    of the true picture is semi-transparent.
    """

    colour_error: float
    ssim: float
    alpha_mae: float
    semi_mae: float | None
    semi_pixels: int  # how many of the true picture are semi-transparent
    sad: float
    gradient: float


def difference(found: Layer, true: Layer) -> Difference:
    """Compare two premultiplied layers (h, w, 4) of one size."""
    assert found.shape == true.shape, "pictures that are compared have one size"
    alpha, wanted = found[..., 3], true[..., 3]
    return Difference(
        colour_error=float(np.square(found[..., :3] - true[..., :3]).mean()),
        ssim=ssim(found, true),
        alpha_mae=alpha_mae(alpha, wanted),
        semi_mae=semi_mae(alpha, wanted),
        semi_pixels=int(_between(wanted).sum()),
        sad=sad(alpha, wanted),
        gradient=gradient_error(alpha, wanted),
    )


def psnr(mean_square: float) -> float:
    """The peak signal-to-noise ratio in dB of values 0..1 with that mean square error."""
    return MOST_PSNR if mean_square <= 0 else min(MOST_PSNR, float(-10 * np.log10(mean_square)))


def alpha_mae(alpha: Mask, true: Mask) -> float:
    """The mean absolute difference of two mattes."""
    return float(np.abs(alpha - true).mean())


def semi_mae(alpha: Mask, true: Mask) -> float | None:
    """The same where the true matte is semi-transparent; None where it is so nowhere."""
    between = _between(true)
    return float(np.abs(alpha - true)[between].mean()) if between.any() else None


def _between(true: Mask) -> NDArray[np.bool_]:
    between: NDArray[np.bool_] = (true > SEMI[0]) & (true < SEMI[1])
    return between


def sad(alpha: Mask, true: Mask) -> float:
    """The sum of absolute differences, in thousands (Rhemann et al., CVPR 2009)."""
    return float(np.abs(alpha - true).sum() / 1000)


def gradient_error(alpha: Mask, true: Mask) -> float:
    """The sum of squared differences of gradient magnitudes, in thousands.

    Gradients are first-order Gaussian derivatives with sigma 1.4 (Rhemann et al., "A perceptually
    motivated online benchmark for image matting", CVPR 2009, with exponent 2).
    """
    return float(np.square(_gradient(alpha) - _gradient(true)).sum() / 1000)


def ssim(found: Layer, true: Layer) -> float:
    """Structural similarity, the mean over all planes (h, w, planes) and windows.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004:
    windows of 11 x 11 with sigma 1.5, K1 0.01, K2 0.03. Windows reaching out of the picture are
    left out. The pictures must have 11 pixels a side at least.
    """
    kernel = _gaussian(SSIM_SIGMA, SSIM_REACH)
    first, second = found.astype(np.float64), true.astype(np.float64)

    def mean(planes: NDArray[np.float64]) -> NDArray[np.float64]:
        return _filtered(_filtered(planes, kernel, 0), kernel, 1)

    one, other = mean(first), mean(second)
    spread = mean(first * first) - one**2, mean(second * second) - other**2
    shared = mean(first * second) - one * other
    steady, lively = 0.01**2, 0.03**2
    over = (2 * one * other + steady) * (2 * shared + lively)
    under = (one**2 + other**2 + steady) * (spread[0] + spread[1] + lively)
    return float((over / under).mean())


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two regions; 0 where both are empty."""
    union = np.logical_or(one, other).sum()
    return float(np.logical_and(one, other).sum() / union) if union else 0.0


def _gradient(alpha: Mask) -> NDArray[np.float64]:
    """The magnitude of the Gaussian gradient, (h, w); borders repeat their pixels."""
    reach = int(np.ceil(3 * GRADIENT_SIGMA))
    smooth = _gaussian(GRADIENT_SIGMA, reach)
    steps = np.arange(-reach, reach + 1)
    slope = -steps * smooth / GRADIENT_SIGMA**2
    wide = np.pad(alpha.astype(np.float64), reach, mode="edge")
    across = _filtered(_filtered(wide, smooth, 0), slope, 1)
    along = _filtered(_filtered(wide, slope, 0), smooth, 1)
    return np.hypot(across, along)


def _gaussian(sigma: float, reach: int) -> NDArray[np.float64]:
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-(steps**2) / (2 * sigma**2))
    normalised: NDArray[np.float64] = weights / weights.sum()
    return normalised


def _filtered(
    planes: NDArray[np.float64], kernel: NDArray[np.float64], axis: int
) -> NDArray[np.float64]:
    """Correlate along one axis where the kernel fits whole."""
    length = planes.shape[axis] - len(kernel) + 1
    found = np.zeros_like(np.take(planes, range(length), axis))
    for start, weight in enumerate(kernel):
        found += weight * np.take(planes, range(start, start + length), axis)
    return found
