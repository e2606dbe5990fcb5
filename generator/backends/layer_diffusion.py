"""LayerDiffusion behind the door: keeps one model loaded and runs requests on it.

Turns what goes wrong into sentences; how a picture is made is `layer_diffusion/`'s affair.
"""

import logging
import time
from dataclasses import replace

from safetensors import SafetensorError

from generator.backend import Capabilities, IsCancelled, OnProgress
from generator.device import choose, describe
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.sampling import Cancelled
from generator.light.task import shadow_result
from generator.models.catalogue import Model
from generator.models.store import find
from generator.request import (
    RGBA8,
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
    Role,
    Task,
)

log = logging.getLogger(__name__)

TASKS = frozenset({Task.LAYER})  # what the package can do; a model's card may say less


class LayerDiffusionBackend:
    """Makes layers with any installed model; the model used last stays in memory."""

    def __init__(self, device: str) -> None:
        """Choose the device; `GenerationError` when this machine does not have it."""
        self._device = choose(device)
        self._loaded: tuple[Model, LayerDiffusionPipeline] | None = None

    def describe(self) -> str:
        """Say in words what it runs on."""
        return describe(self._device)

    def capabilities(self, model: str) -> Capabilities:
        """Say what the model's card says, as far as this engine can do it."""
        able = _usable(model).capabilities(TASKS)
        return replace(able, tasks=able.tasks | {Task.SHADOW})  # which takes no model

    def generate(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Make `count` layers, variant i as a job of its own with `seed + i` would make it."""
        if request.task is Task.SHADOW:
            on_progress(Progress("finishing", 0, 1))
            return shadow_result(request)
        began = time.monotonic()
        able = self.capabilities(request.model)
        if request.task not in able.tasks:
            possible = ", ".join(sorted(able.tasks))
            raise GenerationError(
                ErrorKind.UNSUPPORTED,
                f'The model "{request.model}" cannot do "{request.task}"; it can do: {possible}.',
            )
        on_progress(Progress("loading model", 0, 1))
        pipeline = self._pipeline(_usable(request.model))
        try:
            layers = tuple(
                GeneratedLayer(
                    Role.FOREGROUND,
                    _variant(pipeline, request, index, on_progress, is_cancelled),
                    request.seed + index,
                )
                for index in range(request.count)
            )
        except Cancelled as cancelled:
            raise GenerationError(ErrorKind.CANCELLED, "The job was cancelled.") from cancelled
        return GenerationResult(
            job=request.job,
            layers=layers,
            model=request.model,
            model_hash=pipeline.card.hash,
            steps=request.steps or able.default_steps,
            guidance=able.default_guidance if request.guidance is None else request.guidance,
            seconds=time.monotonic() - began,
            warnings=_unknown_words(pipeline, request.prompt),
        )

    def _pipeline(self, model: Model) -> LayerDiffusionPipeline:
        """The model's pipeline, loaded anew when its folder holds another version by now."""
        if self._loaded is not None and self._loaded[0] == model:
            return self._loaded[1]
        self._loaded = None  # two large models may not fit beside each other
        try:
            pipeline = LayerDiffusionPipeline.load(model.folder, self._device)
        except (OSError, SafetensorError, ValueError) as error:
            log.exception("the model in %s", model.folder)
            raise GenerationError(
                ErrorKind.WEIGHTS_MISSING,
                f'The model "{model.name}" in {model.folder} is damaged or not complete.',
            ) from error
        self._loaded = (model, pipeline)
        return pipeline


def _variant(
    pipeline: LayerDiffusionPipeline,
    request: GenerationRequest,
    index: int,
    on_progress: OnProgress,
    is_cancelled: IsCancelled,
) -> RGBA8:
    def on_step(step: int, steps: int, preview: RGBA8 | None) -> None:
        done, in_all = index * steps + step, request.count * steps
        on_progress(Progress("step", done, in_all, preview))
        if done == in_all:
            on_progress(Progress("finishing", done, in_all))

    return pipeline.generate(
        request.prompt,
        request.negative_prompt,
        request.size,
        request.seed + index,
        request.steps,
        request.guidance,
        on_step,
        is_cancelled,
    )


def _usable(name: str) -> Model:
    """The installed model of that name, if the pipeline can run what its folder holds."""
    model = find(name)
    if model.parts:
        raise GenerationError(
            ErrorKind.UNSUPPORTED,
            f'This version cannot generate with "{name}" yet; its files stay where they are.',
        )
    return model


def _unknown_words(pipeline: LayerDiffusionPipeline, prompt: str) -> tuple[str, ...]:
    unknown = pipeline.unknown_words(prompt)
    if not unknown:
        return ()
    words = ", ".join(f"“{word}”" for word in unknown)
    return (f"The model does not know {words}, so the layer may show something else.",)
