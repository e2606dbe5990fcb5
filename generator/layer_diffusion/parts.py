"""Everything of one loaded model: its networks, what they can wear, and what its card says."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import Tensor, nn

from generator.layer_diffusion.patch_autoencoder import PatchAutoencoder
from generator.layer_diffusion.reuse import Encodings
from generator.layer_diffusion.roads import Road
from generator.layer_diffusion.text import TextReader
from generator.layer_diffusion.transparency import Transparency
from generator.layer_diffusion.upscaler import Upscaler
from generator.request import GenerationRequest, Role, Task


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model says of itself, with what follows from its family."""

    name: str
    version: str
    native_size: tuple[int, int]  # width, height that it was trained at
    any_size: bool  # False: made at the native size and resampled to the wish
    latent_scale: int  # pixels a latent cell stands for
    steps: int
    guidance: float
    hash: str  # of all weight files together
    family: str = "pocket"

    @staticmethod
    def read(folder: Path) -> ModelCard:
        """Read a small model's `model.json` without loading any weights."""
        entries = json.loads((folder / "model.json").read_text())
        width, height = entries["native_size"]
        return ModelCard(
            name=entries["name"],
            version=entries["version"],
            native_size=(width, height),
            any_size=entries["any_size"],
            latent_scale=entries["latent_scale"],
            steps=entries["steps"],
            guidance=entries["guidance"],
            hash=entries["hash"],
        )

    def entries(self) -> dict[str, Any]:  # Any: JSON
        """Return what stands in a `model.json`."""
        entries = asdict(self)
        del entries["family"]
        return entries


@dataclass(slots=True, eq=False)
class Parts:
    """The networks of one model, on one device, ready to run."""

    card: ModelCard
    text: TextReader
    unet: UNet2DConditionModel
    vae: AutoencoderKL | PatchAutoencoder
    transparency: Transparency
    sampler_config: dict[str, Any]  # of the scheduler that the model was published with
    roads: dict[Task, Road]  # of the tasks whose weights are all here
    weights: dict[str, Path]  # what the network can wear: a stage's `wears` to its file
    device: torch.device
    dtype: torch.dtype  # of the denoiser
    traced: dict[Task, Road] = field(default_factory=dict)  # roads that see a control picture
    upscaler: Upscaler | None = None  # what makes its layers larger than it draws them
    encodings: Encodings = field(default_factory=Encodings)  # of pictures seen in earlier jobs

    def road_for(self, request: GenerationRequest) -> Road | None:
        """Return how a request's task is done, None where it cannot be; a control may lead apart.

        On such a road the network itself sees the control picture.
        """
        roads = self.traced if has_control(request) else {}
        return roads.get(request.task) or self.roads.get(request.task)

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Return the networks that a LoRA may change, by diffusers' names."""
        names = ("text_encoder", "text_encoder_2")
        texts = zip(names, self.text.towers, strict=False)
        return {"unet": self.unet, **{name: tower.encoder for name, tower in texts}}

    @property
    def latent_channels(self) -> int:
        """Return the channels of a latent, without those of joined conditions."""
        channels: int = self.unet.config.in_channels
        return channels

    @property
    def alpha_is_apart(self) -> bool:
        """Say whether alpha has latent channels of its own, which a given layer needs, too."""
        return isinstance(self.vae, PatchAutoencoder)

    @property
    def scaling(self) -> float:
        """Return the factor that brings the VAE's latents to the denoiser's scale."""
        factor: float = self.vae.config.scaling_factor
        return factor

    @property
    def multiple(self) -> int:
        """Return what a working picture's sides must divide by, for all networks."""
        halvings = len(self.unet.config.block_out_channels) - 1
        network = self.card.latent_scale * 2**halvings if self.card.any_size else 1
        return max(network, self.transparency.multiple)

    def latents(self, picture: Tensor) -> Tensor:
        """Encode opaque pictures (n, 3, h, w), 0..1, to scaled latents (n, c, h', w'), the mean."""
        return self.encodings.of("opaque", picture, self._freshly_encoded)

    def picture(self, latent: Tensor) -> Tensor:
        """Decode scaled latents (n, c, h', w') to pictures (n, 3, h, w), float32, 0..1."""
        raw = (latent / self.scaling).to(next(self.vae.parameters()))
        picture: Tensor = self.vae.decode(raw).sample  # -1..1
        return (picture.float() * 0.5 + 0.5).clamp(0, 1)

    def _freshly_encoded(self, picture: Tensor) -> Tensor:
        like = next(self.vae.parameters())
        posterior = self.vae.encode((picture * 2 - 1).to(like)).latent_dist
        mean: Tensor = posterior.mode().float() * self.scaling
        return mean


def has_control(request: GenerationRequest) -> bool:
    """Say whether a control picture is to be followed; one of weight 0 is not."""
    return any(each.role is Role.CONTROL and each.weight for each in request.conditions)
