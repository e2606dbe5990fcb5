from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from generator.layer_diffusion.latent_transparency import (
    ChannelOrder,
    DecoderConfig,
    LatentTransparencyDecoder,
)
from generator.layer_diffusion.transparent_decode import (
    TURNS,
    decoded_by_median,
    decoded_once,
    over_checker,
    rgba_from_argb,
)

SMALL = DecoderConfig(
    channels=(8, 8, 16), layers=1, attention_levels=1, head_size=8, injection_level=1
)


class StoppedError(Exception):
    pass


@pytest.fixture(scope="module")
def published(fill: Callable[[nn.Module, str], None]) -> LatentTransparencyDecoder:
    """The decoder at full size, under the vectors' weights."""
    with torch.device("meta"):
        decoder = LatentTransparencyDecoder(DecoderConfig())
    fill(decoder, "decoder/")
    return decoder


@pytest.fixture(scope="module")
def stored(vectors: Callable[[str], dict[str, Tensor]]) -> dict[str, Tensor]:
    return vectors("decoder")


@pytest.fixture
def small() -> LatentTransparencyDecoder:
    torch.manual_seed(5)
    return LatentTransparencyDecoder(SMALL).requires_grad_(False).eval()


def _go_on(done: int) -> None:
    assert done < len(TURNS)


def _inputs(height: int, width: int) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(7)
    latent = torch.randn(1, 4, height // 2, width // 2, generator=rng)
    return torch.rand(1, 3, height, width, generator=rng), latent


@pytest.mark.parametrize("case", ["small", "sq", "wide"])
def test_one_pass_is_the_vectors(
    published: LatentTransparencyDecoder, stored: dict[str, Tensor], case: str
) -> None:
    seen: dict[str, Tensor] = {}
    hooks = [
        published.down_blocks[3].register_forward_pre_hook(
            lambda _, inputs: seen.update(before_down3=inputs[0].values)
        ),
        published.mid_block.register_forward_hook(
            lambda _, __, output: seen.update(mid=output.values)
        ),
    ]
    raw = published(stored[f"{case}.pixel"], stored[f"{case}.latent"])
    for hook in hooks:
        hook.remove()
    assert (raw - stored[f"{case}.raw"]).abs().max() < 5e-5
    assert set(seen) == {"before_down3", "mid"}
    for place, hidden in seen.items():
        if case != "sq":  # which stores no hidden state
            assert (hidden - stored[f"{case}.{place}"]).abs().max() < 2e-4
    once = decoded_once(published, stored[f"{case}.pixel"], stored[f"{case}.latent"])
    assert torch.equal(once, raw.clamp(0, 1))


def test_nothing_and_pixels_alone_decode_to_the_vectors(
    published: LatentTransparencyDecoder, stored: dict[str, Tensor]
) -> None:
    raw = published(torch.zeros(1, 3, 64, 64), torch.zeros(1, 4, 8, 8))
    assert (raw - stored["small.raw_all_zero"]).abs().max() < 5e-5
    raw = published(stored["sq.pixel"], torch.zeros(1, 4, 16, 16))
    assert (raw - stored["sq.raw_zero_latent"]).abs().max() < 5e-5


@pytest.mark.parametrize(("case", "batched"), [("small", False), ("sq", True), ("wide", True)])
def test_the_median_is_the_vectors(
    published: LatentTransparencyDecoder, stored: dict[str, Tensor], case: str, batched: bool
) -> None:
    decoded = decoded_by_median(
        published,
        stored[f"{case}.pixel"],
        stored[f"{case}.latent"],
        batched=batched,
        on_pass=_go_on,
    )
    assert (decoded - stored[f"{case}.augmented"]).abs().max() < 5e-5
    own = rgba_from_argb(decoded[0]).astype(int)
    apart = np.abs(own - stored[f"{case}.rgba_uint8"].numpy().astype(int))
    assert apart.max() <= 1
    assert (apart > 0).mean() <= 0.001


def test_the_vectors_passes_have_the_vectors_median(stored: dict[str, Tensor]) -> None:
    passes = torch.stack([stored[f"small.passes.{index}"] for index in range(8)])
    assert torch.equal(passes.sort(dim=0).values[3], passes.median(dim=0).values)
    assert torch.equal(passes.median(dim=0).values, stored["small.augmented"])


@pytest.mark.parametrize("case", ["small", "sq", "wide"])
def test_levels_are_truncated_as_released(stored: dict[str, Tensor], case: str) -> None:
    argb = stored[f"{case}.augmented"][0]
    assert np.array_equal(rgba_from_argb(argb), stored[f"{case}.rgba_uint8"].numpy())
    apart = over_checker(argb).astype(int) - stored[f"{case}.preview_uint8"].numpy().astype(int)
    assert np.abs(apart).max() <= 1
    assert (apart != 0).mean() < 0.01


def test_levels_at_their_borders_are_the_vectors(stored: dict[str, Tensor]) -> None:
    levels = rgba_from_argb(stored["convert.argb"])
    assert np.array_equal(levels, stored["convert.rgba_uint8"].numpy())


@pytest.mark.parametrize("size", [(16, 16), (16, 24)])
def test_batched_equals_looped(small: LatentTransparencyDecoder, size: tuple[int, int]) -> None:
    inputs = _inputs(*size)
    looped = decoded_by_median(small, *inputs, batched=False, on_pass=_go_on)
    batched = decoded_by_median(small, *inputs, batched=True, on_pass=_go_on)
    assert (looped - batched).abs().max() < 1e-5


@pytest.mark.parametrize("size", [(16, 16), (16, 24)])
@pytest.mark.parametrize(
    "turned",
    [lambda planes: planes.flip(3), lambda planes: planes.flip(2), lambda p: p.rot90(1, (2, 3))],
)
def test_turning_the_inputs_turns_the_median(
    small: LatentTransparencyDecoder, size: tuple[int, int], turned: Callable[[Tensor], Tensor]
) -> None:
    picture, latent = _inputs(*size)
    straight = decoded_by_median(small, picture, latent, batched=False, on_pass=_go_on)
    other = decoded_by_median(small, turned(picture), turned(latent), batched=False, on_pass=_go_on)
    assert torch.equal(other, turned(straight))
    assert not torch.equal(
        decoded_once(small, turned(picture), turned(latent)),
        turned(decoded_once(small, picture, latent)),
    )


@pytest.mark.parametrize("size", [(2, 2), (14, 18), (16, 10)])
def test_other_sizes_are_rounded_up_and_cropped_back(
    small: LatentTransparencyDecoder, size: tuple[int, int]
) -> None:
    picture, latent = _inputs(*size)
    decoded = decoded_by_median(small, picture, latent, batched=False, on_pass=_go_on)
    assert decoded.shape == (1, 4, *size)
    height, width = (-(-side // 4) * 4 for side in size)
    edge = torch.nn.functional.pad
    larger = edge(picture, (0, width - size[1], 0, height - size[0]), mode="replicate")
    latents = (0, (width - size[1]) // 2, 0, (height - size[0]) // 2)
    whole = decoded_once(small, larger, edge(latent, latents, mode="replicate"))
    assert torch.equal(decoded_once(small, picture, latent), whole[..., : size[0], : size[1]])


@pytest.mark.parametrize(("batched", "told"), [(False, list(range(8))), (True, [0, 4])])
def test_each_run_is_told_and_can_be_stopped(
    small: LatentTransparencyDecoder, batched: bool, told: list[int]
) -> None:
    passes: list[int] = []
    decoded_by_median(small, *_inputs(16, 24), batched=batched, on_pass=passes.append)
    assert passes == told

    def stop(done: int) -> None:
        if done:
            raise StoppedError

    runs: list[int] = []
    small.register_forward_hook(lambda *_: runs.append(1))
    with pytest.raises(StoppedError):
        decoded_by_median(small, *_inputs(16, 24), batched=batched, on_pass=stop)
    assert len(runs) == 1


def test_halves_are_decoded_close_to_floats_and_alpha_comes_first_in_any_order(
    small: LatentTransparencyDecoder,
) -> None:
    inputs = _inputs(16, 16)
    exact = decoded_once(small, *inputs)
    other = LatentTransparencyDecoder(
        DecoderConfig((8, 8, 16), 1, 1, 8, injection_level=1, order=ChannelOrder.RGBA)
    ).requires_grad_(False)
    other.load_state_dict(small.state_dict())
    assert torch.equal(decoded_once(other, *inputs), exact.roll(1, dims=1))
    halves = decoded_once(small.half(), *inputs)
    assert halves.dtype == torch.float32
    assert (halves - exact).abs().max() < 0.01
