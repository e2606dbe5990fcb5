import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document.geometry import Rect
from editor.render.outlines import ellipse, polygon

CANVAS = Rect(0, 0, 120, 100)
FINE = 16  # samples across a pixel, to compare with


def sampled(inside) -> np.ndarray:
    """The covered share of each pixel of the canvas, by counting."""
    y, x = np.mgrid[0 : CANVAS.height * FINE, 0 : CANVAS.width * FINE]
    flags = inside((x + 0.5) / FINE, (y + 0.5) / FINE)
    shape = (CANVAS.height, FINE, CANVAS.width, FINE)
    return flags.reshape(shape).mean(axis=(1, 3)) * 255


def test_an_ellipse_covers_each_pixel_by_its_share() -> None:
    found = ellipse(Rect(10, 20, 90, 70), CANVAS).read(CANVAS)
    wanted = sampled(lambda x, y: ((x - 50) / 40) ** 2 + ((y - 45) / 25) ** 2 <= 1)
    assert np.abs(found - wanted).max() < 20
    assert abs(found.sum() - wanted.sum()) < 255 * 8
    assert found[45, 50] == 255


def test_an_ellipse_beyond_the_canvas_is_cut() -> None:
    assert ellipse(Rect(-40, -40, 40, 40), CANVAS).content == (0, 0, 40, 40)
    assert not ellipse(Rect(130, 0, 150, 20), CANVAS).tiles


def test_a_polygon_covers_each_pixel_by_its_share() -> None:
    corners = [(10.3, 12.8), (95.5, 30.2), (60.1, 91.7)]

    def inside(x, y):
        flags = np.ones(x.shape, bool)
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
            flags &= (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0
        return flags

    found = polygon(corners, CANVAS).read(CANVAS)
    assert np.abs(found - sampled(inside)).max() < 14


@pytest.mark.parametrize("turn", [1, -1])
def test_whole_pixels_are_exact_in_both_directions(turn: int) -> None:
    corners = [(10, 20), (70, 20), (70, 50), (10, 50)][::turn]
    region = polygon(corners, CANVAS)
    assert region.content == (10, 20, 70, 50)
    assert (region.read(region.content) == 255).all()


def test_a_figure_of_eight_has_both_its_loops() -> None:
    found = polygon([(10, 10), (50, 50), (50, 10), (10, 50)], CANVAS).read(CANVAS)
    assert found[30, 15] == 255
    assert found[30, 45] == 255
    assert found[15, 30] == found[45, 30] == 0


@given(
    st.lists(
        st.tuples(st.floats(-300, 400, width=32), st.floats(-300, 400, width=32)),
        min_size=3,
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_what_the_canvas_cuts_is_as_it_is_on_a_larger_one(corners) -> None:
    cut = polygon(corners, CANVAS).read(CANVAS)
    whole = polygon(corners, Rect(-400, -400, 500, 500)).read(CANVAS)
    assert np.abs(cut.astype(int) - whole).max() <= 1


def test_two_places_enclose_nothing() -> None:
    assert not polygon([(1, 1), (50, 50)], CANVAS).tiles
    assert not polygon([(1, 5), (50, 5), (90, 5)], CANVAS).tiles
