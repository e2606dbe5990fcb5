import numpy as np
import pytest

from generator.training.drawing.easel import Easel
from generator.training.drawing.glyphs import GLYPHS, glyph
from generator.training.drawing.things import COLOURS, THINGS, Thing
from generator.training.drawing.variants import COUNT_WORDS, MATERIALS
from generator.training.pictures import draw
from generator.training.words.captions import COUNTED, HELD_OUT, RESHAPED, Subject, subjects


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_every_thing_is_visible_and_stays_off_the_border(thing: Thing) -> None:
    layer = draw(Subject(thing.name), np.random.default_rng(3), 64)
    alpha = layer[..., 3]
    assert 0.03 < alpha.mean() < 0.8
    assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0
    assert not layer[alpha == 0].any(), "colour without alpha"


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.name)
def test_every_colour_of_a_thing_keeps_its_outline_and_changes_its_paint(thing: Thing) -> None:
    colours = COLOURS if thing.colourable else [None]
    drawn = [draw(Subject(thing.name, c), np.random.default_rng(6), 64) for c in colours]
    for layer in drawn:
        alpha = layer[..., 3]
        assert 0.03 < alpha.mean() < 0.9
        assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0
        assert np.isfinite(layer).all()
        assert (layer[..., :3] <= layer[..., 3:] + 1e-6).all(), "not premultiplied"
    for layer in drawn[1:]:
        assert np.abs(layer[..., :3] - drawn[0][..., :3]).mean() > 0.001


@pytest.mark.parametrize("material", [None, *MATERIALS])
@pytest.mark.parametrize("count", [1, *COUNT_WORDS])
def test_variants_stay_off_the_border(count: int, material: str | None) -> None:
    for name in COUNTED if material is None else RESHAPED:
        layer = draw(Subject(name, None, count, material), np.random.default_rng(2), 64)
        alpha = layer[..., 3]
        assert 0.03 < alpha.mean() < 0.8
        assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0


def test_glass_is_seen_through_and_metal_is_not() -> None:
    own, glass, metal = (
        draw(Subject("heart", "red", 1, material), np.random.default_rng(2), 64)
        for material in (None, *MATERIALS)
    )
    inside = own[..., 3] > 0.99
    assert glass[inside][:, 3].mean() < 0.7
    assert np.allclose(metal[..., 3], own[..., 3])
    assert np.ptp(metal[inside][:, :3].mean(0)) < 0.2, "steel has no hue"


@pytest.mark.parametrize("count", COUNT_WORDS)
def test_several_are_apart(count: int) -> None:
    alpha = draw(Subject("heart", "red", count), np.random.default_rng(2), 64)[..., 3] > 0.5
    assert islands(alpha) == count


def islands(mask) -> int:
    """How many parts of a mask do not touch."""
    left, found = {tuple(place) for place in np.argwhere(mask)}, 0
    while left:
        found += 1
        reached = [left.pop()]
        while reached:
            y, x = reached.pop()
            near = {(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)} & left
            left -= near
            reached += near
    return found


def test_letters_look_unlike_each_other() -> None:
    letters = [thing for thing in THINGS if thing.name.startswith("letter ")]
    assert len(letters) == 26
    drawn = [draw(Subject(thing.name), np.random.default_rng(1), 64)[..., 3] for thing in letters]
    for number, alpha in enumerate(drawn):
        assert all(np.abs(alpha - other).mean() > 0.02 for other in drawn[:number])


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
