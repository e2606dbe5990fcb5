"""A request to layers, on one loaded model: the stages of its road, one after another.

Which family a model is of is not asked here: its parts say which roads it has, and each stage says
what it wears, sees and makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from generator.backend import OnProgress
from generator.layer_diffusion.changes import changing
from generator.layer_diffusion.enlargement import enlarged, scale_towards
from generator.layer_diffusion.fitting import working_for
from generator.layer_diffusion.given import check_can_be_enlarged
from generator.layer_diffusion.guidance.alpha_check import alpha_warning
from generator.layer_diffusion.guidance.guidance import Guidance, Guided
from generator.layer_diffusion.memory import (
    Plan,
    free_for,
    plan_for,
    weighed,
    working,
    worn_bytes,
)
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.placing import Arrangement, tried
from generator.layer_diffusion.prediction import halves_of
from generator.layer_diffusion.preview import Preview, preview_of
from generator.layer_diffusion.resampling import RGBA8
from generator.layer_diffusion.roads import Road, Stage, control_kinds
from generator.layer_diffusion.sampling import Cancelled, IsCancelled
from generator.layer_diffusion.scene import Decode, Scene, native_of, scene_for
from generator.layer_diffusion.stages import Manner, Stages, Take
from generator.layer_diffusion.wearing import Seen
from generator.request import (
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    Progress,
    Role,
    Task,
    UsedAdapter,
)

# Tasks of which a layer with nothing transparent, or nothing visible, cannot be what was asked for.
NEWLY_MADE = frozenset({Task.LAYER, Task.TOGETHER, Task.FOREGROUND, Task.EXTRACT})
ENLARGED = (
    "This model draws whole pictures of one size, so the layer was enlarged without new detail."
)
FOLLOWED = "This model follows a control picture as it is; its weight had no effect."


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a job made, and what a recipe must say of it beside the request."""

    layers: tuple[GeneratedLayer, ...]
    steps: int
    guidance: float
    warnings: tuple[str, ...] = ()
    adapters: tuple[UsedAdapter, ...] = ()


class LayerDiffusionPipeline:
    """Makes layers with one loaded model.

    As many variants are one batch as the device has room for; on a CPU, where a batch saves
    nothing, each is made alone. Each has its own rng, so any one can be made again alone; a batch
    of another size may round differently, in the last bits.
    """

    def __init__(self, parts: Parts, plan: Plan | None = None) -> None:
        """Take over a loaded model; `plan` says how every job is to fit, None to choose anew."""
        self.parts = parts
        self.plan = plan
        self._arrangement = Arrangement(parts)
        self._stages = Stages(parts)
        self._guidance = Guidance(parts)
        self._show: Preview | None = None

    @torch.inference_mode()
    def run(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> Outcome:
        """Make a request's layers, bottom variant first; raises `Cancelled` or `GenerationError`.

        Of each variant come the pictures of all stages, in the order in which they were made.
        Whatever ends the job, the model is as before.
        """
        road = self.parts.road_for(request)
        if road is None:
            raise GenerationError(ErrorKind.UNSUPPORTED, f'This model cannot do "{request.task}".')
        if request.task is Task.UPSCALE and not self.parts.card.any_size:
            return _enlarged(self.parts, request, _Told(on_progress, is_cancelled, 0))
        return tried(
            lambda: self._made(request, road, on_progress, is_cancelled),
            self._arrangement,
            self.plan or self._chosen_plan(request, road, is_cancelled),
            lambda words: on_progress(Progress(words, 0, 1)),
        )

    def describe(self) -> str:
        """Say in words where the model is while it works."""
        return self._arrangement.describe()

    def _chosen_plan(
        self, request: GenerationRequest, road: Road, is_cancelled: IsCancelled
    ) -> Plan:
        free = free_for(self.parts)
        beside = 0
        if free is not None:  # else there is nothing to choose, and files need not be looked at
            guiding = _guiding(request, road)
            beside = worn_bytes(self.parts, road) + self._guidance.weigh(guiding, is_cancelled)
        size = working_for(request.size, native_of(self.parts)).size
        return plan_for(
            free,
            weighed(self.parts, beside),
            working(self.parts, size),
            rows=2 * max(len(stage.makes) for stage in road),
            wanted=request.count,
        )

    def _made(
        self,
        request: GenerationRequest,
        road: Road,
        on_progress: OnProgress,
        is_cancelled: IsCancelled,
    ) -> Outcome:
        scene = scene_for(self.parts, request)
        guided = self._guidance.prepare(_guiding(request, road), scene.fit, is_cancelled)
        manner = _manner(self.parts, request, guided)
        if self._show is None:
            self._show = preview_of(self.parts)
        job = _Job(self.parts, self._stages, request, manner, road, scene, guided, self._show)
        seeds = range(request.seed, request.seed + request.count)
        at_once = self._arrangement.plan.at_once
        firsts = range(0, request.count, at_once)
        told = _Told(on_progress, is_cancelled, job.steps * len(firsts))
        with guided.wearing(self.parts):
            layers = tuple(
                layer
                for first in firsts
                for layer in job.layers(tuple(seeds[first : first + at_once]), told)
            )
        warnings = (
            *_unknown_words(self.parts, request), *_followed(request, road), *guided.warnings,
            *job.doubts,
        )  # fmt: skip
        return Outcome(layers, manner.steps, manner.guidance, warnings, guided.adapters)


class _Told:
    """Who hears how far a job is, and who may end it."""

    def __init__(self, on_progress: OnProgress, is_cancelled: IsCancelled, steps: int) -> None:
        self._on_progress, self.is_cancelled, self._steps = on_progress, is_cancelled, steps
        self._done = 0

    def step(self, preview: RGBA8) -> None:
        self._done += 1
        self._on_progress(Progress("step", self._done, self._steps, preview))

    def decoding(self, done: int, passes: int) -> None:
        if self.is_cancelled():
            raise Cancelled
        self._on_progress(Progress("finishing", done, passes))


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One request under way."""

    parts: Parts
    stages: Stages
    request: GenerationRequest
    manner: Manner
    road: Road
    scene: Scene
    guided: Guided
    show: Preview
    doubts: list[str] = field(default_factory=list)  # sentences about layers that may have failed

    @property
    def steps(self) -> int:
        """Steps of all stages together, for one batch."""
        takes = (self._take(stage, (0,), ()) for stage in self.road)
        return sum(self.stages.sampling(take).steps_run for take in takes)

    def layers(self, seeds: tuple[int, ...], told: _Told) -> Iterator[GeneratedLayer]:
        """Go the whole road with some variants, handing on what each stage makes."""
        there = dict(self.scene.pictures)
        made: list[list[GeneratedLayer]] = [[] for _ in seeds]
        for stage in self.road:
            take = self._take(stage, seeds, tuple(there[role] for role in stage.sees))
            change = changing(self.parts, stage, there)

            def on_latent(
                _step: int, clean: Tensor, change: Callable[[Tensor], Tensor] = change
            ) -> None:
                told.step(self.show(change(clean)))

            latents = change(self.stages.made(take, on_latent, told.is_cancelled))
            for frame, role in enumerate(stage.makes):
                rows = latents[frame :: len(stage.makes)]
                pictures: list[Tensor] = []
                is_last = stage is self.road[-1]
                for variant, row in enumerate(rows):
                    kept = None if is_last else pictures
                    decode = self._decode(role, frame, kept, told, seeds[variant])
                    pixels = self.scene.develop(row[None], decode)
                    pixels = self._as_large(pixels, told)
                    made[variant].append(GeneratedLayer(role, pixels, seeds[variant]))
                if not is_last:
                    there[role] = Seen(rows, torch.cat(pictures))
        yield from (layer for variant in made for layer in variant)

    def _as_large(self, pixels: RGBA8, told: _Told) -> RGBA8:
        """Enlarge what was made smaller than it was wanted, if the model knows how."""
        scale = scale_towards((pixels.shape[1], pixels.shape[0]), self.request.size)
        if scale == 1 or self.parts.upscaler is None:
            return pixels
        return enlarged(pixels, scale, self.parts.upscaler, told.decoding)

    def _take(self, stage: Stage, seeds: tuple[int, ...], seen: tuple[Seen, ...]) -> Take:
        """Only the last stage is stopped by wish: the others are on the way to it."""
        is_last = stage is self.road[-1]
        manner = replace(self.manner, stop_at=self.request.stop_at if is_last else None)
        if stage.is_computed:
            manner = replace(manner, steps=1, guidance=1.0)
        guides = self.guided.guides(stage, halves_of(manner.guidance))
        return Take(stage, self.request, manner, self.scene, seeds, seen, guides)

    def _decode(
        self, role: Role, frame: int, pictures: list[Tensor] | None, told: _Told, seed: int
    ) -> Decode:
        """Return what reads a role's latents: with alpha of a first foreground, else opaque.

        The VAE's pictures are added to `pictures` where later stages see them.
        """

        def decode(latent: Tensor) -> Tensor:
            told.decoding(0, 1)
            picture = self.parts.picture(latent)
            if pictures is not None:
                pictures.append(picture)
            if frame > 0 or role is not Role.FOREGROUND:
                return torch.cat([torch.ones_like(picture[:, :1]), picture], dim=1)
            raw = latent / self.parts.scaling
            argb = self.parts.transparency.decode(
                picture, raw, self.request.is_draft, told.decoding
            )
            self._doubt(argb, picture, seed)
            return argb

        return decode

    def _doubt(self, argb: Tensor, picture: Tensor, seed: int) -> None:
        """Note where the alpha of a layer made from words, or lifted, says that it failed."""
        if self.request.task in NEWLY_MADE:
            planes = torch.cat([argb[:, 1:], argb[:, :1]], dim=1)
            said = alpha_warning(_bytes(planes), _bytes(picture))
            if said is not None:
                self.doubts.append(said if self.request.count == 1 else f"Seed {seed}: {said}")


def _enlarged(parts: Parts, request: GenerationRequest, told: _Told) -> Outcome:
    """Enlarge for a model that knows whole pictures of one size: it cannot draw a part of one."""
    (image,) = (each.pixels for each in request.conditions if each.role is Role.IMAGE)
    check_can_be_enlarged(image, request.scale)
    pixels = enlarged(image, request.scale, parts.upscaler, told.decoding)
    layer = GeneratedLayer(Role.FOREGROUND, pixels, request.seed)
    return Outcome((layer,), steps=0, guidance=0, warnings=(ENLARGED,))


def _guiding(request: GenerationRequest, road: Road) -> GenerationRequest:
    """Return the request without the control pictures that the road's own network sees."""
    if not control_kinds(road):
        return request
    others = tuple(each for each in request.conditions if each.role is not Role.CONTROL)
    return replace(request, conditions=others)


def _followed(request: GenerationRequest, road: Road) -> tuple[str, ...]:
    weights = [each.weight for each in request.conditions if each.role is Role.CONTROL]
    return (FOLLOWED,) if control_kinds(road) and weights != [1.0] else ()


def _manner(parts: Parts, request: GenerationRequest, guided: Guided) -> Manner:
    """Return how to sample: as was asked, else as a LoRA for few steps wants it or the model."""
    few, card = guided.few_steps, parts.card
    steps, guidance = (few.steps, few.guidance) if few else (card.steps, card.guidance)
    return Manner(
        steps=request.steps or steps,
        guidance=guidance if request.guidance is None else request.guidance,
        sampler=few.sampler if few else None,
    )


def _bytes(planes: Tensor) -> NDArray[np.uint8]:
    """Return planes (1, c, h, w), 0..1, as (h, w, c)."""
    levels: NDArray[np.uint8] = (
        (planes[0] * 255).round().to(torch.uint8).permute(1, 2, 0).numpy(force=True)
    )
    return levels


def _unknown_words(parts: Parts, request: GenerationRequest) -> tuple[str, ...]:
    texts = (request.prompt, request.foreground_prompt, request.background_prompt)
    unknown = dict.fromkeys(word for text in texts for word in parts.text.unknown_words(text))
    if not unknown:
        return ()
    words = ", ".join(f"“{word}”" for word in unknown)
    return (f"The model does not know {words}, so the layer may show something else.",)
