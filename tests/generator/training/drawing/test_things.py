import numpy as np
import pytest

from generator.training.drawing.easel import Easel
from generator.training.drawing.glyphs import GLYPHS, glyph
from generator.training.drawing.things import COLOURS, THINGS, Thing
from generator.training.pictures import draw
from generator.training.words.captions import HELD_OUT, Subject, subjects


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_every_thing_is_visible_and_stays_off_the_border(thing: Thing) -> None:
    layer = draw(Subject(thing.name), np.random.default_rng(3))
    alpha = layer[..., 3]
    assert 0.03 < alpha.mean() < 0.8
    assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0
    assert not layer[alpha == 0].any(), "colour without alpha"


def test_the_same_chance_draws_the_same_picture() -> None:
    first, second = (draw(Subject("smoke"), np.random.default_rng(5), 64) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_polygon_and_a_formula_agree_in_any_pose() -> None:
    from generator.training.drawing.easel import Pose

    easel = Easel(128, np.random.default_rng(0), Pose(0.8, 0.3, 0.05, -0.04))
    corners = [(-0.5, -0.3), (0.5, -0.3), (0.5, 0.3), (-0.5, 0.3)]
    difference = np.abs(easel.polygon(corners) - easel.box(corners[0], corners[2]))
    assert difference.mean() < 0.004


def test_held_out_pairs_are_drawable_but_not_taught() -> None:
    taught = {(subject.colour, subject.name) for subject in subjects()}
    names = {thing.name for thing in THINGS if thing.colourable}
    for colour, name in HELD_OUT:
        assert colour in COLOURS
        assert name in names
        assert (colour, name) not in taught


def test_names_are_unique() -> None:
    names = [thing.name for thing in THINGS] + list(GLYPHS)
    assert len(names) == len(set(names))


def test_every_glyph_exists() -> None:
    pytest.importorskip("PIL")
    from generator.training.drawing.glyphs import FONT

    if not FONT.exists():
        pytest.skip(f"{FONT} is not installed (Debian: fonts-noto-color-emoji)")
    for name in GLYPHS:
        assert glyph(name).getbbox() is not None
