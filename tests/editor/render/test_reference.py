"""The formulas at places worked out by hand, and where they jump."""

import numpy as np
import pytest

from editor.document.layer import BlendMode
from editor.render.reference import (
    DISCONTINUITIES,
    FORMULAS,
    blend,
    composite_source,
    dissolved,
    near_discontinuity,
)

BY_HAND = [
    (BlendMode.MULTIPLY, 0.5, 0.4, 0.2),
    (BlendMode.SCREEN, 0.5, 0.4, 0.7),
    (BlendMode.COLOR_BURN, 0.8, 0.5, 0.6),
    (BlendMode.COLOR_BURN, 1.0, 0.0, 1.0),
    (BlendMode.COLOR_BURN, 0.5, 0.0, 0.0),
    (BlendMode.COLOR_DODGE, 0.2, 0.5, 0.4),
    (BlendMode.COLOR_DODGE, 0.0, 1.0, 0.0),
    (BlendMode.LINEAR_BURN, 0.7, 0.5, 0.2),
    (BlendMode.OVERLAY, 0.25, 0.4, 0.2),
    (BlendMode.HARD_LIGHT, 0.4, 0.25, 0.2),
    (BlendMode.SOFT_LIGHT, 0.25, 1.0, 0.5),
    (BlendMode.SOFT_LIGHT, 0.5, 0.0, 0.25),
    (BlendMode.VIVID_LIGHT, 1.0, 0.0, 0.0),
    (BlendMode.VIVID_LIGHT, 0.0, 1.0, 1.0),
    (BlendMode.PIN_LIGHT, 0.5, 0.1, 0.2),
    (BlendMode.HARD_MIX, 0.6, 0.4, 1.0),
    (BlendMode.HARD_MIX, 0.4, 0.6, 0.0),
    (BlendMode.DIVIDE, 0.0, 0.0, 0.0),
    (BlendMode.DIVIDE, 0.2, 0.4, 0.5),
    (BlendMode.EXCLUSION, 0.5, 0.3, 0.5),
]


@pytest.mark.parametrize(("mode", "b", "s", "expected"), BY_HAND)
def test_formula_by_hand(mode: BlendMode, b: float, s: float, expected: float) -> None:
    result = blend(mode, np.full(3, b), np.full(3, s))
    np.testing.assert_allclose(result, expected, atol=1e-12)


def test_all_modes_have_a_formula_that_stays_in_range() -> None:
    assert set(FORMULAS) == set(BlendMode) - {BlendMode.PASS_THROUGH}
    grid = np.linspace(0, 1, 6)
    b, s = (each.reshape(-1, 3) for each in np.meshgrid(np.tile(grid, 3), np.tile(grid, 3)))
    for mode in FORMULAS:
        result = blend(mode, b, s)
        assert result.min() >= -1e-12, mode
        assert result.max() <= 1 + 1e-12, mode


def test_luminosity_modes_keep_luminosity() -> None:
    b, s = np.array([0.2, 0.6, 0.4]), np.array([0.9, 0.3, 0.1])
    luma = np.array([0.3, 0.59, 0.11])
    assert blend(BlendMode.COLOR, b, s) @ luma == pytest.approx(b @ luma)
    assert blend(BlendMode.LUMINOSITY, b, s) @ luma == pytest.approx(s @ luma)


def test_source_on_nothing_is_the_source() -> None:
    for mode in FORMULAS:
        result = composite_source(mode, np.zeros((1, 4)), np.full((1, 3), 0.4), np.array([0.5]))
        np.testing.assert_allclose(result, [[0.2, 0.2, 0.2, 0.5]])


def test_dissolve_keeps_its_place_and_its_share() -> None:
    alpha = np.full((128, 128), 0.3)
    whole = dissolved(alpha, -64, 1000)
    np.testing.assert_array_equal(whole[10:, 20:], dissolved(alpha[10:, 20:], -44, 1010))
    assert set(np.unique(whole)) == {0.0, 1.0}
    assert whole.mean() == pytest.approx(0.3, abs=0.02)
    assert dissolved(np.ones((4, 4)), 0, 0).all()
    assert not dissolved(np.zeros((4, 4)), 0, 0).any()


@pytest.mark.parametrize("mode", [mode for mode in FORMULAS if mode not in DISCONTINUITIES])
def test_unlisted_modes_do_not_jump(mode: BlendMode) -> None:
    rng = np.random.default_rng(1)
    b, s = rng.random((2, 4000, 3))
    step = 1e-6
    near = blend(mode, np.clip(b + step, 0, 1), np.clip(s - step, 0, 1))
    assert np.abs(near - blend(mode, b, s)).max() < 1e-3


@pytest.mark.parametrize(
    ("mode", "at", "beside"),
    [
        (BlendMode.COLOR_BURN, (1.0, 0.0), (1 - 1e-6, 0.0)),
        (BlendMode.COLOR_DODGE, (0.0, 1.0), (1e-6, 1.0)),
        (BlendMode.VIVID_LIGHT, (1.0, 0.0), (1.0, 1e-6)),
        (BlendMode.HARD_MIX, (0.4, 0.6), (0.41, 0.6)),
        (BlendMode.DIVIDE, (0.0, 0.0), (1e-6, 0.0)),
    ],
)
def test_listed_modes_jump_where_it_is_said(
    mode: BlendMode, at: tuple[float, float], beside: tuple[float, float]
) -> None:
    here, there = ((np.full(3, b), np.full(3, s)) for b, s in (at, beside))
    assert np.abs(blend(mode, *here) - blend(mode, *there)).max() > 0.9
    assert near_discontinuity(mode, *here)
    assert not near_discontinuity(mode, np.full(3, 0.3), np.array([0.2, 0.4, 0.9]))
