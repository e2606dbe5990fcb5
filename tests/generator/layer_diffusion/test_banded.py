import pytest
import torch
from torch import Tensor

from benchmarks.transparent_decode import PlainDecoder, filled, inputs
from generator.layer_diffusion import banded
from generator.layer_diffusion.banded import in_bands, measured
from generator.layer_diffusion.latent_transparency import DecoderConfig

# Groups of the joined channels do not end where the parts do; 24 + 40 channels are 4 of 16.
CONFIG = DecoderConfig(
    (8, 24, 40), layers=1, attention_levels=1, head_size=8, groups=4, injection_level=1
)
BAND_BYTES = {"whole": 2**30, "some": 2**15, "least": 1}  # least: eight rows


@pytest.mark.parametrize("band_bytes", BAND_BYTES.values(), ids=BAND_BYTES)
@pytest.mark.parametrize(("height", "width", "count"), [(32, 32, 1), (20, 44, 1), (16, 24, 3)])
def test_the_decoder_computes_what_diffusers_blocks_compute(
    monkeypatch: pytest.MonkeyPatch, band_bytes: int, height: int, width: int, count: int
) -> None:
    monkeypatch.setattr(banded, "BAND_BYTES_PER_THREAD", band_bytes)
    plain, ours = filled("plain", CONFIG), filled("ours", CONFIG)
    rng = torch.Generator().manual_seed(height)
    picture = torch.rand(count, 3, height, width, generator=rng)
    latent = torch.randn(count, 4, height // 2, width // 2, generator=rng)
    expected = plain(picture, latent)
    assert expected.abs().max() > 0.5
    assert (ours(picture, latent) - expected).abs().max() < 1e-5


def test_the_published_topology_has_the_plain_builds_names_and_shapes() -> None:
    def shapes(kind: str) -> dict[str, tuple[int, ...]]:
        with torch.device("meta"):
            from benchmarks.transparent_decode import KINDS

            state = KINDS[kind](DecoderConfig()).state_dict()
        return {name: tuple(tensor.shape) for name, tensor in state.items()}

    assert shapes("ours") == shapes("plain")


def test_inputs_are_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded, "BAND_BYTES_PER_THREAD", 1)
    picture, latent = inputs(CONFIG, 32)
    before = picture.clone(), latent.clone()
    decoder = filled("ours", CONFIG)
    first = decoder(picture, latent)
    assert torch.equal(picture, before[0])
    assert torch.equal(latent, before[1])
    assert torch.equal(decoder(picture, latent), first)


def test_a_band_may_read_the_rows_beside_it_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded, "BAND_BYTES_PER_THREAD", 1)
    values = torch.arange(27.0).view(1, 1, 27, 1).contiguous(memory_format=torch.channels_last)
    before = torch.nn.functional.pad(values, (0, 0, 1, 1))

    def sum_of_three(top: int, bottom: int) -> Tensor:
        there = torch.nn.functional.pad(values, (0, 0, 1, 1))[:, :, top : bottom + 2]
        return there[:, :, :-2] + there[:, :, 1:-1] + there[:, :, 2:]

    made = in_bands(sum_of_three, values)
    assert torch.equal(made.values, before[:, :, :-2] + before[:, :, 1:-1] + before[:, :, 2:])
    assert made.sums is not None
    assert made.sums.item() == made.values.sum().item()


def test_statistics_do_not_lose_what_is_far_from_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded, "BAND_BYTES_PER_THREAD", 1)
    norm = torch.nn.GroupNorm(2, 8).requires_grad_(False)
    conv = torch.nn.Conv2d(8, 8, 3, padding=1).requires_grad_(False)
    far = torch.randn(1, 8, 64, 64, generator=torch.Generator().manual_seed(1)) + 20
    expected = conv.double()(torch.nn.functional.silu(norm.double()(far.double())))
    norm.float(), conv.float()
    found = banded.activated((measured(far),), norm, conv).values
    assert (found - expected).abs().max() < 2e-4


def test_halves_have_sums_that_do_not_overflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded, "BAND_BYTES_PER_THREAD", 1)
    found = measured(torch.full((1, 1, 64, 64), 300.0, dtype=torch.float16))
    assert found.squares is not None
    assert found.squares.item() == pytest.approx(300**2 * 4096)


def test_the_plain_build_is_diffusers_own() -> None:
    assert {type(block).__name__ for block in PlainDecoder(CONFIG).down_blocks} == {
        "DownBlock2D",
        "AttnDownBlock2D",
    }
