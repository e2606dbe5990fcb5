"""Every published mode, end to end on tiny models: what it makes, and that it leaves no trace."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from generator.layer_diffusion.sampling import Cancelled
from generator.models.catalogue import Model
from generator.request import Condition, GenerationError, Progress, Role, Task
from tests.generator.modes import (
    FG,
    MODES,
    SIZE,
    Engine,
    Mode,
    asked,
    check_layers,
    mask,
    picture,
    run,
    untouched,
)

Tiny = Callable[[str], Model]
BY_NAME = {mode.name: mode for mode in MODES}
each_mode = pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)


@pytest.fixture(scope="module")
def engine(tiny_models: Tiny) -> Engine:
    return Engine(tiny_models)


@each_mode
def test_a_mode_makes_its_layers_and_leaves_no_trace(engine: Engine, mode: Mode) -> None:
    pipeline, request = engine.pipeline(mode), asked(mode)
    with untouched(pipeline, request):
        check_layers(mode, run(pipeline, request))


@each_mode
def test_a_mode_wears_its_weights(engine: Engine, mode: Mode) -> None:
    pipeline = engine.pipeline(mode)
    strength = 1.0 if Role.IMAGE in [each.role for each in asked(mode).conditions] else None
    worn = run(pipeline, asked(mode, strength=strength)).layers[-1].pixels
    bare = run(pipeline, asked(mode, strength=strength, stop_at=0.0)).layers[-1].pixels
    half = run(pipeline, asked(mode, strength=strength, stop_at=0.5)).layers[-1].pixels
    assert not np.array_equal(worn, bare)
    assert not np.array_equal(half, bare)


class BrokenError(Exception):
    """Something that went wrong in the middle."""


@each_mode
@pytest.mark.parametrize("moment", ["first", "last"])
def test_a_mode_that_breaks_off_leaves_no_trace(engine: Engine, mode: Mode, moment: str) -> None:
    pipeline, request = engine.pipeline(mode), asked(mode)

    def is_moment(progress: Progress) -> bool:
        at = 1 if moment == "first" else progress.steps
        return (progress.stage, progress.step) == ("step", at)

    def break_off(progress: Progress) -> None:
        if is_moment(progress):
            raise BrokenError

    with untouched(pipeline, request), pytest.raises(BrokenError):
        run(pipeline, request, break_off)
    told: list[bool] = []
    with untouched(pipeline, request), pytest.raises(Cancelled):
        run(pipeline, request, lambda one: told.append(is_moment(one)), lambda: any(told))


@pytest.mark.parametrize(
    "name", ["sd15-together", "sd15-foreground", "sdxl-foreground", "sdxl-layer"]
)
def test_variants_are_one_batch_and_each_can_be_made_again_alone(engine: Engine, name: str) -> None:
    mode = BY_NAME[name]
    rows: list[int] = []
    unet = engine.pipeline(mode).parts.unet
    hook = unet.register_forward_pre_hook(lambda _, inputs: rows.append(len(inputs[0])))
    try:
        together = run(engine.pipeline(mode, most_at_once=3), asked(mode, count=3))
        assert max(rows) == 2 * 3 * max(1, len(mode.makes) if mode.family == "sd15" else 1)
        check_layers(mode, together, seeds=(7, 8, 9))
        alone = run(engine.pipeline(mode), asked(mode, seed=9))
    finally:
        hook.remove()
    last = together.layers[-len(mode.makes) :]
    for batched, single in zip(last, alone.layers, strict=True):
        # The method is sensitive: a last bit may move a value that rounding then makes a level.
        difference = np.abs(batched.pixels.astype(int) - single.pixels.astype(int))
        assert difference.max() <= 2
    assert not np.array_equal(together.layers[0].pixels, last[0].pixels)


def test_eight_foregrounds_in_a_row_leave_all_earlier_layers_alone(engine: Engine) -> None:
    mode = BY_NAME["sdxl-foreground"]
    pipeline = engine.pipeline(mode)
    made: list[np.ndarray] = []
    kept: list[np.ndarray] = []
    for seed in range(8):
        request = asked(mode, seed=seed)
        with untouched(pipeline, request):
            made += [layer.pixels for layer in run(pipeline, request).layers]
        kept += [pixels.copy() for pixels in made[len(kept) :]]
    assert all(np.array_equal(now, then) for now, then in zip(made, kept, strict=True))


def test_repaint_changes_nothing_outside_the_selection(engine: Engine) -> None:
    mode = BY_NAME["sdxl-repaint"]
    (layer,) = run(engine.pipeline(mode), asked(mode)).layers
    outside = mask()[..., 3] == 0
    assert np.array_equal(layer.pixels[outside], picture(4)[outside])
    assert not np.array_equal(layer.pixels[~outside], picture(4)[~outside])


def test_vary_with_no_strength_gives_the_given_layers_latent_back(engine: Engine) -> None:
    mode = BY_NAME["sd15-vary"]
    told: list[Progress] = []
    outcome = run(engine.pipeline(mode), asked(mode, strength=0.0), told.append)
    assert not any(progress.stage == "step" for progress in told)
    other = run(engine.pipeline(mode), asked(mode, strength=0.0, seed=99))
    assert np.array_equal(outcome.layers[0].pixels, other.layers[0].pixels)


def test_a_foreground_can_begin_with_a_picture(engine: Engine) -> None:
    mode = BY_NAME["sd15-foreground"]
    plain, begun = asked(mode), asked(mode, strength=0.5)
    begun = replace(begun, conditions=(*begun.conditions, Condition(Role.IMAGE, picture(4))))
    pipeline = engine.pipeline(mode)
    with untouched(pipeline, begun):
        outcome = run(pipeline, begun)
    check_layers(mode, outcome)
    assert not np.array_equal(outcome.layers[0].pixels, run(pipeline, plain).layers[0].pixels)


def test_layers_made_together_read_their_own_prompts(engine: Engine) -> None:
    mode = BY_NAME["sd15-together"]
    pipeline = engine.pipeline(mode)
    plain = run(pipeline, asked(mode)).layers
    own = run(pipeline, asked(mode, foreground_prompt="a dog " * 60)).layers
    assert not np.array_equal(plain[0].pixels, own[0].pixels)


def test_weight_scales_what_makes_a_layer(engine: Engine) -> None:
    mode = BY_NAME["sdxl-layer"]
    pipeline = engine.pipeline(mode)
    full, half, none = (
        run(pipeline, asked(mode, patch_weight=weight)).layers[0].pixels for weight in (1, 0.5, 0)
    )
    bare = run(pipeline, asked(mode, stop_at=0.0)).layers[0].pixels
    assert not np.array_equal(full, half)
    assert np.array_equal(none, bare)


@pytest.mark.parametrize("name", ["sd15-background", "sdxl-foreground"])
def test_what_a_mode_sees_matters(engine: Engine, name: str) -> None:
    mode = BY_NAME[name]
    pipeline, request = engine.pipeline(mode), asked(mode)
    other = tuple(Condition(each.role, each.pixels[::-1].copy()) for each in request.conditions)
    first = run(pipeline, request).layers[0].pixels
    second = run(pipeline, replace(request, conditions=other)).layers[0].pixels
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
@pytest.mark.parametrize("size", [(1, 1), (300, 40), (65, 129)])
def test_any_size_comes_back_in_its_proportions(
    engine: Engine, family: str, size: tuple[int, int]
) -> None:
    mode = BY_NAME[f"{family}-layer"]
    request = replace(asked(mode), size=size)
    (layer,) = run(engine.pipeline(mode), request).layers
    height, width = layer.pixels.shape[:2]
    assert abs(width / height / (size[0] / size[1]) - 1) < 0.1


def test_a_task_without_a_road_is_one_sentence(engine: Engine) -> None:
    mode = Mode("sd15", Task.EXTRACT, (FG,))
    with pytest.raises(GenerationError, match="cannot do"):
        run(engine.pipeline(mode), asked(mode))


def test_layers_of_the_final_decode_are_the_median_of_eight(engine: Engine) -> None:
    mode = BY_NAME["sdxl-layer"]
    draft, final = (
        run(engine.pipeline(mode), asked(mode, is_draft=is_draft)).layers[0].pixels
        for is_draft in (True, False)
    )
    assert draft.shape == final.shape == (SIZE[1], SIZE[0], 4)
    assert not np.array_equal(draft, final)
