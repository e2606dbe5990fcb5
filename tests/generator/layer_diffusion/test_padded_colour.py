from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.padded_colour import area_averaged, padded_colour

CASES = ("opaque", "empty", "single", "corner", "soft", "wide", "tall", "thin")


def _planes(rgba: Tensor) -> tuple[Tensor, Tensor]:
    planes = rgba.permute(2, 0, 1)[None].float() / 255
    return planes[:, :3], planes[:, 3:]


@pytest.mark.parametrize("case", CASES)
def test_padding_is_the_published_one(
    vectors: Callable[[str], dict[str, Tensor]], case: str
) -> None:
    stored = vectors("pad")
    padded = padded_colour(*_planes(stored[f"{case}.rgba_uint8"]))
    expected = stored[f"{case}.padded_rgb"].permute(2, 0, 1)[None]
    assert (padded - expected).abs().max() < 2e-5


def test_opaque_pixels_and_constant_colours_stay() -> None:
    rng = torch.Generator().manual_seed(3)
    colour = torch.rand(2, 3, 41, 30, generator=rng)
    alpha = torch.rand(2, 1, 41, 30, generator=rng).round()
    padded = padded_colour(colour, alpha)
    assert torch.equal(padded * alpha, colour * alpha)
    assert torch.equal(padded_colour(colour, torch.ones_like(alpha)), colour)
    constant = torch.tensor([0.2, 0.5, 0.9]).view(1, 3, 1, 1).expand(2, 3, 41, 30)
    assert (padded_colour(constant, alpha) - constant).abs().max() < 1e-5


def test_an_empty_picture_is_black() -> None:
    assert padded_colour(torch.rand(1, 3, 9, 9), torch.zeros(1, 1, 9, 9)).abs().max() == 0


@pytest.mark.parametrize(("before", "after"), [(1, 1), (2, 1), (3, 2), (64, 53), (97, 80)])
def test_area_average_is_the_area_matrix(before: int, after: int) -> None:
    matrix = torch.zeros(after, before, dtype=torch.float64)
    step = before / after
    for row in range(after):
        for column in range(before):
            overlap = min((row + 1) * step, column + 1) - max(row * step, column)
            matrix[row, column] = max(overlap, 0) / step
    planes = torch.rand(1, 2, before, before, dtype=torch.float64)
    expected = matrix @ planes @ matrix.T
    assert (area_averaged(planes, after, after) - expected).abs().max() < 1e-9


def test_the_mean_is_kept_and_a_larger_step_refused() -> None:
    planes = torch.rand(1, 1, 60, 50, dtype=torch.float64)
    assert area_averaged(planes, 50, 41).mean().item() == pytest.approx(planes.mean().item())
    with pytest.raises(AssertionError):
        area_averaged(planes, 20, 41)
