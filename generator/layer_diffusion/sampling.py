"""The sampling loop: noise to latents, one prediction a step, with progress and cancel.

Knows no network: what predicts is given, and so are the schedule and the noise's seeds.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from generator.layer_diffusion.schedules import set_steps

# (latents (n, c, h, w) as the network is to see them, timestep) to what it predicts of them, in
# float32 and with guidance applied; n is variants x frames, frame fastest.
Predict = Callable[[Tensor, Tensor], Tensor]
OnLatent = Callable[[int, Tensor], None]  # (steps done, the clean latents as predicted now)
IsCancelled = Callable[[], bool]


class Cancelled(Exception):  # noqa: N818  # named after what happened; it is no fault
    """The caller asked to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Where sampling begins instead of at pure noise.

    `latent` (n | 1, c, h, w), float32, is clean and times the VAE's scaling factor. `strength` is
    how far it is noised, 0 (it comes back as it is) to 1 (nearly nothing of it is left). `keep`
    (1, 1, h, w), 0..1, is 1 where the given latent is put back after every step at that step's
    noise level, so that only the rest is made anew.
    """

    latent: Tensor
    strength: float
    keep: Tensor | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """How the latents of one stage are made: all variants in one batch."""

    seeds: tuple[int, ...]  # one a variant
    steps: int
    shape: tuple[int, int, int]  # channels, height, width of a latent
    device: torch.device
    frames: int = 1  # pictures that are made together for each variant
    start: Start | None = None
    noise: float = 1.0  # how loud the first noise is; 0: nothing is begun with

    @property
    def steps_run(self) -> int:
        """How many of the steps are taken: all, or those from the start's strength on."""
        if self.start is None:
            return self.steps
        return min(
            self.steps, max(round(self.steps * self.start.strength), self.start.strength > 0)
        )


def sample(
    predict: Predict,
    scheduler: Any,  # diffusers' schedulers share no typed class
    sampling: Sampling,
    on_latent: OnLatent,
    is_cancelled: IsCancelled,
) -> Tensor:
    """Make latents (variants x frames, *shape), float32, frame fastest; raises `Cancelled`.

    Every variant has its own rng on the CPU, for the first noise and for what a stochastic solver
    adds, so a seed gives the same noise alone, in a batch and on every device.
    """
    rngs = [torch.Generator("cpu").manual_seed(seed) for seed in sampling.seeds]
    noise = (
        torch.cat(
            [torch.randn((sampling.frames, *sampling.shape), generator=rng) for rng in rngs]
        ).to(sampling.device)
        * sampling.noise
    )
    set_steps(scheduler, sampling.steps, sampling.device)
    skipped = sampling.steps - sampling.steps_run
    times = scheduler.timesteps[skipped:]
    latent = _first(scheduler, sampling.start, noise, times, skipped)
    arguments = _step_arguments(scheduler, rngs, sampling.frames)
    for done, time in enumerate(times, start=1):
        if is_cancelled():
            raise Cancelled
        seen = scheduler.scale_model_input(latent, time)
        output = scheduler.step(predict(seen, time), time, latent, **arguments)
        clean = _clean(scheduler, output)
        latent = output.prev_sample
        if sampling.start is not None:
            following = times[done] if done < len(times) else None
            latent = _kept(scheduler, sampling.start, noise, latent, following)
        on_latent(done, clean)
    assert isinstance(latent, Tensor)
    return latent


def _first(
    scheduler: Any, start: Start | None, noise: Tensor, times: Tensor, skipped: int
) -> Tensor:
    """Return what the first step sees: pure noise, or the start under as much noise as it says."""
    if start is None:
        loudest: Tensor = noise * scheduler.init_noise_sigma
        return loudest
    given = start.latent.to(noise).expand_as(noise)
    if not len(times):
        return given
    # The schedule counts its steps from there; it also says how loud the noise must be.
    scheduler.set_begin_index(skipped)
    noised: Tensor = scheduler.add_noise(given, noise, times[:1].expand(len(noise)))
    return noised


def _kept(
    scheduler: Any, start: Start, noise: Tensor, latent: Tensor, following: Tensor | None
) -> Tensor:
    """Put the given latent back where it is to be kept, under the noise of the step to follow."""
    if start.keep is None:
        return latent
    given = start.latent.to(noise).expand_as(noise)
    if following is not None:
        given = scheduler.add_noise(given, noise, following.expand(len(noise)))
    keep = start.keep.to(latent)
    mixed: Tensor = given * keep + latent * (1 - keep)
    return mixed


def _step_arguments(scheduler: Any, rngs: list[torch.Generator], frames: int) -> dict[str, Any]:
    """Hand the rngs to solvers that add noise: one a row, a variant's own for all its frames."""
    if "generator" not in inspect.signature(scheduler.step).parameters:
        return {}
    return {"generator": [rng for rng in rngs for _ in range(frames)]}


def _clean(scheduler: Any, output: Any) -> Tensor:
    """Return the clean latents as the solver sees them after a step, however it names them."""
    for name in ("pred_original_sample", "denoised", "pred_noised_sample"):
        clean = getattr(output, name, None)
        if isinstance(clean, Tensor):
            return clean
    # Multistep solvers keep their last predictions.
    kept: Tensor = scheduler.model_outputs[-1]
    return kept
