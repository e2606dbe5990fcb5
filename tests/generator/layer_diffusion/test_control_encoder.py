from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from generator.layer_diffusion.control_encoder import ControlEncoder


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.float64, 1e-5)])
def test_signals_are_the_vectors(
    vectors: Callable[[str], dict[str, Tensor]],
    fill: Callable[[nn.Module, str], None],
    dtype: torch.dtype,
    tolerance: float,
) -> None:
    stored = vectors("control")
    encoder = ControlEncoder()
    fill(encoder, "kwargs_encoder/")
    signals = encoder.to(dtype)(stored["image"].to(dtype))
    assert set(signals) == {128, 32, 8, 2}
    for tokens, signal in signals.items():
        assert (signal - stored[f"signal.{tokens}"]).abs().max() < tolerance
