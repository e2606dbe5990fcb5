"""LayerDiffusion behind the door: keeps one model loaded and runs requests on it.

Turns what goes wrong into sentences; how a picture is made is `layer_diffusion/`'s affair.
"""

import logging
import time
from dataclasses import replace

import torch
from safetensors import SafetensorError

from generator.backend import Capabilities, IsCancelled, OnProgress
from generator.device import choose, describe
from generator.layer_diffusion.loading import dtype_for, load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.roads import ROADS, tasks_with
from generator.layer_diffusion.sampling import Cancelled
from generator.light.task import shadow_result, with_light
from generator.models.catalogue import Model
from generator.models.preflight import said_of
from generator.models.published import FAMILIES, at, without_family
from generator.models.store import find
from generator.request import (
    ErrorKind,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
    Task,
)

log = logging.getLogger(__name__)


class LayerDiffusionBackend:
    """Makes layers with any installed model; the model used last stays in memory."""

    def __init__(self, device: str) -> None:
        """Choose the device; `GenerationError` when this machine does not have it."""
        self._device = choose(device)
        self._loaded: tuple[Model, LayerDiffusionPipeline] | None = None

    def describe(self) -> str:
        """Say in words what it runs on, and where the loaded model is."""
        words = describe(self._device)
        return words if self._loaded is None else f"{words}; {self._loaded[1].describe()}"

    def capabilities(self, model: str) -> Capabilities:
        """Say what can be done with the model, from its family's roads and its files."""
        found = find(model)
        tasks = tasks_with(found) | {Task.SHADOW}  # which takes no model
        return replace(found.capabilities(tasks), tasks=tasks)

    def generate(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Make `count` layers, variant i as a job of its own with `seed + i` would make it."""
        if request.task is Task.SHADOW:
            on_progress(Progress("finishing", 0, 1))
            return shadow_result(request)
        began = time.monotonic()
        model = find(request.model)
        if request.task not in tasks_with(model):
            raise _cannot(request.task, model)
        on_progress(Progress("loading model", 0, 1))
        pipeline = self._pipeline(model)
        try:
            outcome = pipeline.run(request, on_progress, is_cancelled)
        except Cancelled as cancelled:
            raise GenerationError(ErrorKind.CANCELLED, "The job was cancelled.") from cancelled
        return GenerationResult(
            job=request.job,
            layers=with_light(request, outcome.layers),
            model=request.model,
            model_hash=pipeline.parts.card.hash,
            steps=outcome.steps,
            guidance=outcome.guidance,
            seconds=time.monotonic() - began,
            warnings=(*_preview(model, request.task), *said_of(request.model), *outcome.warnings),
            adapters=outcome.adapters,
        )

    def _pipeline(self, model: Model) -> LayerDiffusionPipeline:
        """The model's pipeline, loaded anew when its folder holds another version by now."""
        if self._loaded is not None and self._loaded[0] == model:
            return self._loaded[1]
        self._loaded = None  # two large models may not fit beside each other
        try:
            # On the CPU first: the pipeline brings to the device what fits there.
            device = torch.device(self._device)
            parts = load(model, "cpu", dtype_for(device))
            pipeline = LayerDiffusionPipeline(replace(parts, device=device))
        except GenerationError as error:
            if model.parts:  # of several files, of which the sentence names the one
                raise
            raise _damaged(model, error) from error
        except (OSError, SafetensorError, ValueError) as error:
            raise _damaged(model, error) from error
        self._loaded = (model, pipeline)
        return pipeline


def _damaged(model: Model, error: Exception) -> GenerationError:
    log.error("the model in %s", model.folder, exc_info=error)
    return GenerationError(
        ErrorKind.WEIGHTS_MISSING,
        f'The model "{model.name}" in {model.folder} is damaged or not complete.',
    )


def _preview(model: Model, task: Task) -> tuple[str, ...]:
    """Say that a task is not up to what one may expect, where the model's card says so."""
    if model.card is None or task not in model.card.preview:
        return ()
    return (f'With {model.card.title} the task "{task}" is a preview: expect soft pictures.',)


def _cannot(task: Task, model: Model) -> GenerationError:
    """Say what weights a model lacks for a task, or which other families have it."""
    assert model.card is not None
    name, family = model.name, FAMILIES.get(model.card.family)
    if family is not None and task in family.needs:
        entries = without_family(model.parts, family.name)
        needed = (*family.always[1:], *family.needs[task])
        lacking = [
            each for each in needed if at(entries, each.removeprefix(f"{family.name}-")) is None
        ]
        return GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f'For "{task}" the model "{name}" lacks what "main.py models get '
            f'{" ".join(lacking)}" fetches.',
        )
    own = ", ".join(sorted(tasks_with(model)))
    families = ", ".join(each for each, roads in ROADS.items() if task in roads)
    return GenerationError(
        ErrorKind.UNSUPPORTED,
        f'The model "{name}" cannot do "{task}", but it can do: {own}; models of these families '
        f"can: {families}.",
    )
