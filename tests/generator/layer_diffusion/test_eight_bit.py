from pathlib import Path

import torch
from safetensors.torch import save_file

from generator.layer_diffusion.eight_bit import SCALE, in_eight_bits
from generator.layer_diffusion.weight_file import WeightFile


def test_a_weight_comes_back_within_half_a_step_of_its_channel(tmp_path: Path) -> None:
    rng = torch.Generator().manual_seed(0)
    weight = torch.randn((8, 16, 3, 3), generator=rng)
    weight *= torch.logspace(-4, 2, 8)[:, None, None, None]
    save_file(in_eight_bits({"conv.weight": weight}), tmp_path / "weights.safetensors")
    file = WeightFile(tmp_path / "weights.safetensors")
    assert file.shapes == {"conv.weight": (8, 16, 3, 3)}, "scales are no tensors of their own"
    found = file.tensor("conv.weight")
    step = weight.flatten(1).abs().amax(1) / 127
    away = (found - weight).flatten(1).abs().amax(1)
    assert (away <= 0.501 * step).all()
    assert (away > 0).all(), "eight bits lose something"
    assert (tmp_path / "weights.safetensors").stat().st_size < 2 * weight.numel()


def test_biases_and_zeros_are_kept() -> None:
    bias, nothing = torch.tensor([0.5, -2.0]), torch.zeros((4, 512))
    stored = in_eight_bits({"bias": bias, "nothing": nothing})
    assert torch.equal(stored["bias"].float(), bias)
    assert stored["nothing"].dtype == torch.int8
    assert stored["nothing" + SCALE].isfinite().all()
    assert not stored["nothing"].any()
