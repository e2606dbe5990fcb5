"""ControlNets: whose frames hear them, what they see, and which files are refused."""

import json
from pathlib import Path

import pytest
import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from safetensors.torch import save_file

from generator.layer_diffusion.guidance.controlnet import (
    ControlGuide,
    frames_under_control,
    read_control,
)
from generator.layer_diffusion.text import Words
from generator.request import GenerationError, Role, Task
from tests.generator.layer_diffusion.guidance.tiny_guidance import released_control, tiny_control
from tests.generator.tiny_models import UNETS

FG, BG, BLENDED = Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def unet() -> UNet2DConditionModel:
    torch.manual_seed(1)
    return UNet2DConditionModel(**UNETS["sd15"]).requires_grad_(False)


@pytest.fixture(scope="module")
def network(unet: UNet2DConditionModel) -> ControlNetModel:
    return tiny_control(unet)


@pytest.mark.parametrize(
    ("makes", "task", "heard"),
    [
        ((FG,), Task.LAYER, (True,)),
        ((FG, BG, BLENDED), Task.TOGETHER, (True, False, True)),
        ((BG, BLENDED), Task.BACKGROUND, (True, True)),
        ((FG, BLENDED), Task.FOREGROUND, (True, True)),
        ((BG,), Task.TOGETHER, (False,)),
        ((BG,), Task.BACKGROUND, (True,)),
    ],
)
def test_who_hears_a_control(makes: tuple[Role, ...], task: Task, heard: tuple[bool, ...]) -> None:
    assert frames_under_control(makes, task) == heard


def test_other_frames_hear_nothing_and_the_rest_what_the_network_says(
    network: ControlNetModel,
) -> None:
    latent, text = torch.randn(12, 4, 8, 8), torch.randn(12, 77, 32)  # 2 halves, 2 variants
    picture, time = torch.rand(1, 3, 64, 64), torch.tensor(500)
    guide = ControlGuide(network, picture, 0.5, (True, False, True))
    given = guide.arguments(latent, time, Words(text))
    rows = [0, 2, 3, 5, 6, 8, 9, 11]
    down, middle = network(
        latent[rows], time, text[rows], picture.expand(8, -1, -1, -1), return_dict=False
    )
    torch.testing.assert_close(given["mid_block_additional_residual"][rows], 0.5 * middle)
    for got, expected in zip(given["down_block_additional_residuals"], down, strict=True):
        torch.testing.assert_close(got[rows], 0.5 * expected)
        assert not got[[1, 4, 7, 10]].any()


def test_a_single_file_in_either_grammar_is_read(
    unet: UNet2DConditionModel, network: ControlNetModel, tmp_path: Path
) -> None:
    wanted = network.state_dict()
    for name, tensors in (
        ("released", released_control(network, "sd15")),
        ("bare", {n.removeprefix("control_model."): t
                  for n, t in released_control(network, "sd15").items()}),
        ("diffusers", wanted),
    ):  # fmt: skip
        path = tmp_path / f"{name}.safetensors"
        save_file({key: one.contiguous() for key, one in tensors.items()}, path)
        read = read_control(path, unet, CPU, torch.float32).state_dict()
        assert all(torch.equal(read[key], one) for key, one in wanted.items())


def test_half_precision_in_a_folder_goes_first(
    unet: UNet2DConditionModel, network: ControlNetModel, tmp_path: Path
) -> None:
    network.save_pretrained(tmp_path)
    half = {name: (tensor * 0).half() for name, tensor in network.state_dict().items()}
    save_file(half, tmp_path / "diffusion_pytorch_model.fp16.safetensors")
    read = read_control(tmp_path, unet, CPU, torch.float32)
    assert not any(parameter.any() for parameter in read.parameters())
    assert read.conv_in.weight.dtype is torch.float32


def test_what_does_not_fit_is_refused_in_one_sentence(
    unet: UNet2DConditionModel, network: ControlNetModel, tmp_path: Path
) -> None:
    union = tmp_path / "union.safetensors"
    save_file({"task_embedding": torch.zeros(6, 4)}, union)
    lacking = tmp_path / "lacking.safetensors"
    state = network.state_dict()
    del state["controlnet_mid_block.bias"]
    save_file(state, lacking)
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text(json.dumps({"_class_name": "SomethingElse"}))
    empty = tmp_path / "empty"
    network.save_config(empty)
    large = tmp_path / "large"
    large.mkdir()
    config = json.loads((empty / "config.json").read_text()) | {"cross_attention_dim": 48}
    (large / "config.json").write_text(json.dumps(config))
    save_file({"a": torch.zeros(1)}, large / "diffusion_pytorch_model.safetensors")
    for path, sentence in (
        (union, "union of several ControlNets"),
        (lacking, r"it lacks tensor controlnet_mid_block\.bias\.$"),
        (other, "holds a SomethingElse"),
        (empty, r"holds no ControlNet as \.safetensors"),
        (large, "another kind of model"),
    ):
        with pytest.raises(GenerationError, match=sentence):
            read_control(path, unet, CPU, torch.float32)
