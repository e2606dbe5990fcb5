"""`generate`: a prompt becomes a layer in a file.

All that can be known to fail is checked before the model is asked, and nothing is written before
all of it is made.
"""

import argparse
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from editor.cli.arguments import MORE, PICTURES
from editor.cli.output import NotDoneError, ProgressLine, UsageError, answer, answer_json, say
from editor.document.document import Document
from editor.document.geometry import Rect, Size
from editor.document.layer import PixelLayer, Variant
from editor.formats import FormatError, check_target, format_for, read, write
from editor.formats.image import ImageFormat
from editor.generation import Asked, Order, layer_name, order_for, placed
from editor.settings import backend_name
from generator.backend import Capabilities
from generator.client import GeneratorClient
from generator.models.store import check_known
from generator.request import GenerationResult, Task

SLUG_LENGTH = 40
MAX_GUIDANCE = 100.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where results go: one file, or a folder that gets a PNG for each variant."""

    path: Path
    is_folder: bool


def run(options: argparse.Namespace) -> None:
    """Generate and write; what is wrong is raised as one of the errors that `run.py` knows."""
    _check_task(options)
    check_known(options.model)
    if options.seed is None:
        options.seed = secrets.randbelow(2**31)
    target = _target(options)
    document = None if options.on is None else _opened(options.on)
    # Known to be wrong without a model: an empty prompt, a size of nothing, a count of nothing.
    start, asked = _asked(options, document, Size(1, 1))
    order_for(start, (), asked)
    with GeneratorClient(backend_name(), options.device) as client:
        able = client.capabilities(options.model)
        _check_able(options.task, able)
        start, asked = _asked(options, document, Size(*able.native_size))
        order = _repeatable(order_for(start, (), asked))
        say(f"seed {order.request.seed}")
        progress = ProgressLine()
        try:
            result = client.generate(order.request, progress.show)
        finally:
            progress.close()
    document, layer = _with_layer(start, order, result)
    files, warnings = _written(document, layer, target)
    _report(options.json, layer, files, [*result.warnings, *warnings])


def _check_task(options: argparse.Namespace) -> None:
    if options.task is not Task.LAYER:
        raise NotDoneError(f"--task {options.task.value} is not possible yet; the task layer is.")
    for name in (*PICTURES, *MORE):
        if getattr(options, name) is not None:
            option = name.replace("_", "-")
            raise NotDoneError(f"--{option} is not possible yet: a layer is made from words alone.")
    guidance = options.guidance
    if guidance is not None and not 0 <= guidance <= MAX_GUIDANCE:
        raise UsageError(f"The guidance must be between 0 and {MAX_GUIDANCE:g}, not {guidance}.")
    if options.box is not None and options.box.is_empty:
        raise UsageError("The box has no pixels.")
    if options.box is not None and options.size is not None and options.on is not None:
        raise UsageError("With --on, give --box or --size: the box has a size already.")


def _check_able(task: Task, able: Capabilities) -> None:
    if task not in able.tasks:
        raise NotDoneError(f"The model {able.model} cannot do the task {task.value}.")


def _target(options: argparse.Namespace) -> Target:
    """Return where to write, once it is sure that this can be done."""
    path = Path(options.output)
    if options.output.endswith(("/", os.sep)) or path.is_dir() or not path.suffix:
        _check_folder(path)
        if options.on is not None:
            raise UsageError("With --on, OUT is a file: the document with the new layer.")
        return Target(path, is_folder=True)
    is_flat = isinstance(format_for(path), ImageFormat)
    if options.count > 1 and is_flat:
        raise UsageError(f"{path.name} holds one picture; for variants let OUT be a folder.")
    check_target(path)
    return Target(path, is_folder=False)


def _check_folder(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise FormatError(f"{path} is a file, not a folder.")
    check_target((path if path.is_dir() else path.parent) / ".acetate-target.png")


def _opened(path: Path) -> Document:
    loaded = read(path)
    for warning in loaded.warnings:
        say(warning)
    return loaded.document


def _asked(
    options: argparse.Namespace, document: Document | None, native: Size
) -> tuple[Document, Asked]:
    """Return the document to work on, empty where there was none, and what is asked of it."""
    asked = Asked(
        prompt=options.prompt,
        seed=options.seed,
        task=options.task,
        model=options.model,
        negative_prompt=options.negative,
        steps=options.steps,
        guidance=options.guidance,
        count=options.count,
        box=options.box,
    )
    if document is None:
        document = Document(size=options.size or native)
        return document, replace(asked, box=options.box or document.rect)
    if options.size is not None:
        asked = replace(asked, box=_centred(document.size, options.size))
    return document, asked


def _centred(canvas: Size, size: Size) -> Rect:
    x, y = (canvas.width - size.width) // 2, (canvas.height - size.height) // 2
    return Rect(x, y, x + size.width, y + size.height)


def _repeatable(order: Order) -> Order:
    """Name the job after what is asked, so that the same call writes the same bytes."""
    request = order.request
    said = (
        request.prompt, request.negative_prompt, request.size, request.seed, request.task.value,
        request.model, request.steps, request.guidance, request.count,
    )  # fmt: skip
    job = hashlib.sha256(repr(said).encode()).hexdigest()[:32]
    return replace(order, request=replace(request, job=job))


def _with_layer(
    document: Document, order: Order, result: GenerationResult
) -> tuple[Document, PixelLayer]:
    done = placed(order, result)
    document = done.edit.apply(document)
    layer = document.find(done.layer)
    assert isinstance(layer, PixelLayer)
    return document, layer


def _written(document: Document, layer: PixelLayer, target: Target) -> tuple[list[Path], list[str]]:
    """Write what the target is to hold; returns the files and what they could not hold."""
    if not target.is_folder:
        return [target.path], list(write(document, target.path))
    target.path.mkdir(exist_ok=True)
    files: list[Path] = []
    warnings: list[str] = []
    for path, variant in _variant_files(layer, target.path):
        alone = replace(
            layer,
            pixels=variant.pixels,
            offset=variant.offset,
            recipe=variant.recipe,
            variants=(variant,),
            variant=0,
        )
        warnings += write(replace(document, layers=(alone,)), path)
        files.append(path)
    return files, warnings


def _variant_files(layer: PixelLayer, folder: Path) -> Iterator[tuple[Path, Variant]]:
    for variant in layer.variants:
        assert variant.recipe is not None
        yield folder / f"{slug(layer.name)}-{variant.recipe.seed}.png", variant


def slug(name: str) -> str:
    """Return a name that every file system takes, made of the letters and digits of a text."""
    kept = "".join(each if each.isalnum() else " " for each in layer_name(name))
    return "-".join(kept.split())[:SLUG_LENGTH].strip("-") or "layer"


def _report(as_json: bool, layer: PixelLayer, files: list[Path], warnings: list[str]) -> None:
    for warning in warnings:
        say(warning)
    if not as_json:
        answer(str(path) for path in files)
        return
    recipes = [msgspec.to_builtins(variant.recipe) for variant in layer.variants]
    answer_json(
        {
            "files": [str(path) for path in files],
            "recipe": recipes[0],
            "recipes": recipes,
            "warnings": warnings,
        }
    )
