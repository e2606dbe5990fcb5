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
from typing import Any, Protocol

import torch
from diffusers.models.unets.unet_2d_blocks import UNetMidBlock2D, get_down_block, get_up_block
from torch import Tensor, nn

from generator.layer_diffusion.padded_colour import padded_colour
from generator.layer_diffusion.weight_file import WeightFile, load_strictly

EPS = 1e-5
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
        """Build the network from diffusers' blocks, with the published tensor names."""
        super().__init__()
        self.config = config
        channels = config.channels
        self.conv_in = nn.Conv2d(3, channels[0], 3, padding=1)
        self.latent_conv_in = nn.Conv2d(
            config.latent_channels, channels[config.injection_level - 1], 1
        )
        # Each level takes from the one above it; the first takes what conv_in gives.
        self.down_blocks = nn.ModuleList(
            _down_block(config, level, channels[max(level - 1, 0)])
            for level in range(len(channels))
        )
        self.mid_block = UNetMidBlock2D(
            in_channels=channels[-1],
            temb_channels=None,
            resnet_eps=EPS,
            resnet_act_fn="silu",
            resnet_groups=config.groups,
            attention_head_dim=config.head_size,
        )
        self.up_blocks = nn.ModuleList(
            _up_block(config, level) for level in reversed(range(len(channels)))
        )
        self.conv_norm_out = nn.GroupNorm(config.groups, channels[0], eps=EPS)
        self.conv_out = nn.Conv2d(channels[0], 4, 3, padding=1)

    def forward(self, picture: Tensor, latent: Tensor) -> Tensor:
        """Decode (n, 3, h, w) 0..1 and (n, latent_channels, h/8, w/8) to (n, 4, h, w), unclipped.

        h and w are multiples of `config.multiple`; the channels come in `config.order`. The latent
        is the VAE's own, divided by its scaling factor. It joins after the skip of the level above
        was kept, so that skip does not hold it.
        """
        hidden = self.conv_in(picture)  # (n, 32, h, w)
        skips: tuple[Tensor, ...] = (hidden,)
        for level, block in enumerate(self.down_blocks):
            if level == self.config.injection_level:
                hidden = hidden + self.latent_conv_in(latent)  # (n, 64, h/8, w/8)
            hidden, kept = block(hidden)
            skips += kept
        hidden = self.mid_block(hidden)  # (n, 512, h/64, w/64)
        taken = self.config.layers + 1
        for block in self.up_blocks:
            hidden = block(hidden, skips[-taken:])
            skips = skips[:-taken]
        argb: Tensor = self.conv_out(nn.functional.silu(self.conv_norm_out(hidden)))
        return argb


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
    return decoder


def encoder_from_file(
    path: Path, config: EncoderConfig, device: torch.device, dtype: torch.dtype
) -> LatentTransparencyEncoder:
    """Load an encoder strictly; `GenerationError` says in one sentence what is wrong."""
    with torch.device("meta"):
        encoder = LatentTransparencyEncoder(config)
    load_strictly(encoder, WeightFile(path), "an encoder of latent transparency", device, dtype)
    return encoder


def _shared(config: DecoderConfig) -> dict[str, Any]:
    """Arguments that diffusers' blocks of both directions take; they are of many types."""
    return {
        "temb_channels": None,
        "resnet_eps": EPS,
        "resnet_act_fn": "silu",
        "resnet_groups": config.groups,
        "attention_head_dim": config.head_size,
    }


def _attends(config: DecoderConfig, level: int) -> bool:
    return level >= len(config.channels) - config.attention_levels


def _down_block(config: DecoderConfig, level: int, channels_in: int) -> nn.Module:
    block: nn.Module = get_down_block(
        "AttnDownBlock2D" if _attends(config, level) else "DownBlock2D",
        num_layers=config.layers,
        in_channels=channels_in,
        out_channels=config.channels[level],
        add_downsample=level < len(config.channels) - 1,
        downsample_padding=1,
        **_shared(config),
    )
    return block


def _up_block(config: DecoderConfig, level: int) -> nn.Module:
    block: nn.Module = get_up_block(
        "AttnUpBlock2D" if _attends(config, level) else "UpBlock2D",
        num_layers=config.layers + 1,
        in_channels=config.channels[max(level - 1, 0)],
        out_channels=config.channels[level],
        prev_output_channel=config.channels[min(level + 1, len(config.channels) - 1)],
        add_upsample=level > 0,
        **_shared(config),
    )
    return block
