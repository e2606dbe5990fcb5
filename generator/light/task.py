"""Shadow and light as part of a job: after the pictures that hold them, or as a task of their own.

No model and no torch: whoever has made subject, background and blended picture calls this last.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace

from generator.light.cast import cast_shadow
from generator.light.extract import ShadowAndLight, shadow_and_light
from generator.light.resize import resized
from generator.request import (
    RGBA8,
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Role,
    Task,
)

LIT_TASKS = frozenset({Task.BACKGROUND, Task.FOREGROUND, Task.TOGETHER})
LARGEST_SIDE = 2048  # pixels; light is smooth, and the editor scales what is smaller than its box


def with_light(
    request: GenerationRequest, layers: Sequence[GeneratedLayer]
) -> tuple[GeneratedLayer, ...]:
    """Return a job's layers with a shadow and a light for each seed that has them.

    Of tasks that end in a blended picture; a subject that was made is corrected towards it in
    colour, one that was given stays the caller's. Other jobs' layers come back as they are.
    """
    if request.task not in LIT_TASKS:
        return tuple(layers)
    seeds = dict.fromkeys(layer.seed for layer in layers)
    return tuple(each for seed in seeds for each in _lit(request, _of_seed(layers, seed), seed))


def shadow_layers(request: GenerationRequest) -> tuple[GeneratedLayer, ...]:
    """Do the task shadow; its layers have the size of the subject's picture or less.

    From the blended picture where there is one with its background, else a cast shadow. Raises
    `GenerationError` where the pictures hold neither shadow nor light.
    """
    given = {each.role: _bounded(each.pixels) for each in request.conditions}
    subject = given[Role.FOREGROUND]
    if Role.BLENDED not in given or Role.BACKGROUND not in given:
        shadow = cast_shadow(subject[..., 3], *astuple(request.cast))
        return (GeneratedLayer(Role.SHADOW, shadow, request.seed),)
    found = _found(subject, given[Role.BACKGROUND], given[Role.BLENDED])
    layers = tuple(_layers_of(found, request.seed))
    if not layers:
        raise GenerationError(
            ErrorKind.BAD_RESULT,
            "The blended picture shows no shadow and no light beside the subject.",
        )
    return layers


def shadow_result(request: GenerationRequest) -> GenerationResult:
    """Do the task shadow as a whole job, whatever model it names: it takes none."""
    began = time.monotonic()
    layers = shadow_layers(request)
    return GenerationResult(
        job=request.job,
        layers=layers,
        model=request.model,
        model_hash="",
        steps=0,
        guidance=0.0,
        seconds=time.monotonic() - began,
    )


def _of_seed(layers: Iterable[GeneratedLayer], seed: int) -> dict[Role, GeneratedLayer]:
    return {layer.role: layer for layer in layers if layer.seed == seed}


def _lit(
    request: GenerationRequest, made: dict[Role, GeneratedLayer], seed: int
) -> Iterable[GeneratedLayer]:
    given = {each.role: each.pixels for each in request.conditions}
    pictures = given | {role: layer.pixels for role, layer in made.items()}
    roles = (Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED)
    if not all(role in pictures for role in roles):
        return made.values()
    found = _found(*(pictures[role] for role in roles))
    subject = made.get(Role.FOREGROUND)
    if subject is not None and subject.pixels.shape == found.subject.shape:
        made[Role.FOREGROUND] = replace(subject, pixels=found.subject)
    return (*made.values(), *_layers_of(found, seed))


def _found(subject: RGBA8, background: RGBA8, blended: RGBA8) -> ShadowAndLight:
    """Measure all three in the size of the blended picture, which was made by a model."""
    height, width = blended.shape[:2]
    size = (width, height)
    return shadow_and_light(resized(subject, size), resized(background, size), blended)


def _layers_of(found: ShadowAndLight, seed: int) -> Iterable[GeneratedLayer]:
    for role, pixels in ((Role.SHADOW, found.shadow), (Role.LIGHT, found.light)):
        if pixels is not None:
            yield GeneratedLayer(role, pixels, seed)


def _bounded(rgba: RGBA8) -> RGBA8:
    height, width = rgba.shape[:2]
    ratio = LARGEST_SIDE / max(height, width)
    if ratio >= 1:
        return rgba
    return resized(rgba, (max(1, round(width * ratio)), max(1, round(height * ratio))))
