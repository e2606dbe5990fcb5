from pathlib import Path

import numpy as np
import pytest
import torch

from generator.training.drawing.things import THINGS
from generator.training.loop import Budget, needed_checkpoint
from generator.training.upscaler import learning
from generator.training.upscaler.learning import batch, load, train
from generator.training.upscaler.pictures import HELD_OUT, Enlargements, lines, reduced, thing


@pytest.fixture(scope="module")
def pictures() -> Enlargements:
    """Two drawn pictures; of these the codec makes exactly what it is given."""
    large = [lines(np.random.default_rng(seed), 128) for seed in (1, 2)]
    small = np.stack([reduced(each) for each in large])
    whole = np.stack([np.round(each * 255).astype(np.uint8) for each in large])
    return Enlargements(whole, small, small)


def test_what_is_kept_out_is_drawn_and_never_learned_from() -> None:
    assert set(HELD_OUT) < {each.name for each in THINGS}
    rng = np.random.default_rng(0)
    assert thing(rng, held_out=True, side=64)[..., 3].max() > 0.2


def test_small_and_large_parts_show_the_same(pictures: Enlargements) -> None:
    given, wanted = batch(pictures, seed=1, step=4)
    assert given.shape == (learning.BATCH, 4, learning.PART, learning.PART)
    means = torch.nn.functional.avg_pool2d(wanted, 2)
    assert (means - given).abs().mean() < 0.02
    assert (means - given.flip(3)).abs().mean() > 0.03
    again, _ = batch(pictures, seed=1, step=4)
    other, _ = batch(pictures, seed=1, step=5)
    assert torch.equal(given, again)
    assert not torch.equal(given, other)


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(
    pictures: Enlargements, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "BATCH", 2)
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    for folder in (whole, halves):
        folder.mkdir()
    _, loss = train(pictures, whole, Budget(4, checkpoint_seconds=0))
    stopping = learning.batch

    def stop(source: Enlargements, seed: int, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        if step == 2:
            raise KeyboardInterrupt
        return stopping(source, seed, step)

    with monkeypatch.context() as patch:
        patch.setattr(learning, "batch", stop)
        with pytest.raises(KeyboardInterrupt):
            train(pictures, halves, Budget(4, checkpoint_seconds=0))
    _, again = train(pictures, halves, Budget(4, checkpoint_seconds=0))
    assert again == loss
    states = [needed_checkpoint(folder / "upscaler.pt")["average"] for folder in (whole, halves)]
    for name, value in states[0].items():
        assert torch.equal(value, states[1][name]), name
    assert load(tmp_path) is None


def test_training_brings_it_nearer(pictures: Enlargements, tmp_path: Path) -> None:
    _, early = train(pictures, tmp_path, Budget(5))
    _, late = train(pictures, tmp_path, Budget(60))
    assert late < 0.95 * early
