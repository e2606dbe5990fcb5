import numpy as np
import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.fitting import Native
from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    rgba_from_planes,
    straight_colour,
)
from generator.layer_diffusion.upscale import (
    Plan,
    agreeing,
    finished,
    plan_for,
    start_latent,
    windowed,
)
from generator.layer_diffusion.windows import Box

NATIVE = Native((128, 128), True, 32)
CELL = 8


def picture(height: int, width: int, seed: int = 1) -> RGBA8:
    """Soft colours and a soft alpha that is 0 and 255 in places."""
    rng = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 4, max(2, height // 12), max(2, width // 12), generator=rng)
    planes = resampled(coarse * 1.6 - 0.3, (width, height)).clamp(0, 1)
    planes[:, :3] *= planes[:, 3:]
    return rgba_from_planes(planes)


def encoded(planes: Tensor) -> Tensor:
    """A codec without loss: straight colour and alpha, each cell's pixels as channels."""
    both = torch.cat([planes[:, 3:], straight_colour(planes)], dim=1)
    return torch.nn.functional.pixel_unshuffle(both, CELL)


def decoded(latent: Tensor, _window: Box) -> Tensor:
    return torch.nn.functional.pixel_shuffle(latent, CELL)


@pytest.mark.parametrize(
    ("given", "scale", "windows"),
    [((64, 64), 2, 1), ((20, 30), 2, 1), ((128, 128), 2, 9), ((100, 70), 4, 12), ((600, 9), 4, 13)],
)
def test_a_plan_covers_the_target_with_windows_of_the_models_area(
    given: tuple[int, int], scale: int, windows: int
) -> None:
    plan = plan_for(given, scale, NATIVE, CELL)
    assert plan.target == (given[0] * scale, given[1] * scale)
    assert len(plan.windows) == windows
    width, height = plan.window_size
    assert width % NATIVE.multiple == height % NATIVE.multiple == 0
    assert width * height <= 1.6 * 128 * 128
    assert max(width, height) <= 256
    if windows > 1:
        right, bottom = (
            max(plan.pixels(window)[axis] for window in plan.windows) for axis in (2, 3)
        )
        assert right >= plan.target[0]
        assert bottom >= plan.target[1]


@pytest.mark.parametrize(
    ("height", "width", "scale"),
    [(64, 64, 2), (40, 60, 4), (90, 150, 2), (131, 20, 4), (1, 1, 2), (3, 200, 2)],
)
def test_a_codec_without_loss_gives_the_enlarged_picture(
    height: int, width: int, scale: int
) -> None:
    given = picture(height, width)
    before = given.copy()
    plan = plan_for((width, height), scale, NATIVE, CELL)
    result = finished(plan, given, start_latent(plan, given, encoded), decoded)
    assert result.shape == (height * scale, width * scale, 4)
    plain = resampled(planes_from_rgba(given), (width * scale, height * scale))
    assert (planes_from_rgba(result) - plain).abs().mean() < 0.004
    assert np.array_equal(given, before)


def test_windows_that_make_different_things_leave_no_seam() -> None:
    given = picture(128, 128)
    plan = plan_for((128, 128), 2, NATIVE, CELL)
    latent = start_latent(plan, given, encoded)

    def quarrelling(part: Tensor, window: Box) -> Tensor:
        rng = torch.Generator().manual_seed(sum(window))
        tint = torch.rand(1, 4, 1, 1, generator=rng) * 0.5 - 0.25
        grain = 0.02 * torch.randn(1, 4, 128, 128, generator=rng)
        return (decoded(part, window) + tint + grain).clamp(0, 1)

    result = planes_from_rgba(finished(plan, given, latent, quarrelling))
    columns = result.diff(dim=3).abs().mean((0, 1, 2))  # step between neighbouring columns
    borders = {plan.pixels(window)[axis] for window in plan.windows for axis in (0, 2)} - {0, 256}
    assert borders == {64, 128, 192}
    for border in borders:
        around = columns[border - 12 : border + 12].median()
        assert columns[border - 1] < 1.5 * around
    # The tints are gone, for what is coarse is the given picture's.
    plain = resampled(planes_from_rgba(given), (256, 256))
    assert (result - plain).abs().mean() < 0.02


def test_a_network_sees_windows_and_predicts_the_whole() -> None:
    plan = plan_for((128, 100), 2, NATIVE, CELL)
    seen: list[tuple[int, ...]] = []

    def predict(part: Tensor, time: Tensor) -> Tensor:
        seen.append(tuple(part.shape))
        return part * float(time)

    whole = torch.randn(2, 3, 25, 32)
    predicted = windowed(predict, plan)(whole, torch.tensor(2.0))
    assert (predicted - 2 * whole).abs().max() < 1e-5
    assert set(seen) == {(2, 3, 16, 16)}
    assert len(seen) == len(plan.windows) == 6
    alone = plan_for((64, 64), 2, NATIVE, CELL)
    assert windowed(predict, alone) is predict


def test_fine_detail_is_the_models_and_coarse_colour_and_alpha_the_sources() -> None:
    source = torch.zeros(1, 4, 96, 96)
    source[:, :, :, 32:] = 1
    source[:, 2, :, 32:] = 0.5
    made = torch.ones(1, 4, 96, 96)  # alpha everywhere, also where the source has nothing
    made[:, 3] = 0.1  # another colour
    stripes = (torch.arange(96) % 2).float() * 0.2 - 0.1
    made[:, 2, :, 48:] = (0.8 + stripes)[48:]
    result = agreeing(made, source, 2)
    assert float(result[:, :, :, :29].abs().max()) == 0
    assert float((result[:, 3, :, 36:] - 1).abs().max()) == 0
    assert float((result[:, 2, :, 50:] - 0.5).abs().max()) < 0.02
    detail = result[0, 1, 40, 60:90].diff().abs()
    assert float(detail.median()) > 0.05


def test_memory_is_a_window_and_a_row_of_them() -> None:
    given = picture(128, 512)
    plan: Plan = plan_for((512, 128), 4, NATIVE, CELL)
    largest: list[int] = []

    def encode(planes: Tensor) -> Tensor:
        largest.append(planes.numel())
        return encoded(planes)

    finished(plan, given, start_latent(plan, given, encode), decoded)
    assert max(largest) == 4 * 128 * 128
    assert len(largest) == len(plan.windows)
