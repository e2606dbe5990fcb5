"""Text to one transparent layer: load a model folder once, then run one request after another.

The same code serves every family; what differs (classes, sizes, schedule, defaults) stands in the
folder's `model.json` and in the parts' own configs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, UNet2DConditionModel
from diffusers.utils import logging as diffusers_logging
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import CLIPTextModel, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from generator.layer_diffusion.conditioning import TextConditioner
from generator.layer_diffusion.matte import levelled, to_rgba8
from generator.layer_diffusion.parts import ModelCard
from generator.layer_diffusion.patch_autoencoder import PatchAutoencoder, PatchAutoencoderConfig
from generator.layer_diffusion.sampling import IsCancelled, Sampling, sample
from generator.layer_diffusion.transparent_vae import TransparencyConfig, TransparencyDecoder

RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha
OnStep = Callable[[int, int, RGBA8 | None], None]  # steps done, steps in all, small preview

PREVIEW_SIDE = 64


@dataclass(slots=True)
class Parts:
    """The networks of one model, on one device, ready to run."""

    text: TextConditioner
    unet: UNet2DConditionModel
    autoencoder: PatchAutoencoder | AutoencoderKL
    transparency: TransparencyDecoder
    scheduler: DPMSolverMultistepScheduler


class LayerDiffusionPipeline:
    """Makes transparent layers from text with one loaded model."""

    def __init__(self, card: ModelCard, parts: Parts, device: torch.device) -> None:
        self.card = card
        self.parts = parts
        self.device = device

    @staticmethod
    def load(folder: Path, device: str = "cpu") -> LayerDiffusionPipeline:
        """Load every part of a model folder; FileNotFoundError names what is missing."""
        place = torch.device(device)
        return LayerDiffusionPipeline(ModelCard.read(folder), _parts(folder, place), place)

    def unknown_words(self, prompt: str) -> tuple[str, ...]:
        """The words of the prompt that this model has never seen."""
        return self.parts.text.unknown_words(prompt)

    @torch.inference_mode()
    def generate(  # noqa: PLR0913  # one request, spelled out; a record would only be unpacked here
        self,
        prompt: str,
        negative: str,
        size: tuple[int, int],
        seed: int,
        steps: int | None,
        guidance: float | None,
        on_step: OnStep,
        is_cancelled: IsCancelled,
    ) -> RGBA8:
        """One layer, straight RGBA; raises `Cancelled` between steps.

        It has the size (width, height) nearest to the wish that the model can make: whoever asked
        places and scales it, and so knows how its pixels map to his. `steps` and `guidance` of
        None are the model's own. Colour under alpha 0 is smooth filler.
        """
        total = steps or self.card.steps
        width, height = size if self.card.any_size else self.card.native_size
        cell = self.card.latent_scale
        channels = self.parts.unet.config.in_channels
        sampling = Sampling(
            seeds=(seed,),
            steps=total,
            shape=(channels, max(1, round(height / cell)), max(1, round(width / cell))),
            device=self.device,
        )
        words = self.parts.text.conditioning([negative, prompt], self.device)
        pull = self.card.guidance if guidance is None else guidance

        def predict(seen: Tensor, time: Tensor) -> Tensor:
            both = self.parts.unet(torch.cat([seen, seen]), time, words).sample
            without, towards = both.chunk(2)
            guided: Tensor = without + pull * (towards - without)
            return guided

        latent = sample(
            predict,
            self.parts.scheduler,
            sampling,
            lambda step, clean: on_step(step, total, self._preview(clean)),
            is_cancelled,
        )
        return self._layer(latent)

    def _layer(self, latent: Tensor) -> RGBA8:
        """Paper, section 3.1: the picture first, then alpha and straight colour from both."""
        raw = latent / self.parts.autoencoder.config.scaling_factor
        picture = self.parts.autoencoder.decode(raw).sample  # (1, 3, h, w), -1..1
        found = self.parts.transparency((picture * 0.5 + 0.5).clamp(0, 1), raw)[0]  # (4, h, w)
        return to_rgba8(levelled(found[:1]), found[1:])

    def _preview(self, latent: Tensor) -> RGBA8 | None:
        """The linear decode made small: cheap enough for every step. None if there is no such."""
        autoencoder = self.parts.autoencoder
        if not isinstance(autoencoder, PatchAutoencoder):
            return None
        raw = latent / autoencoder.config.scaling_factor
        alpha = self.parts.transparency.linear_alpha(raw)
        picture = autoencoder.linear(raw) * 0.5 + 0.5
        both = nn.functional.adaptive_avg_pool2d(torch.cat([alpha, picture], dim=1), PREVIEW_SIDE)[
            0
        ]
        bare = (both[1:] - 0.5) / both[:1].clamp(0.2, 1) + 0.5
        return to_rgba8(levelled(both[:1]), bare)


def _parts(folder: Path, device: torch.device) -> Parts:
    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32)
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float32)
    scheduler = DPMSolverMultistepScheduler.from_pretrained(folder / "scheduler")
    return Parts(
        TextConditioner(tokenizer, encoder.to(device).eval()),
        unet.to(device).eval(),
        _autoencoder(folder / "vae").to(device).eval(),
        _transparency(folder / "transparency").to(device).eval(),
        scheduler,
    )


def _autoencoder(folder: Path) -> PatchAutoencoder | AutoencoderKL:
    """The class is named in the part's config, as diffusers does it."""
    entries = json.loads((folder / "config.json").read_text())
    match entries.pop("_class_name"):
        case "PatchAutoencoder":
            own = PatchAutoencoder(PatchAutoencoderConfig(**entries))
            own.load_state_dict(_weights(folder / "model.safetensors"))
            return own
        case "AutoencoderKL":
            theirs: AutoencoderKL = AutoencoderKL.from_pretrained(folder)
            return theirs
        case other:
            raise ValueError(f"{folder}: no autoencoder is called {other!r}")


def _transparency(folder: Path) -> TransparencyDecoder:
    entries = json.loads((folder / "config.json").read_text())
    decoder = TransparencyDecoder(TransparencyConfig(**entries))
    decoder.load_state_dict(_weights(folder / "decoder.safetensors"))
    return decoder


def _weights(path: Path) -> dict[str, Tensor]:
    """Stored as float16 to be small, run as float32: half precision is slower on a CPU."""
    return {name: value.float() for name, value in load_file(path).items()}
