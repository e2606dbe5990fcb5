from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution
from safetensors.torch import save_file
from torch import Tensor, nn

from generator.layer_diffusion.latent_transparency import (
    ChannelOrder,
    DecoderConfig,
    EncoderConfig,
    LatentTransparencyDecoder,
    LatentTransparencyEncoder,
    decoder_from_file,
    encoder_from_file,
    over_grey,
    regulated,
    transparent_latent,
)
from generator.layer_diffusion.padded_colour import padded_colour
from generator.request import GenerationError

Shapes = dict[str, tuple[int, ...]]
CPU = torch.device("cpu")


def _on_meta(build: Callable[[], nn.Module]) -> tuple[Shapes, int]:
    with torch.device("meta"):
        module = build()
    shapes = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    return shapes, sum(parameter.numel() for parameter in module.parameters())


def test_the_decoder_has_the_published_tensors(shapes_of: Callable[[str], Shapes]) -> None:
    shapes, parameters = _on_meta(lambda: LatentTransparencyDecoder(DecoderConfig()))
    assert shapes == shapes_of("keys_decoder")
    assert (len(shapes), parameters) == (538, 104_104_804)


def test_the_encoder_has_the_published_tensors(shapes_of: Callable[[str], Shapes]) -> None:
    shapes, parameters = _on_meta(lambda: LatentTransparencyEncoder(EncoderConfig()))
    assert shapes == shapes_of("keys_encoder")
    assert (len(shapes), parameters) == (18, 1_181_764)


def test_full_size_files_made_from_the_tables_load_strictly(
    shapes_of: Callable[[str], Shapes], tmp_path: Path
) -> None:
    path = tmp_path / "decoder.safetensors"
    tensors = {
        name: torch.full(shape, 0.5, dtype=torch.float16)
        for name, shape in shapes_of("keys_decoder").items()
    }
    save_file(tensors, path)
    decoder = decoder_from_file(path, DecoderConfig(), CPU, torch.float16)
    assert torch.equal(decoder.conv_out.weight, tensors["conv_out.weight"])
    with pytest.raises(GenerationError, match="is not an encoder of latent transparency"):
        encoder_from_file(path, EncoderConfig(), CPU, torch.float16)
    path.unlink()
    path = tmp_path / "encoder.safetensors"
    save_file(
        {name: torch.ones(shape).half() for name, shape in shapes_of("keys_encoder").items()}, path
    )
    encoder = encoder_from_file(path, EncoderConfig(gain=300), CPU, torch.float32)
    assert encoder.config.gain == 300
    assert {parameter.dtype for parameter in encoder.parameters()} == {torch.float32}


def test_bfloat16_is_refused_before_the_file_is_opened(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="never in bfloat16"):
        decoder_from_file(tmp_path / "gone", DecoderConfig(), CPU, torch.bfloat16)


@pytest.mark.parametrize("case", ["enc0", "enc1"])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.float64, 2e-5)], ids=str
)
def test_the_encoder_computes_the_vectors(
    vectors: Callable[[str], dict[str, Tensor]],
    fill: Callable[[nn.Module, str], None],
    case: str,
    dtype: torch.dtype,
    tolerance: float,
) -> None:
    stored = vectors("encoder")
    encoder = LatentTransparencyEncoder(EncoderConfig())
    fill(encoder, "encoder/")
    argb = stored[f"{case}.argb_padded"].to(dtype)
    offset = encoder.to(dtype)(argb[:, 1:], argb[:, :1])
    assert (offset - stored[f"{case}.offset"]).abs().max() < tolerance


@pytest.mark.parametrize("case", ["enc0", "enc1"])
def test_the_feeds_of_both_encoders_are_the_vectors(
    vectors: Callable[[str], dict[str, Tensor]], case: str
) -> None:
    stored = vectors("encoder")
    rgba = stored[f"{case}.rgba_uint8"].permute(2, 0, 1)[None].float() / 255
    colour, alpha = rgba[:, :3], rgba[:, 3:]
    padded = torch.cat([alpha, padded_colour(colour, alpha)], dim=1)
    assert (padded - stored[f"{case}.argb_padded"]).abs().max() < 2e-5
    grey = over_grey(colour, alpha)
    assert (grey - stored[f"{case}.over_grey"]).abs().max() < 1e-6
    assert (grey * 2 - 1 - stored[f"{case}.vae_feed"]).abs().max() < 1e-6


@pytest.mark.parametrize("gain", [1, 300])
def test_the_posterior_is_moved_as_in_the_vectors(
    vectors: Callable[[str], dict[str, Tensor]], gain: int
) -> None:
    stored = vectors("encoder")
    posterior = DiagonalGaussianDistribution(stored["posterior.moments"])
    z = regulated(posterior.mean, posterior.std, stored["posterior.offset"], gain)
    for scale, name in ((1, "z"), (0.13025, "scaled_sdxl"), (0.18215, "scaled_sd15")):
        expected = stored[f"posterior.{name}_gain{gain}"]
        assert ((z * scale - expected) / expected.abs().clamp_min(1)).abs().max() < 1e-6


def test_a_picture_becomes_a_latent_in_one_call(
    vectors: Callable[[str], dict[str, Tensor]], fill: Callable[[nn.Module, str], None]
) -> None:
    stored = vectors("encoder")
    encoder = LatentTransparencyEncoder(EncoderConfig(gain=300))
    fill(encoder, "encoder/")
    rgba = stored["enc0.rgba_uint8"].permute(2, 0, 1)[None].float() / 255
    posterior = DiagonalGaussianDistribution(torch.linspace(-1, 1, 8 * 64).view(1, 8, 8, 8))
    z = transparent_latent(encoder, posterior, rgba[:, :3], rgba[:, 3:])
    expected = posterior.mean + posterior.std * 300 * stored["enc0.offset"]
    assert (z - expected).abs().max() < 300 * 1e-4


def test_a_new_encoder_moves_nothing_and_the_order_is_the_files() -> None:
    colour, alpha = torch.rand(1, 3, 16, 16), torch.rand(1, 1, 16, 16)
    first = LatentTransparencyEncoder(EncoderConfig()).requires_grad_(False)
    assert first(colour, alpha).abs().max() == 0
    last = LatentTransparencyEncoder(EncoderConfig(order=ChannelOrder.RGBA)).requires_grad_(False)
    torch.nn.init.ones_(first.blocks[-1].weight)
    last.load_state_dict(first.state_dict())
    last.blocks[0].weight.copy_(first.blocks[0].weight.roll(-1, dims=1))
    assert torch.allclose(first(colour, alpha), last(colour, alpha), atol=1e-6)
