"""When a patched network gives way to the untouched one: a share of training time, not of steps.

Early steps decide on the layout and need the patch; late ones only refine. Numbers only: the
sampling loop asks here and takes the patch off itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEVER = 999_999_999.9  # a noise level above every schedule's: the patch is never on


def training_sigmas(alphas_cumprod: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise level of each training timestep, rising: sqrt((1 - a) / a).

    `alphas_cumprod` (timesteps,) is the scheduler's. Source: Karras et al. 2022, table 1, variance
    preserving.
    """
    alphas = np.asarray(alphas_cumprod, dtype=np.float64)
    return np.sqrt((1 - alphas) / alphas)


def sigma_at(sigmas: NDArray[np.float64], timestep: float) -> float:
    """Noise level at a timestep between two of training's: their logarithms, interpolated."""
    return float(np.exp(np.interp(timestep, np.arange(len(sigmas)), np.log(sigmas))))


def last_sigma(sigmas: NDArray[np.float64], stop_at: float) -> float:
    """Noise level below which the untouched network takes over.

    `stop_at` is 0 (the patch is never on) to 1 (always).

    Source: as released (sd-forge-layerdiffuse b1e6651): sigma at t = (1 - stop_at) x (timesteps -
    1). With 20 Karras steps 0.5 leaves the patch on for 9 of them.
    """
    if not 0 <= stop_at <= 1:
        raise ValueError(f"stop_at must be between 0 and 1, not {stop_at}")
    if stop_at == 0:
        return NEVER
    if stop_at == 1:
        return 0.0
    return sigma_at(sigmas, (1 - stop_at) * (len(sigmas) - 1))


def is_over(sigmas: NDArray[np.float64], timestep: float, last: float) -> bool:
    """Say whether the untouched network makes the step that begins at a timestep."""
    return sigma_at(sigmas, timestep) < last
