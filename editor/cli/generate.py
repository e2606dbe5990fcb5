"""`generate`: one task, from words and files to a file with what was made.

All that can be known to fail is checked before the model is asked, and nothing is written before
all of it is made.
"""

import argparse
import secrets
from dataclasses import replace
from pathlib import Path

import msgspec

from editor.cli.asking import at_native_size, start_from
from editor.cli.combinations import check_combination
from editor.cli.engine import check_able, check_worn, made, repeatable
from editor.cli.output import UsageError, answer, answer_json, say
from editor.cli.targets import Target, alone, target_of, written_file, written_folder
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import LayerId, PixelLayer, moved
from editor.generation import Order, Placed, order_for, placed
from editor.settings import backend_name
from generator.client import GeneratorClient
from generator.models.store import check_known
from generator.request import GenerationResult, Role, Task


def run(options: argparse.Namespace) -> None:
    """Generate and write; what is wrong is raised as one of the errors that `run.py` knows."""
    check_combination(options)
    check_known(options.model)
    check_worn(options)
    if options.seed is None:
        options.seed = secrets.randbelow(2**31)
    target = target_of(options.output, is_on_document=options.on is not None)
    if options.count > 1 and target.is_flat:
        raise UsageError(f"{target.path.name} holds one picture; for variants let OUT be a folder.")
    start = start_from(options)
    # Known to be wrong without a model: an empty prompt, a size of nothing, a picture of nothing.
    order = order_for(start.document, start.active, start.asked)
    with GeneratorClient(backend_name(), options.device) as client:
        if options.task is not Task.SHADOW:
            able = client.capabilities(options.model)
            check_able(options.task, able)
            if start.is_bare:
                start = at_native_size(start, Size(*able.native_size))
                order = order_for(start.document, start.active, start.asked)
        order = repeatable(order)
        say(f"seed {order.request.seed}")
        result = made(client, order)
    _finish(options, target, start.document, order, result)


def _finish(
    options: argparse.Namespace,
    target: Target,
    document: Document,
    order: Order,
    result: GenerationResult,
) -> None:
    done = placed(order, result)
    document = done.edit.apply(document)
    layers = _made_layers(document, done, order)
    if options.on is None and options.task is Task.UPSCALE:
        document, layers = _enlarged(document, layers[0], order)
    warnings: list[str] = []
    if target.is_folder:
        files, warnings = written_folder(document, layers, target.path)
    elif target.is_flat and options.on is None:
        one = replace(document, layers=(alone(layers[0]),))
        files, warnings = written_file(one, target.path)
        warnings += _left_out(target, layers)
    else:
        files, warnings = written_file(document, target.path)
    _report(options.json, layers, files, [*result.warnings, *warnings])


def _made_layers(document: Document, done: Placed, order: Order) -> tuple[PixelLayer, ...]:
    """Return the layers that were made or grown, the main one first, with what is new in them."""
    ids = dict.fromkeys((done.layer, *(layer for _, layer in done.layers)))
    return tuple(_fresh(document, layer, order.request.job) for layer in ids)


def _fresh(document: Document, layer_id: LayerId, job: str) -> PixelLayer:
    layer = document.find(layer_id)
    assert isinstance(layer, PixelLayer)
    variants = tuple(each for each in layer.variants if each.recipe and each.recipe.job == job)
    return replace(layer, variants=variants, variant=0)


def _enlarged(
    document: Document, layer: PixelLayer, order: Order
) -> tuple[Document, tuple[PixelLayer, ...]]:
    """Return the enlarged layer alone, on a canvas that is as much larger."""
    scale = order.request.scale
    dx = (order.box.width * scale - order.box.width) // 2 - order.box.x0
    dy = (order.box.height * scale - order.box.height) // 2 - order.box.y0
    shifted = moved(layer, dx, dy)
    assert isinstance(shifted, PixelLayer)
    size = Size(order.box.width * scale, order.box.height * scale)
    return replace(document, size=size, layers=(shifted,), selection=None), (shifted,)


def _left_out(target: Target, layers: tuple[PixelLayer, ...]) -> list[str]:
    names = [f"“{layer.name}”" for layer in layers[1:] if not layer.pixels.content.is_empty]
    if not names:
        return []
    others = ", ".join(names)
    return [
        f"{target.path.name} holds one picture, so {others} is not in it; "
        "a layered file or a folder holds all."
    ]


def _report(
    as_json: bool, layers: tuple[PixelLayer, ...], files: list[Path], warnings: list[str]
) -> None:
    for warning in warnings:
        say(warning)
    if not as_json:
        answer(str(path) for path in files)
        return
    recipes = [msgspec.to_builtins(each.recipe) for each in layers[0].variants]
    answer_json(
        {
            "files": [str(path) for path in files],
            "recipe": recipes[0],
            "recipes": recipes,
            "layers": [_described(layer) for layer in layers],
            "warnings": warnings,
        }
    )


def _described(layer: PixelLayer) -> dict[str, object]:
    role = Role.FOREGROUND.value if layer.recipe is None else layer.recipe.role
    return {"id": layer.id, "name": layer.name, "role": role, "rect": list(layer.rect)}
