from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.training.denoiser import WORDINGS, WORDS, Denoiser, Lessons, train
from generator.training.loop import Budget, Clock, load_checkpoint, save_checkpoint
from generator.training.words.vocabulary import MAX_WORDS, build_tokenizer

TOKENIZER = build_tokenizer()
STEPS = 2


@pytest.fixture(scope="module")
def lesson() -> Lessons:
    """Four latents of nothing in particular, with captions."""
    rng = torch.Generator().manual_seed(0)
    return Lessons(
        latents=torch.randn((4, 32, 8, 8), generator=rng).half(),
        labels=np.array([0, 0, 1, 1]),
        chances=np.full(4, 0.25),
        words=torch.ones((2, WORDINGS, MAX_WORDS), dtype=torch.long),
        silence=torch.zeros(MAX_WORDS, dtype=torch.long),
    )


def keep_going(_model: Denoiser, _step: int) -> None:
    """Nobody looks."""


def test_the_same_seed_gives_the_same_loss(lesson: Lessons, tmp_path: Path) -> None:
    losses = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        losses.append(train(lesson, TOKENIZER, tmp_path / name, Budget(STEPS), keep_going))
    assert losses[0] == losses[1]


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(lesson: Lessons, tmp_path: Path) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()

    def stop(_model: Denoiser, step: int) -> None:
        if step == 1:
            raise KeyboardInterrupt

    budget = Budget(STEPS, checkpoint_seconds=0)
    train(lesson, TOKENIZER, whole, budget, keep_going)
    with pytest.raises(KeyboardInterrupt):
        train(lesson, TOKENIZER, halves, budget, stop)
    train(lesson, TOKENIZER, halves, budget, keep_going)
    states = [load_checkpoint(folder / "denoiser.pt") for folder in (whole, halves)]
    assert states[0] is not None
    assert states[1] is not None
    assert states[0]["step"] == states[1]["step"] == STEPS
    for name, weights in states[0]["model"].items():
        assert torch.equal(weights, states[1]["model"][name]), name


def test_the_rate_warms_up_and_ends_low() -> None:
    clock = Clock(Budget(1000))
    rates = []
    for step in (0, 200, 600, 825, 999):
        clock.step = step
        rates.append(clock.rate())
    assert rates[0] < 0.05
    assert rates[1] == rates[2] == 1
    assert 0.4 < rates[3] < 0.6
    assert rates[4] <= 0.02


def test_a_widened_denoiser_keeps_the_rows_of_known_words(lesson: Lessons, tmp_path: Path) -> None:
    known, unknown = 40, TOKENIZER.unk_token_id
    first, wide = tmp_path / "first", tmp_path / "wide"
    first.mkdir()
    wide.mkdir()
    train(lesson, TOKENIZER, first, Budget(1), keep_going)
    before = load_checkpoint(first / "denoiser.pt")
    assert before is not None
    before["average"][WORDS] = before["average"][WORDS][:known]
    save_checkpoint(first / "denoiser.pt", before)
    words = lesson.words.clone()
    words[..., 1] = unknown
    words[..., 2] = known + 3
    train(replace(lesson, words=words), TOKENIZER, wide, Budget(STEPS), keep_going, first)
    after = load_checkpoint(wide / "denoiser.pt")
    assert after is not None
    rows, old = after["model"][WORDS], before["average"][WORDS]
    assert len(rows) == len(TOKENIZER)
    held = [number for number in range(known) if number != unknown]
    assert torch.equal(rows[held], old[held])
    assert not torch.equal(rows[unknown], old[unknown])
    body = next(name for name in after["model"] if name.endswith("layers.0.mlp.fc1.weight"))
    assert torch.equal(after["model"][body], before["average"][body])
    changed = "unet.conv_in.weight"
    assert not torch.equal(after["model"][changed], before["average"][changed])
