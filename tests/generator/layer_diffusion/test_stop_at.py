from typing import Any

import numpy as np
import pytest
from diffusers import EulerDiscreteScheduler

from generator.layer_diffusion.stop_at import (
    NEVER,
    active_steps,
    last_sigma,
    sigma_at,
    training_sigmas,
)


@pytest.fixture(scope="module")
def sigmas() -> np.ndarray:
    """The schedule of both families: scaled linear, 0.00085 to 0.012, 1000 steps."""
    betas = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
    return training_sigmas(np.cumprod(1 - betas))


def test_training_sigmas_are_the_schedules(sigmas: np.ndarray, meta: dict[str, Any]) -> None:
    stop = meta["stop_at"]
    assert sigmas[0] == pytest.approx(stop["sigma_min"], rel=1e-5)
    assert sigmas[-1] == pytest.approx(stop["sigma_max"], rel=1e-5)
    assert sigmas[:3] == pytest.approx(stop["sigmas_head"], rel=1e-5)


def test_active_steps_are_the_vectors(sigmas: np.ndarray, meta: dict[str, Any]) -> None:
    for schedule in meta["stop_at"]["schedules"]:
        steps = np.array(schedule["sigmas"])
        for stop in schedule["stops"]:
            last = last_sigma(sigmas, stop["stop_at"])
            assert last == pytest.approx(stop["sigma_end"], rel=1e-5)
            active = active_steps(steps, last)
            assert active.tolist() == [bool(on) for on in stop["active"]]
            assert active.sum() == stop["active_steps"]


# WORKAROUND diffusers 0.42.1 with numpy 2.4: np.array() of a tensor.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize(("stop_at", "steps_on"), [(0.5, 9), (0.62, 11), (0.7, 11)])
def test_active_steps_of_a_karras_scheduler(
    sigmas: np.ndarray, stop_at: float, steps_on: int
) -> None:
    scheduler = EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", use_karras_sigmas=True
    )
    scheduler.set_timesteps(20)
    steps = scheduler.sigmas[:-1].double().numpy()
    assert active_steps(steps, last_sigma(sigmas, stop_at)).sum() == steps_on


@pytest.mark.parametrize(("stop_at", "steps_on"), [(0.5, 10), (0.62, 12)])
def test_active_steps_of_uniform_timesteps(
    sigmas: np.ndarray, stop_at: float, steps_on: int
) -> None:
    steps = np.array([sigma_at(sigmas, step) for step in np.linspace(999, 0, 20)])
    assert active_steps(steps, last_sigma(sigmas, stop_at)).sum() == steps_on


def test_the_ends_are_never_and_always(sigmas: np.ndarray, meta: dict[str, Any]) -> None:
    assert last_sigma(sigmas, 0) == NEVER == meta["stop_at"]["edge"]["0.0"]
    assert last_sigma(sigmas, 1) == meta["stop_at"]["edge"]["1.0"]
    assert not active_steps(sigmas, NEVER).any()
    assert active_steps(sigmas, 0.0).all()


@pytest.mark.parametrize("stop_at", [-0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(sigmas: np.ndarray, stop_at: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        last_sigma(sigmas, stop_at)
