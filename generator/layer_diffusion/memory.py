"""How a job can fit the device: what the networks weigh, what they need, and which tactic to take.

Figures and choices only; `placing` moves the networks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.device import free_bytes
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.roads import Road
from generator.layer_diffusion.wearing import SHARING_KEY
from generator.layer_diffusion.weight_file import WeightFile
from generator.layer_diffusion.weight_patch import read_patch

SPARE_SHARE = (
    0.1  # of what is free: left to the library's own needs and to whoever draws the screen
)
PIECES = 24  # about so many times the network visits the device when it comes piece by piece
TILE_SIDE = 512  # pixels of a tile where the VAE works in tiles

# Activations that live at once, in layers of the network's first width: from the published
# networks' structure, on the safe side. What they get wrong, running out of memory tells.
UNET_LAYERS = 40  # at the latent's size, for each row of the batch
VAE_LAYERS = 8  # at the picture's size
DECODER_BYTES = 1500  # of the transparency decoder's float32, a pixel


class Tactic(StrEnum):
    """Where the networks wait, in the words that the user reads; faster ones first."""

    FULL = "The whole model stays on the {device}"
    TURNS = "Model parts take turns on the {device}"
    PIECES = "The model visits the {device} piece by piece"


SLOWER = {Tactic.FULL: Tactic.TURNS, Tactic.TURNS: Tactic.PIECES}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Bytes of a loaded model's networks, and of what wearing weights keeps beside them."""

    text: int
    unet: int
    vae: int
    transparency: int
    kept: int = 0  # what a patch replaces, where it is kept on the device

    @property
    def whole(self) -> int:
        """Return all of it."""
        return self.text + self.unet + self.vae + self.transparency + self.kept

    @property
    def largest(self) -> int:
        """Return what the largest part takes when it has the device to itself."""
        return max(self.text, self.unet + self.kept, self.vae, self.transparency)


@dataclass(frozen=True, slots=True)
class Working:
    """Bytes that the networks need beside their weights, at one working size."""

    row: int  # of the denoiser, for each row of its batch
    vae: int
    vae_tiled: int
    transparency: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How a job fits the device."""

    tactic: Tactic
    tiles_vae: bool = False
    at_once: int = 1  # variants in one batch

    def describe(self, device: str) -> str:
        """Say it in words for the user."""
        words = self.tactic.format(device=device)
        return f"{words}, and the picture is decoded in tiles" if self.tiles_vae else words

    def slower(self) -> Plan | None:
        """Return the plan to try after this one ran out of memory; None after the last."""
        if self.tactic in SLOWER:
            return Plan(SLOWER[self.tactic], tiles_vae=True)
        return None if self.tiles_vae and self.at_once == 1 else Plan(self.tactic, tiles_vae=True)


def weighed(parts: Parts, kept: int = 0) -> Weighed:
    """Weigh a loaded model; `kept` are the bytes that its largest worn weights replace."""
    return Weighed(
        text=sum(bytes_of(tower.encoder) for tower in parts.text.towers),
        unet=bytes_of(parts.unet),
        vae=bytes_of(parts.vae),
        transparency=sum(bytes_of(network) for network in transparency_networks(parts)),
        kept=kept,
    )


def working(parts: Parts, size: tuple[int, int]) -> Working:
    """Estimate what the networks need beside their weights for a picture of (width, height)."""
    pixels = size[0] * size[1]
    cells = pixels // parts.card.latent_scale**2
    number = next(parts.unet.parameters()).element_size()
    of_vae = next(parts.vae.parameters()).element_size()
    widths = getattr(parts.vae.config, "block_out_channels", (parts.vae.config.latent_channels,))
    a_pixel = VAE_LAYERS * widths[0] * of_vae
    return Working(
        row=UNET_LAYERS * parts.unet.config.block_out_channels[0] * cells * number,
        vae=a_pixel * pixels,
        vae_tiled=a_pixel * min(pixels, TILE_SIDE**2),
        transparency=DECODER_BYTES * pixels * of_vae // 4,
    )


def plan_for(free: int | None, weights: Weighed, needs: Working, rows: int, wanted: int) -> Plan:
    """Choose how a job fits into so many free bytes, counted without the model itself.

    `rows` are those of the denoiser's batch for one variant (frames x halves), `wanted` the
    variants that were asked for. `free` of None is a device that does not tell, which is trusted
    with everything. The fastest tactic that fits one variant is taken, then as many at once as fit.
    """
    if free is None:
        return Plan(Tactic.FULL)
    room = int(free * (1 - SPARE_SHARE))
    for tactic, there in (
        (Tactic.FULL, weights.whole),
        (Tactic.TURNS, weights.largest),
        (Tactic.PIECES, max(weights.unet // PIECES, weights.vae, weights.transparency)),
    ):
        for tiles_vae, vae in ((False, needs.vae), (True, needs.vae_tiled)):
            if there + max(rows * needs.row, vae, needs.transparency) <= room:
                at_once = max(1, min(wanted, (room - there) // max(1, rows * needs.row)))
                return Plan(tactic, tiles_vae, at_once)
    return Plan(Tactic.PIECES, tiles_vae=True)


def free_for(parts: Parts) -> int | None:
    """Return the bytes that a job may use, what the model itself takes there now counted as free.

    None on a CPU, where there is nowhere else to go, and where the device does not tell.
    """
    free = free_bytes(str(parts.device))
    if free is None:
        return None
    return free + sum(bytes_of(network, parts.device) for network in networks_of(parts))


def worn_bytes(parts: Parts, road: Road) -> int:
    """Return what the heaviest stage of a road needs on the device beside the network itself.

    A patch keeps every weight that it replaces; shared attention brings its own.
    """
    weights = dict(parts.unet.named_parameters())

    def of(path: Path) -> int:
        if SHARING_KEY in WeightFile(path).shapes:
            return path.stat().st_size
        return sum(weights[name].nbytes for name in read_patch(path).changes if name in weights)

    return max((of(parts.weights[stage.wears]) for stage in road if stage.wears), default=0)


def transparency_networks(parts: Parts) -> list[nn.Module]:
    """Return the networks that read and write transparency."""
    both = (getattr(parts.transparency, name, None) for name in ("decoder", "encoder"))
    return [network for network in both if isinstance(network, nn.Module)]


def networks_of(parts: Parts) -> list[nn.Module]:
    """Return everything that holds weights, in the order in which a job uses it."""
    texts = [tower.encoder for tower in parts.text.towers]
    beside = [] if parts.upscaler is None else [parts.upscaler]
    return [*texts, parts.unet, parts.vae, *transparency_networks(parts), *beside]


def bytes_of(network: nn.Module, device: torch.device | None = None) -> int:
    """Weigh a network, or what of it is on one kind of device."""
    weights: list[Tensor] = [*network.parameters(), *network.buffers()]
    return sum(
        weight.nbytes for weight in weights if device is None or weight.device.type == device.type
    )
