import numpy as np
import pytest
import torch
from torch import Tensor

from generator.request import Role
from generator.training.pairs.denoiser import CHANGE_GAIN, PairLessons, gathered, lesson
from generator.training.pairs.lessons import SceneLatents, kept_out, scribble_of
from generator.training.pairs.tasks import PAIR_TASKS, task_named
from generator.training.words.captions import Subject
from generator.training.words.vocabulary import build_tokenizer

COUNT, CHANNELS, COLOURS = 40, 6, 4


@pytest.fixture(scope="module")
def latents() -> SceneLatents:
    rng = torch.Generator().manual_seed(0)

    def plane(channels: int) -> Tensor:
        return torch.randn((COUNT, channels, 8, 8), generator=rng).half()

    opaque = ("background", "over", "over_lit", "blended", "control")
    planes = {name: plane(COLOURS) for name in opaque}
    planes |= {name: plane(CHANNELS) for name in ("foreground", "lit")}
    return SceneLatents(planes, (Subject("apple", "red"),) * COUNT, ("beach",) * COUNT)


def test_shares_of_the_tasks_add_up() -> None:
    assert sum(task.share for task in PAIR_TASKS) == pytest.approx(1)
    with pytest.raises(ValueError, match="no pair task"):
        task_named("juggle")


@pytest.mark.parametrize("lit", [False, True])
def test_the_blended_task_makes_what_is_missing_of_the_layers(
    latents: SceneLatents, lit: bool
) -> None:
    target, given = lesson(latents, task_named("blended"), 3, lit)
    over = latents.planes["over_lit" if lit else "over"][3].float()
    blended = latents.planes["blended"][3].float()
    assert torch.allclose(over + target[:COLOURS] / CHANGE_GAIN, blended, atol=1e-3)
    assert not target[COLOURS:].any(), "an opaque picture has no offset"
    foreground = latents.planes["lit" if lit else "foreground"][3]
    assert torch.equal(given[Role.FOREGROUND], foreground.float())


def test_a_foreground_has_the_light_of_its_place_but_not_of_a_scribble(
    latents: SceneLatents,
) -> None:
    placed, _ = lesson(latents, task_named("foreground"), 5, False)
    drawn, _ = lesson(latents, task_named("scribble"), 5, True)
    assert torch.equal(placed, latents.planes["lit"][5].float())
    assert torch.equal(drawn, latents.planes["foreground"][5].float())


def test_batches_follow_from_seed_and_step_and_leave_out_what_is_kept(
    latents: SceneLatents,
) -> None:
    lessons = PairLessons(latents, build_tokenizer(), 1)
    for numbers in lessons.numbers.values():
        assert not np.intersect1d(numbers, kept_out(COUNT)).size
    first, again, other = (lessons.batch(1, step, 16) for step in (4, 4, 5))
    assert torch.equal(first.clean, again.clean)
    assert torch.equal(first.words, again.words)
    assert not torch.equal(first.clean, other.clean)
    for role, (rows, latent) in first.given.items():
        assert len(rows) == len(latent) > 0
        seeing = [row for row, task in enumerate(first.tasks) if role in PAIR_TASKS[task].sees]
        assert rows.tolist() == seeing


def test_the_word_of_a_task_is_told_even_where_nothing_else_is(latents: SceneLatents) -> None:
    tokenizer = build_tokenizer()
    batch = PairLessons(latents, tokenizer, 1).batch(4, 2, 64)
    for row, task in zip(batch.words.tolist(), batch.tasks, strict=True):
        says = tokenizer.convert_tokens_to_ids(PAIR_TASKS[task].says.split())
        assert tokenizer.unk_token_id not in says
        assert row[1 : 1 + len(says)] == says
    lengths = (batch.words != tokenizer.pad_token_id).sum(1)
    assert lengths.min() == 3, "some are told nothing but the task"
    assert lengths.max() > 5


def test_small_pictures_of_a_thing_are_left_out_where_it_is_drawn(latents: SceneLatents) -> None:
    planes = dict(latents.planes)
    empty = torch.linspace(0.1, 2, COUNT).half()
    offset = empty[:, None, None, None].expand(COUNT, CHANNELS - COLOURS, 8, 8)
    planes["foreground"] = torch.cat([planes["foreground"][:, :COLOURS], offset], dim=1)
    lessons = PairLessons(
        SceneLatents(planes, latents.subjects, latents.places), build_tokenizer(), 1
    )
    drawn, others = lessons.numbers[Role.FOREGROUND], lessons.numbers[Role.BACKGROUND]
    assert 0.35 < len(drawn) / len(others) < 0.5
    assert set(drawn) == set(others[: len(drawn)])


def test_rows_that_are_given_nothing_take_no_part() -> None:
    one = torch.ones((CHANNELS, 8, 8))
    given = gathered([{}, {Role.CONTROL: one}, {}])
    assert list(given) == [Role.CONTROL]
    assert given[Role.CONTROL][0].tolist() == [1]


def test_a_scribble_is_the_outline() -> None:
    alpha = np.zeros((32, 32), np.float32)
    alpha[8:24, 8:24] = 1
    line = scribble_of(alpha, 5)
    assert line[16, 8] == line[8, 16] == 1
    assert line[16, 16] == line[2, 2] == 0
