"""Measures against planted errors and textbook cases."""

import numpy as np
import pytest

from generator.training.evaluation.measures import (
    MOST_PSNR,
    difference,
    gradient_error,
    overlap,
    psnr,
    sad,
    semi_mae,
    ssim,
)

SIDE = 40


def ramp() -> np.ndarray:
    layer = np.zeros((SIDE, SIDE, 4), np.float32)
    layer[..., 3] = np.linspace(0, 1, SIDE)[None, :]
    layer[..., :3] = layer[..., 3:] * np.array([0.2, 0.5, 0.9], np.float32)
    return layer


def test_a_picture_is_no_way_from_itself() -> None:
    away = difference(ramp(), ramp())
    assert (away.colour_error, away.alpha_mae, away.sad, away.gradient) == (0, 0, 0, 0)
    assert away.semi_mae == 0
    assert away.ssim == pytest.approx(1)


def test_planted_errors_are_found_in_their_units() -> None:
    found = ramp()
    found[..., 3] += 0.1
    found[..., 0] += 0.3
    away = difference(found, ramp())
    assert away.alpha_mae == pytest.approx(0.1, abs=1e-6)
    assert away.sad == pytest.approx(0.1 * SIDE * SIDE / 1000, rel=1e-4)
    assert away.colour_error == pytest.approx(0.09 / 3, rel=1e-4)
    assert away.gradient == pytest.approx(0, abs=1e-9)  # a matte that is even lighter has its edges
    assert psnr(away.colour_error) == pytest.approx(10 * np.log10(1 / 0.03), abs=1e-3)


def test_semi_transparent_places_are_measured_apart() -> None:
    true = np.zeros((4, 4))
    true[0], true[1] = 1, 0.5
    found = true.copy()
    found[0], found[1] = 0.0, 0.7
    assert semi_mae(found, true) == pytest.approx(0.2)
    assert semi_mae(found, np.round(true)) is None


def test_no_error_has_a_finite_ratio() -> None:
    assert psnr(0) == MOST_PSNR
    assert psnr(0.01) == pytest.approx(20)


def test_gradient_of_a_slope_is_its_steepness() -> None:
    flat, slope = np.zeros((30, 30)), np.tile(np.arange(30) * 0.02, (30, 1))
    inner = 22 * 30  # the filter's reach of 5 pixels flattens left and right where borders repeat
    error = gradient_error(slope, flat) * 1000
    assert 0.02**2 * inner * 0.9 < error < 0.02**2 * 30 * 30
    assert gradient_error(slope, slope + 0.3) == pytest.approx(0, abs=1e-12)


def test_a_soft_edge_is_further_in_gradient_the_softer_it_is() -> None:
    across = np.arange(SIDE) - SIDE / 2
    hard = np.tile(1 / (1 + np.exp(-across * 4)), (SIDE, 1))
    softer, softest = (np.tile(1 / (1 + np.exp(-across / k)), (SIDE, 1)) for k in (1, 4))
    assert 0 < gradient_error(softer, hard) < gradient_error(softest, hard)


def test_similarity_of_flat_pictures_is_the_formula_of_luminance() -> None:
    one, other = np.full((16, 16, 1), 0.4), np.full((16, 16, 1), 0.6)
    expected = (2 * 0.4 * 0.6 + 1e-4) / (0.4**2 + 0.6**2 + 1e-4)
    assert ssim(one, other) == pytest.approx(expected, rel=1e-6)
    noise = np.random.default_rng(1).random((32, 32, 1))
    assert ssim(noise, 1 - noise) < 0


def test_sum_of_differences_and_overlap() -> None:
    assert sad(np.ones((10, 100)), np.zeros((10, 100))) == 1
    left, right = np.zeros((2, 4), bool), np.zeros((2, 4), bool)
    assert overlap(left, right) == 0
    left[:, :3], right[:, 1:] = True, True
    assert overlap(left, right) == pytest.approx(4 / 8)
