"""Distances of sets against cases whose answer is known in closed form."""

import numpy as np
import pytest

from generator.training.evaluation.distributions import (
    BINS,
    alpha_histogram,
    frechet,
    histogram_distance,
    likely_range,
    nearest_distance,
    sign_test,
)


def test_frechet_of_shifted_and_of_wider_sets() -> None:
    rows = np.random.default_rng(3).normal(0, 1, (4000, 3))
    assert frechet(rows, rows) == pytest.approx(0, abs=1e-9)
    assert frechet(rows, rows + np.array([3, 0, 4])) == pytest.approx(25)
    # Of N(0, S) against N(0, 4 S) it is the trace of S: (2 - 1) squared, times the variances.
    assert frechet(rows - rows.mean(0), 2 * (rows - rows.mean(0))) == pytest.approx(
        np.trace(np.cov(rows, rowvar=False))
    )


def test_frechet_needs_a_distribution() -> None:
    with pytest.raises(AssertionError):
        frechet(np.zeros((1, 3)), np.zeros((4, 3)))


def test_histogram_leaves_out_what_is_empty() -> None:
    alpha = np.zeros((10, 10))
    alpha[0], alpha[1] = 1.0, 0.5
    found = alpha_histogram([alpha])
    assert found.sum() == pytest.approx(1)
    assert found[-1] == pytest.approx(0.5)
    assert found[BINS // 2] == pytest.approx(0.5)


def test_histogram_distance_is_how_far_pixels_must_go() -> None:
    half, full, none = (alpha_histogram([np.full((4, 4), value)]) for value in (0.505, 0.999, 0.0))
    assert histogram_distance(full, full) == 0
    assert histogram_distance(half, full) == pytest.approx(0.5, abs=1 / BINS)
    assert histogram_distance(none, full) == 1
    assert histogram_distance(none, none) == 0


def test_nearest_is_the_root_mean_square_and_never_itself() -> None:
    black, grey = np.zeros((4, 4, 4)), np.full((4, 4, 4), 0.5)
    white = np.ones((4, 4, 4))
    assert nearest_distance([grey, white], [black, grey]) == pytest.approx([0.5, 0.5])
    assert nearest_distance([grey.copy()], [black, grey]) == [0]


def test_ranges_and_tests_of_the_textbook() -> None:
    low, high = likely_range(8, 10)
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert likely_range(0, 0) == (0, 1)
    assert sign_test(9, 1) == pytest.approx(22 / 1024)
    assert sign_test(5, 5) == 1
    assert sign_test(0, 0) == 1
