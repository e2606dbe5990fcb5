from typing import Any

import numpy as np
import pytest
import torch

from generator.layer_diffusion.roads import Sampler
from generator.layer_diffusion.schedules import scheduler_for, set_steps
from generator.layer_diffusion.stop_at import (
    NEVER,
    is_over,
    last_sigma,
    training_sigmas,
)

SCHEDULE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


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


def test_the_last_noise_level_is_the_vectors(sigmas: np.ndarray, meta: dict[str, Any]) -> None:
    for schedule in meta["stop_at"]["schedules"]:
        steps = np.array(schedule["sigmas"])
        for stop in schedule["stops"]:
            last = last_sigma(sigmas, stop["stop_at"])
            assert last == pytest.approx(stop["sigma_end"], rel=1e-5)
            assert (steps >= last).tolist() == [bool(on) for on in stop["active"]]


@pytest.mark.parametrize(
    ("sampler", "stop_at", "steps_on"),
    [
        (Sampler.DPM_2M_KARRAS, 0.5, 9),
        (Sampler.DPM_2M_SDE_KARRAS, 0.62, 11),
        (Sampler.DPM_2M_KARRAS, 0.7, 11),
        (Sampler.EULER_ANCESTRAL, 0.5, 10),
        (Sampler.EULER_ANCESTRAL, 0.62, 12),
        (Sampler.EULER_ANCESTRAL, 0, 0),
        (Sampler.EULER_ANCESTRAL, 1, 20),
    ],
)
def test_the_published_number_of_steps_wears_the_patch(
    sampler: Sampler, stop_at: float, steps_on: int
) -> None:
    scheduler = scheduler_for(sampler, SCHEDULE)
    set_steps(scheduler, 20, torch.device("cpu"))
    sigmas = training_sigmas(scheduler.alphas_cumprod.double().numpy())
    last = last_sigma(sigmas, stop_at)
    over = [is_over(sigmas, float(time), last) for time in scheduler.timesteps]
    assert over == [False] * steps_on + [True] * (20 - steps_on)


def test_the_ends_are_never_and_always(sigmas: np.ndarray, meta: dict[str, Any]) -> None:
    assert last_sigma(sigmas, 0) == NEVER == meta["stop_at"]["edge"]["0.0"]
    assert last_sigma(sigmas, 1) == meta["stop_at"]["edge"]["1.0"]


@pytest.mark.parametrize("stop_at", [-0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(sigmas: np.ndarray, stop_at: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        last_sigma(sigmas, stop_at)
