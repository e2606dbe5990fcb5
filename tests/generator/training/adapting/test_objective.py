"""What networks are taught agrees with how they are sampled."""

import numpy as np
import pytest
import torch

from generator.training.adapting.objective import objective_of

BETAS = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
CLEAN = torch.linspace(-2, 2, 2 * 4 * 3 * 3).view(2, 4, 3, 3)


def test_a_flow_goes_straight_from_noise_to_picture() -> None:
    exercise = objective_of({"prediction_type": "flow_prediction"})(CLEAN, np.random.default_rng(0))
    share = (exercise.time / 1000)[:, None, None, None]
    assert torch.allclose(exercise.noisy - share * exercise.wanted, CLEAN, atol=1e-5)
    assert ((exercise.time > 0) & (exercise.time < 1000)).all()


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
def test_on_betas_the_picture_follows_from_what_is_learned(kind: str) -> None:
    objective = objective_of({**BETAS, "prediction_type": kind})
    noisy, time, wanted = objective(CLEAN, np.random.default_rng(0))
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
    kept = (1 - betas).cumprod(0)[time][:, None, None, None]
    signal, noise = kept.sqrt(), (1 - kept).sqrt()
    clean = {
        "epsilon": (noisy - noise * wanted) / signal,
        "v_prediction": signal * noisy - noise * wanted,
        "sample": wanted.double(),
    }[kind]
    assert torch.allclose(clean.float(), CLEAN, atol=2e-3)


def test_the_same_chance_gives_the_same_exercise() -> None:
    objective = objective_of(BETAS)
    first, other = (objective(CLEAN, np.random.default_rng(5)) for _ in range(2))
    assert all(torch.equal(one, two) for one, two in zip(first, other, strict=True))


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="learned riddles cannot be taught here"):
        objective_of({"prediction_type": "riddles"})
