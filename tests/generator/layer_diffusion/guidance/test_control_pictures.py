"""Control pictures: drawings are taken as they are, of pictures the outlines are found."""

import numpy as np
import pytest

from generator.layer_diffusion.guidance.control_pictures import control_picture


def _line_drawing(ink: int, paper: int) -> np.ndarray:
    picture = np.full((128, 160, 4), paper, np.uint8)
    picture[..., 3] = 255
    picture[30:100, 60:62, :3] = ink
    picture[50:52, 20:140, :3] = ink
    return picture


def _cut_out(value: int) -> np.ndarray:
    picture = np.full((128, 128, 4), value, np.uint8)
    picture[..., 3] = 0
    picture[32:96, 32:96, 3] = 255
    return picture


@pytest.mark.parametrize("kind", ["canny", "scribble"])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (10, 250)])
def test_a_drawing_is_taken_white_on_black(kind: str, ink: int, paper: int) -> None:
    lines = control_picture(kind, _line_drawing(ink, paper))
    assert lines.shape == (128, 160, 3)
    assert lines.dtype == np.uint8
    assert (lines[31, 61] >= 245).all()
    assert (lines[5, 5] <= 10).all()
    assert (lines > 128).mean() == pytest.approx((70 * 2 + 120 * 2 - 4) / (128 * 160))


@pytest.mark.parametrize("kind", ["canny", "scribble"])
def test_strokes_on_nothing_are_a_drawing_in_any_colour(kind: str) -> None:
    layer = np.zeros((128, 128, 4), np.uint8)
    layer[40:42, 10:110] = (200, 30, 90, 255)
    lines = control_picture(kind, layer)
    assert (lines[41, 50] == 255).all()
    assert (lines[60, 50] == 0).all()


@pytest.mark.parametrize("kind", ["canny", "scribble"])
@pytest.mark.parametrize("value", [0, 127, 255])
def test_a_cut_out_has_an_outline_whatever_its_colour(kind: str, value: int) -> None:
    lines = control_picture(kind, _cut_out(value))[..., 0]
    assert lines[64, 28:37].max() == 255
    assert lines[64, 64] == 0
    assert lines[10, 10] == 0
    assert set(np.unique(lines)) == {0, 255}


def test_a_scribble_is_thicker_than_edges() -> None:
    layer = _cut_out(200)
    assert (control_picture("scribble", layer) > 0).sum() > 2 * (
        control_picture("canny", layer) > 0
    ).sum()


def test_a_coloured_picture_is_no_drawing() -> None:
    y, x = np.mgrid[0:96, 0:96]
    disc = np.hypot(x - 48, y - 48) < 30
    picture = np.full((96, 96, 4), (240, 240, 250, 255), np.uint8)
    picture[disc] = (200, 20, 20, 255)
    lines = control_picture("canny", picture)[..., 0]
    assert lines[48, 48] == 0
    assert 150 < (lines == 255).sum() < 260  # the circle's length is 188


@pytest.mark.parametrize("kind", ["depth", "pose", "normal", "my own model"])
def test_other_kinds_are_taken_as_they_are_over_black(kind: str) -> None:
    picture = np.zeros((4, 4, 4), np.uint8)
    picture[0] = (10, 20, 30, 255)
    picture[1] = (200, 100, 50, 128)
    seen = control_picture(kind, picture)
    assert seen[0, 0].tolist() == [10, 20, 30]
    assert seen[1, 0].tolist() == [100, 50, 25]
    assert not seen[2:].any()


def test_an_empty_layer_has_no_edges() -> None:
    assert not control_picture("canny", np.zeros((64, 64, 4), np.uint8)).any()
    assert not control_picture("scribble", np.zeros((64, 64, 4), np.uint8)).any()
