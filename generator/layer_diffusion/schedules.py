"""Solvers by the names that the field gives them, on the schedule that a model was trained with."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    LCMScheduler,
    TCDScheduler,
    UniPCMultistepScheduler,
)

from generator.layer_diffusion.roads import Sampler

# What training fixed; everything else of a published config belongs to the solver that it names.
TRAINED = (
    "num_train_timesteps",
    "beta_start",
    "beta_end",
    "beta_schedule",
    "trained_betas",
    "prediction_type",
    "rescale_betas_zero_snr",
)

# The spacing is k-diffusion's, whose figures the method's author gives: steps over all of training
# time. diffusers' config of both families would leave out the loudest twentieth.
SOLVERS: dict[Sampler, tuple[type[Any], dict[str, Any]]] = {
    Sampler.DPM_2M_KARRAS: (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "dpmsolver++", "use_karras_sigmas": True},
    ),
    Sampler.DPM_2M_SDE_KARRAS: (
        DPMSolverMultistepScheduler,
        {"algorithm_type": "sde-dpmsolver++", "use_karras_sigmas": True},
    ),
    Sampler.EULER_ANCESTRAL: (EulerAncestralDiscreteScheduler, {"timestep_spacing": "linspace"}),
    Sampler.UNIPC: (UniPCMultistepScheduler, {"timestep_spacing": "linspace"}),
    Sampler.LCM: (LCMScheduler, {}),
    Sampler.EULER_TRAILING: (EulerDiscreteScheduler, {"timestep_spacing": "trailing"}),
    Sampler.TCD: (TCDScheduler, {}),
}


def scheduler_for(sampler: Sampler, config: dict[str, Any]) -> Any:
    """Return diffusers' scheduler for a sampler; `config` is that of the model's own scheduler.

    Noise levels, prediction type (epsilon, v, flow) and zero terminal signal are the model's. Its
    own sampler is a DPM-Solver with all that its config says. They share no typed class.
    """
    if sampler is Sampler.OWN:
        return DPMSolverMultistepScheduler.from_config(config)
    solver, settings = SOLVERS[sampler]
    known = inspect.signature(solver.__init__).parameters
    trained = {name: config[name] for name in TRAINED if name in config and name in known}
    with warnings.catch_warnings():
        _let_arrays_pass()
        return solver(**trained, **settings)


def set_steps(scheduler: Any, steps: int, device: torch.device) -> None:
    """Let a scheduler lay out so many steps."""
    with warnings.catch_warnings():
        _let_arrays_pass()
        scheduler.set_timesteps(steps, device=device)


def _let_arrays_pass() -> None:
    # WORKAROUND diffusers 0.42.1 with numpy 2: its schedules hand tensors to numpy the old way.
    warnings.filterwarnings("ignore", "__array__ implementation", DeprecationWarning)
