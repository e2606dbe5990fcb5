"""Latent transparency: alpha as an offset in latent space (paper, section 3.1), pocket size.

The encoder sees padded colour and alpha and answers with the offset that is added to the picture's
latent; an opaque picture has an offset of exactly zero. The decoder sees the autoencoder's picture
and the latent and answers with straight, padded colour and alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.layer_diffusion.residual import ResidualBlock

FAINTEST = 0.12  # colour is divided by no less alpha than this before the network corrects it


@dataclass(frozen=True, slots=True)
class TransparencyConfig:
    """Shapes of both networks; channels and patch agree with the autoencoder's."""

    latent_channels: int = 96
    colour_channels: int = 72
    patch: int = 32
    width: int = 96
    blocks: int = 3
    fine_width: int = 48
    fine_blocks: int = 2

    @property
    def offset_channels(self) -> int:
        return self.latent_channels - self.colour_channels


class TransparencyEncoder(nn.Module):
    """Padded colour and alpha, 0..1, (n, 3 | 1, h, w) to the offset (n, channels, h/p, w/p)."""

    def __init__(self, config: TransparencyConfig) -> None:
        super().__init__()
        self.config = config
        # Linear and without bias, so that alpha = 1 everywhere gives zero by construction.
        self.analysis = nn.Conv2d(
            1, config.offset_channels, config.patch, stride=config.patch, bias=False
        )

    def forward(self, colour: Tensor, alpha: Tensor) -> Tensor:
        assert colour.shape[2:] == alpha.shape[2:], "colour and alpha differ in size"
        offset = self.analysis(alpha - 1)  # (n, offset, h/p, w/p)
        zeros = offset.new_zeros(offset.shape[0], self.config.colour_channels, *offset.shape[2:])
        return torch.cat([zeros, offset], dim=1)


class TransparencyDecoder(nn.Module):
    """The picture (0..1, over grey) and the raw latent to alpha and straight colour."""

    def __init__(self, config: TransparencyConfig) -> None:
        super().__init__()
        self.config = config
        self.synthesis = nn.ConvTranspose2d(
            config.offset_channels, 1, config.patch, stride=config.patch, bias=False
        )
        width, fine = config.width, config.fine_width
        spread = config.patch // 8
        self.latent_in = nn.Sequential(
            nn.Conv2d(config.latent_channels, 64 * spread**2, 3, padding=1),
            nn.PixelShuffle(spread),
        )
        self.coarse_in = nn.Conv2d(4 * 64 + 64, width, 1)
        self.coarse = nn.Sequential(*(ResidualBlock(width) for _ in range(config.blocks)))
        self.coarse_out = nn.Sequential(
            nn.Conv2d(width, fine * 4, 3, padding=1), nn.PixelShuffle(2)
        )
        self.fine_in = nn.Conv2d(4 * 16, fine, 1)
        self.fine = nn.Sequential(*(ResidualBlock(fine) for _ in range(config.fine_blocks)))
        self.fine_out = nn.Conv2d(fine, 4 * 16, 3, padding=1)
        nn.init.zeros_(self.fine_out.weight)
        nn.init.zeros_(self.fine_out.bias)  # type: ignore[arg-type]  # torch: bias is Tensor | None

    def forward(self, picture: Tensor, latent: Tensor) -> Tensor:
        """(n, 3, h, w) and (n, channels, h/p, w/p) to (n, 4, h, w): alpha, red, green, blue."""
        unshuffle = nn.functional.pixel_unshuffle
        alpha = self.linear_alpha(latent)  # (n, 1, h, w)
        seen = torch.cat([alpha, picture], dim=1) - 0.5  # (n, 4, h, w)
        eighth = torch.cat([unshuffle(seen, 8), self.latent_in(latent)], dim=1)
        coarse = self.coarse(self.coarse_in(eighth))  # (n, width, h/8, w/8)
        quarter = self.coarse_out(coarse) + self.fine_in(unshuffle(seen, 4))
        change = self.fine_out(self.fine(quarter))  # (n, 64, h/4, w/4)
        bare = (picture - 0.5) / alpha.clamp(FAINTEST, 1) + 0.5
        return torch.cat([alpha, bare], dim=1) + nn.functional.pixel_shuffle(change, 4)

    def linear_alpha(self, latent: Tensor) -> Tensor:
        """The linear part of the matte alone, unclipped: what previews show."""
        alpha: Tensor = self.synthesis(latent[:, self.config.colour_channels :])
        return alpha + 1
