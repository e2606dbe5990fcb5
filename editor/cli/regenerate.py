"""`regenerate`: a layer of a file made again in its place, by the recipe that the file holds."""

import argparse
from dataclasses import replace
from pathlib import Path

import msgspec

from editor.cli.asking import guides_from, layer_named, loras_from
from editor.cli.engine import check_able, made, repeatable
from editor.cli.output import NotDoneError, UsageError, answer, answer_json, say
from editor.cli.pictures import opened, with_mask
from editor.document.document import Document
from editor.document.layer import PixelLayer
from editor.edits.edit import found_pixels
from editor.formats import check_target, format_for, write
from editor.generation import Asked, asked_again, order_for, placed
from editor.settings import backend_name
from generator.client import GeneratorClient
from generator.models.store import check_known
from generator.request import GenerationResult, Role, Task


def run(options: argparse.Namespace) -> None:
    """Make a layer again and write the file with it; raises the errors that `run.py` knows."""
    format_for(options.output)
    check_target(options.output)
    document = opened(options.file)
    if options.mask is not None:
        document = with_mask(document, options.mask)
    layer = _layer(document, options)
    found_pixels(document, layer.id)  # raises where it is locked
    asked = _with_overrides(asked_again(document, layer.id, options.seed), options)
    check_known(asked.model)
    order = repeatable(order_for(document, (), asked))
    with GeneratorClient(backend_name(), options.device) as client:
        if asked.task is not Task.SHADOW:
            check_able(asked.task, client.capabilities(asked.model))
        say(f"seed {asked.seed}")
        result = made(client, order)
    after = placed(order, result).edit.apply(document)
    warnings = [*_other_model(layer, result), *result.warnings, *write(after, options.output)]
    _report(options.json, after, layer, options.output, warnings)


def _layer(document: Document, options: argparse.Namespace) -> PixelLayer:
    if options.layer is not None:
        return layer_named(document, options.layer)
    generated = [
        layer
        for layer in document.walk()
        if isinstance(layer, PixelLayer) and layer.recipe is not None
    ]
    if len(generated) == 1:
        return generated[0]
    if not generated:
        raise NotDoneError(f"No layer of {options.file.name} was generated: it has no recipe.")
    names = ", ".join(f"“{layer.name}”" for layer in generated)
    raise UsageError(f"Say which layer by --layer NAME; generated are: {names}.")


def _with_overrides(asked: Asked, options: argparse.Namespace) -> Asked:
    said = {
        "prompt": options.prompt,
        "negative_prompt": options.negative,
        "model": options.model,
        "steps": options.steps,
        "guidance": options.guidance,
        "strength": options.strength,
        "count": options.count,
        "foreground_prompt": options.foreground_prompt,
        "background_prompt": options.background_prompt,
        "patch_weight": options.weight,
        "stop_at": options.stop_at,
        "loras": None if options.lora is None else loras_from(options.lora),
        "is_draft": options.draft or None,
    }
    asked = replace(asked, **{name: value for name, value in said.items() if value is not None})
    fresh = guides_from(options.control, options.style)
    roles: set[Role] = {each.role for each in fresh}
    kept = tuple(each for each in asked.given if each.role not in roles)
    return replace(asked, given=(*kept, *fresh))


def _other_model(layer: PixelLayer, result: GenerationResult) -> list[str]:
    """Say where the model of that name is not the one that the layer was made with."""
    recipe = layer.recipe
    if recipe is None or recipe.model != result.model or recipe.model_hash == result.model_hash:
        return []
    return [f'The model "{result.model}" here is not the one that the layer was made with.']


def _report(
    as_json: bool, document: Document, layer: PixelLayer, output: Path, warnings: list[str]
) -> None:
    for warning in warnings:
        say(warning)
    again = document.find(layer.id)
    assert isinstance(again, PixelLayer)
    if not as_json:
        answer([str(output)])
        return
    answer_json(
        {
            "files": [str(output)],
            "layer": again.id,
            "recipe": msgspec.to_builtins(again.recipe),
            "warnings": warnings,
        }
    )
