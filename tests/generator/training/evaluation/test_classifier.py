"""The measuring device at tiny size: it learns, is kept, and is another one for another recipe."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.training.drawing.things import COLOURS
from generator.training.evaluation import classifier
from generator.training.evaluation.classifier import (
    FEATURES,
    Recipe,
    kept_or_taught,
    recipe_hash,
    seen_small,
    taught,
)
from generator.training.evaluation.renders import HOLDING_OUT, fresh
from generator.training.words.captions import Subject

TWO = ("ball", "star")
SUBJECTS = tuple(Subject(name, colour) for name in TWO for colour in ("red", "blue"))
TINY = Recipe(coloured=20, natural=1, epochs=5, batch=16, tested=3)


@pytest.fixture(autouse=True)
def few_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "names", lambda: TWO)
    monkeypatch.setattr(classifier, "all_subjects", lambda: SUBJECTS)
    monkeypatch.setattr(classifier, "drawings_hash", lambda: "of these drawings")


def test_it_learns_things_and_colours(tmp_path: Path) -> None:
    made = kept_or_taught(tmp_path, TINY)
    assert made.accuracy.count == 12
    assert made.colours == tuple(COLOURS)
    assert made.accuracy.thing >= 0.75
    assert made.accuracy.colour >= 0.75
    pictures = [fresh(subject, HOLDING_OUT, 99, 128) for subject in SUBJECTS]
    right = [one == wanted for one, wanted in zip(made.answers(pictures), SUBJECTS, strict=True)]
    assert sum(right) >= 3
    assert made.features(pictures).shape == (4, FEATURES)

    again = kept_or_taught(tmp_path, TINY)  # from the cache
    assert again.accuracy == made.accuracy
    np.testing.assert_array_equal(again.features(pictures), made.features(pictures))
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".safetensors"]


def test_the_same_recipe_teaches_the_same_network() -> None:
    shortest = Recipe(coloured=2, natural=1, epochs=1, batch=8, tested=1)
    first, second = taught(shortest), taught(shortest)
    for one, other in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.equal(one, other)


def test_another_recipe_has_another_name() -> None:
    assert recipe_hash(TINY) == recipe_hash(TINY)
    assert recipe_hash(TINY) != recipe_hash(Recipe(coloured=25))


def test_small_pictures_are_means_of_areas() -> None:
    layer = np.zeros((128, 128, 4), np.float32)
    layer[::2] = 1
    small = seen_small(layer)
    assert small.shape == (64, 64, 4)
    np.testing.assert_allclose(small, 0.5)
