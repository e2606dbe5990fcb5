"""Latent transparency in the published architecture: encoder, decoder, no weights.

The encoder turns padded colour and alpha into an offset of the latent; the decoder reads colour and
alpha back out of the VAE's picture and the latent. Sizes, channel order and gain are those of the
weight file. The decode is never tiled: its normalisation and attention span the whole picture.
Sources: Zhang and Agrawala 2024 (TOG 43(4) 100), section 3.1; released as
LayerDiffuse_DiffusersCLI 3061d9a, which is lighter than the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from generator.layer_diffusion.banded import Measured, activated, convolved, measured
from generator.layer_diffusion.decoder_blocks import EPS, DownLevel, Middle, UpLevel
from generator.layer_diffusion.padded_colour import padded_colour
from generator.layer_diffusion.weight_file import WeightFile, load_strictly

MAX_LEVELS = 16  # of a decoder, and MAX_CONVOLUTIONS of an encoder, looked for in a file
MAX_CONVOLUTIONS = 32

Shapes = dict[str, tuple[int, ...]]  # of a file's tensors, by name


class ChannelOrder(StrEnum):
    """Where a weight file keeps alpha: the published SD files first, their Flux relatives last."""

    ARGB = "argb"
    RGBA = "rgba"


class Posterior(Protocol):
    """What a VAE's encoder answers with: a distribution of latents (n, c, h/8, w/8)."""

    @property
    def mean(self) -> Tensor:
        """Return its middle."""
        ...

    @property
    def std(self) -> Tensor:
        """Return its spread."""
        ...


@dataclass(frozen=True, slots=True)
class DecoderConfig:
    """The decoder's topology; the defaults are the published one, 104,104,804 parameters."""

    channels: tuple[int, ...] = (32, 32, 64, 128, 256, 512, 512)
    layers: int = 2  # residual blocks in each level on the way down; one more on the way up
    attention_levels: int = 3  # the deepest so many levels attend
    head_size: int = 8
    groups: int = 4
    injection_level: int = 3  # the latent joins where the picture is 1 / 2 ** level of its size
    latent_channels: int = 4
    order: ChannelOrder = ChannelOrder.ARGB

    @staticmethod
    def of(shapes: Shapes) -> DecoderConfig:
        """Read widths, depths and attention from a file's shapes; the rest is as published.

        A file that is no decoder gives a config that `decoder_from_file` then finds not to fit.
        """
        levels = [f"down_blocks.{level}." for level in range(MAX_LEVELS)]
        kernels = (shapes.get(f"{level}resnets.0.conv2.weight") for level in levels)
        channels = tuple(kernel[0] for kernel in kernels if kernel)
        latent = shapes.get("latent_conv_in.weight", ())
        if len(channels) <= DecoderConfig().injection_level or len(latent) != 4:
            return DecoderConfig()
        return DecoderConfig(
            channels=channels,
            layers=sum(f"{levels[0]}resnets.{n}.conv2.weight" in shapes for n in range(MAX_LEVELS)),
            attention_levels=sum(f"{level}attentions.0.to_q.weight" in shapes for level in levels),
            latent_channels=latent[1],
        )

    @property
    def multiple(self) -> int:
        """Picture sides must be multiples of this: 64 as published."""
        return int(2 ** (len(self.channels) - 1))

    @property
    def latent_scale(self) -> int:
        """Side of the picture over side of the latent: 8 as published."""
        return int(2**self.injection_level)


class LatentTransparencyDecoder(nn.Module):
    """A UNet without time: VAE picture and raw latent to alpha and straight, padded colour."""

    def __init__(self, config: DecoderConfig) -> None:
        """Build the network, with the published tensor names."""
        super().__init__()
        self.config = config
        channels = config.channels
        self.conv_in = nn.Conv2d(3, channels[0], 3, padding=1)
        self.latent_conv_in = nn.Conv2d(
            config.latent_channels, channels[config.injection_level - 1], 1
        )
        levels = range(len(channels))
        self.down_blocks = nn.ModuleList(_down_level(config, level) for level in levels)
        self.mid_block = Middle(channels[-1], config.groups, config.head_size)
        self.up_blocks = nn.ModuleList(_up_level(config, level) for level in reversed(levels))
        self.conv_norm_out = nn.GroupNorm(config.groups, channels[0], eps=EPS)
        self.conv_out = nn.Conv2d(channels[0], 4, 3, padding=1)

    def forward(self, picture: Tensor, latent: Tensor) -> Tensor:
        """Decode (n, 3, h, w) 0..1 and (n, latent_channels, h/8, w/8) to (n, 4, h, w), unclipped.

        h and w are multiples of `config.multiple`; the channels come in `config.order`. The latent
        is the VAE's own, divided by its scaling factor. It joins after the skip of the level above
        was kept, so that skip does not hold it.
        """
        hidden = convolved(picture, self.conv_in)  # (n, 32, h, w)
        skips = [hidden]
        for level, block in enumerate(self.down_blocks):
            if level == self.config.injection_level:
                hidden = self._injected(hidden, latent)
            made = block(hidden)
            hidden = made[-1]
            skips += made
        hidden = self.mid_block(hidden)  # (n, 512, h/64, w/64)
        for block in self.up_blocks:
            hidden = block(hidden, skips)
        return activated((hidden,), self.conv_norm_out, self.conv_out).values

    def _injected(self, hidden: Measured, latent: Tensor) -> Measured:
        like = hidden.values.contiguous(memory_format=torch.channels_last)
        return measured(like + self.latent_conv_in(latent))  # (n, 64, h/8, w/8)


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The encoder's topology and its file's gain; published: 1,181,764 parameters.

    Two published families have one shape and differ in gain: 1 with `vae_transparent_encoder`, 300
    with `ld_diffusers_sdxl_vae_transparent_encoder`.
    """

    channels: tuple[int, ...] = (32, 32, 64, 64, 128, 128, 256, 256)
    latent_channels: int = 4
    gain: float = 1.0
    order: ChannelOrder = ChannelOrder.ARGB

    @staticmethod
    def of(shapes: Shapes, gain: float) -> EncoderConfig:
        """Read the widths from a file's shapes; what it cannot say, its gain, must be known."""
        kernels = [shapes.get(f"blocks.{2 * index}.weight") for index in range(MAX_CONVOLUTIONS)]
        widths = tuple(kernel[0] for kernel in kernels if kernel)
        if len(widths) < 2:
            return EncoderConfig(gain=gain)
        return EncoderConfig(widths[:-1], widths[-1], gain)


class LatentTransparencyEncoder(nn.Module):
    """Nine convolutions: padded colour and alpha to the latent's offset, in units of its std."""

    def __init__(self, config: EncoderConfig) -> None:
        """Build the network; the last convolution starts at zero, as it was trained."""
        super().__init__()
        self.config = config
        last = nn.Conv2d(config.channels[-1], config.latent_channels, 3, padding=1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)  # type: ignore[arg-type]  # torch: bias is Tensor | None
        self.blocks = nn.Sequential(*convolutions(4, config.channels), last)

    def forward(self, colour: Tensor, alpha: Tensor) -> Tensor:
        """Padded colour (n, 3, h, w), alpha (n, 1, h, w), 0..1, to (n, latents, h/8, w/8)."""
        first = self.config.order is ChannelOrder.ARGB
        offset: Tensor = self.blocks(
            torch.cat([alpha, colour] if first else [colour, alpha], dim=1)
        )
        return offset


def convolutions(channels_in: int, channels: Sequence[int]) -> list[nn.Module]:
    """Return 3x3 convolutions, each with SiLU; those that widen, but the first, halve the sides."""
    layers: list[nn.Module] = []
    before = channels_in
    for width in channels:
        stride = 2 if layers and width > before else 1
        layers += [nn.Conv2d(before, width, 3, stride=stride, padding=1), nn.SiLU()]
        before = width
    return layers


def regulated(mean: Tensor, std: Tensor, offset: Tensor, gain: float) -> Tensor:
    """Move a latent by the transparency offset, z = mean + std x gain x offset; all (n, c, h, w).

    Source: paper, section 3.1, with the released code's scaling by the posterior's spread; no
    sample is drawn. Times the VAE's scaling factor this is what the sampler starts from.
    """
    return mean + std * (gain * offset)


def transparent_latent(
    encoder: LatentTransparencyEncoder, posterior: Posterior, colour: Tensor, alpha: Tensor
) -> Tensor:
    """Return the raw latent of straight colour (n, 3, h, w) with alpha (n, 1, h, w), 0..1.

    The sides are multiples of 8.

    `posterior` is what the VAE says of the same picture over grey (`over_grey`, then x 2 - 1).
    """
    like = next(encoder.parameters())
    offset = encoder(padded_colour(colour, alpha).to(like), alpha.to(like))
    return regulated(posterior.mean, posterior.std, offset.to(posterior.mean), encoder.config.gain)


def over_grey(colour: Tensor, alpha: Tensor) -> Tensor:
    """Lay straight colour over mid grey, 0.5 + (c - 0.5) x alpha, as every VAE sees it.

    Source: as released (LayerDiffuse_DiffusersCLI 3061d9a); backed otherwise, results turn
    red or black.
    """
    return 0.5 + (colour - 0.5) * alpha


def decoder_from_file(
    path: Path, config: DecoderConfig, device: torch.device, dtype: torch.dtype
) -> LatentTransparencyDecoder:
    """Load a decoder strictly; `GenerationError` says in one sentence what is wrong with the file.

    bfloat16 is a ValueError: its three digits cost a level of 255 on average (measured under
    random weights: mean 0.0034, at most 0.023; float16 at most 0.003).
    """
    if dtype is torch.bfloat16:
        raise ValueError("the transparency decoder runs in float16 or float32, never in bfloat16")
    with torch.device("meta"):
        decoder = LatentTransparencyDecoder(config)
    load_strictly(decoder, WeightFile(path), "a decoder of latent transparency", device, dtype)
    lay_out(decoder)
    return decoder


def lay_out(decoder: LatentTransparencyDecoder) -> None:
    """Keep kernels channels last, as activations are; else each call would turn them round."""
    for weight in decoder.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)


def encoder_from_file(
    path: Path, config: EncoderConfig, device: torch.device, dtype: torch.dtype
) -> LatentTransparencyEncoder:
    """Load an encoder strictly; `GenerationError` says in one sentence what is wrong."""
    with torch.device("meta"):
        encoder = LatentTransparencyEncoder(config)
    load_strictly(encoder, WeightFile(path), "an encoder of latent transparency", device, dtype)
    return encoder


def _head_size(config: DecoderConfig, level: int) -> int | None:
    attends = level >= len(config.channels) - config.attention_levels
    return config.head_size if attends else None


def _down_level(config: DecoderConfig, level: int) -> DownLevel:
    channels = config.channels
    widths = (channels[max(level - 1, 0)], *[channels[level]] * config.layers)
    halves = level < len(channels) - 1
    return DownLevel(widths, config.groups, _head_size(config, level), halves=halves)


def _up_level(config: DecoderConfig, level: int) -> UpLevel:
    """The first block takes from the level below; the last skip comes from the level above."""
    channels, last = config.channels, config.layers
    below, above = channels[min(level + 1, len(channels) - 1)], channels[max(level - 1, 0)]
    blocks = [
        (
            (below if index == 0 else channels[level])
            + (above if index == last else channels[level]),
            channels[level],
        )
        for index in range(last + 1)
    ]
    return UpLevel(blocks, config.groups, _head_size(config, level), doubles=level > 0)
