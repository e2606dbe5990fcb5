"""All stages, from nothing, at a thousandth of their budget: they end, twice in the same way."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import GenerationRequest
from generator.training.__main__ import main
from generator.training.drawing.glyphs import FONT
from generator.training.loop import needed_checkpoint
from generator.training.stages import STAGES, TASKS_OF_PAIRS

SMALL = ("--steps", "6", "--scale", "0.001", "--threads", "1", "--no-sheets", "--seed", "5")
TRAINED = [name for name, stage in STAGES.items() if stage.log]

pytestmark = [
    pytest.mark.skipif(not FONT.exists(), reason="the emoji font is not installed"),
    pytest.mark.timeout(900),  # a run is half a minute of one core; a busy machine has less of it
]


def whole_run(out: Path) -> Path:
    threads = torch.get_num_threads()
    try:
        assert main(["--out", str(out), *SMALL]) == 0
    finally:
        torch.set_num_threads(threads)
    return out


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything, once, from nothing."""
    return whole_run(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything, once more, from nothing."""
    return whole_run(tmp_path_factory.mktemp("second"))


def losses(log: Path) -> list[dict[str, float]]:
    lines = list(csv.DictReader(log.read_text().splitlines()))
    assert lines
    # The pairs' tasks that no batch had yet are empty.
    return [{k: float(v) for k, v in each.items() if v and k != "seconds"} for each in lines]


def test_what_comes_out_is_a_model_that_the_engine_runs(first: Path) -> None:
    model = model_in(first / "model")
    assert set(TASKS_OF_PAIRS) <= set(model.tasks)
    parts = load(model, torch.device("cpu"), torch.float32)
    assert parts.upscaler is not None
    request = GenerationRequest("red apple", (256, 256), 1, steps=2)
    outcome = LayerDiffusionPipeline(parts).run(request, lambda _told: None, lambda: False)
    assert outcome.layers[0].pixels.shape == (256, 256, 4)


@pytest.mark.parametrize("name", TRAINED)
def test_the_same_seed_and_threads_give_the_same_loss_and_weights(
    first: Path, second: Path, name: str
) -> None:
    stage = STAGES[name]
    told, again = (losses(out / stage.log) for out in (first, second))
    assert told == again
    assert np.isfinite(list(told[-1].values())).all()
    weights, others = (needed_checkpoint(out / stage.leaves)["average"] for out in (first, second))
    for key, value in weights.items():
        assert torch.equal(value, others[key]), key


@pytest.mark.parametrize("name", ["denoiser", "pairs"])
def test_two_processes_share_a_stage_and_get_what_one_gets(
    first: Path, tmp_path: Path, name: str
) -> None:
    stage, out = STAGES[name], tmp_path / "shared"
    shutil.copytree(first, out, ignore=shutil.ignore_patterns(stage.leaves, stage.log, "model"))
    launch = ("torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m")
    asked = ("generator.training", "--out", str(out), "--stage", name, *SMALL)
    done = subprocess.run(
        [sys.executable, "-m", *launch, *asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (alone,), (shared,) = (losses(folder / stage.log) for folder in (first, out))  # one line each
    assert shared == pytest.approx(alone, rel=1e-3)  # rows of the other process alone: far off
    weights, others = (needed_checkpoint(each / stage.leaves)["average"] for each in (first, out))
    for key, value in weights.items():
        assert torch.allclose(value, others[key], atol=1e-4), key


def test_the_same_seed_and_threads_give_the_same_model(first: Path, second: Path) -> None:
    cards = [model_in(out / "model").card for out in (first, second)]
    assert cards[0] is not None
    assert cards[1] is not None
    assert cards[0].hash == cards[1].hash


def test_an_earlier_run_is_not_overwritten(first: Path) -> None:
    before = (first / "codec.pt").read_bytes()
    assert main(["--out", str(first), *SMALL]) == 1
    assert (first / "codec.pt").read_bytes() == before


@pytest.mark.parametrize("stage", [name for name in STAGES if name != "data"])
def test_a_stage_without_the_one_before_says_so(
    stage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert main(["--out", str(tmp_path), "--stage", stage, *SMALL]) == 1
    assert "run the stage before it first" in caplog.text
