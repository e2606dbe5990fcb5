"""How often pictures are shown, and captions that are left out."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.layer_diffusion.text import Words
from generator.training.adapting.assets import Asset
from generator.training.adapting.lessons import Drawn, Lessons, Source, chances_of

DRAWN = Drawn(np.zeros((2, 2, 4), np.float32), "dog")
ASSETS = (Asset(Path("a.png"), "apple"), Asset(Path("b.png"), "ball", weight=3.0))


def test_weights_count_and_placements_share_them() -> None:
    chances = chances_of(Source(ASSETS), [2, 2])
    assert chances == pytest.approx([0.125, 0.125, 0.375, 0.375])


def test_originals_have_their_share_of_every_batch() -> None:
    chances = chances_of(Source(ASSETS, (DRAWN, DRAWN), originals_share=0.4), [1, 1, 1, 1])
    assert chances == pytest.approx([0.15, 0.45, 0.2, 0.2])


def test_without_a_share_originals_count_by_their_weights() -> None:
    listed = (ASSETS[0], Asset(Path("o.png"), "dog", weight=3.0, is_original=True))
    assert chances_of(Source(listed), [1, 1]) == pytest.approx([0.25, 0.75])


def test_the_word_goes_before_captions_but_those_of_originals() -> None:
    listed = (ASSETS[0], Asset(Path("o.png"), "dog", is_original=True))
    assert Source(listed, (DRAWN,), word="inky").captions == ["inky apple", "dog", "dog"]


def test_silent_rows_read_nothing() -> None:
    lessons = Lessons(
        latents=torch.zeros(2, 1, 1, 1),
        captions=np.array([1, 0]),
        chances=np.array([0.5, 0.5]),
        words=Words(torch.tensor([[[1.0]], [[2.0]]]), torch.tensor([[10.0], [20.0]])),
        silence=Words(torch.zeros(1, 1, 1), torch.zeros(1, 1)),
        size=(8, 8),
    )
    words = lessons.of_rows(np.array([0, 1, 1]), np.array([False, True, False]))
    assert words.tokens.flatten().tolist() == [2.0, 0.0, 1.0]
    assert words.pooled is not None
    assert words.pooled.flatten().tolist() == [20.0, 0.0, 10.0]
