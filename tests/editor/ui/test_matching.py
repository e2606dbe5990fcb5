"""How near names are to what is typed."""

import pytest

from editor.ui.matching import rank


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Merge down"),
        ("mer", "Merge down"),
        ("down", "Merge down"),
        ("md", "Merge down"),
        ("DOWN mer", "Merge down"),
        ("erge", "Merge down"),
        ("mrgd", "Merge down"),
        ("layer dup", "Duplicate"),
    ],
)
def test_what_fits(typed: str, name: str) -> None:
    assert rank(typed, name, "Layer") is not None


@pytest.mark.parametrize(
    ("typed", "name"), [("x", "Merge down"), ("mx", "Merge"), ("egr", "Merge")]
)
def test_what_does_not_fit(typed: str, name: str) -> None:
    assert rank(typed, name, "Layer") is None


def test_the_beginning_is_nearer_than_the_middle_and_the_name_than_its_menu() -> None:
    names = [("Layer above", "Select"), ("New layer", "File"), ("Players", ""), ("Group", "Layer")]
    ranks = [rank("layer", name, place) for name, place in names]
    assert None not in ranks
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
