"""How far one set of pictures is from another: features, alphas, nearest neighbours, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from generator.training.drawing.easel import Layer, Mask

Rows = NDArray[np.float64]

BINS = 64  # of alpha between 0 and 1
EMPTY = 0.02  # alpha up to which a pixel does not count


def frechet(one: Rows, other: Rows) -> float:
    """The squared Frechet distance of two sets of features (n, d) taken as normal distributions.

    Dowson and Landau 1982, used as in Heusel et al. 2017. It compares inside this project only: the
    features are our own. Few pictures make it larger, so the two sets should have one size.
    """
    assert min(len(one), len(other)) > 1, "a distribution needs more than one picture"
    apart = np.square(one.mean(0) - other.mean(0)).sum()
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    mixed = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    return float(max(0.0, apart + np.trace(first) + np.trace(second) - 2 * mixed))


def alpha_histogram(alphas: Sequence[Mask]) -> Rows:
    """The shares (BINS,) of alpha values among all pixels where something is; zeros if nowhere."""
    counts = np.zeros(BINS)
    for alpha in alphas:
        counts += np.histogram(alpha[alpha > EMPTY], BINS, (0, 1))[0]
    total = counts.sum()
    return counts / total if total else counts


def histogram_distance(one: Rows, other: Rows) -> float:
    """The earth mover's distance of two histograms over 0..1: mean way of a pixel, in alpha.

    An empty histogram is as far from any other as can be: 1.
    """
    if not one.any() or not other.any():
        return 0.0 if one.any() == other.any() else 1.0
    apart: Rows = np.abs(np.cumsum(one) - np.cumsum(other))
    return float(apart.mean())


def nearest_distance(pictures: Sequence[Layer], known: Sequence[Layer]) -> list[float]:
    """For each picture the root mean square distance to the nearest of the known ones.

    All have one size; a known picture that is the very same object is not counted.
    """
    found = []
    for picture in pictures:
        away = [float(np.square(picture - each).mean()) for each in known if each is not picture]
        found.append(float(np.sqrt(min(away))))
    return found


def likely_range(right: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927)."""
    if not count:
        return (0.0, 1.0)
    z, share = 1.959964, right / count  # z of the normal distribution's middle 95 %
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach: float = (
        z / (1 + z * z / count) * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    )
    return (float(max(0.0, middle - reach)), float(min(1.0, middle + reach)))


def sign_test(first: int, second: int) -> float:
    """The two-sided binomial p of so many verdicts for each side, were both equally good."""
    count = first + second
    if not count:
        return 1.0
    tail = sum(comb(count, k) for k in range(max(first, second), count + 1))
    return min(1.0, float(2 * tail / 2**count))
