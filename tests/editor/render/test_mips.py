"""Halving, with and without the kernels."""

import numpy as np
import pytest

from editor.document.pixels import TILE
from editor.render import native
from editor.render.mips import LEVELS, halved, pasted


def drawn() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (TILE, TILE, 4), dtype=np.uint8)


def test_halved_is_the_rounded_mean() -> None:
    tile = np.zeros((2, 2, 4), np.uint8)
    tile[0, 0] = (255, 2, 1, 254)
    tile[1, 1] = (255, 0, 0, 255)
    assert halved(tile).tolist() == [[[128, 1, 0, 127]]]


@pytest.mark.usefixtures("kernels")
def test_the_kernel_halves_alike() -> None:
    tile = drawn()
    wide = np.zeros((TILE, TILE, 4), np.uint8)
    native.halve(tile, wide[64:, :64])
    np.testing.assert_array_equal(wide[64:, :64], halved(tile))
    assert not wide[:64].any()
    assert not wide[64:, 64:].any()


def test_pasted_puts_each_level_in_its_place_and_leaves_the_old_alone() -> None:
    olds = [np.full((TILE, TILE, 4), 9, np.uint8) for _ in range(LEVELS + 1)]
    tile = drawn()
    news = pasted((-3, 5), tile, olds)
    assert all((old == 9).all() for old in olds)
    assert news[0] is tile
    np.testing.assert_array_equal(news[1][64:, 64:], halved(tile))
    np.testing.assert_array_equal(news[2][32:64, 32:64], halved(halved(tile)))
    assert (news[2][:32] == 9).all()
