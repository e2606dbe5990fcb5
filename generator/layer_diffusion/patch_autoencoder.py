"""The pocket model's autoencoder: linear patches found by PCA, and a trained non-linear residual.

It has the interface of diffusers' AutoencoderKL (`config`, `encode(x).latent_dist`,
`decode(z).sample`), so the pipeline treats both alike. Pictures are -1..1 over mid grey. Only the
first `colour_channels` latent channels belong to the picture; the others are zero here and carry
the transparency offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from generator.layer_diffusion.residual import ResidualBlock


@dataclass(frozen=True, slots=True)
class PatchAutoencoderConfig:
    """Shapes, and the factor that brings latents to the denoiser's unit scale."""

    latent_channels: int = 96
    colour_channels: int = 72
    patch: int = 32
    width: int = 64
    blocks: int = 2
    fold: int = 8  # the residual works on a grid of picture / fold
    scaling_factor: float = 1.0


class Latents(NamedTuple):
    """A distribution without spread: what AutoencoderKL calls the posterior."""

    mean: Tensor

    @property
    def std(self) -> Tensor:
        return torch.ones_like(self.mean)

    def mode(self) -> Tensor:
        return self.mean


class Encoded(NamedTuple):
    """What `encode` answers."""

    latent_dist: Latents


class Decoded(NamedTuple):
    """What `decode` answers."""

    sample: Tensor


class PatchAutoencoder(nn.Module):
    """Pictures (n, 3, h, w) to latents (n, latent_channels, h / patch, w / patch) and back."""

    def __init__(self, config: PatchAutoencoderConfig) -> None:
        super().__init__()
        self.config = config
        colour, patch = config.colour_channels, config.patch
        # Components are taken around zero, which is mid grey: an empty picture is zero here, too.
        self.analysis = nn.Conv2d(3, colour, patch, stride=patch, bias=False)
        self.synthesis = nn.ConvTranspose2d(colour, 3, patch, stride=patch, bias=False)
        spread = patch // config.fold
        self.unfold_latent = nn.Sequential(
            nn.Conv2d(colour, config.width * spread**2, 3, padding=1), nn.PixelShuffle(spread)
        )
        self.blocks = nn.Sequential(*(ResidualBlock(config.width) for _ in range(config.blocks)))
        self.fold_out = nn.Conv2d(config.width, 3 * config.fold**2, 3, padding=1)
        nn.init.zeros_(self.fold_out.weight)
        nn.init.zeros_(self.fold_out.bias)  # type: ignore[arg-type]  # torch: bias is Tensor | None

    def encode(self, picture: Tensor) -> Encoded:
        mean = self.analysis(picture)  # (n, colour, h/p, w/p)
        rest = self.config.latent_channels - self.config.colour_channels
        zeros = mean.new_zeros(mean.shape[0], rest, *mean.shape[2:])
        return Encoded(Latents(torch.cat([mean, zeros], dim=1)))

    def decode(self, latent: Tensor) -> Decoded:
        colour = latent[:, : self.config.colour_channels]
        features = self.blocks(self.unfold_latent(colour))  # (n, width, h/fold, w/fold)
        detail = nn.functional.pixel_shuffle(self.fold_out(features), self.config.fold)
        return Decoded(self.linear(latent) + detail)

    def linear(self, latent: Tensor) -> Tensor:
        """The linear part of decode alone: fast, blocky, good for a preview."""
        picture: Tensor = self.synthesis(latent[:, : self.config.colour_channels])
        return picture
