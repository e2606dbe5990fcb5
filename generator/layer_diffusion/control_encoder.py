"""What a condition picture says to SD 1.5 layers: signals at four scales, by token count.

The names of the tensors are those of the published files (`kwargs_encoder`); it makes no decision
on when the signals are used. Source: sd-forge-layerdiffuse b1e6651.
"""

from __future__ import annotations

from torch import Tensor, nn

from generator.layer_diffusion.latent_transparency import convolutions

CHANNELS = (32, 32, 64, 64, 128, 128, 256, 256)


class ControlEncoder(nn.Module):
    """A condition picture to signals at 1/8, 1/16, 1/32 and 1/64 of its sides."""

    def __init__(self, channels: tuple[int, ...] = CHANNELS) -> None:
        """Build the four stages, each SiLU included; the signals have the last of `channels`."""
        super().__init__()
        self.blocks_0 = nn.Sequential(*convolutions(3, channels))
        self.blocks_1 = _halving(channels[-1])
        self.blocks_2 = _halving(channels[-1])
        self.blocks_3 = _halving(channels[-1])

    def forward(self, picture: Tensor) -> dict[int, Tensor]:
        """Picture over mid grey (1, 3, h, w), 0..1, to {h' x w': (1, 256, h', w')}."""
        hidden = picture * 2 - 1
        signals = {}
        for block in (self.blocks_0, self.blocks_1, self.blocks_2, self.blocks_3):
            hidden = block(hidden)
            signals[hidden.shape[2] * hidden.shape[3]] = hidden
        return signals


def _halving(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, stride=2, padding=1),
        nn.SiLU(),
        nn.Conv2d(channels, channels, 3, padding=1),
        nn.SiLU(),
    )
