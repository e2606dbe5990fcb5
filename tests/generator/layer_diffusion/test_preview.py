from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.preview import coloured, linear_map, preview_of
from generator.models.catalogue import Model

MIX = torch.tensor([[0.9, -0.4, 0.3], [0.2, 0.7, -0.5], [-0.3, 0.5, 0.8], [0.4, 0.4, 0.4]])


def _linear(picture: Tensor) -> Tensor:
    """A VAE as linear as can be: blurred colours mixed into four channels, with an offset."""
    small = nn.functional.avg_pool2d(picture, 8)
    return torch.einsum("nkhw,ck->nchw", small, MIX) + 0.25


def test_a_linear_vae_is_undone() -> None:
    weights = linear_map(_linear, 8)
    assert weights.shape == (5, 3)
    picture = torch.rand(2, 3, 32, 48, generator=torch.Generator().manual_seed(3))
    expected = nn.functional.avg_pool2d(picture, 8)
    assert (coloured(weights, _linear(picture)) - expected).abs().max() < 0.02


def test_a_channel_that_shows_nothing_stays_out() -> None:
    def encode(picture: Tensor) -> Tensor:
        latent = _linear(picture)
        return torch.cat([latent, torch.full_like(latent[:, :1], 0.5)], dim=1)

    weights = linear_map(encode, 8)
    assert weights[4].abs().max() < 1e-6


def test_noise_beside_the_colours_is_left_out() -> None:
    rng = torch.Generator().manual_seed(5)

    def encode(picture: Tensor) -> Tensor:
        latent = _linear(picture)
        return latent + 0.05 * torch.randn(latent.shape, generator=rng)

    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    found = coloured(linear_map(encode, 8), _linear(picture))
    assert (found - nn.functional.avg_pool2d(picture, 8)).abs().mean() < 0.05


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_published_families_have_opaque_previews_of_their_own_vae(
    tiny_models: Callable[[str], Model], family: str
) -> None:
    parts = load(tiny_models(family))
    show = preview_of(parts)
    latent = parts.latents(torch.rand(2, 3, 64, 128, generator=torch.Generator().manual_seed(1)))
    preview = show(latent)
    assert preview.shape == (8, 16, 4)
    assert preview.dtype == np.uint8
    assert (preview[..., 3] == 255).all()
    expected = coloured(linear_map(parts.latents, 8), latent[:1])[0]
    assert np.allclose(preview[..., :3], expected.permute(1, 2, 0) * 255, atol=1)
