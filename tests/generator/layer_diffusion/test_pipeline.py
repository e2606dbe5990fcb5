"""The shipped pocket model, end to end. Skipped where its weights are not in the tree."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from generator.backend import IsCancelled, OnProgress
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline, Outcome
from generator.layer_diffusion.sampling import Cancelled
from generator.models.catalogue import model_in
from generator.request import RGBA8, GenerationRequest, Progress

FOLDER = Path(__file__).parents[3] / "resources" / "models" / "pocket"
STEPS = 4

pytestmark = pytest.mark.skipif(
    not (FOLDER / "model.json").exists(), reason="resources/models/pocket holds no weights"
)


@pytest.fixture(scope="module")
def pipeline() -> LayerDiffusionPipeline:
    return LayerDiffusionPipeline(load(model_in(FOLDER)))


def make(
    pipeline: LayerDiffusionPipeline, prompt: str, seed: int = 7, steps: int | None = STEPS
) -> RGBA8:
    return ask(pipeline, prompt, seed, steps).layers[0].pixels


def ask(
    pipeline: LayerDiffusionPipeline,
    prompt: str,
    seed: int = 1,
    steps: int | None = STEPS,
    on_progress: OnProgress = lambda _progress: None,
    is_cancelled: IsCancelled = lambda: False,
) -> Outcome:
    request = GenerationRequest(prompt, pipeline.parts.card.native_size, seed, steps=steps)
    return pipeline.run(request, on_progress, is_cancelled)


def test_files_are_the_ones_the_card_names() -> None:
    card = json.loads((FOLDER / "model.json").read_text())
    for name, digest in card["files"].items():
        content = (FOLDER / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name
        assert len(content) <= 16 * 1024**2, name


def test_the_same_seed_gives_the_same_bytes(pipeline: LayerDiffusionPipeline) -> None:
    first = make(pipeline, "red apple", 7)
    make(pipeline, "blue glass ball", 8)
    assert np.array_equal(first, make(pipeline, "red apple", 7))
    assert not np.array_equal(first, make(pipeline, "red apple", 8))


def test_a_red_apple_is_red_and_stands_free(pipeline: LayerDiffusionPipeline) -> None:
    apple = make(pipeline, "red apple", 7, steps=None)
    assert apple.shape == (256, 256, 4)
    for corner in (apple[:8, :8], apple[:8, -8:], apple[-8:, :8], apple[-8:, -8:]):
        assert corner[..., 3].max() < 8
    middle = apple[112:176, 96:160]
    assert np.median(middle[..., 3]) > 240
    red, green, blue = (float(np.median(middle[..., k])) for k in range(3))
    assert red > 2 * max(green, blue)


def test_a_glass_ball_is_seen_through(pipeline: LayerDiffusionPipeline) -> None:
    ball = make(pipeline, "glass ball", 7, steps=None)
    assert 20 < np.median(ball[64:192, 64:192, 3]) < 200


def test_steps_are_told_with_a_small_preview(pipeline: LayerDiffusionPipeline) -> None:
    told: list[Progress] = []
    ask(pipeline, "star", on_progress=told.append)
    steps = [progress for progress in told if progress.stage == "step"]
    assert [(each.step, each.steps) for each in steps] == [(n, STEPS) for n in range(1, STEPS + 1)]
    for each in steps:
        assert each.preview is not None
        assert each.preview.shape == (64, 64, 4)
    assert told[-1].stage == "finishing"


def test_a_wish_to_stop_is_heard_at_the_next_step(pipeline: LayerDiffusionPipeline) -> None:
    told: list[Progress] = []
    with pytest.raises(Cancelled):
        ask(pipeline, "star", on_progress=told.append, is_cancelled=lambda: len(told) == 2)
    assert [progress.step for progress in told] == [1, 2]


def test_another_size_comes_as_the_model_makes_it(pipeline: LayerDiffusionPipeline) -> None:
    request = GenerationRequest("star", (300, 200), 1, steps=STEPS)
    (layer,) = pipeline.run(request, lambda _progress: None, lambda: False).layers
    assert layer.pixels.shape == (256, 256, 4)


def test_unknown_words_are_named(pipeline: LayerDiffusionPipeline) -> None:
    (warning,) = ask(pipeline, "a red zeppelin, flying", steps=1).warnings
    assert "“zeppelin”, “flying”" in warning
    assert not ask(pipeline, "a crimson apple", steps=1).warnings
