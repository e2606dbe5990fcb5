import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage
from editor.render.edges import BLOCK, edge, values
from editor.render.outlines import ellipse

CANVAS = Rect(0, 0, 700, 500)


def drawn(region: Coverage, zoom: float, size: int) -> np.ndarray:
    """All blocks of a square of device pixels, put together."""
    out = np.zeros((size, size), np.uint8)
    for row in range(size // BLOCK):
        for column in range(size // BLOCK):
            found = edge(region, zoom, column, row)
            if found is not None:
                rect, indexes = found
                at = rect.moved(column * BLOCK, row * BLOCK)
                out[at.y0 : at.y1, at.x0 : at.x1] = indexes
    return out


@pytest.mark.parametrize("zoom", [1 / 3, 1.0, 2.5])
def test_the_edge_is_what_has_a_neighbour_outside(zoom: float) -> None:
    region = ellipse(Rect(60, 40, 430, 330), CANVAS)
    places = ((np.arange(-1, 1025) + 0.5) / zoom).astype(int) - (zoom < 1) * 0
    places[0] = -1
    inside = region.read(Rect(-1, -1, 3100, 3100))[np.ix_(places + 1, places + 1)] >= 128
    around = inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:]
    wanted = inside[1:-1, 1:-1] & ~around
    found = drawn(region, zoom, 1024)
    np.testing.assert_array_equal(found > 0, wanted)


def test_the_pattern_goes_on_from_block_to_block() -> None:
    found = drawn(Coverage.of_rect(Rect(100, 200, 600, 400)), 1.0, 768)
    row = found[200, 100:600]
    assert (np.diff(row.astype(int)) % 8 == 1).all()
    assert set(row) == set(range(1, 9))


def test_where_all_or_nothing_is_selected_there_is_no_edge() -> None:
    region = Coverage.of_rect(Rect(0, 0, 1024, 1024))
    assert edge(region, 1.0, 1, 1) is None
    assert edge(region, 1.0, 9, 9) is None
    assert edge(region, 1.0, 0, 0) is not None
    assert values(region, 1.0, 1, 1) == 255
    assert values(region, 1.0, 9, 9) == 0


def test_values_are_those_under_each_device_pixel() -> None:
    array = np.random.default_rng(0).integers(0, 256, (300, 300), np.uint8)
    region = Coverage.from_array(array, Point(10, 20))
    found = values(region, 4.0, 0, 0)
    np.testing.assert_array_equal(found[::4, ::4], region.read(Rect(0, 0, 64, 64)))
