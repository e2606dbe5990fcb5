import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from peft import LoraConfig
from safetensors.torch import save_file
from torch import Tensor, nn

from generator.layer_diffusion.patch_names import Part
from generator.layer_diffusion.weight_patch import (
    WeightPatch,
    applied,
    conditioned,
    low_rank_difference,
    read_patch,
    with_condition,
    with_difference,
)
from generator.request import GenerationError

Vectors = Callable[[str], dict[str, Tensor]]
Table = Callable[[str], list[dict[str, str]]]
QUERY = "mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
KEY = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k"


@pytest.fixture(scope="module")
def _filled(meta: dict[str, Any], fill: Callable[[nn.Module, str], None]) -> UNet2DConditionModel:
    with torch.device("meta"):
        model = UNet2DConditionModel(**meta["unet_xl"]["config"])
    fill(model, meta["unet_xl"]["weights_prefix"])
    return model


@pytest.fixture
def unet(_filled: UNet2DConditionModel) -> UNet2DConditionModel:
    """A tiny UNet of SDXL's topology, under the vectors' weights; the test's own."""
    return copy.deepcopy(_filled)


@pytest.fixture
def written(
    meta: dict[str, Any], by_rule: Callable[..., dict[str, Tensor]], table: Table, tmp_path: Path
) -> Callable[[str, str], Path]:
    """Write the vectors' difference for 8 or 12 channels, in the released or diffusers' names."""
    released = {
        row["diffusers_key"]: row["forge_model_key"] for row in table("layerdiff_sdxl_keymap")
    }

    def write(channels: str, names: str) -> Path:
        delta = meta["unet_xl"]["delta"][channels]
        shapes = {name: tuple(shape) for name, shape in delta["keys"].items()}
        tensors = by_rule(delta["prefix"], shapes, delta=True)
        if names == "released":
            tensors = {f"{released[name]}::diff::0": one for name, one in tensors.items()}
        path = tmp_path / f"patch{channels}_{names}.safetensors"
        save_file(tensors, path)
        return path

    return write


def _output(unet: nn.Module, stored: dict[str, Tensor], step: int) -> Tensor:
    known = {"text_embeds": stored["text_embeds"], "time_ids": stored["time_ids"]}
    output: Tensor = unet(stored["sample"], step, stored["text"], added_cond_kwargs=known).sample
    return output


def _snapshot(unet: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in unet.state_dict().items()}


def _unchanged(unet: nn.Module, before: dict[str, Tensor]) -> bool:
    after = unet.state_dict()
    return list(after) == list(before) and all(
        torch.equal(after[name], before[name]) for name in before
    )


def test_low_rank_differences_are_the_vectors(vectors: Vectors, meta: dict[str, Any]) -> None:
    stored, strength = vectors("merge"), meta["merge"]["strength"]
    weight, up, down = (stored[f"lora.{name}"] for name in ("weight", "up", "down"))
    alpha = torch.tensor(meta["merge"]["alpha"])
    assert (low_rank_difference(up, down, None) - stored["lora.delta"]).abs().max() < 1e-6
    cases = {
        "scale1": (None, 1),
        "strength": (None, strength),
        "alpha": (alpha, 1),
        "alpha_strength": (alpha, strength),
        "negative": (None, -1),
        "zero": (None, 0),
    }
    for name, (scale, amount) in cases.items():
        merged = with_difference(weight, low_rank_difference(up, down, scale), amount)
        assert (merged - stored[f"lora.merged_{name}"]).abs().max() < 1e-6, name


@pytest.mark.parametrize("channels", [4, 8, 12])
def test_full_differences_are_the_vectors(
    vectors: Vectors, meta: dict[str, Any], channels: int
) -> None:
    stored, weight = vectors("merge"), vectors("merge")["conv.weight"]
    for name, strength in (("", 1.0), ("_strength", meta["merge"]["strength"])):
        merged = with_difference(weight, stored[f"conv.diff{channels}"], strength)
        assert (merged - stored[f"conv.merged{channels}{name}"]).abs().max() < 1e-6


@pytest.mark.parametrize("names", ["released", "diffusers"])
def test_a_patched_and_conditioned_unet_is_the_vectors(
    unet: UNet2DConditionModel,
    vectors: Vectors,
    written: Callable[[str, str], Path],
    meta: dict[str, Any],
    names: str,
) -> None:
    stored, before = vectors("unet_xl"), _snapshot(unet)
    cases = [("8", "cond8", 1.0, ""), ("8", "cond8", 0.6, ".strength"), ("12", "cond12", 1.0, "")]
    for channels, condition, strength, ending in cases:
        patch = read_patch(written(channels, names))
        assert patch.input_channels == int(channels)
        with applied(unet, patch, strength), conditioned(unet, stored[condition]):
            for step in meta["unet_xl"]["timesteps"]:
                expected = stored[f"out{channels}.t{step}{ending}"]
                assert (_output(unet, stored, step) - expected).abs().max() < 5e-5
        assert _unchanged(unet, before)
    for step in meta["unet_xl"]["timesteps"]:
        assert (_output(unet, stored, step) - stored[f"out4.t{step}"]).abs().max() < 5e-5


def test_off_again_midway_the_unet_is_untouched_and_unconditioned(
    unet: UNet2DConditionModel, vectors: Vectors, written: Callable[[str, str], Path]
) -> None:
    stored, before = vectors("unet_xl"), _snapshot(unet)
    plain = _output(unet, stored, 333)
    patch = read_patch(written("8", "released"))
    with applied(unet, patch, 1.0) as handle, conditioned(unet, stored["cond8"]):
        assert unet.conv_in.in_channels == 8
        kept = sum(before[name].nbytes for name in patch.changes)
        assert handle.kept_bytes == kept > 0
        handle.take_off()
        assert handle.kept_bytes == 0
        assert unet.conv_in.in_channels == 4
        assert torch.equal(_output(unet, stored, 333), plain)
        handle.take_off()
    assert _unchanged(unet, before)


def test_halves_come_back_bit_for_bit_after_two_patches_one_over_the_other(
    unet: UNet2DConditionModel, written: Callable[[str, str], Path]
) -> None:
    unet.half()
    before = _snapshot(unet)
    places = {name: weight.data_ptr() for name, weight in unet.named_parameters()}
    first, second = read_patch(written("8", "released")), read_patch(written("12", "diffusers"))
    with applied(unet, first, 1.7), applied(unet, second, 0.3):
        assert not _unchanged(unet, before)
        assert {weight.dtype for weight in unet.parameters()} == {torch.float16}
        assert unet.conv_in.weight.shape[1] == 12
    assert _unchanged(unet, before)
    assert places == {name: weight.data_ptr() for name, weight in unet.named_parameters()}


@pytest.mark.parametrize("names", ["released", "peft"])
@pytest.mark.parametrize("alpha", [None, 4.0])
def test_low_rank_files_are_merged(
    unet: UNet2DConditionModel, table: Table, tmp_path: Path, names: str, alpha: float | None
) -> None:
    released = {
        row["diffusers_key"]: row["forge_model_key"] for row in table("layerdiff_sdxl_keymap")
    }
    endings = {"up": "lora_B.weight", "down": "lora_A.weight", "alpha": "alpha"}
    before, tensors, pairs = _snapshot(unet), {}, {}
    for path in (QUERY, KEY):
        wide, narrow = before[f"{path}.weight"].shape
        parts = {"up": torch.randn(wide, 8), "down": torch.randn(8, narrow)}
        pairs[f"{path}.weight"] = parts["up"] @ parts["down"]
        if alpha is not None:
            parts["alpha"] = torch.tensor(alpha)
        for index, (part, tensor) in enumerate(parts.items()):
            key = f"{released[f'{path}.weight']}::lora::{index}"
            tensors[key if names == "released" else f"unet.{path}.{endings[part]}"] = tensor
    save_file(tensors, tmp_path / "patch.safetensors")
    patch = read_patch(tmp_path / "patch.safetensors")
    assert patch.input_channels == 0
    with applied(unet, patch, 0.6) as handle:
        for name, difference in pairs.items():
            scaled = 0.6 * difference * (1 if alpha is None else alpha / 8)
            assert torch.allclose(unet.get_parameter(name), before[name] + scaled, atol=1e-5)
        assert handle.kept_bytes == sum(before[name].nbytes for name in pairs)
    assert _unchanged(unet, before)


def test_a_users_lora_lies_under_the_patch(
    unet: UNet2DConditionModel, vectors: Vectors, written: Callable[[str, str], Path]
) -> None:
    stored, patch = vectors("unet_xl"), read_patch(written("12", "released"))
    with applied(unet, patch, 1.0), conditioned(unet, stored["cond12"]):
        plain = _output(unet, stored, 333)
    unet.add_adapter(LoraConfig(r=4, target_modules=["to_q", "to_out.0", "conv_in"]))
    before = _snapshot(unet)
    with applied(unet, patch, 1.0), conditioned(unet, stored["cond12"]):
        # A fresh LoRA changes nothing, until its second half is something.
        assert (_output(unet, stored, 333) - plain).abs().max() < 1e-6
        nn.init.ones_(unet.conv_in.lora_B["default"].weight)
        assert (_output(unet, stored, 333) - plain).abs().max() > 1e-3
        nn.init.zeros_(unet.conv_in.lora_B["default"].weight)
    assert _unchanged(unet, before)


def test_weights_stay_usable_outside_a_jobs_inference_mode(
    unet: UNet2DConditionModel, vectors: Vectors, written: Callable[[str, str], Path]
) -> None:
    before, stored = _snapshot(unet), vectors("unet_xl")
    patch = read_patch(written("8", "released"))
    with torch.inference_mode(), applied(unet, patch, 1.0), conditioned(unet, stored["cond8"]):
        out = _output(unet, stored, 333)
        assert not any(weight.is_inference() for weight in unet.parameters())
    assert (out - stored["out8.t333"]).abs().max() < 5e-5
    assert _unchanged(unet, before)


class FailingFile:
    """A file that can no longer be read after its first tensors."""

    def __init__(self, patch: WeightPatch, readable: int) -> None:
        self._file, self._readable = patch.file, readable
        self.shapes, self.name = patch.file.shapes, patch.file.name

    def tensor(self, name: str) -> Tensor:
        self._readable -= 1
        if self._readable < 0:
            raise OSError("the disk is gone")
        return self._file.tensor(name)


def test_a_failure_half_way_leaves_the_unet_as_it_was(
    unet: UNet2DConditionModel, written: Callable[[str, str], Path]
) -> None:
    before, patch = _snapshot(unet), read_patch(written("8", "released"))
    failing = WeightPatch(FailingFile(patch, 100), patch.changes)
    with pytest.raises(OSError, match="disk"), applied(unet, failing, 1.0):
        pass
    with pytest.raises(KeyboardInterrupt), applied(unet, patch, 1.0):
        raise KeyboardInterrupt
    assert _unchanged(unet, before)
    assert unet.conv_in.in_channels == 4


@pytest.mark.parametrize(
    "tensors",
    [
        {"conv_out.weight": torch.ones(4, 31, 3, 3)},
        {"conv_out.weight": torch.ones(4, 32, 3, 3), "up_blocks.9.bias": torch.ones(1)},
        {"conv_in.weight": torch.ones(32, 8, 1, 1)},
        {f"{QUERY}.lora_A.weight": torch.ones(8, 9), f"{QUERY}.lora_B.weight": torch.ones(64, 8)},
        {f"{QUERY}.lora_A.weight": torch.ones(8, 64), f"{QUERY}.lora_B.weight": torch.ones(64, 7)},
        {
            f"{QUERY}.lora_A.weight": torch.ones(8, 64),
            f"{QUERY}.lora_B.weight": torch.ones(64, 8),
            f"{QUERY}.alpha": torch.ones(2),
        },
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(
    unet: UNet2DConditionModel, tmp_path: Path, tensors: dict[str, Tensor]
) -> None:
    path, before = tmp_path / "patch.safetensors", _snapshot(unet)
    save_file(tensors, path)
    with pytest.raises(GenerationError, match="does not fit"), applied(unet, read_patch(path), 1):
        pass
    assert _unchanged(unet, before)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({}, "has no tensors"),
        ({f"{QUERY}.lora_A.weight": torch.ones(8, 64)}, "is not whole"),
        ({f"{QUERY}.alpha": torch.ones(1)}, "is not whole"),
        ({"conv_in.weight": torch.ones(8)}, "is no convolution"),
        ({"diffusion_model.x::diff::0": torch.ones(1)}, "x is no weight of an SDXL network"),
    ],
)
def test_what_is_no_patch_is_refused(
    tmp_path: Path, tensors: dict[str, Tensor], message: str
) -> None:
    path = tmp_path / "patch.safetensors"
    save_file(tensors, path)
    with pytest.raises(GenerationError, match=message):
        read_patch(path)


def test_a_condition_is_repeated_over_the_batch() -> None:
    sample, condition = torch.zeros(4, 4, 2, 2), torch.randn(2, 8, 2, 2)
    joined = with_condition(sample, condition)
    assert joined.shape == (4, 12, 2, 2)
    assert torch.equal(joined[2:, 4:], condition)
    with pytest.raises(ValueError, match="3 conditions for a batch of 4"):
        with_condition(sample, torch.zeros(3, 4, 2, 2))


def test_the_published_sets_of_tensors_are_read(table: Table, tmp_path: Path) -> None:
    rows = table("layerdiff_sdxl_keymap")
    for column, weights in (("in_attn_lora", 560), ("in_conv_diff", 1252), ("in_cond_small", 206)):
        keys = [row["forge_model_key"] for row in rows if row[column] == "1"]
        kinds = ("lora::0", "lora::1") if column == "in_attn_lora" else ("diff::0",)
        tensors = {f"{key}::{kind}": torch.zeros(1, 8, 1, 1) for key in keys for kind in kinds}
        save_file(tensors, tmp_path / "p.safetensors")
        patch = read_patch(tmp_path / "p.safetensors")
        assert len(patch.changes) == weights
        expected = {Part.UP, Part.DOWN} if column == "in_attn_lora" else {Part.DIFFERENCE}
        assert all(set(parts) == expected for parts in patch.changes.values())
