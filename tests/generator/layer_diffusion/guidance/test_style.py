"""Style adapters: equal to diffusers' own, alone and side by side; what is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from generator.layer_diffusion.guidance.style import StyleGuide, StylePicture
from generator.layer_diffusion.guidance.style_file import PictureReader, read_style
from generator.request import GenerationError
from tests.generator.layer_diffusion.guidance.tiny_guidance import (
    SIDE,
    SUMMARY,
    WIDTH,
    write_style,
)
from tests.generator.tiny_models import UNETS

CPU = torch.device("cpu")
Read = Callable[[str], tuple[UNet2DConditionModel, Path]]


@pytest.fixture
def unet() -> UNet2DConditionModel:
    torch.manual_seed(1)
    return UNet2DConditionModel(**UNETS["sd15"]).eval().requires_grad_(False)


@pytest.fixture
def encoder(tmp_path: Path) -> Path:
    config = CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2,
        projection_dim=SUMMARY, image_size=SIDE, patch_size=8,
    )  # fmt: skip
    torch.manual_seed(2)
    CLIPVisionModelWithProjection(config).save_pretrained(tmp_path / "encoder")
    return tmp_path / "encoder"


def _picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (40, 60, 4), dtype=np.uint8)


def _by_diffusers(
    unet: UNet2DConditionModel, path: Path, features: Tensor, scale: float, inputs: list[Tensor]
) -> Tensor:
    """Let diffusers load the adapter and predict, and leave the UNet to the test's end."""
    state: dict[str, dict[str, Tensor]] = {"image_proj": {}, "ip_adapter": {}}
    for key, tensor in load_file(path).items():
        kind, _, name = key.partition(".")
        state[kind][name] = tensor
    unet._load_ip_adapter_weights([state])
    for processor in unet.attn_processors.values():
        if hasattr(processor, "scale"):
            processor.scale = [scale]
    predicted: Tensor = unet(*inputs, added_cond_kwargs={"image_embeds": [features]}).sample
    return predicted


@pytest.mark.parametrize("kind", ["style", "style-plus"])
@torch.inference_mode()
def test_predictions_equal_diffusers_own(
    unet: UNet2DConditionModel, encoder: Path, tmp_path: Path, kind: str
) -> None:
    path = write_style(unet, kind, tmp_path)
    adapter = read_style(path, unet, CPU, torch.float32)
    reader = PictureReader(encoder, CPU, torch.float32)
    tokens, nothing = reader.tokens(_picture(1), adapter)
    guide = StyleGuide(adapter, (StylePicture(tokens, nothing, 0.6),), 2)
    inputs = [torch.randn(4, 4, 16, 16), torch.tensor(300), torch.randn(4, 77, 32)]
    plain = unet(*inputs).sample
    processors = dict(unet.attn_processors)
    names = set(unet.state_dict())
    with guide.wearing(unet):
        ours = unet(*inputs).sample
        by_name = unet(inputs[0], inputs[1], encoder_hidden_states=inputs[2]).sample
    assert torch.equal(ours, by_name)
    assert all(unet.attn_processors[name] is one for name, one in processors.items())
    assert set(unet.state_dict()) == names
    assert torch.equal(unet(*inputs).sample, plain)
    seen = reader._seen(_picture(1))
    if kind == "style":
        features = reader._encoder(seen).image_embeds[:, None]
        none = torch.zeros_like(features)
    else:
        features, none = (
            reader._encoder(one, output_hidden_states=True).hidden_states[-2][:, None]
            for one in (seen, torch.zeros_like(seen))
        )
    both = torch.cat([none, none, features, features])
    theirs = _by_diffusers(unet, path, both, 0.6, inputs)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)
    assert (ours - plain).abs().max() > 0.01


@torch.inference_mode()
def test_two_pictures_count_each_by_its_weight(
    unet: UNet2DConditionModel, encoder: Path, tmp_path: Path
) -> None:
    adapter = read_style(write_style(unet, "style", tmp_path), unet, CPU, torch.float32)
    reader = PictureReader(encoder, CPU, torch.float32)
    inputs = [torch.randn(1, 4, 16, 16), torch.tensor(300), torch.randn(1, 77, 32)]

    def predicted(*pictures: tuple[int, float]) -> Tensor:
        read = [(reader.tokens(_picture(seed), adapter), weight) for seed, weight in pictures]
        guide = StyleGuide(adapter, [StylePicture(*both, weight) for both, weight in read], 1)
        with guide.wearing(unet):
            sample: Tensor = unet(*inputs).sample
            return sample

    alone = predicted((1, 0.5))
    assert torch.allclose(predicted((1, 0.5), (2, 0.0)), alone, atol=1e-6)
    assert torch.allclose(predicted((1, 0.25), (1, 0.25)), alone, atol=1e-5)
    assert not torch.allclose(predicted((1, 0.5), (2, 0.5)), alone, atol=1e-3)


def test_pictures_are_seen_over_grey_and_in_their_middle(encoder: Path) -> None:
    reader = PictureReader(encoder, CPU, torch.float32)
    empty = np.zeros((20, 90, 4), np.uint8)
    grey = np.full((50, 50, 4), 127, np.uint8)
    grey[..., 3] = 255
    torch.testing.assert_close(reader._seen(empty), reader._seen(grey))
    sides = np.zeros((60, 120, 4), np.uint8)
    sides[..., 3] = 255
    sides[:, :25] = sides[:, 95:] = 255  # the ends are cut off
    assert reader._seen(sides).shape == (1, 3, SIDE, SIDE)
    assert reader._seen(sides).max() < 0


def test_files_of_other_kinds_are_refused(unet: UNet2DConditionModel, tmp_path: Path) -> None:
    good = load_file(write_style(unet, "style", tmp_path))
    strange = tmp_path / "strange.safetensors"
    save_file({"image_proj.proj.0.weight": torch.zeros(4, 4)}, strange)
    lacking, wide = tmp_path / "lacking.safetensors", tmp_path / "wide.safetensors"
    save_file({key: one for key, one in good.items() if key != "image_proj.norm.bias"}, lacking)
    save_file(good | {"ip_adapter.3.to_v_ip.weight": torch.zeros(9, 9)}, wide)
    for path, sentence in (
        (strange, "no IP-Adapter that is known"),
        (lacking, "is damaged"),
        (wide, "for another kind of model"),
    ):
        with pytest.raises(GenerationError, match=sentence):
            read_style(path, unet, CPU, torch.float32)
