"""What every engine of `BACKENDS` must do, whatever stands behind it."""

from collections.abc import Callable

import numpy as np
import pytest

from generator.backend import BACKENDS, Backend, create_backend
from generator.models.store import models
from generator.request import (
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Progress,
    Role,
    Task,
)

# diffusers 0.42.1 makes an array of a tensor in the way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

IS_POCKET_HERE = any(model.name == "pocket" and model.is_installed for model in models())


@pytest.fixture(scope="module", params=sorted(BACKENDS))
def backend(request: pytest.FixtureRequest) -> Backend:
    if request.param != "fake" and not IS_POCKET_HERE:
        pytest.skip("the pocket model's weights are not here")
    return create_backend(request.param, "cpu")


def _ask(**changes: object) -> GenerationRequest:
    fields = {"prompt": "red apple", "size": (96, 64), "seed": 11, "steps": 3, **changes}
    return GenerationRequest(**fields)  # type: ignore[arg-type]  # a table of the fields that differ


def _never() -> bool:
    return False


def _ignore(_progress: Progress) -> None:
    pass


def test_capabilities_can_be_done(backend: Backend) -> None:
    able = backend.capabilities("pocket")
    assert able.model == "pocket"
    assert Task.LAYER in able.tasks
    assert min(able.native_size) >= 64
    assert 1 <= able.default_steps <= 100


def test_layer_is_straight_rgba_and_not_empty(backend: Backend) -> None:
    result = backend.generate(_ask(size=(256, 256), steps=None), _ignore, _never)
    (layer,) = result.layers
    assert layer.role is Role.FOREGROUND
    assert layer.pixels.dtype == np.uint8
    assert layer.pixels.ndim == 3
    assert layer.pixels.shape[2] == 4
    assert layer.pixels[..., 3].any()
    assert result.model_hash
    assert result.steps == backend.capabilities("pocket").default_steps
    assert result.seconds > 0


def test_same_seed_gives_the_same_bytes_and_variant_i_is_seed_plus_i(backend: Backend) -> None:
    both = backend.generate(_ask(count=2), _ignore, _never).layers
    second = backend.generate(_ask(seed=12), _ignore, _never).layers[0]
    assert [layer.seed for layer in both] == [11, 12]
    assert second.pixels.tobytes() == both[1].pixels.tobytes()
    assert second.pixels.tobytes() != both[0].pixels.tobytes()


def test_every_step_is_told_in_order_with_a_preview(backend: Backend) -> None:
    told: list[Progress] = []
    result = backend.generate(_ask(), told.append, _never)
    assert result.steps == 3
    steps = [progress for progress in told if progress.stage == "step"]
    assert [(progress.step, progress.steps) for progress in steps] == [(1, 3), (2, 3), (3, 3)]
    assert told[0].stage == "loading model"
    assert told[-1].stage == "finishing"
    preview = steps[-1].preview
    assert preview is not None
    assert preview.dtype == np.uint8
    assert preview.shape[2] == 4


@pytest.mark.parametrize("after", [0, 1, 2])
def test_cancel_is_heard_between_steps_and_the_next_job_works(backend: Backend, after: int) -> None:
    done = 0

    def count(progress: Progress) -> None:
        nonlocal done
        done = max(done, progress.step if progress.stage == "step" else 0)

    with pytest.raises(GenerationError) as caught:
        backend.generate(_ask(), count, lambda: done >= after)
    assert caught.value.kind is ErrorKind.CANCELLED
    assert done == after
    assert backend.generate(_ask(), _ignore, _never).layers


@pytest.mark.parametrize("size", [(1, 1), (300, 40), (17, 400)])
def test_any_size_gives_a_picture(backend: Backend, size: tuple[int, int]) -> None:
    (layer,) = backend.generate(_ask(size=size), _ignore, _never).layers
    assert min(layer.pixels.shape[:2]) >= 1


@pytest.mark.parametrize("task", [Task.TOGETHER, Task.EXTRACT])
def test_task_beyond_its_capabilities_is_refused_naming_what_is_possible(
    backend: Backend, task: Task
) -> None:
    if task in backend.capabilities("pocket").tasks:
        pytest.skip("this engine can do it")
    with pytest.raises(GenerationError, match="layer") as caught:
        backend.generate(_ask(task=task), _ignore, _never)
    assert caught.value.kind is ErrorKind.UNSUPPORTED


def test_engine_says_what_it_runs_on(backend: Backend) -> None:
    words: Callable[[], str] = backend.describe
    assert "\n" not in words()
    assert words()
