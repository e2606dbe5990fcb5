import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.document.geometry import Point, Rect
from editor.document.pixels import FULL, Coverage, Pixels
from editor.render import regions
from editor.render.regions import Combine

CANVAS = Rect(0, 0, 300, 200)


def random_region(seed: int) -> Coverage:
    values = np.random.default_rng(seed).integers(0, 256, (90, 140), np.uint8)
    return regions.from_array(values, Point(40, 30))


def disk(radius: int) -> np.ndarray:
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return x * x + y * y <= radius * radius + radius


@pytest.mark.parametrize(
    ("how", "formula"),
    [
        (Combine.ADD, np.maximum),
        (Combine.SUBTRACT, lambda a, b: np.minimum(a, 255 - b)),
        (Combine.INTERSECT, np.minimum),
        (Combine.NEW, lambda a, b: b),
    ],
)
def test_regions_combine_value_by_value(how, formula) -> None:
    first, second = random_region(1), regions.moved(random_region(2), 60, 50)
    both = regions.combined(first, second, how)
    wanted = formula(first.read(CANVAS), second.read(CANVAS))
    np.testing.assert_array_equal(both.read(CANVAS), wanted)


@given(dx=st.integers(-200, 200), dy=st.integers(-200, 200))
@settings(max_examples=20, deadline=None)
def test_a_region_moved_is_the_same_elsewhere(dx: int, dy: int) -> None:
    region = random_region(3)
    moved = regions.moved(region, dx, dy)
    assert moved.content == region.content.moved(dx, dy)
    rect = region.content
    np.testing.assert_array_equal(moved.read(rect.moved(dx, dy)), region.read(rect))


def test_inverting_twice_gives_the_region_back() -> None:
    region = random_region(4)
    twice = regions.inverted(regions.inverted(region, CANVAS), CANVAS)
    np.testing.assert_array_equal(twice.read(CANVAS.grown(9)), region.read(CANVAS.grown(9)))


@pytest.mark.parametrize("radius", [1, 2, 5, 12])
def test_growing_is_the_maximum_over_a_disk(radius: int) -> None:
    spot = Coverage.from_array(np.full((1, 1), 200, np.uint8), Point(100, 90))
    grown = regions.grown(spot, radius, CANVAS)
    around = Rect(100 - radius, 90 - radius, 101 + radius, 91 + radius)
    np.testing.assert_array_equal(grown.read(around), disk(radius) * np.uint8(200))
    assert grown.content == around


@pytest.mark.parametrize("radius", [1, 3, 8])
def test_shrinking_is_growing_of_the_rest(radius: int) -> None:
    region = random_region(5)
    rest = regions.grown(regions.inverted(region, CANVAS.grown(30)), radius, CANVAS.grown(30))
    shrunk = regions.shrunk(region, radius, CANVAS)
    np.testing.assert_array_equal(shrunk.read(CANVAS), 255 - rest.read(CANVAS))


def test_the_canvas_edge_is_not_shrunk_from() -> None:
    everything = Coverage.of_rect(CANVAS)
    shrunk = regions.shrunk(everything, 10, CANVAS)
    assert (shrunk.read(CANVAS) == 255).all()
    feathered = regions.feathered(everything, 10, CANVAS)
    assert (feathered.read(CANVAS) == 255).all()


@pytest.mark.parametrize("radius", [2, 7.5, 20])
def test_feather_comes_close_to_a_gaussian(radius: float) -> None:
    edge = Coverage.of_rect(Rect(0, 0, 150, 200))
    values = regions.feathered(edge, radius, CANVAS).read(Rect(60, 100, 240, 101))[0] / 255
    x = np.arange(60, 240) + 0.5 - 150
    from math import erf

    wanted = np.array([0.5 - 0.5 * erf(each / radius / 2**0.5) for each in x])
    assert np.abs(values - wanted).max() < 0.05
    assert abs(values[89] + values[90] - 1) < 0.01


def test_a_border_is_a_frame() -> None:
    square = Coverage.of_rect(Rect(50, 50, 150, 150))
    frame = regions.bordered(square, 6, CANVAS)
    row = frame.read(Rect(40, 100, 160, 101))[0]
    assert np.flatnonzero(row).tolist() == [*range(7, 13), *range(107, 113)]


def test_full_tiles_are_one_array_and_empty_ones_are_none() -> None:
    region = regions.from_array(np.full((256, 400), 255, np.uint8), Point(0, 0))
    assert region.tiles[0, 0] is FULL
    assert region.tiles[1, 1] is FULL
    assert region.tiles[3, 0] is not FULL
    assert regions.combined(region, region, Combine.SUBTRACT).tiles == {}
    same = Coverage.of_rect(Rect(0, 0, 400, 256))
    np.testing.assert_array_equal(same.read(CANVAS.grown(300)), region.read(CANVAS.grown(300)))
    assert same.tiles[1, 0] is FULL


def test_the_alpha_of_a_picture() -> None:
    array = np.zeros((20, 30, 4), np.uint8)
    array[..., 3] = 77
    region = regions.alpha_of(Pixels.from_array(array, Point(5, 6)))
    assert region.content == (5, 6, 35, 26)
    assert region.read(region.content).min() == 77
