"""Fresh renders: the same every time, of every table entry, sorted by their alpha."""

import numpy as np

from generator.training.drawing.things import THINGS
from generator.training.evaluation.renders import (
    HOLDING_OUT,
    TEACHING,
    Kind,
    all_subjects,
    fresh,
    held_out,
    kind_of,
    kind_of_alphas,
    names,
    premultiplied,
    seen,
    straight,
)
from generator.training.words.captions import HELD_OUT, Subject

SIDE = 64


def test_a_render_follows_from_stream_and_number_alone() -> None:
    apple = Subject("apple", "red")
    one = fresh(apple, TEACHING, 3, SIDE)
    assert one.shape == (SIDE, SIDE, 4)
    assert one.dtype == np.float32
    np.testing.assert_array_equal(one, fresh(apple, TEACHING, 3, SIDE))
    for other in (fresh(apple, TEACHING, 4, SIDE), fresh(apple, HOLDING_OUT, 3, SIDE)):
        assert np.abs(one - other).max() > 0.01


def test_subjects_come_from_the_tables() -> None:
    assert {thing.name for thing in THINGS} <= set(names())
    assert set(held_out()) <= set(all_subjects())
    assert len(held_out()) == len(HELD_OUT)
    assert not {(each.colour, each.name) for each in seen(400)} & HELD_OUT
    assert seen(5) == seen(5)


def test_bytes_and_layers_are_the_same_picture() -> None:
    layer = fresh(Subject("glass ball"), TEACHING, 0, SIDE)
    np.testing.assert_allclose(premultiplied(straight(layer)), layer, atol=1.2 / 255)


def test_kinds_of_alpha() -> None:
    disc = np.hypot(*np.mgrid[-1:1:128j, -1:1:128j]) < 0.8
    lines = np.zeros((128, 128))
    lines[:, ::16] = 1
    assert kind_of_alphas([disc.astype(float)]) is Kind.OPAQUE
    assert kind_of_alphas([disc * 0.5]) is Kind.TRANSLUCENT
    assert kind_of_alphas([lines]) is Kind.THIN
    assert kind_of("glass ball") is Kind.TRANSLUCENT
    assert kind_of("ball") is Kind.OPAQUE
