"""The model under judgement: what it makes of words, and what is left of a picture it holds.

Any installed model, or a folder with a `model.json`; everything goes through the engine's pipeline.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from safetensors import SafetensorError

from generator.device import choose
from generator.layer_diffusion.fitting import cropped, fitted_rgba, over_mid_grey, working_for
from generator.layer_diffusion.given import raw_latent
from generator.layer_diffusion.loading import dtype_for, load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.scene import native_of
from generator.models.catalogue import Model, model_in
from generator.models.store import find
from generator.request import (
    RGBA8,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Lora,
    Role,
)
from generator.training.drawing.easel import Layer
from generator.training.evaluation.findings import Tell
from generator.training.evaluation.renders import premultiplied


@dataclass(frozen=True, slots=True)
class Asked:
    """One picture wanted of a model."""

    prompt: str
    seed: int
    steps: int | None = None  # None: as the model has it


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A picture after it went through a model's latent space.

    `layer` is what the transparency decoder reads, premultiplied; `picture` is what the VAE alone
    decodes from the latent with alpha in it, and `plain` from the same picture's own latent, both
    (h, w, 3), 0..1: the method wants them to be the same.
    """

    layer: Layer
    picture: Layer
    plain: Layer


@dataclass(slots=True, eq=False)
class Judged:
    """A loaded model, and how long its pictures took."""

    model: Model
    pipeline: LayerDiffusionPipeline
    loras: tuple[Lora, ...] = ()
    seconds: list[float] = field(default_factory=list)

    @property
    def side(self) -> int:
        """The side of the square that it draws, in pixels."""
        return min(self.pipeline.parts.card.native_size)

    @property
    def steps(self) -> int:
        """The steps that it takes when nobody says."""
        return self.pipeline.parts.card.steps

    def make(self, wanted: Sequence[Asked], words: str, tell: Tell) -> list[RGBA8]:
        """Make one transparent layer for each, straight; says after every tenth how far it is."""
        made = []
        for number, asked in enumerate(wanted):
            if number % 10 == 0:
                tell(f"{words}: {number} of {len(wanted)}")
            begun = time.perf_counter()
            made.append(self.run(self.request(asked))[Role.FOREGROUND])
            self.seconds.append(time.perf_counter() - begun)
        return made

    def request(self, asked: Asked) -> GenerationRequest:
        """The request for a transparent layer of the model's own size."""
        size = (self.side, self.side)
        return GenerationRequest(
            asked.prompt, size, asked.seed, steps=asked.steps, loras=self.loras
        )

    def run(self, request: GenerationRequest) -> dict[Role, RGBA8]:
        """Every picture that a request gives, by role."""
        outcome = self.pipeline.run(request, lambda _told: None, lambda: False)
        return {layer.role: layer.pixels for layer in outcome.layers}

    @torch.inference_mode()
    def hold(self, picture: RGBA8) -> Held:
        """Encode and decode a straight square picture without any noise."""
        parts = self.pipeline.parts
        side = picture.shape[0]
        working = working_for((side, side), native_of(parts))
        planes = fitted_rgba(picture, working).to(next(parts.vae.parameters()).device)
        raw = raw_latent(planes, parts.vae, parts.transparency)
        plain = parts.picture(parts.latents(over_mid_grey(planes)))
        seen = parts.picture(raw * parts.scaling)
        argb = cropped(parts.transparency.decode(seen, raw, False, _nothing), working)[0]
        rgba = parts.transparency.rgba(argb)
        return Held(premultiplied(rgba), _pixels(seen), _pixels(plain))


def judged(name: str, device: str, loras: tuple[Lora, ...] = ()) -> Judged:
    """Load a model by name, or from a folder; `GenerationError` says what is wrong with it."""
    folder = Path(name)
    try:
        model = model_in(folder) if (folder / "model.json").is_file() else find(name)
    except ValueError as error:
        raise GenerationError(ErrorKind.BAD_REQUEST, f"{error}.") from error
    if not model.is_installed:
        raise GenerationError(ErrorKind.WEIGHTS_MISSING, f"Files are missing in {folder}.")
    chosen = torch.device(choose(device))
    try:
        parts = load(model, "cpu", dtype_for(chosen))  # the pipeline moves what fits on the device
    except (OSError, SafetensorError, ValueError) as error:
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING, f'The model "{name}" is damaged or not complete ({error}).'
        ) from error
    return Judged(model, LayerDiffusionPipeline(replace(parts, device=chosen)), loras)


def _nothing(_done: int, _passes: int) -> None:
    """Nobody waits for a pass."""


def _pixels(planes: torch.Tensor) -> Layer:
    pixels: Layer = planes[0].permute(1, 2, 0).float().cpu().numpy()
    return pixels
