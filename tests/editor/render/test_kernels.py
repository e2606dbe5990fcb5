"""Every kernel against the float64 formulas, and the stages around them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.document.layer import BlendMode
from editor.document.pixels import RGBA8, TILE
from editor.render import by_reference, native
from editor.render.program import Op, Step
from editor.render.reference import near_discontinuity

pytestmark = pytest.mark.usefixtures("kernels")

MODES = [mode for mode in BlendMode if mode is not BlendMode.PASS_THROUGH]
EXTREMES = np.array([0, 0, 0, 1, 2, 63, 64, 127, 128, 254, 255, 255, 255], np.uint8)
QUICK = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def drawn_tile(seed: int, extreme: float) -> RGBA8:
    """Return a tile in which a share of the values is extreme, and some pixels are grey."""
    rng = np.random.default_rng(seed)
    tile = rng.integers(0, 256, (TILE, TILE, 4), dtype=np.uint8)
    special = rng.random(tile.shape) < extreme
    tile[special] = rng.choice(EXTREMES, int(special.sum()))
    grey = rng.random(tile.shape[:2]) < 0.1
    tile[grey, 1] = tile[grey, 2] = tile[grey, 0]
    return tile


def source(tile: RGBA8, mode: BlendMode = BlendMode.NORMAL, **how: object) -> Step:
    return Step(Op.SOURCE, mode, tiles=(tile, None, None, None), **how)  # type: ignore[arg-type]


def run(steps: list[Step], key: tuple[int, int], *, for_display: bool) -> np.ndarray:
    out = np.empty((TILE, TILE, 4), np.uint8)
    native.run(steps, key, out, for_display=for_display)
    return out


def far_off(steps: list[Step]) -> np.ndarray:
    """Return which pixels of the kernels' result are more than a level from the formula's."""
    exact = by_reference.run(steps, (3, -2)) * 255
    made = run(steps, (3, -2), for_display=True)[..., (2, 1, 0, 3)]
    return (np.abs(made - exact) > 1.0).any(axis=-1)


@pytest.mark.parametrize("mode", MODES)
@given(
    seeds=st.tuples(st.integers(0, 1 << 30), st.integers(0, 1 << 30)),
    extreme=st.sampled_from([0.0, 0.3, 1.0]),
    opacity=st.sampled_from([1.0, 0.8, 128 / 255, 1 / 255]),
    is_masked=st.booleans(),
)
@QUICK
def test_kernel_is_within_a_level_of_the_formula(
    mode: BlendMode, seeds: tuple[int, int], extreme: float, opacity: float, is_masked: bool
) -> None:
    below, above = (drawn_tile(seed, extreme) for seed in seeds)
    mask = drawn_tile(seeds[0] + 1, extreme)[..., 0] if is_masked else None
    wrong = far_off([source(below), source(above, mode, opacity=opacity, mask=mask)])
    for y, x in np.argwhere(wrong):
        b, s = below[y, x, :3] / 255, above[y, x, :3] / 255
        assert near_discontinuity(mode, b, s), (below[y, x], above[y, x])


@pytest.mark.parametrize("mode", MODES)
@given(seed=st.integers(0, 1 << 30))
@QUICK
def test_kernel_on_an_opaque_backdrop_of_every_pair(mode: BlendMode, seed: int) -> None:
    """All 256 x 64 pairs of one channel, the others random."""
    rng = np.random.default_rng(seed)
    below, above = drawn_tile(seed, 0.2), drawn_tile(seed + 1, 0.2)
    below[..., 3] = above[..., 3] = 255
    pairs = np.arange(TILE * TILE).reshape(TILE, TILE)
    channel = int(rng.integers(0, 3))
    below[..., channel] = pairs & 255
    above[..., channel] = (pairs >> 8) * 4 + rng.integers(0, 4)
    for y, x in np.argwhere(far_off([source(below), source(above, mode)])):
        b, s = below[y, x, :3] / 255, above[y, x, :3] / 255
        assert near_discontinuity(mode, b, s), (below[y, x], above[y, x])


@pytest.mark.parametrize("mode", MODES)
def test_nothing_on_something_changes_nothing(mode: BlendMode) -> None:
    below, above = drawn_tile(1, 0.2), drawn_tile(2, 0.2)
    above[..., 3] = 0
    alone = run([source(below)], (0, 0), for_display=False)
    both = run([source(below), source(above, mode)], (0, 0), for_display=False)
    np.testing.assert_array_equal(both, alone)


def test_one_layer_comes_out_as_it_was() -> None:
    tile = drawn_tile(3, 0.3)
    out = run([source(tile)], (0, 0), for_display=False)
    visible = tile[..., 3] > 0
    np.testing.assert_array_equal(out[visible], tile[visible])
    assert not out[~visible].any()


def test_display_never_has_more_colour_than_alpha() -> None:
    steps = [source(drawn_tile(seed, 0.3), mode) for seed, mode in enumerate(MODES)]
    out = run(steps, (0, 0), for_display=True)
    assert (out[..., :3] <= out[..., 3:]).all()


@given(x=st.integers(0, TILE - 1), y=st.integers(0, TILE - 1), present=st.integers(1, 15))
@QUICK
def test_a_layer_off_the_grid_is_gathered_from_its_tiles(x: int, y: int, present: int) -> None:
    tiles = [
        drawn_tile(i, 0.1) if present >> i & 1 and (x or not i & 1) and (y or not i & 2) else None
        for i in range(4)
    ]
    step = Step(Op.SOURCE, tiles=tuple(tiles), source_x=x, source_y=y)  # type: ignore[arg-type]
    assert not far_off([source(drawn_tile(9, 0.1)), step]).any()


def test_tiles_that_are_views_are_read_right() -> None:
    wide = np.zeros((TILE, 2 * TILE, 4), np.uint8)
    wide[:, TILE:] = drawn_tile(5, 0.0)
    assert not far_off([source(wide[:, TILE:])]).any()


def test_the_result_may_be_part_of_a_wider_picture() -> None:
    steps = [source(drawn_tile(6, 0.0))]
    wide = np.zeros((TILE + 5, 2 * TILE, 4), np.uint8)
    native.run(steps, (0, 0), wide[5:, 64 : 64 + TILE], for_display=True)
    expected = run(steps, (0, 0), for_display=True)
    np.testing.assert_array_equal(wide[5:, 64 : 64 + TILE], expected)
    assert not wide[:5].any()
    assert not wide[:, :64].any()
    assert not wide[:, 64 + TILE :].any()
