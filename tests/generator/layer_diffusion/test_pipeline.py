"""The shipped pocket model, end to end. Skipped where its weights are not in the tree."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from generator.layer_diffusion.pipeline import RGBA8, LayerDiffusionPipeline
from generator.layer_diffusion.sampling import Cancelled

FOLDER = Path(__file__).parents[3] / "resources" / "models" / "pocket"
STEPS = 4

pytestmark = pytest.mark.skipif(
    not (FOLDER / "model.json").exists(), reason="resources/models/pocket holds no weights"
)


@pytest.fixture(scope="module")
def pipeline() -> LayerDiffusionPipeline:
    return LayerDiffusionPipeline.load(FOLDER)


def make(
    pipeline: LayerDiffusionPipeline, prompt: str, seed: int = 7, steps: int | None = STEPS
) -> RGBA8:
    size = pipeline.card.native_size
    return pipeline.generate(prompt, "", size, seed, steps, None, ignore, never)


def ignore(_step: int, _steps: int, _preview: RGBA8 | None) -> None:
    """Nobody watches."""


def never() -> bool:
    return False


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
    told: list[tuple[int, int]] = []

    def watch(step: int, steps: int, preview: RGBA8 | None) -> None:
        assert preview is not None
        assert preview.shape == (64, 64, 4)
        told.append((step, steps))

    pipeline.generate("star", "", (256, 256), 1, STEPS, None, watch, never)
    assert told == [(step, STEPS) for step in range(1, STEPS + 1)]


def test_a_wish_to_stop_is_heard_at_the_next_step(pipeline: LayerDiffusionPipeline) -> None:
    steps: list[int] = []

    def watch(step: int, _steps: int, _preview: RGBA8 | None) -> None:
        steps.append(step)

    with pytest.raises(Cancelled):
        pipeline.generate("star", "", (256, 256), 1, STEPS, None, watch, lambda: len(steps) == 2)
    assert steps == [1, 2]


def test_another_size_comes_as_the_model_makes_it(pipeline: LayerDiffusionPipeline) -> None:
    wide = pipeline.generate("star", "", (300, 200), 1, STEPS, None, ignore, never)
    assert wide.shape == (256, 256, 4)


def test_unknown_words_are_named(pipeline: LayerDiffusionPipeline) -> None:
    assert pipeline.unknown_words("a red zeppelin, flying") == ("zeppelin", "flying")
    assert pipeline.unknown_words("a crimson apple") == ()
