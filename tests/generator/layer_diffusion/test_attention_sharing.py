from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention, IPAdapterAttnProcessor2_0
from safetensors.torch import save_file
from torch import Tensor, nn

from generator.layer_diffusion.attention_sharing import (
    AttentionSharing,
    SharedAttention,
    SharingInputs,
    SharingUnit,
    UnitSize,
    read_sharing,
    sharable_attentions,
    shared,
    unit_sizes,
)
from generator.request import GenerationError

Shapes = dict[str, tuple[int, ...]]
Fill = Callable[[nn.Module, str], None]
CPU = torch.device("cpu")
WIDTH, TEXT_WIDTH, HEADS = 64, 48, 8
UNIT_CASES = [
    f"f{frames}_c{control}_{kind}"
    for frames in (1, 2, 3)
    for control in (0, 1)
    for kind in ("self", "cross")
]
CASES = ("attn", "joint", "cond")


def _attention(fill: Fill, cross: bool, salt: str) -> Attention:
    attention = Attention(
        WIDTH, TEXT_WIDTH if cross else None, heads=HEADS, dim_head=WIDTH // HEADS
    )
    fill(attention, salt)
    return attention.double()


def _marks(rows: list[float], frames: int) -> tuple[bool, ...]:
    """One entry a group, True for the conditional one, from the vectors' one number a row."""
    groups = [rows[start : start + frames] for start in range(0, len(rows), frames)]
    assert all(len(set(group)) == 1 for group in groups)
    return tuple(group[0] == 0 for group in groups)


@pytest.mark.parametrize("name", UNIT_CASES)
def test_units_compute_the_vectors(
    vectors: Callable[[str], dict[str, Tensor]], meta: dict[str, Any], fill: Fill, name: str
) -> None:
    stored = {key: tensor.double() for key, tensor in vectors("attention").items()}
    cases = {k: v for k, v in meta["attention"]["cases"].items() if k.startswith(f"{name}.")}
    assert cases
    first = next(iter(cases.values()))
    frames, control, cross = first["frames"], first["control"], first["cross"]
    attention = _attention(fill, cross, first["base_salt"])
    size = UnitSize(WIDTH, TEXT_WIDTH if cross else WIDTH)
    unit = SharingUnit(size, frames, control)
    fill(unit, first["unit_salt"])
    unit.double()
    seen: list[Tensor] = []
    unit.temporal_n.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    for key, case in cases.items():
        prompts = tuple(stored[one] if one else None for one in case["overwrite"] or [])
        marks = _marks(case["cond_mark"], frames)
        signals = {24: stored["control_signal"]} if control else {}
        inputs = SharingInputs(prompts, marks, signals)
        attention.set_processor(SharedAttention(unit, frames, inputs, attention.processor))
        hidden = stored[f"f{frames}.hidden"] * case.get("hidden_scale", 1)
        text = stored[f"f{frames}.text"] if cross else None
        out = attention(hidden, encoder_hidden_states=text)
        expected = stored[f"{key}.out"]
        assert (out - expected).abs().max() < 2e-6 * max(1, expected.abs().max()), key
        if f"{key}.before_temporal" in stored:
            before = seen[-1].flatten(0, 1)
            assert (before - stored[f"{key}.before_temporal"]).abs().max() < 2e-5, key


def test_units_compute_the_vectors_in_floats(
    vectors: Callable[[str], dict[str, Tensor]], meta: dict[str, Any], fill: Fill
) -> None:
    stored, case = vectors("attention"), meta["attention"]["cases"]["f3_c1_cross.plain"]
    attention = _attention(fill, cross=True, salt=case["base_salt"]).float()
    unit = SharingUnit(UnitSize(WIDTH, TEXT_WIDTH), 3, control=True)
    fill(unit, case["unit_salt"])
    inputs = SharingInputs(signals={24: stored["control_signal"]})
    attention.set_processor(SharedAttention(unit, 3, inputs, attention.processor))
    out = attention(stored["f3.hidden"], encoder_hidden_states=stored["f3.text"])
    assert (out - stored["f3_c1_cross.plain.out"]).abs().max() < 1e-4


@pytest.mark.parametrize(
    ("name", "frames", "control", "tensors"),
    [
        ("layerdiff_keys_sd15_transparent_attn", 1, False, 640),
        ("layerdiff_keys_sd15_joint", 3, False, 1152),
        ("layerdiff_keys_sd15_fg2bg_bg2fg", 2, True, 1180),
    ],
)
def test_the_published_files_tensors_are_all_there(
    shapes_of: Callable[[str], Shapes], name: str, frames: int, control: bool, tensors: int
) -> None:
    with torch.device("meta"):
        unet = UNet2DConditionModel(cross_attention_dim=768)
        sharing = AttentionSharing(unit_sizes(unet), frames, control)
    shapes = {key: tuple(tensor.shape) for key, tensor in sharing.state_dict().items()}
    assert shapes == shapes_of(name)
    assert len(shapes) == tensors


@pytest.fixture(scope="module")
def unet(meta: dict[str, Any], fill: Fill) -> UNet2DConditionModel:
    model = UNet2DConditionModel(**meta["unet_sd15"]["config"])
    fill(model, meta["unet_sd15"]["weights_prefix"])
    return model.double()


def _sharing(unet: nn.Module, fill: Fill, case: dict[str, Any]) -> AttentionSharing:
    with torch.device("meta"):
        sharing = AttentionSharing(unit_sizes(unet), case["frames"], case["control"])
    fill(sharing, case["layer_prefix"])
    assert len(sharing.state_dict()) == case["layer_tensors"]
    return sharing.double()


def test_units_stand_in_the_order_of_the_files(
    unet: UNet2DConditionModel, keymap: dict[str, Any]
) -> None:
    names = {id(module): name for name, module in unet.named_modules()}
    order = [names[id(attention)] for attention in sharable_attentions(unet)]
    assert order == [keymap["sd15_hooker_layers"][str(index)] for index in range(32)]


@pytest.mark.parametrize("name", CASES)
def test_a_whole_unet_computes_the_vectors_and_stays_as_it_was(
    unet: UNet2DConditionModel,
    vectors: Callable[[str], dict[str, Tensor]],
    meta: dict[str, Any],
    fill: Fill,
    name: str,
) -> None:
    stored = {key: tensor.double() for key, tensor in vectors("unet_sd15").items()}
    case = meta["unet_sd15"]["cases"][name]
    frames = case["frames"]
    sharing = _sharing(unet, fill, case)
    signals = sharing.kwargs_encoder(stored["control_image"]) if case["control"] else {}
    marks = _marks(case["cond_mark"], frames)
    prompts = tuple(stored[key] for key in case["overwrite"])
    before = {key: tensor.clone() for key, tensor in unet.state_dict().items()}
    processors = dict(unet.attn_processors)
    sample, text = stored[f"{name}.sample"], stored[f"{name}.text"]

    def check(kind: str) -> None:
        for step in meta["unet_sd15"]["timesteps"]:
            out = unet(sample, step, text).sample
            expected = stored[f"{name}.{kind}.t{step}"]
            assert (out - expected).abs().max() < 2e-6 * max(1, expected.abs().max()), kind

    with shared(unet, sharing, SharingInputs(signals=signals)):
        check("plain")
    with shared(unet, sharing, SharingInputs(prompts, marks, signals)):
        check("overwrite")
    check("base")
    after = unet.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[key], before[key]) for key in before)
    assert all(unet.attn_processors[key] is processor for key, processor in processors.items())


def test_a_failure_inside_leaves_the_unet_as_it_was(
    unet: UNet2DConditionModel,
) -> None:
    processors = dict(unet.attn_processors)
    sharing = AttentionSharing(unit_sizes(unet), 2, control=False).double()
    text = torch.zeros(1, 7, 48, dtype=torch.float64)
    with (
        pytest.raises(ValueError, match="no groups of 2 frames"),
        shared(unet, sharing, SharingInputs()),
    ):
        unet(torch.zeros(3, 4, 16, 16, dtype=torch.float64), 1, text.expand(3, -1, -1))
    with (
        pytest.raises(ValueError, match="1 groups of frames, 2 marks"),
        shared(unet, sharing, SharingInputs((text,), (True, False))),
    ):
        unet(torch.zeros(2, 4, 16, 16, dtype=torch.float64), 1, text)
    assert all(unet.attn_processors[key] is processor for key, processor in processors.items())


@pytest.mark.parametrize("rows", [2, 4])
def test_an_ip_adapter_goes_on_speaking(rows: int) -> None:
    torch.manual_seed(1)
    attention = Attention(WIDTH, TEXT_WIDTH, heads=HEADS, dim_head=WIDTH // HEADS)
    attention.set_processor(IPAdapterAttnProcessor2_0(WIDTH, TEXT_WIDTH, scale=0.7))
    attention.requires_grad_(False)
    unit = SharingUnit(UnitSize(WIDTH, TEXT_WIDTH), 2, control=False).requires_grad_(False)
    for lora in (*unit.to_q_lora, *unit.to_k_lora, *unit.to_v_lora, *unit.to_out_lora):
        nn.init.zeros_(lora.up.weight)
    nn.init.zeros_(unit.temporal_o.weight)
    nn.init.zeros_(unit.temporal_o.bias)
    hidden, text = torch.randn(4, 24, WIDTH), torch.randn(4, 7, TEXT_WIDTH)
    picture = torch.randn(rows, 1, 4, TEXT_WIDTH)
    whole = picture.repeat_interleave(4 // rows, 0)
    expected = attention(hidden, encoder_hidden_states=(text, [whole]))
    plain = attention.processor
    attention.set_processor(SharedAttention(unit, 2, SharingInputs(), plain))
    out = attention(hidden, encoder_hidden_states=(text, [picture]))
    assert (out - expected).abs().max() < 1e-5
    assert (attention(hidden, encoder_hidden_states=text) - expected).abs().max() > 1e-2


def test_a_file_says_how_many_frames_it_has(unet: UNet2DConditionModel, tmp_path: Path) -> None:
    path = tmp_path / "layer_sd15_joint.safetensors"
    made = AttentionSharing(unit_sizes(unet), 3, control=False)
    save_file(dict(made.state_dict()), path)
    read = read_sharing(path, unet, CPU, torch.float16)
    assert read.frames == 3
    assert torch.equal(read.units[31].temporal_v.bias, made.units[31].temporal_v.bias.half())
    state = dict(made.state_dict())
    del state["hookers.layers.3.temporal_o.bias"]
    save_file(state, path)
    with pytest.raises(GenerationError, match=r"lacks tensor hookers\.layers\.3\.temporal_o\.bias"):
        read_sharing(path, unet, CPU, torch.float16)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(GenerationError, match="no layers of Stable Diffusion 1"):
        read_sharing(path, unet, CPU, torch.float16)
    other = UNet2DConditionModel(**{**unet.config, "layers_per_block": 1})
    with pytest.raises(GenerationError, match="this model is another"):
        read_sharing(path, other, CPU, torch.float16)
