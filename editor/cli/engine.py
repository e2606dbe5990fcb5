"""One job from the command line to the generator and back, with its progress on stderr."""

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import astuple, replace

from editor.cli.output import NotDoneError, ProgressLine, UsageError
from editor.generation import Order
from generator.backend import Capabilities
from generator.client import GeneratorClient
from generator.models.published import FAMILIES
from generator.models.store import models
from generator.request import GenerationRequest, GenerationResult, Task


def made(client: GeneratorClient, order: Order) -> GenerationResult:
    """Run one order to its end; raises `GenerationError`."""
    progress = ProgressLine()
    try:
        return client.generate(order.request, progress.show)
    finally:
        progress.close()


def check_able(task: Task, able: Capabilities) -> None:
    """Raise `NotDoneError` where a model cannot do a task, with what can."""
    if task in able.tasks:
        return
    names = ", ".join(dict.fromkeys(able_to(task)))
    hint = f"these can: {names}" if names else "no model can yet"
    raise NotDoneError(f"The model {able.model} cannot do the task {task}; {hint}.")


def check_worn(options: argparse.Namespace) -> None:
    """Raise `UsageError` where options are about weights that the model does not wear."""
    model = next(each for each in models() if each.name == options.model)
    if model.card is not None and model.card.family in FAMILIES:
        return
    for name in ("weight", "stop_at"):
        if getattr(options, name) is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} has no meaning for the model {options.model}: "
                f"it is for models of {' and '.join(FAMILIES)}."
            )


def able_to(task: Task) -> Iterator[str]:
    """Yield the families, and the models that are here, that can do a task."""
    for family in FAMILIES.values():
        if task in family.needs:
            yield family.name
    for model in models():
        if model.is_installed and model.card is not None and task in model.card.tasks:
            yield model.name


def repeatable(order: Order) -> Order:
    """Name the job after what is asked, so that the same call writes the same bytes."""
    job = hashlib.sha256(repr(_said(order.request)).encode()).hexdigest()[:32]
    return replace(order, request=replace(order.request, job=job))


def _said(request: GenerationRequest) -> tuple[object, ...]:
    pictures = tuple(
        (each.role.value, each.kind, each.weight, hashlib.sha256(each.pixels.tobytes()).hexdigest())
        for each in request.conditions
    )
    return (
        request.prompt, request.negative_prompt, request.foreground_prompt,
        request.background_prompt, request.size, request.seed, request.task.value, request.model,
        request.steps, request.guidance, request.strength, request.count, request.patch_weight,
        request.stop_at, request.scale, request.is_draft, astuple(request.cast),
        tuple((each.name, each.weight) for each in request.loras), pictures,
    )  # fmt: skip
