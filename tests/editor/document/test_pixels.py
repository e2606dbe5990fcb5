import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.document.geometry import EMPTY, Point, Rect
from editor.document.pixels import (
    Coverage,
    Pixels,
    TileKey,
    changed_tiles,
    same_coverage,
    same_pixels,
)

places = st.integers(-300, 300)
KEYS = st.tuples(st.integers(-3, 3), st.integers(-3, 3))


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 256, (height, width, 4), np.uint8)


@given(places, places, st.integers(1, 200), st.integers(1, 200))
def test_what_is_written_is_read(x: int, y: int, width: int, height: int) -> None:
    array = noise(height, width)
    pixels = Pixels.from_array(array, Point(x, y))
    rect = Rect(x, y, x + width, y + height)
    assert np.array_equal(pixels.read(rect), array)
    assert pixels.content == rect
    around = pixels.read(rect.grown(3))
    assert not around[:3].any()
    assert not around[:, -3:].any()


def test_writing_shares_the_tiles_it_does_not_touch() -> None:
    before = Pixels.from_array(noise(512, 512))
    after = before.written(noise(10, 10, 1), Point(130, 5))
    assert changed_tiles(before, after) == {(1, 0)}
    assert np.array_equal(before.read(Rect(0, 0, 512, 512)), noise(512, 512))


def test_tiles_cannot_be_written_to() -> None:
    pixels = Pixels.from_array(noise(4, 4))
    with pytest.raises(ValueError, match="read-only"):
        pixels.tiles[0, 0][0, 0] = 0


def test_a_sparse_picture_stays_sparse() -> None:
    pixels = Pixels.from_array(np.zeros((600, 600, 4), np.uint8))
    assert not pixels.tiles
    assert pixels.content == EMPTY


def test_what_is_transparent_is_the_same_in_any_colour() -> None:
    array = noise(8, 8)
    array[0, 0] = (9, 9, 9, 0)
    other = array.copy()
    other[0, 0] = 0
    assert same_pixels(Pixels.from_array(array), Pixels.from_array(other))
    other[1, 1, 0] ^= 1
    assert not same_pixels(Pixels.from_array(array), Pixels.from_array(other))


@pytest.mark.parametrize("outside", [0, 255])
def test_coverage_reaches_beyond_its_tiles(outside: int) -> None:
    coverage = Coverage.from_array(np.full((3, 3), 100, np.uint8), Point(-1, -1), outside)
    read = coverage.read(Rect(-2, -2, 3, 3))
    assert read[0, 0] == outside
    assert read[1, 1] == 100
    assert coverage.content == Rect(-1, -1, 2, 2)
    assert not same_coverage(coverage, Coverage.full(outside))


@given(
    tiles=st.dictionaries(KEYS, st.integers(0, 4), max_size=9),
    changed=st.dictionaries(KEYS, st.integers(0, 4), max_size=4),
)
def test_content_after_a_change_is_as_if_looked_at_anew(
    tiles: dict[TileKey, int], changed: dict[TileKey, int]
) -> None:
    def made(kind: int) -> np.ndarray:
        """A tile with nothing, a corner, or a spot in it."""
        tile = np.zeros((128, 128, 4), np.uint8)
        if kind:
            tile[kind * 20 : kind * 20 + 3, kind * 7 : 90, 3] = 9
        return tile

    first = Pixels({key: made(kind) for key, kind in tiles.items()})
    assert first.content == plain_content(first)
    second = first.with_tiles({key: made(kind) for key, kind in changed.items()})
    assert second.content == plain_content(second)


def plain_content(pixels: Pixels) -> Rect:
    rect = pixels.rect
    alpha = pixels.read(rect)[..., 3]
    if not alpha.any():
        return Rect(0, 0, 0, 0)
    ys, xs = np.nonzero(alpha)
    found = Rect(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return found.moved(rect.x0, rect.y0)
