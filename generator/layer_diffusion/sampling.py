"""The sampling loop: noise to latent, one denoiser call a step, with progress and cancel."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DConditionModel
from torch import Tensor

OnLatent = Callable[[int, Tensor], None]  # (steps done, the clean latent as predicted now)
IsCancelled = Callable[[], bool]


class Cancelled(Exception):  # noqa: N818  # named after what happened; it is no fault
    """The caller asked to stop."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How one latent is made; `guidance` is how strongly each step follows the text."""

    seed: int
    steps: int
    guidance: float
    shape: tuple[int, int, int]  # channels, height, width of the latent


def sample(
    unet: UNet2DConditionModel,
    scheduler: DPMSolverMultistepScheduler,
    conditioning: Tensor,
    sampling: Sampling,
    on_latent: OnLatent,
    is_cancelled: IsCancelled,
) -> Tensor:
    """One latent, (1, *shape). `conditioning` holds the negative text first and the text second.

    One latent a call and noise from a CPU rng: the same seed gives the same bytes, whatever else
    is asked for in the same job.
    """
    rng = torch.Generator("cpu").manual_seed(sampling.seed)
    latent = torch.randn((1, *sampling.shape), generator=rng).to(conditioning)
    with warnings.catch_warnings():
        # WORKAROUND diffusers 0.42.1 with numpy 2: its schedule hands tensors to numpy the old way.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        scheduler.set_timesteps(sampling.steps, device=conditioning.device)
    latent = latent * scheduler.init_noise_sigma
    for step, time in enumerate(scheduler.timesteps, start=1):
        if is_cancelled():
            raise Cancelled
        both = scheduler.scale_model_input(torch.cat([latent, latent]), time)
        without, towards = unet(both, time, conditioning).sample.chunk(2)
        guided = without + sampling.guidance * (towards - without)
        latent = scheduler.step(guided, time, latent).prev_sample
        # The solver keeps its last prediction of the clean latent, whatever the model predicts.
        on_latent(step, scheduler.model_outputs[-1])
    assert isinstance(latent, Tensor)
    return latent
