"""Users' LoRAs in every grammar: the right weights change by the right amount and come back."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionXLPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from generator.layer_diffusion.guidance.lora_names import part_of, released_name
from generator.layer_diffusion.guidance.user_lora import AppliedLoras, applied_loras, read_lora
from generator.layer_diffusion.patch_names import diffusers_name
from generator.request import GenerationError
from tests.generator.tiny_models import UNETS

Pairs = dict[str, tuple[Tensor, Tensor]]

LAYERS = (
    "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k",
    "down_blocks.1.attentions.1.transformer_blocks.0.attn1.to_out.0",
    "mid_block.attentions.0.proj_in",
    "mid_block.resnets.1.time_emb_proj",
    "up_blocks.0.resnets.2.conv1",
    "up_blocks.0.upsamplers.0.conv",
    "down_blocks.0.downsamplers.0.conv",
    "down_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj",
    "conv_in",
)
TEXT_LAYER = "encoder.layers.1.self_attn.q_proj"
RANK = 4


@pytest.fixture(params=["sd15", "sdxl"])
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def networks(family: str) -> dict[str, nn.Module]:
    torch.manual_seed(1)
    config = CLIPTextConfig(
        vocab_size=99, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, projection_dim=32, bos_token_id=0, eos_token_id=2,
    )  # fmt: skip
    made: dict[str, nn.Module] = {
        "unet": UNet2DConditionModel(**UNETS[family]),
        "text_encoder": CLIPTextModel(config),
    }
    if family == "sdxl":
        made["text_encoder_2"] = CLIPTextModelWithProjection(config)
    return made


def _text_path(network: nn.Module) -> str:
    found: str = next(name for name, _ in network.named_modules() if name.endswith(TEXT_LAYER))
    return found


def _pairs(network: nn.Module, layers: tuple[str, ...]) -> Pairs:
    pairs = {}
    for layer in layers:
        weight = network.get_parameter(f"{layer}.weight")
        down = 0.1 * torch.randn(RANK, *weight.shape[1:])
        up = 0.1 * torch.randn(weight.shape[0], RANK, *[1] * (weight.ndim - 2))
        pairs[layer] = (up, down)
    return pairs


def _flat(prefix: str, layer: str) -> str:
    return prefix + layer.replace(".", "_")


def _kohya(networks: dict[str, nn.Module], pairs: Pairs, is_released: bool) -> dict[str, Tensor]:
    tensors = {}
    for layer, (up, down) in pairs.items():
        name = _flat("lora_unet_", released_name(layer) if is_released else layer)
        tensors[f"{name}.lora_up.weight"] = up
        tensors[f"{name}.lora_down.weight"] = down
        tensors[f"{name}.alpha"] = torch.tensor(2.0)
    return tensors


def _dotted(pairs: Pairs, prefix: str, up_name: str, down_name: str) -> dict[str, Tensor]:
    tensors = {}
    for layer, (up, down) in pairs.items():
        tensors[f"{prefix}{layer}.{up_name}.weight"] = up
        tensors[f"{prefix}{layer}.{down_name}.weight"] = down
    return tensors


GRAMMARS: dict[str, tuple[Callable[[dict[str, nn.Module], Pairs], dict[str, Tensor]], float]] = {
    "kohya": (lambda networks, pairs: _kohya(networks, pairs, False), 2 / RANK),
    "kohya, released blocks": (lambda networks, pairs: _kohya(networks, pairs, True), 2 / RANK),
    "diffusers": (lambda _, pairs: _dotted(pairs, "unet.", "lora.up", "lora.down"), 1),
    "diffusers with peft": (lambda _, pairs: _dotted(pairs, "unet.", "lora_B", "lora_A"), 1),
    "peft": (lambda _, pairs: _dotted(pairs, "base_model.model.", "lora_B", "lora_A"), 1),
}


def _snapshot(networks: dict[str, nn.Module]) -> dict[str, Tensor]:
    return {
        f"{network}.{name}": value.clone()
        for network, module in networks.items()
        for name, value in module.state_dict().items()
    }


def _assert_same(networks: dict[str, nn.Module], before: dict[str, Tensor]) -> None:
    after = _snapshot(networks)
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)


def _laid(
    networks: dict[str, nn.Module], files: list[tuple[Path, float]]
) -> AbstractContextManager[AppliedLoras]:
    opened = [(read_lora(path, networks), weight) for path, weight in files]
    return applied_loras(networks, opened)


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_each_grammar_changes_the_right_weights(
    grammar: str, networks: dict[str, nn.Module], tmp_path: Path
) -> None:
    unet, path = networks["unet"], tmp_path / "own.safetensors"
    pairs = _pairs(unet, LAYERS)
    write, scale = GRAMMARS[grammar]
    save_file(write(networks, pairs), path)
    before = _snapshot(networks)
    with _laid(networks, [(path, 0.5)]) as lying:
        now = _snapshot(networks)
        assert lying.kept_bytes == sum(before[f"unet.{one}.weight"].nbytes for one in pairs)
    changed = {name for name in before if not torch.equal(now[name], before[name])}
    assert changed == {f"unet.{layer}.weight" for layer in pairs}
    for layer, (up, down) in pairs.items():
        name = f"unet.{layer}.weight"
        product = (up.flatten(1) @ down.flatten(1)).reshape(before[name].shape)
        torch.testing.assert_close(now[name], before[name] + 0.5 * scale * product)
    _assert_same(networks, before)


def test_text_encoders_are_changed_too(
    networks: dict[str, nn.Module], family: str, tmp_path: Path
) -> None:
    prefixes = {"text_encoder": "lora_te1_" if family == "sdxl" else "lora_te_"}
    if family == "sdxl":
        prefixes["text_encoder_2"] = "lora_te2_"
    tensors = {}
    for prefix in prefixes.values():
        name = _flat(prefix, f"text_model.{TEXT_LAYER}")
        tensors[f"{name}.lora_up.weight"] = torch.randn(32, RANK)
        tensors[f"{name}.lora_down.weight"] = torch.randn(RANK, 32)
    path = tmp_path / "text.safetensors"
    save_file(tensors, path)
    before = _snapshot(networks)
    assert read_lora(path, networks).changes_text
    with _laid(networks, [(path, 1.0)]):
        now = _snapshot(networks)
    changed = {name for name in before if not torch.equal(now[name], before[name])}
    assert changed == {f"{network}.{_text_path(networks[network])}.weight" for network in prefixes}
    _assert_same(networks, before)


@pytest.fixture
def own(networks: dict[str, nn.Module], tmp_path: Path) -> Path:
    path = tmp_path / "own.safetensors"
    save_file(_kohya(networks, _pairs(networks["unet"], LAYERS), False), path)
    return path


def test_weight_zero_changes_no_bit(networks: dict[str, nn.Module], own: Path) -> None:
    before = _snapshot(networks)
    with _laid(networks, [(own, 0.0)]):
        _assert_same(networks, before)


def test_several_add_up_and_come_off_bit_for_bit(
    networks: dict[str, nn.Module], own: Path, tmp_path: Path
) -> None:
    for module in networks.values():
        module.half()
    second = tmp_path / "second.safetensors"
    save_file(_kohya(networks, _pairs(networks["unet"], LAYERS[:3]), True), second)
    before = _snapshot(networks)
    with _laid(networks, [(own, 1.0)]):
        alone = _snapshot(networks)
    with _laid(networks, [(own, 1.0), (second, -2.0)]):
        both = _snapshot(networks)
    for layer in LAYERS:
        is_equal = torch.equal(both[f"unet.{layer}.weight"], alone[f"unet.{layer}.weight"])
        assert is_equal == (layer not in LAYERS[:3])
    _assert_same(networks, before)


def test_a_failure_inside_leaves_nothing_behind(networks: dict[str, nn.Module], own: Path) -> None:
    before = _snapshot(networks)
    with pytest.raises(RuntimeError, match="planned"), _laid(networks, [(own, 1.0)]):
        raise RuntimeError("planned")
    _assert_same(networks, before)


def test_convolutions_taken_apart_and_whole_differences(
    networks: dict[str, nn.Module], tmp_path: Path
) -> None:
    layer = "up_blocks.0.resnets.2.conv1"
    weight = networks["unet"].get_parameter(f"{layer}.weight").detach().clone()
    up, down = torch.randn(weight.shape[0], 3, 1, 1), torch.randn(2, weight.shape[1], 1, 1)
    mid, bias = (
        torch.randn(3, 2, 3, 3),
        torch.randn_like(networks["unet"].get_parameter("mid_block.attentions.0.proj_in.weight")),
    )
    name = _flat("lora_unet_", layer)
    path = tmp_path / "own.safetensors"
    save_file(
        {
            f"{name}.lora_up.weight": up,
            f"{name}.lora_down.weight": down,
            f"{name}.lora_mid.weight": mid,
            "lora_unet_mid_block_attentions_0_proj_in.diff": bias,
        },
        path,
    )
    expected = weight + torch.einsum("or,rshw,si->oihw", up[..., 0, 0], mid, down[..., 0, 0])
    with _laid(networks, [(path, 1.0)]):
        now = networks["unet"].get_parameter(f"{layer}.weight").detach().clone()
    torch.testing.assert_close(now, expected)


def test_alpha_from_metadata(networks: dict[str, nn.Module], tmp_path: Path) -> None:
    unet, path = networks["unet"], tmp_path / "own.safetensors"
    pairs = _pairs(unet, LAYERS[:2])
    notes = {
        "unet.lora_alpha": 8,
        "unet.r": RANK,
        "unet.alpha_pattern": {LAYERS[1]: 2},
    }
    save_file(
        _dotted(pairs, "unet.", "lora_B", "lora_A"),
        path,
        metadata={"lora_adapter_metadata": json.dumps(notes)},
    )
    lora = read_lora(path, networks)
    by_layer = {target.layer: scale for target, scale in lora.scales.items()}
    assert by_layer == {LAYERS[0]: 2.0, LAYERS[1]: 0.5}


def test_names_agree_with_diffusers_own_conversion() -> None:
    unet = UNet2DConditionModel(**UNETS["sdxl"])
    layers = [
        name
        for name, one in unet.named_modules()
        if isinstance(one, nn.Linear) and ".transformer_blocks." in name
    ]
    state = {}
    for layer in layers:
        name = _flat("lora_unet_", released_name(layer))
        state[f"{name}.lora_down.weight"] = torch.zeros(1, 1)
        state[f"{name}.lora_up.weight"] = torch.zeros(1, 1)
    converted, _ = StableDiffusionXLPipeline.lora_state_dict(state, unet_config=unet.config)
    # Its conversion gives diffusers' first grammar, which named the attention's processor.
    theirs = {split[0].removeprefix("unet.") for key in converted if (split := part_of(key))}
    assert theirs == set(layers)
    assert len(converted) == 2 * len(layers)


def test_released_names_are_the_inverse_of_the_patches(family: str) -> None:
    unet = UNet2DConditionModel(**UNETS[family])
    layers = [n for n, one in unet.named_modules() if isinstance(one, nn.Linear | nn.Conv2d)]
    assert [diffusers_name(f"{released_name(one)}.weight") for one in layers] == [
        f"{one}.weight" for one in layers
    ]


def test_a_lora_for_something_else_is_refused_in_one_sentence(
    networks: dict[str, nn.Module], tmp_path: Path
) -> None:
    path = tmp_path / "flux.safetensors"
    name = "lora_unet_double_blocks_0_img_attn_proj"
    save_file({f"{name}.lora_up.weight": torch.zeros(4, 1)}, path)
    with pytest.raises(GenerationError, match=r"^flux\.safetensors is no LoRA that fits this mod"):
        read_lora(path, networks)


def test_wrong_widths_are_refused(networks: dict[str, nn.Module], tmp_path: Path) -> None:
    path = tmp_path / "wide.safetensors"
    name = _flat("lora_unet_", LAYERS[0])
    save_file(
        {
            f"{name}.lora_up.weight": torch.zeros(320, 4),
            f"{name}.lora_down.weight": torch.zeros(4, 768),
        },
        path,
    )
    with pytest.raises(GenerationError, match="another shape"):
        read_lora(path, networks)


def test_half_a_pair_is_refused(networks: dict[str, nn.Module], tmp_path: Path) -> None:
    path = tmp_path / "half.safetensors"
    up = torch.zeros(networks["unet"].get_parameter(f"{LAYERS[0]}.weight").shape[0], 4)
    save_file({f"{_flat('lora_unet_', LAYERS[0])}.lora_up.weight": up}, path)
    with pytest.raises(GenerationError, match="another shape"):
        read_lora(path, networks)


def test_a_few_strange_layers_are_left_out_and_told(
    networks: dict[str, nn.Module], own: Path, tmp_path: Path
) -> None:
    tensors = _kohya(networks, _pairs(networks["unet"], LAYERS), False)
    path = tmp_path / "extra.safetensors"
    save_file({**tensors, "bundle_emb.name.string_to_param.*": torch.zeros(1, 32)}, path)
    assert read_lora(path, networks).unplaced == ("bundle_emb.name.string_to_param.*",)


def test_a_pickle_is_refused(networks: dict[str, nn.Module], tmp_path: Path) -> None:
    path = tmp_path / "own.pt"
    path.write_bytes(b"\x80\x04.")
    with pytest.raises(GenerationError, match="pickle"):
        read_lora(path, networks)
