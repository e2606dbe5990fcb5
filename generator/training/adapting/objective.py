"""What a model is taught, from its own schedule: noise, noise and picture mixed, or a velocity.

A schedule with flow sigmas learns the velocity n - x along x_s = (1 - s) x + s n (Liu et al.,
rectified flow); the others learn epsilon, v or the sample on their own betas (Ho et al. 2020;
Salimans and Ho 2022 for v).
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from generator.layer_diffusion.schedules import TRAINED

FLOW = "flow_prediction"
TIMES = 1000


class Exercise(NamedTuple):
    """What the network sees and what it should answer."""

    noisy: Tensor  # (n, c, h, w)
    time: Tensor  # (n,)
    wanted: Tensor  # (n, c, h, w)


# Clean scaled latents (n, c, h, w) and the chance of this step to an exercise, float32.
Objective = Callable[[Tensor, np.random.Generator], Exercise]


def objective_of(config: dict[str, Any]) -> Objective:
    """Return what the scheduler's config says was learned; ValueError where it is not known."""
    kind = config.get("prediction_type", "epsilon")
    if kind == FLOW:
        return _flow
    known = inspect.signature(DDPMScheduler.__init__).parameters
    trained = {name: config[name] for name in TRAINED if name in config and name in known}
    with warnings.catch_warnings():
        # WORKAROUND diffusers 0.42.1 with numpy 2: schedules hand tensors to numpy the old way.
        warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
        scheduler: Any = DDPMScheduler(**trained)
    if kind not in ("epsilon", "v_prediction", "sample"):
        raise ValueError(f"a model that learned {kind} cannot be taught here")

    def noised(clean: Tensor, chance: np.random.Generator) -> Exercise:
        noise = _noise(clean, chance)
        times = chance.integers(0, scheduler.config.num_train_timesteps, len(clean))
        time = torch.from_numpy(times).to(clean.device)
        noisy = scheduler.add_noise(clean, noise, time)
        if kind == "epsilon":
            return Exercise(noisy, time, noise)
        if kind == "sample":
            return Exercise(noisy, time, clean)
        return Exercise(noisy, time, scheduler.get_velocity(clean, noise, time))

    return noised


def _flow(clean: Tensor, chance: np.random.Generator) -> Exercise:
    noise = _noise(clean, chance)
    # Logit-normal, a little towards noise, as the pocket model itself was trained.
    spread = chance.normal(0.3, 1.0, len(clean))
    share = torch.from_numpy(1 / (1 + np.exp(-spread))).to(clean)
    along = share[:, None, None, None]
    return Exercise((1 - along) * clean + along * noise, share * TIMES, noise - clean)


def _noise(clean: Tensor, chance: np.random.Generator) -> Tensor:
    return torch.from_numpy(chance.standard_normal(tuple(clean.shape), np.float32)).to(clean)
