"""Dabs and paint: the formulas by what they mean, the machine code by the formulas."""

import numpy as np
import pytest

from editor.document.pixels import FULL
from editor.render import native, painting
from editor.render.painting import Paint, laid, laid_grey, stamp


def blank() -> np.ndarray:
    return np.zeros((128, 128), np.float32)


def dabs(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


def formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting.native, "ready", lambda: False)


@pytest.fixture(params=["formulas", "kernels"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "kernels":
        request.getfixturevalue("kernels")
    else:
        formulas(monkeypatch)


@pytest.mark.usefixtures("engine")
def test_a_hard_dab_is_a_disk_with_a_smooth_edge() -> None:
    cover = blank()
    stamp(cover, (0, 0), dabs((64, 64, 20, 1, 1)))
    assert cover[64, 64] == 1
    assert abs(cover.sum() - np.pi * 20**2) < 15
    assert not cover[:43].any()
    np.testing.assert_allclose(cover, cover.T, atol=1e-6)


@pytest.mark.usefixtures("engine")
def test_dabs_build_up_and_never_exceed_one() -> None:
    cover = blank()
    stamp(cover, (0, 0), dabs((64, 64, 20, 1, 0.5), (64, 64, 20, 1, 0.5)))
    assert cover[64, 64] == pytest.approx(0.75)
    stamp(cover, (0, 0), dabs(*[(64, 64, 20, 1, 0.9)] * 30))
    assert cover.max() <= 1


@pytest.mark.usefixtures("engine")
def test_a_dab_goes_on_in_the_next_tile() -> None:
    whole, part = blank(), blank()
    stamp(whole, (-10, 0), dabs((30, 50, 25, 10, 1)))
    stamp(part, (0, 0), dabs((30, 50, 25, 10, 1)))
    np.testing.assert_allclose(whole[:, 10:], part[:, :-10], atol=1e-5)


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("keep_alpha", [False, True])
@pytest.mark.parametrize("erase", [False, True])
@pytest.mark.parametrize("with_mask", [False, True])
def test_the_kernels_are_the_formulas(
    keep_alpha: bool, erase: bool, with_mask: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    base = rng.integers(0, 256, (128, 128, 4), np.uint8)
    base[:20, :, 3] = 0
    cover = rng.random((128, 128), np.float32)
    cover[:, :30] = 0
    mask = rng.integers(0, 256, (128, 128), np.uint8) if with_mask else None
    paint = Paint((250, 100, 3), 0.8, keep_alpha, erase)
    made = laid(base, cover, mask, paint), laid(None, cover, mask, paint)
    grown = blank()
    stamp(grown, (5, 7), dabs((60, 60, 31.5, 12, 0.7), (90, 70, 5, 1, 1)))
    formulas(monkeypatch)
    wanted = laid(base, cover, mask, paint), laid(None, cover, mask, paint)
    for ours, theirs in zip(made, wanted, strict=True):
        assert np.abs(ours.astype(int) - theirs).max() <= 1
    np.testing.assert_array_equal(made[0][:, :30], base[:, :30])
    by_formula = blank()
    stamp(by_formula, (5, 7), dabs((60, 60, 31.5, 12, 0.7), (90, 70, 5, 1, 1)))
    np.testing.assert_allclose(grown, by_formula, atol=1e-4)


@pytest.mark.usefixtures("engine")
def test_paint_over_nothing_keeps_its_colour_however_faint() -> None:
    cover = np.linspace(0, 1, 128 * 128, dtype=np.float32).reshape(128, 128)
    made = laid(None, cover, FULL, Paint((200, 100, 50)))
    assert (made[made[..., 3] > 0][:, :3] == (200, 100, 50)).all()
    assert abs(int(made[64, 0, 3]) - 128) <= 1


@pytest.mark.usefixtures("engine")
def test_what_stays_transparent_keeps_its_colour() -> None:
    base = np.full((128, 128, 4), (9, 8, 7, 0), np.uint8)
    made = laid(base, blank(), None, Paint((200, 100, 50)))
    np.testing.assert_array_equal(made, base)
    opaque = np.full((128, 128, 4), (9, 8, 7, 255), np.uint8)
    erased = laid(opaque, blank() + 1, None, Paint(erase=True))
    assert (erased == (9, 8, 7, 0)).all()


def test_grey_moves_towards_a_value() -> None:
    base = np.full((128, 128), 100, np.uint8)
    assert (laid_grey(base, blank() + 1, FULL, 255) == 255).all()
    assert (laid_grey(base, blank() + 0.5, None, 0) == 50).all()
    mask = np.zeros((128, 128), np.uint8)
    assert (laid_grey(base, blank() + 1, mask, 0) == 100).all()
    assert native.MORE.keys() >= {"stamp", "lay"}
