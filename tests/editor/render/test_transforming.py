"""Affines of pictures: the formulas by what they mean, the machine code by the formulas."""

from math import cos, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.document.geometry import Rect
from editor.render import transforming
from editor.render.transforming import (
    Interpolation,
    applied,
    extent,
    inverse,
    times,
    transformed,
)

IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
WAYS = list(Interpolation)
numbers = st.floats(-3, 3)


def picture(seed: int = 1, width: int = 31, height: int = 23) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def turned(angle: float, scale: float = 1.0) -> transforming.Affine:
    c, s = cos(angle) * scale, sin(angle) * scale
    return (c, -s, 40.0, s, c, 5.0)


@pytest.fixture(params=["formulas", "kernels"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "kernels":
        request.getfixturevalue("kernels")
    else:
        monkeypatch.setattr(transforming.native, "ready", lambda: False)


@given(st.tuples(numbers, numbers, numbers, numbers, numbers, numbers))
def test_an_inverse_takes_places_back(affine) -> None:
    a, b, _, d, e, _ = affine
    if abs(a * e - b * d) < 1e-3:
        return
    x, y = applied(times(inverse(affine), affine), 12.0, -7.0)
    assert (x, y) == pytest.approx((12, -7), abs=1e-6)


def test_what_leaves_no_area_has_no_inverse() -> None:
    with pytest.raises(ValueError, match="inverse"):
        inverse((1, 2, 0, 2, 4, 0))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("how", WAYS)
def test_whole_pixels_stay_as_they_are(how: Interpolation) -> None:
    rgba = picture()
    rgba[rgba[..., 3] == 0] = 0
    made = transformed(rgba, (10, 20), (1, 0, 3, 0, 1, -4), Rect(13, 16, 44, 39), how)
    np.testing.assert_array_equal(made, rgba)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("how", WAYS)
def test_quarter_turns_and_mirrors_are_exact(how: Interpolation) -> None:
    rgba = picture()
    rgba[rgba[..., 3] == 0] = 0
    made = transformed(rgba, (0, 0), (0, -1, 23, 1, 0, 0), Rect(0, 0, 23, 31), how)
    np.testing.assert_array_equal(made, np.rot90(rgba, -1))
    made = transformed(rgba, (0, 0), (-1, 0, 31, 0, 1, 0), Rect(0, 0, 31, 23), how)
    np.testing.assert_array_equal(made, rgba[:, ::-1])


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("affine", [turned(0.3), turned(2.0, 2.7), turned(0.4, 0.3), turned(1, 1)])
def test_the_kernels_are_the_formulas(how, affine, monkeypatch: pytest.MonkeyPatch) -> None:
    rgba, rect = picture(), extent(affine, Rect(0, 0, 31, 23))
    made = transformed(rgba, (0, 0), affine, rect, how)
    monkeypatch.setattr(transforming.native, "ready", lambda: False)
    wanted = transformed(rgba, (0, 0), affine, rect, how)
    strong = (made[..., 3] > 30) & (wanted[..., 3] > 30)
    different = np.abs(made.astype(int) - wanted)
    assert different[strong].max() <= (255 if how is Interpolation.NEAREST else 2)
    assert (different[..., 3] > 1).sum() <= 3


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("affine", [turned(0.3), turned(0.5, 0.4), turned(1.1, 3)])
@pytest.mark.parametrize("how", [Interpolation.SMOOTH, Interpolation.CUBIC])
def test_hidden_colour_never_shows(how: Interpolation, affine) -> None:
    """A soft red disk over hidden green stays pure red, whatever is done to it."""
    y, x = np.mgrid[:60, :60]
    alpha = np.clip((25 - np.hypot(x - 30, y - 30)) / 12, 0, 1) * 255
    rgba = np.zeros((60, 60, 4), np.uint8)
    rgba[..., 0] = np.where(alpha >= 1, 255, 0)
    rgba[..., 1] = np.where(alpha >= 1, 0, 255)
    rgba[..., 3] = alpha
    made = transformed(rgba, (0, 0), affine, extent(affine, Rect(0, 0, 60, 60)), how)
    seen = made[made[..., 3] > 0]
    assert (seen[:, 0] == 255).all()
    assert (seen[:, 1] == 0).all()


@pytest.mark.usefixtures("engine")
def test_made_smaller_each_pixel_is_a_mean() -> None:
    board = np.full((64, 64, 4), 255, np.uint8)
    board[::2, ::2, :3] = board[1::2, 1::2, :3] = 0
    affine = (0.25, 0, 0, 0, 0.25, 0)
    made = transformed(board, (0, 0), affine, Rect(0, 0, 16, 16), Interpolation.SMOOTH)
    inside = made[2:-2, 2:-2]
    assert np.abs(inside[..., 0].astype(int) - 127).max() <= 3
    assert (inside[..., 3] == 255).all()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("how", WAYS)
def test_edges_stay_edges_when_made_larger(how: Interpolation) -> None:
    opaque = np.full((10, 10, 4), (9, 99, 199, 255), np.uint8)
    made = transformed(opaque, (0, 0), (3, 0, 0, 0, 3, 0), Rect(-2, -2, 32, 32), how)
    assert (made[2:-2, 2:-2] == (9, 99, 199, 255)).all()
    made[2:-2, 2:-2] = 0
    assert not made.any()
