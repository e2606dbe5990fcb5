"""The loop on a network that knows the answer: every solver must then arrive there."""

from typing import Any

import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.roads import Sampler
from generator.layer_diffusion.sampling import Cancelled, Predict, Sampling, Start, sample
from generator.layer_diffusion.schedules import scheduler_for

CPU = torch.device("cpu")
SHAPE = (4, 6, 5)
CONFIG: dict[str, Any] = {
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
}
FLOW = {
    "prediction_type": "flow_prediction",
    "use_flow_sigmas": True,
    "flow_shift": 3.0,
    "_class_name": "DPMSolverMultistepScheduler",
}
TARGET = torch.linspace(-1, 1, 4 * 6 * 5).reshape(1, *SHAPE)
NEAR = 0.1  # TCD ends at the least noise of training instead of none
SAMPLERS = [sampler for sampler in Sampler if sampler is not Sampler.OWN]


def _knowing(scheduler: Any, kind: str = "epsilon") -> Predict:
    """Predict the noise, or the velocity, that lies on the target at that time."""

    def predict(seen: Tensor, time: Tensor) -> Tensor:
        share = scheduler.alphas_cumprod[int(time)]
        noise = (seen - share.sqrt() * TARGET) / (1 - share).sqrt()
        return noise if kind == "epsilon" else share.sqrt() * noise - (1 - share).sqrt() * TARGET

    return predict


def _run(sampler: Sampler, asked: Sampling, config: dict[str, Any] = CONFIG) -> Tensor:
    scheduler = scheduler_for(sampler, config)
    predict = _knowing(scheduler, config["prediction_type"])
    return sample(predict, scheduler, asked, lambda _step, _clean: None, lambda: False)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_every_solver_arrives_and_tells_each_step(sampler: Sampler) -> None:
    scheduler = scheduler_for(sampler, CONFIG)
    told: list[tuple[int, Tensor]] = []
    made = sample(
        _knowing(scheduler),
        scheduler,
        Sampling((3,), 8, SHAPE, CPU),
        lambda step, clean: told.append((step, clean)),
        lambda: False,
    )
    assert made.shape == (1, *SHAPE)
    assert (made - TARGET).abs().max() < NEAR
    assert [step for step, _ in told] == list(range(1, 9))
    assert all(clean.shape == made.shape for _, clean in told)
    assert (told[-1][1] - TARGET).abs().max() < NEAR


def test_models_that_predict_v_down_to_pure_noise_arrive_too() -> None:
    config = {**CONFIG, "prediction_type": "v_prediction", "rescale_betas_zero_snr": True}
    for sampler in (Sampler.DPM_2M_KARRAS, Sampler.EULER_ANCESTRAL, Sampler.UNIPC):
        scheduler = scheduler_for(sampler, config)
        assert float(scheduler.alphas_cumprod[-1]) < 1e-6
        assert scheduler.config.prediction_type == "v_prediction"
        made = _run(sampler, Sampling((3,), 12, SHAPE, CPU), config)
        assert (made - TARGET).abs().max() < 0.05


def test_the_models_own_sampler_keeps_its_whole_config() -> None:
    scheduler = scheduler_for(Sampler.OWN, FLOW)
    assert scheduler.config.use_flow_sigmas
    assert scheduler.config.flow_shift == 3.0


def test_what_is_computed_begins_with_nothing_and_arrives_in_one_step() -> None:
    scheduler = scheduler_for(Sampler.OWN, FLOW)
    heard: list[tuple[float, float]] = []

    def predict(seen: Tensor, time: Tensor) -> Tensor:
        heard.append((float(seen.abs().max()), float(time)))
        return -TARGET  # a flow's velocity is noise less picture, and there is no noise

    asked = Sampling((3,), 1, SHAPE, CPU, noise=0.0)
    made = sample(predict, scheduler, asked, lambda _step, _clean: None, lambda: False)
    assert torch.allclose(made, TARGET, atol=1e-3)  # the schedule begins at 0.9997
    assert heard == [(0.0, pytest.approx(1000, abs=1))]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_variant_is_the_same_alone_and_in_a_batch(sampler: Sampler) -> None:
    def wandering(seen: Tensor, time: Tensor) -> Tensor:
        return seen.sin() + time / 1000

    def made(*seeds: int) -> Tensor:
        scheduler = scheduler_for(sampler, CONFIG)
        asked = Sampling(seeds, 5, SHAPE, CPU, frames=2)
        return sample(wandering, scheduler, asked, lambda _step, _clean: None, lambda: False)

    batch = made(3, 4)
    assert batch.shape == (4, *SHAPE)
    assert torch.equal(batch[:2], made(3))
    assert torch.equal(batch[2:], made(4))
    assert not torch.equal(batch[0], batch[1])


@pytest.mark.parametrize(("strength", "steps"), [(0.0, 0), (0.01, 1), (0.5, 5), (0.74, 7), (1, 10)])
def test_strength_says_how_many_of_the_steps_are_taken(strength: float, steps: int) -> None:
    asked = Sampling((3,), 10, SHAPE, CPU, start=Start(TARGET, strength))
    assert asked.steps_run == steps


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_start_is_noised_as_far_as_its_strength(sampler: Sampler) -> None:
    far: list[float] = []
    for strength in (0.3, 0.9):
        scheduler = scheduler_for(sampler, CONFIG)
        seen: list[Tensor] = []

        def watch(latent: Tensor, time: Tensor, seen: list[Tensor] = seen) -> Tensor:
            seen.append(latent)
            return torch.zeros_like(latent)

        asked = Sampling((3,), 10, SHAPE, CPU, start=Start(TARGET, strength))
        sample(watch, scheduler, asked, lambda _step, _clean: None, lambda: False)
        flat = torch.stack([seen[0].flatten(), TARGET.flatten()])
        far.append(float(torch.corrcoef(flat)[0, 1]))
    assert far[0] > 0.4 > 0.3 > far[1]


def test_a_start_without_strength_comes_back() -> None:
    asked = Sampling((3, 4), 10, SHAPE, CPU, start=Start(TARGET, 0.0))
    assert torch.equal(_run(Sampler.DPM_2M_KARRAS, asked), TARGET.expand(2, -1, -1, -1))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_what_is_kept_is_put_back_and_the_rest_is_made_anew(sampler: Sampler) -> None:
    given = torch.zeros_like(TARGET) + 0.5
    keep = torch.zeros(1, 1, *SHAPE[1:])
    keep[..., :3] = 1
    asked = Sampling((3,), 8, SHAPE, CPU, start=Start(given, 1.0, keep))
    made = _run(sampler, asked)
    assert torch.equal(made[..., :3], given[..., :3])
    assert (made - TARGET)[..., 3:].abs().max() < NEAR


def test_a_wish_to_stop_is_heard_before_the_next_step() -> None:
    scheduler = scheduler_for(Sampler.UNIPC, CONFIG)
    told: list[int] = []
    with pytest.raises(Cancelled):
        sample(
            _knowing(scheduler),
            scheduler,
            Sampling((3,), 8, SHAPE, CPU),
            lambda step, _clean: told.append(step),
            lambda: len(told) == 3,
        )
    assert told == [1, 2, 3]
