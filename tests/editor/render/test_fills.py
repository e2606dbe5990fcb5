"""Areas filled, cleared, lifted out and laid back."""

import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.pixels import Coverage, Pixels
from editor.render.fills import (
    Gradient,
    GradientKind,
    Plain,
    cleared,
    filled,
    filled_grey,
    lifted,
    lifted_content,
    lightness,
    pasted,
)
from editor.render.regions import from_array

CANVAS = Rect(0, 0, 300, 200)
RED = Plain((255, 0, 0, 255))
LINEAR = Gradient(GradientKind.LINEAR, (50, 0), (250, 0), (0, 0, 0, 255), (255, 255, 255, 255))


def noise(seed: int = 0) -> Pixels:
    array = np.random.default_rng(seed).integers(0, 256, (200, 300, 4), np.uint8)
    return Pixels.from_array(array)


def soft() -> Coverage:
    values = np.random.default_rng(5).integers(0, 256, (90, 140), np.uint8)
    return from_array(values, Point(40, 30))


def test_filling_nothing_shares_one_tile() -> None:
    pixels = filled(Pixels.empty(), Point(0, 0), RED, Coverage.of_rect(CANVAS), keep_alpha=False)
    assert pixels.content == CANVAS
    assert (pixels.read(CANVAS) == (255, 0, 0, 255)).all()
    whole = Coverage.of_rect(Rect(0, 0, 512, 512))
    tiles = filled(Pixels.empty(), Point(0, 0), RED, whole, keep_alpha=False).tiles
    assert len({id(tile) for tile in tiles.values()}) == 1


@pytest.mark.parametrize("offset", [Point(0, 0), Point(13, -70)])
def test_a_fill_lies_where_the_region_does(offset: Point) -> None:
    pixels = filled(Pixels.empty(), offset, RED, soft(), keep_alpha=False)
    assert pixels.content.moved(*offset) == soft().content
    alpha = pixels.read(soft().content.moved(-offset.x, -offset.y))[..., 3]
    np.testing.assert_array_equal(alpha, soft().read(soft().content))


def test_kept_alpha_is_kept() -> None:
    before = noise()
    after = filled(before, Point(0, 0), RED, soft(), keep_alpha=True)
    first, second = before.read(CANVAS), after.read(CANVAS)
    np.testing.assert_array_equal(first[..., 3], second[..., 3])
    assert (first[..., :3] != second[..., :3]).any()


def test_what_is_cleared_and_what_is_lifted_make_up_the_whole() -> None:
    before, region, offset = noise(1), soft(), Point(5, 9)
    rest = cleared(before, offset, region).read(CANVAS)[..., 3].astype(int)
    out = lifted(before, offset, region).read(CANVAS)[..., 3].astype(int)
    assert np.abs(rest + out - before.read(CANVAS)[..., 3]).max() <= 1
    whole = Coverage.of_rect(CANVAS.grown(200))
    assert cleared(before, Point(0, 0), whole).tiles == {}
    assert lifted(before, Point(0, 0), whole).tiles[0, 0] is before.tiles[0, 0]


def test_what_is_laid_back_where_it_was_leaves_opaque_pictures_as_they_were() -> None:
    array = noise(2).read(CANVAS)
    array[..., 3] = 255
    before, region = Pixels.from_array(array), Coverage.of_rect(Rect(33, 44, 190, 150))
    rest, out = cleared(before, Point(0, 0), region), lifted(before, Point(0, 0), region)
    np.testing.assert_array_equal(pasted(rest, out, 0, 0).read(CANVAS), array)
    moved = pasted(rest, out, 20, -10)
    part = Rect(33, 44, 190, 150)
    np.testing.assert_array_equal(moved.read(part.moved(20, -10)), before.read(part))


def test_a_linear_gradient_runs_from_start_to_end() -> None:
    row = LINEAR.pixels(Rect(0, 10, 300, 11))[0, :, 0].astype(int)
    assert row[0] == row[49] == 0
    assert row[250] == row[299] == 255
    np.testing.assert_allclose(row[50:250], (np.arange(200) + 0.5) * 255 / 200, atol=1)


def test_a_radial_gradient_runs_from_its_middle() -> None:
    gradient = Gradient(GradientKind.RADIAL, (100, 100), (150, 100), (0, 0, 0, 255), (200, 0, 0, 0))
    picture = gradient.pixels(Rect(0, 0, 200, 200))
    assert picture[100, 100, 3] > 250
    assert picture[0, 0, 3] == 0
    np.testing.assert_array_equal(picture[..., 3], picture[::-1, ::-1, 3])


def test_what_fades_to_nothing_keeps_its_colour() -> None:
    fading = Gradient(GradientKind.LINEAR, (0, 0), (256, 0), (200, 100, 50, 255), (0, 0, 255, 0))
    picture = fading.pixels(Rect(0, 0, 256, 4))
    seen = picture[picture[..., 3] > 0]
    assert (seen[:, :3] == (200, 100, 50)).all()


def test_grey_is_filled_by_lightness() -> None:
    whole = Coverage.of_rect(CANVAS)
    after = filled_grey(whole, Point(0, 0), LINEAR, Coverage.of_rect(Rect(0, 0, 300, 100)))
    assert after.read(Rect(60, 50, 61, 51)) < 20
    assert after.read(Rect(60, 150, 61, 151)) == 255
    assert lightness((255, 255, 255)) == 255
    assert lightness((0, 255, 0)) == 150


def test_the_content_of_what_is_lifted_is_known_before() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        array = np.zeros((300, 280, 4), np.uint8)
        x, y = random.integers(0, 200, 2)
        array[y : y + 60, x : x + 60] = random.integers(0, 40, (60, 60, 4))
        pixels, offset = Pixels.from_array(array), Point(*map(int, random.integers(-90, 90, 2)))
        mask = random.integers(0, 9, (160, 170), np.uint8)
        region = Coverage.from_array(mask, Point(*map(int, random.integers(0, 150, 2))))
        assert lifted_content(pixels, offset, region) == lifted(pixels, offset, region).content
