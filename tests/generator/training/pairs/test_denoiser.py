from pathlib import Path

import numpy as np
import pytest
import torch

from generator.request import Role
from generator.training.denoiser import PADDING, Denoiser
from generator.training.loop import Budget, load_checkpoint, save_checkpoint
from generator.training.pairs.denoiser import (
    COMPUTED,
    PairDenoiser,
    PairLessons,
    Pupils,
    from_single,
    load,
    train,
)
from generator.training.pairs.lessons import PLANES, SceneLatents
from generator.training.pairs.tasks import PAIR_TASKS
from generator.training.words.captions import Subject
from generator.training.words.vocabulary import MAX_WORDS, build_tokenizer
from generator.training.workers import Workers

TOKENIZER = build_tokenizer()
CHANNELS = 16
SHIPPED_WORDS = 146


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A single-object denoiser whose vocabulary had fewer words."""
    folder = tmp_path_factory.mktemp("single")
    torch.manual_seed(3)
    weights = Denoiser(CHANNELS, TOKENIZER).state_dict()
    name = "text.embeddings.token_embedding.weight"
    weights[name] = weights[name][:SHIPPED_WORDS].clone()
    save_checkpoint(folder / "denoiser.pt", {"average": weights})
    return folder


@pytest.fixture(scope="module")
def lessons() -> PairLessons:
    rng = torch.Generator().manual_seed(0)
    planes = {
        name: torch.randn(
            (24, CHANNELS if name in ("foreground", "lit") else 8, 8, 8), generator=rng
        ).half()
        for name in PLANES
    }
    scenes = SceneLatents(planes, (Subject("apple", "red"),) * 24, ("beach",) * 24)
    return PairLessons(scenes, TOKENIZER, 1)


def test_what_follows_from_layers_is_learned_from_nothing_instead_of_noise(
    single: Path, lessons: PairLessons
) -> None:
    whole = lessons.batch(1, 0)
    batch = whole.rows(torch.from_numpy(np.flatnonzero(np.isin(whole.tasks, COMPUTED))))
    assert {PAIR_TASKS[task].name for task in batch.tasks} == {"blended", "settled"}
    model = from_single(single, CHANNELS, TOKENIZER)
    errors, _ = Pupils(model, Workers()).study(batch, (1, 0))
    nothing, share = torch.zeros_like(batch.clean), torch.ones(len(batch.clean))
    with torch.no_grad():
        found = -model(nothing, share, batch.words, batch.given)
    wanted = (found - batch.clean).square().mean((1, 2, 3))
    assert torch.allclose(errors, wanted, atol=1e-5)


def test_each_task_is_told_by_its_own_words_before_the_prompt(lessons: PairLessons) -> None:
    batch = lessons.batch(1, 1, 200)
    assert batch.words.shape == (200, MAX_WORDS)
    for task, words in zip(batch.tasks, batch.words, strict=True):
        says = PAIR_TASKS[task].says
        ids = TOKENIZER(says).input_ids[:-1]
        assert words[: len(ids)].tolist() == ids, says
        assert TOKENIZER.eos_token_id in words.tolist()


def ignore(_model: PairDenoiser, _step: int) -> None:
    """Nobody looks."""


def test_it_begins_as_the_single_object_denoiser_that_already_looks_at_what_is_given(
    single: Path,
) -> None:
    model = from_single(single, CHANNELS, TOKENIZER).eval()
    noisy, share = torch.randn((1, CHANNELS, 8, 8)), torch.tensor([0.5])
    words = TOKENIZER(["red apple"], **PADDING).input_ids
    given = {Role.BACKGROUND: (torch.tensor([0]), torch.randn((1, CHANNELS, 8, 8)))}
    with torch.no_grad():
        alone = model.base(noisy, share, words)
        assert torch.equal(model(noisy, share, words, {}), alone)
        assert not torch.allclose(model(noisy, share, words, given), alone)


def test_the_widened_convolution_sees_what_the_slots_see(single: Path) -> None:
    model = from_single(single, CHANNELS, TOKENIZER)
    noisy, ground = torch.randn((2, 1, CHANNELS, 8, 8)).unbind()
    first = model.base.unet.conv_in
    joined = torch.cat([noisy, torch.zeros_like(noisy), ground, *[torch.zeros_like(noisy)] * 2], 1)
    with torch.no_grad():
        wide = torch.nn.functional.conv2d(joined, model.widened(), first.bias, padding=1)
        model._given = {Role.BACKGROUND: (torch.tensor([0]), ground)}
        assert torch.allclose(first(noisy), wide, atol=1e-4)


def test_old_words_stay_to_the_bit_and_new_ones_learn(
    single: Path, lessons: PairLessons, tmp_path: Path
) -> None:
    before = from_single(single, CHANNELS, TOKENIZER).base.text.get_input_embeddings().weight
    train(lessons, TOKENIZER, single, tmp_path, Budget(2), ignore)
    state = load_checkpoint(tmp_path / "pairs.pt")
    assert state is not None
    after = state["model"]["base.text.embeddings.token_embedding.weight"]
    assert torch.equal(before[:SHIPPED_WORDS], after[:SHIPPED_WORDS])
    beach = TOKENIZER.convert_tokens_to_ids("beach")
    assert not torch.equal(before[beach], after[beach])
    model = load(tmp_path, CHANNELS, TOKENIZER)
    assert torch.equal(
        model.base.text.get_input_embeddings().weight,
        state["average"]["base.text.embeddings.token_embedding.weight"],
    )


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(
    single: Path, lessons: PairLessons, tmp_path: Path
) -> None:
    def stop(_model: PairDenoiser, step: int) -> None:
        if step == 1:
            raise KeyboardInterrupt

    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()
    budget = Budget(2, checkpoint_seconds=0)
    train(lessons, TOKENIZER, single, whole, budget, ignore)
    with pytest.raises(KeyboardInterrupt):
        train(lessons, TOKENIZER, single, halves, budget, stop)
    train(lessons, TOKENIZER, single, halves, budget, ignore)
    states = [load_checkpoint(folder / "pairs.pt") for folder in (whole, halves)]
    assert states[0] is not None
    assert states[1] is not None
    for name, weights in states[0]["model"].items():
        assert torch.equal(weights, states[1]["model"][name]), name
