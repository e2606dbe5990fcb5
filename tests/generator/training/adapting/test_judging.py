"""The judge of the demonstration is right about renders that it has not seen."""

import numpy as np

from generator.training.adapting.judging import Render, judge_of, shape_of, style_of
from generator.training.adapting.styles import CORAL, INDIGO, straight, two_inks, write_assets
from generator.training.pictures import draw
from generator.training.words.captions import Subject

SUBJECTS = [
    Subject(name, colour) for name in ("apple", "mug", "star") for colour in ("red", "blue")
]


def rendered(seed: int) -> list[Render]:
    """Small renders, plain and in the style, without any model between."""
    chance = np.random.default_rng(seed)
    found = []
    for subject in SUBJECTS:
        layer = draw(subject, chance, 64)
        found.append(Render(straight(layer), subject.name, is_styled=False))
        found.append(Render(straight(two_inks(layer)), subject.name, is_styled=True))
    return found


def test_the_style_keeps_alpha_and_lies_between_its_inks() -> None:
    layer = draw(Subject("apple", "green"), np.random.default_rng(1), 64)
    printed = two_inks(layer)
    assert np.array_equal(printed[..., 3], layer[..., 3])
    seen = layer[..., 3] > 0.5
    share = (printed[seen][:, :3] / printed[seen][:, 3:] - INDIGO) / (CORAL - INDIGO)
    assert share.min() > -1e-3
    assert share.max() < 1 + 1e-3
    assert np.ptp(share[:, 0]) > 0.9
    assert np.abs(share - share[:, :1]).max() < 1e-3


def test_things_and_style_are_told_on_held_out_renders() -> None:
    judge, tested = judge_of(rendered(1)), rendered(2)
    assert [judge.is_styled(each.pixels) for each in tested] == [each.is_styled for each in tested]
    right, styled = judge.shares([each.pixels for each in tested], [each.name for each in tested])
    assert right == 1
    assert styled == 0.5


def test_an_outline_is_the_same_in_both_styles() -> None:
    plain, printed, *_ = rendered(3)
    other = rendered(3)[4]  # a mug
    near = np.square(shape_of(plain.pixels) - shape_of(printed.pixels)).sum()
    assert near < np.square(shape_of(plain.pixels) - shape_of(other.pixels)).sum()


def test_nothing_has_no_style() -> None:
    assert not style_of(np.zeros((64, 64, 4), np.uint8)).any()


def test_assets_are_pictures_with_captions(tmp_path) -> None:
    write_assets(tmp_path, SUBJECTS[:1], 1)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "000-red-apple.png", "000-red-apple.txt",
    ]  # fmt: skip
    assert (tmp_path / "000-red-apple.txt").read_text() == "red apple\n"
