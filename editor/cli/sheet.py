"""`sheet`: many assets in one style, from a list to files, an atlas and a layered sheet."""

import argparse
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from editor.cli.asking import guides_from, loras_from
from editor.cli.asset_list import Row, rows_of
from editor.cli.atlas import ATLAS, DESCRIPTION, SHEET, check_atlas, written_sheet
from editor.cli.engine import check_able, check_worn, made, repeatable
from editor.cli.output import answer, answer_json, say
from editor.cli.targets import alone, check_folder
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer
from editor.formats import check_target
from editor.generation import Asked, order_for, placed
from editor.settings import backend_name
from generator.client import GeneratorClient
from generator.models.store import check_known
from generator.request import Task


def run(options: argparse.Namespace) -> None:
    """Make all of a list and write it; raises the errors that `run.py` knows."""
    rows = rows_of(options.list)
    check_known(options.model)
    check_worn(options)
    check_folder(options.output)
    if options.output.is_dir():
        for name in (ATLAS, DESCRIPTION, SHEET):
            check_target(options.output / name)
    first = secrets.randbelow(2**31) if options.seed is None else options.seed
    usual = _asked(options)
    asked = [_asked_for(row, usual, first + index) for index, row in enumerate(rows)]
    for each in asked:
        order_for(Document(size=options.size or Size(1, 1)), (), each)
    with GeneratorClient(backend_name(), options.device) as client:
        able = client.capabilities(options.model)
        check_able(Task.LAYER, able)
        size = options.size or Size(*able.native_size)
        check_atlas(size, len(rows))
        layers, warnings = _made(client, asked, size)
    named = [
        replace(layer, name=row.name or layer.name) for layer, row in zip(layers, rows, strict=True)
    ]
    files, said = written_sheet(named, size, options.output)
    _report(options.json, files, [*warnings, *said])


def _asked(options: argparse.Namespace) -> Asked:
    return Asked(
        prompt="",
        seed=0,
        model=options.model,
        negative_prompt=options.negative or "",
        steps=options.steps,
        guidance=options.guidance,
        patch_weight=1.0 if options.weight is None else options.weight,
        stop_at=options.stop_at,
        loras=loras_from(options.lora),
        given=guides_from(options.control, options.style),
        is_draft=options.draft,
    )


def _asked_for(row: Row, usual: Asked, seed: int) -> Asked:
    return replace(
        usual,
        prompt=row.prompt,
        seed=seed if row.seed is None else row.seed,
        negative_prompt=usual.negative_prompt if row.negative is None else row.negative,
    )


def _made(
    client: GeneratorClient, asked: Sequence[Asked], size: Size
) -> tuple[list[PixelLayer], list[str]]:
    canvas = Document(size=size)
    layers: list[PixelLayer] = []
    warnings: list[str] = []
    for number, each in enumerate(asked, 1):
        say(f"{number} of {len(asked)}: {each.prompt}, seed {each.seed}")
        order = repeatable(order_for(canvas, (), replace(each, box=canvas.rect)))
        result = made(client, order)
        warnings += [f"{each.prompt}: {words}" for words in result.warnings]
        done = placed(order, result)
        layer = done.edit.apply(canvas).find(done.layer)
        assert isinstance(layer, PixelLayer)
        layers.append(alone(layer))
    return layers, warnings


def _report(as_json: bool, files: Sequence[Path], warnings: Sequence[str]) -> None:
    for warning in warnings:
        say(warning)
    if as_json:
        answer_json({"files": [str(path) for path in files], "warnings": list(warnings)})
    else:
        answer(str(path) for path in files)
