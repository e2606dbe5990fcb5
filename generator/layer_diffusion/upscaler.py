"""A small network that makes a layer twice as large, colour and alpha together.

It adds to Lanczos what that cannot know: edges and thin lines. It sees a few pixels around each and
draws nothing new; where nothing was nothing comes, and what is solid stays solid.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.layer_diffusion.resampling import lanczos_along
from generator.layer_diffusion.residual import ResidualBlock
from generator.layer_diffusion.weight_file import WeightFile, load_strictly

FACTOR = 2
TRUSTED = 0.02  # alpha under which a pixel's own colour counts less than that of its surroundings
AROUND = 5  # side of those surroundings


@dataclass(frozen=True, slots=True)
class UpscalerConfig:
    """Shapes of the network."""

    width: int = 32
    blocks: int = 2

    @property
    def margin(self) -> int:
        """Given pixels around a part that what is made of it follows from."""
        return 2 * self.blocks + 2 + AROUND // 2


class Upscaler(nn.Module):
    """Premultiplied planes (n, 4, h, w), 0..1, to (n, 4, 2h, 2w); it begins as Lanczos.

    Straight colour and alpha are enlarged apart and multiplied at the end, so that both edges are
    the same.
    """

    def __init__(self, config: UpscalerConfig) -> None:
        super().__init__()
        self.config = config
        self.first = nn.Conv2d(4, config.width, 3, padding=1)
        self.blocks = nn.Sequential(*(ResidualBlock(config.width) for _ in range(config.blocks)))
        self.last = nn.Conv2d(config.width, 4 * FACTOR**2, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]  # torch: bias is Tensor | None

    def forward(self, planes: Tensor) -> Tensor:
        plain, features = self.plain(planes), self.features(planes)
        found = (plain + nn.functional.pixel_shuffle(self.last(features), FACTOR)).clamp(0, 1)
        alpha = _agreeing(found[:, 3:], planes[:, 3:])
        return torch.cat([found[:, :3] * alpha, alpha], dim=1)

    def plain(self, planes: Tensor) -> Tensor:
        """Return straight colour and alpha (n, 4, 2h, 2w) by Lanczos, overshoot and all."""
        height, width = planes.shape[2:]
        return lanczos_along(lanczos_along(_seen(planes), 2, height * FACTOR), 3, width * FACTOR)

    def features(self, planes: Tensor) -> Tensor:
        """Return what the last convolution sees, (n, width, h, w)."""
        features: Tensor = self.blocks(self.first(_seen(planes) - 0.5))
        return features


def known_colour(planes: Tensor) -> Tensor:
    """Return straight colour (n, 3, h, w); that of nearly invisible pixels is from around them."""
    pool, alpha = nn.functional.avg_pool2d, planes[:, 3:]
    around = pool(planes, AROUND, 1, AROUND // 2)
    near = around[:, :3] / around[:, 3:].clamp_min(1e-6)
    own = planes[:, :3] / alpha.clamp_min(1e-6)
    known: Tensor = near + (own - near) * (alpha / TRUSTED).clamp_max(1)
    return known.clamp(0, 1)


def upscaler_from(folder: Path, device: torch.device) -> Upscaler | None:
    """Load the part that a model's folder may have; None where there is none.

    Raises `GenerationError` where its weights are of another shape.
    """
    if not (folder / "config.json").is_file():
        return None
    config = UpscalerConfig(**json.loads((folder / "config.json").read_text()))
    with torch.device("meta"):
        network = Upscaler(config)
    file = WeightFile(folder / "model.safetensors")
    load_strictly(network, file, "an upscaler", device, torch.float32)
    return network


def _seen(planes: Tensor) -> Tensor:
    return torch.cat([known_colour(planes), planes[:, 3:]], dim=1)


def _agreeing(found: Tensor, given: Tensor) -> Tensor:
    """Keep found alpha (n, 1, 2h, 2w) empty or solid where all that was given around it was."""
    pool = nn.functional.max_pool2d
    most, least = pool(given, 3, 1, 1), -pool(-given, 3, 1, 1)
    empty, solid = (
        nn.functional.interpolate(each.to(found.dtype), scale_factor=FACTOR)
        for each in (most <= 0, least >= 1)
    )
    return found * (1 - empty) * (1 - solid) + solid
