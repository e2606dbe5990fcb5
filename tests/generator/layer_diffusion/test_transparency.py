from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from generator.layer_diffusion import transparency
from generator.layer_diffusion.latent_transparency import (
    DecoderConfig,
    EncoderConfig,
    LatentTransparencyDecoder,
    LatentTransparencyEncoder,
)
from generator.layer_diffusion.patch_autoencoder import Latents
from generator.layer_diffusion.transparency import (
    PocketTransparency,
    PublishedTransparency,
    gain_of,
    pocket_transparency,
    published_transparency,
)
from generator.layer_diffusion.transparent_decode import decoded_by_median, decoded_once
from generator.layer_diffusion.transparent_vae import TransparencyConfig, TransparencyDecoder
from generator.request import GenerationError

POCKET = Path(__file__).parents[3] / "resources" / "models" / "pocket" / "transparency"
SMALL = DecoderConfig(channels=(8, 8, 8, 8, 16, 16, 16))
CPU = torch.device("cpu")


class StoppedError(Exception):
    pass


@pytest.fixture
def decoder() -> LatentTransparencyDecoder:
    torch.manual_seed(5)
    return LatentTransparencyDecoder(SMALL).requires_grad_(False).eval()


@pytest.fixture
def encoder_file(tmp_path: Path) -> Path:
    torch.manual_seed(6)
    encoder = LatentTransparencyEncoder(EncoderConfig(channels=(4, 4, 8, 8, 12, 12, 16, 16)))
    for parameter in encoder.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
    path = tmp_path / "vae_transparent_encoder.safetensors"
    save_file(encoder.state_dict(), path)
    return path


def inputs(count: int) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(7)
    latent = torch.randn(count, 4, 8, 8, generator=rng)
    return torch.rand(count, 3, 64, 64, generator=rng), latent


def ignore(_done: int, _in_all: int) -> None:
    """Nobody watches."""


def test_drafts_are_one_pass_and_finals_the_median_of_eight(
    decoder: LatentTransparencyDecoder,
) -> None:
    published = PublishedTransparency(decoder)
    picture, latent = inputs(2)
    told: list[tuple[int, int]] = []
    draft = published.decode(picture, latent, True, lambda *pair: told.append(pair))
    assert told == [(0, 2), (1, 2)]
    assert torch.equal(draft[1:], decoded_once(decoder, picture[1:], latent[1:]))
    told.clear()
    final = published.decode(picture, latent, False, lambda *pair: told.append(pair))
    assert told == [(done, 16) for done in range(16)]
    one = decoded_by_median(decoder, picture[1:], latent[1:], batched=False, on_pass=lambda _: None)
    assert torch.equal(final[1:], one)
    assert not torch.equal(final, draft)


def test_a_decode_stops_between_passes(decoder: LatentTransparencyDecoder) -> None:
    runs: list[int] = []
    decoder.register_forward_hook(lambda *_: runs.append(1))

    def stop(done: int, _in_all: int) -> None:
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        PublishedTransparency(decoder).decode(*inputs(1), False, stop)
    assert len(runs) == 3


def test_where_eight_at_once_do_not_fit_they_are_made_one_by_one(
    decoder: LatentTransparencyDecoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    looped = PublishedTransparency(decoder).decode(*inputs(1), False, ignore)
    batches: list[int] = []

    def run_out(_module: object, arguments: tuple[Tensor, Tensor]) -> None:
        batches.append(len(arguments[0]))
        if len(arguments[0]) > 1:
            raise torch.OutOfMemoryError

    decoder.register_forward_pre_hook(run_out)
    monkeypatch.setattr(transparency, "_has_room_for_all", lambda *_: True)
    found = PublishedTransparency(decoder).decode(*inputs(1), False, ignore)
    assert batches == [8] + [1] * 8
    assert torch.equal(found, looped)


def test_files_say_their_size_and_the_networks_type_is_never_bfloat16(
    tmp_path: Path, decoder: LatentTransparencyDecoder, encoder_file: Path
) -> None:
    path = tmp_path / "decoder.safetensors"
    save_file(decoder.state_dict(), path)
    loaded = published_transparency(path, encoder_file, CPU, torch.bfloat16)
    assert loaded.decoder.config == SMALL
    assert loaded.decoder.conv_in.weight.dtype is torch.float16
    assert (loaded.multiple, loaded.has_encoder) == (64, True)
    assert loaded.encoder is not None
    assert loaded.encoder.config.gain == 1
    exact = published_transparency(path, None, CPU, torch.float32)
    # Kernels from a file lie in memory in another order, so sums are rounded otherwise.
    expected = decoded_once(decoder, *inputs(1))
    assert (exact.decode(*inputs(1), True, ignore) - expected).abs().max() < 1e-5
    assert not exact.has_encoder


def test_a_latent_is_mean_and_spread_times_gain_times_offset(
    decoder: LatentTransparencyDecoder, encoder_file: Path, tmp_path: Path
) -> None:
    assert gain_of("ld_diffusers_sdxl_vae_transparent_encoder.safetensors") == 300
    assert gain_of("layer_sd15_vae_transparent_encoder.safetensors") == 1
    strong = tmp_path / "ld_diffusers_sdxl_vae_transparent_encoder.safetensors"
    strong.write_bytes(encoder_file.read_bytes())
    (tmp_path / "decoder.safetensors").write_bytes(b"")
    save_file(decoder.state_dict(), tmp_path / "decoder.safetensors")
    posterior = Latents(torch.zeros(1, 4, 8, 8))
    colour, alpha = torch.rand(1, 3, 64, 64), torch.rand(1, 1, 64, 64)
    weak_one, strong_one = (
        published_transparency(tmp_path / "decoder.safetensors", path, CPU, torch.float32).encode(
            posterior, colour, alpha
        )
        for path in (encoder_file, strong)
    )
    assert weak_one.abs().max() > 0
    assert torch.allclose(300 * weak_one, strong_one)


def test_without_an_encoder_reading_alpha_is_refused_in_a_sentence(
    decoder: LatentTransparencyDecoder,
) -> None:
    posterior = Latents(torch.zeros(1, 4, 8, 8))
    planes = torch.ones(1, 3, 64, 64), torch.ones(1, 1, 64, 64)
    with pytest.raises(GenerationError, match="read a picture's transparency are not here"):
        PublishedTransparency(decoder).encode(posterior, *planes)
    pocket = PocketTransparency(TransparencyDecoder(TransparencyConfig()))
    with pytest.raises(GenerationError, match="read a picture's transparency are not here"):
        pocket.encode(posterior, *planes)


@pytest.mark.skipif(not (POCKET / "config.json").exists(), reason="the pocket has no weights here")
def test_the_pockets_empty_is_empty_and_opaque_has_no_offset() -> None:
    pocket = pocket_transparency(POCKET, CPU)
    assert pocket.multiple == 32
    mean = torch.zeros(1, 96, 8, 8)
    colour = torch.full((1, 3, 256, 256), 0.5)
    opaque = pocket.encode(Latents(mean), colour, torch.ones(1, 1, 256, 256))
    assert torch.equal(opaque, mean)
    nothing = pocket.encode(Latents(mean), colour, torch.zeros(1, 1, 256, 256))
    with torch.inference_mode():
        found = pocket.decode(colour, nothing, False, ignore)
        full = pocket.decode(colour, opaque, False, ignore)
    assert float(found[:, 0].mean()) < 0.01
    assert float(full[:, 0].median()) == 1
    assert np.array_equal(pocket.rgba(found[0])[..., 3], np.uint8(found[0, 0] * 255 + 0.5))
