"""Trimaps, and who is said to win, with methods whose alphas are planted."""

import numpy as np
import pytest

from generator.training.evaluation import mattes
from generator.training.evaluation.mattes import (
    NATIVE,
    Contest,
    automatic_trimap,
    over,
    subjects_by_kind,
    true_trimap,
)
from generator.training.evaluation.renders import Kind, fresh, kind_of
from generator.training.words.captions import Subject

SIDE = 64


def disc(radius: float = 0.5) -> np.ndarray:
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    return (np.hypot(rows, columns) < radius).astype(np.float64)


def test_the_true_trimap_is_right_and_generous() -> None:
    alpha = disc()
    trimap = true_trimap(alpha)
    assert set(np.unique(trimap)) == {0, 0.5, 1}
    np.testing.assert_array_equal(alpha[trimap == 1], 1)
    np.testing.assert_array_equal(alpha[trimap == 0], 0)
    unknown = (trimap == 0.5).mean()
    assert 0.15 < unknown < 0.5  # a band of four pixels to either side


def test_where_nothing_is_opaque_the_densest_is_marked() -> None:
    rows, columns = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    smoke = 0.4 * np.exp(-4 * (rows**2 + columns**2))
    trimap = true_trimap(smoke)
    assert 0 < (trimap == 1).mean() < 0.02
    assert smoke[trimap == 1].min() > smoke[trimap != 1].mean()


def test_a_trimap_without_the_truth_goes_by_the_border() -> None:
    alpha = disc()[..., None]
    picture = alpha * np.array([0.9, 0.1, 0.1]) + (1 - alpha) * 0.5
    trimap = automatic_trimap(picture)
    assert (trimap[disc(0.4) > 0] == 1).all()
    assert (trimap[disc(0.6) == 0] == 0).all()


def test_a_picture_over_another_is_in_eight_bits() -> None:
    layer = fresh(Subject("glass ball"), 1, 1, SIDE)
    flat = over(layer, np.full((SIDE, SIDE, 3), 0.3, np.float32))
    np.testing.assert_array_equal(flat, np.round(flat * 255) / 255)
    np.testing.assert_allclose(flat[0, 0], 0.3, atol=1 / 255)


def test_who_is_better_is_said_with_the_ratio() -> None:
    true = disc()
    found = [
        Contest(Subject("ball"), true, {NATIVE: true * 0.9, "one": true * 0.7, "two": true * 0.5})
    ]
    table, (figure,) = mattes._of_renders(found, ["one", "two"])
    assert figure.name == "times_better_opaque"
    assert figure.value == pytest.approx(3)
    assert figure.is_met
    assert table.rows[0][0] == "opaque"
    assert "one" in table.rows[0]


def test_subjects_come_by_turns() -> None:
    kinds = [kind_of(each.name) for each in subjects_by_kind(6)]
    assert kinds == [Kind.OPAQUE, Kind.THIN, Kind.TRANSLUCENT] * 2


@pytest.mark.timeout(900)  # the first import compiles for most of a minute
def test_the_library_mattes_a_plain_disc_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pymatting")
    alpha = disc()
    layer = np.dstack([alpha * 0.9, alpha * 0.2, alpha * 0.1, alpha]).astype(np.float32)
    rng = np.random.default_rng(4)
    flat = over(layer, rng.uniform(0.3, 0.6, (SIDE, SIDE, 3)).astype(np.float32))
    for method in mattes.methods().values():
        assert np.abs(method(flat, true_trimap(alpha)) - alpha).mean() < 0.05
    assert capsys.readouterr().out == ""
