"""All that guides a job beside its words: found by name, loaded, and handed to each stage.

One for each loaded model; keeps what the last job used. What is missing or does not fit ends a job
in one sentence before anything is sampled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from diffusers import ControlNetModel
from torch import Tensor

from generator.layer_diffusion.guidance.asked import (
    Asked,
    AskedControl,
    asked_of,
    controls_of,
    weights_in,
)
from generator.layer_diffusion.guidance.control_pictures import control_picture
from generator.layer_diffusion.guidance.controlnet import (
    ControlGuide,
    frames_under_control,
    read_control,
)
from generator.layer_diffusion.guidance.few_steps import FewSteps
from generator.layer_diffusion.guidance.style import StyleGuide, StylePicture
from generator.layer_diffusion.guidance.style_file import PictureReader, StyleAdapter, read_style
from generator.layer_diffusion.guidance.user_lora import SHOWN, UserLora, applied_loras, read_lora
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.prediction import Guide
from generator.layer_diffusion.resampling import RGBA8, rgba_from_planes
from generator.layer_diffusion.roads import Stage
from generator.layer_diffusion.weight_file import unusable
from generator.request import GenerationRequest, Task, UsedAdapter

Fit = Callable[[RGBA8], Tensor]  # a picture of the layer's box to premultiplied working planes
IsCancelled = Callable[[], bool]

KEPT_STYLES = 16  # read pictures, of some kilobytes each
NO_CONTROL = "Control pictures take no part when a layer is enlarged."


@dataclass(frozen=True, slots=True, eq=False)
class Guided:
    """What guides one job, ready to be put on."""

    asked: Asked
    task: Task
    controls: tuple[tuple[ControlNetModel, Tensor, float], ...] = ()  # network, picture, weight
    style: StyleAdapter | None = None
    pictures: tuple[StylePicture, ...] = ()
    loras: tuple[tuple[UserLora, float], ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def few_steps(self) -> FewSteps | None:
        """Return how a LoRA for few steps wants to be sampled, where there is one."""
        return self.asked.few_steps

    @property
    def adapters(self) -> tuple[UsedAdapter, ...]:
        """Return what a recipe must name."""
        return self.asked.adapters

    @contextmanager
    def wearing(self, parts: Parts) -> Iterator[None]:
        """Lay the user's LoRAs on the model for the whole job; afterwards it is as before."""
        changes_text = any(lora.changes_text for lora, _ in self.loras)
        try:
            with applied_loras(parts.networks, self.loras):
                if changes_text:
                    parts.text.forget()
                yield
        finally:
            if changes_text:
                parts.text.forget()

    def guides(self, stage: Stage, halves: int) -> tuple[Guide, ...]:
        """Return what takes part in a stage's predictions, with so many halves of guidance."""
        frames = frames_under_control(stage.makes, self.task)
        controls = tuple(
            ControlGuide(network, picture, weight, frames)
            for network, picture, weight in self.controls
            if any(frames)
        )
        if self.style is None:
            return controls
        return (*controls, StyleGuide(self.style, self.pictures, halves))


class Guidance:
    """Brings what guides jobs to one loaded model."""

    def __init__(self, parts: Parts) -> None:
        """Begin with nothing loaded."""
        self._parts = parts
        self._controls: dict[Path, ControlNetModel] = {}
        self._style: tuple[Path, StyleAdapter] | None = None
        self._read: dict[tuple[Path, str], tuple[Tensor, Tensor]] = {}

    def prepare(self, request: GenerationRequest, fit: Fit, is_cancelled: IsCancelled) -> Guided:
        """Find and load what a request names; `GenerationError` says what is missing or wrong."""
        asked = asked_of(request, self._parts.card.family, is_cancelled)
        networks = self._parts.networks
        loras = tuple((read_lora(each.path, networks), each.weight) for each in asked.loras)
        controls = self._loaded_controls(asked.controls, fit)
        style, pictures = self._styled(asked)
        is_left_out = bool(controls_of(request)) and not controls
        warnings = [NO_CONTROL] if is_left_out else []
        warnings += [_left_out(lora) for lora, _ in loras if lora.unplaced]
        return Guided(asked, request.task, controls, style, pictures, loras, tuple(warnings))

    def weigh(self, request: GenerationRequest, is_cancelled: IsCancelled) -> int:
        """Return about how many bytes on the device guide a request, beside the model.

        Control models and styles as their files have them; LoRAs, however many, as what is kept of
        the network's own weights, for most change nearly all of them.
        """
        asked = asked_of(request, self._parts.card.family, is_cancelled)
        paths = [each.path for each in asked.controls] + ([asked.style] if asked.style else [])
        kept = sum(each.nbytes for each in self._parts.unet.parameters()) if asked.loras else 0
        return kept + sum(weights_in(path).stat().st_size for path in dict.fromkeys(paths))

    def _loaded_controls(
        self, asked: tuple[AskedControl, ...], fit: Fit
    ) -> tuple[tuple[ControlNetModel, Tensor, float], ...]:
        parts, wanted = self._parts, {each.path for each in asked}
        self._controls = {path: one for path, one in self._controls.items() if path in wanted}
        controls = []
        for each in asked:
            if each.path not in self._controls:
                self._controls[each.path] = read_control(
                    each.path, parts.unet, parts.device, parts.dtype
                )
            lines = control_picture(each.kind, rgba_from_planes(fit(each.pixels)))
            picture = torch.from_numpy(lines).permute(2, 0, 1)[None].to(parts.device) / 255
            controls.append((self._controls[each.path], picture, each.weight))
        return tuple(controls)

    def _styled(self, asked: Asked) -> tuple[StyleAdapter | None, tuple[StylePicture, ...]]:
        if asked.style is None:
            self._style = None
            return None, ()
        parts, path = self._parts, asked.style
        if self._style is None or self._style[0] != path:
            self._style = None  # never two in memory
            self._style = (path, read_style(path, parts.unet, parts.device, parts.dtype))
        adapter = self._style[1]
        keys = {id(each): (path, _hash(each.pixels)) for each in asked.styles}
        if not set(keys.values()) <= self._read.keys():
            assert asked.encoder is not None
            reader = self._reader(asked.encoder, adapter)  # not kept: it is as large as a model
            for each in asked.styles:
                self._read[keys[id(each)]] = reader.tokens(each.pixels, adapter)
        pictures = tuple(
            StylePicture(*self._read[keys[id(each)]], each.weight) for each in asked.styles
        )
        while len(self._read) > KEPT_STYLES:
            del self._read[next(iter(self._read))]
        return adapter, pictures

    def _reader(self, folder: Path, adapter: StyleAdapter) -> PictureReader:
        parts = self._parts
        try:
            reader = PictureReader(folder, parts.device, parts.dtype)
        except (OSError, ValueError) as error:
            raise unusable("The image encoder is damaged or not complete; get it again.") from error
        if reader.width(adapter.is_plus) != adapter.reads:
            raise unusable("This style adapter needs another image encoder than the one here.")
        return reader


def _left_out(lora: UserLora) -> str:
    shown = ", ".join(lora.unplaced[:SHOWN])
    return f"What {lora.file.name} says of {shown} fits nothing in this model and took no part."


def _hash(pixels: RGBA8) -> str:
    return hashlib.blake2b(pixels.tobytes() + str(pixels.shape).encode()).hexdigest()
