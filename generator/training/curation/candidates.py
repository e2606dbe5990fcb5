"""Makes candidates: some pictures a prompt into a folder, each with its recipe inside.

Through the same engine as every job, so that any installed model serves. A run that was stopped
goes on where it was: what the index names is there.
"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from generator.request import (
    GeneratedLayer,
    GenerationRequest,
    GenerationResult,
    Lora,
    Role,
)
from generator.training.adapting.assets import bad
from generator.training.adapting.files import not_written, write_whole
from generator.training.curation.flags import flags_of
from generator.training.curation.records import (
    INDEX,
    Candidate,
    append_record,
    read_records,
    write_records,
)

log = logging.getLogger(__name__)

RECIPE_KEYWORD = "acetate:recipe"  # of the text in a PNG by which the editor knows how it was made
NAME_LENGTH = 40

Make = Callable[[GenerationRequest], GenerationResult]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What candidates are asked for."""

    prompts: tuple[str, ...]
    each: int  # candidates a prompt
    model: str
    size: tuple[int, int]
    round: int = 0
    seed: int = 1
    lora: Lora | None = None


def prompts_in(path: Path) -> tuple[str, ...]:
    """Read one prompt a line; `GenerationError` where there is none."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise bad(f"{path} cannot be read as a list of prompts.") from error
    found = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not found:
        raise bad(f"{path} has no prompts: write one on each line.")
    return found


def make_candidates(wanted: Wanted, folder: Path, make: Make) -> list[Candidate]:
    """Make what the folder's index does not name yet; returns all of the index."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error
    kept = read_records(folder / INDEX, Candidate)
    if kept:
        write_records(folder / INDEX, kept)  # without what a crash has cut
    there = {each.file for each in kept}
    total = len(wanted.prompts) * wanted.each
    for number in range(total):
        prompt = wanted.prompts[number // wanted.each]
        seed = wanted.seed + number
        name = f"{_slug(prompt)}-{seed}.png"
        if name in there:
            continue
        loras = (wanted.lora,) if wanted.lora else ()
        request = GenerationRequest(prompt, wanted.size, seed, model=wanted.model, loras=loras)
        result = make(request)
        layer = next(each for each in result.layers if each.role is Role.FOREGROUND)
        write_whole(folder / name, _png(layer, request, result))
        append_record(folder / INDEX, _candidate(name, wanted, layer, request, result))
        if (number + 1) % 10 == 0:
            log.info("%d of %d", number + 1, total)
    return read_records(folder / INDEX, Candidate)


def _candidate(
    name: str,
    wanted: Wanted,
    layer: GeneratedLayer,
    request: GenerationRequest,
    result: GenerationResult,
) -> Candidate:
    used = next(iter(result.adapters), None)
    return Candidate(
        file=name,
        prompt=request.prompt,
        seed=layer.seed,
        round=wanted.round,
        model=result.model,
        model_hash=result.model_hash,
        adapter=used.name if used else "",
        adapter_hash=used.hash if used else "",
        adapter_weight=used.weight if used else 0.0,
        flags=flags_of(layer.pixels, request.prompt),
    )


def _png(layer: GeneratedLayer, request: GenerationRequest, result: GenerationResult) -> bytes:
    """Return a PNG with the recipe that the editor reads."""
    recipe = {
        "task": request.task.value,
        "prompt": request.prompt,
        "seed": layer.seed,
        "model": result.model,
        "steps": result.steps,
        "guidance": result.guidance,
        "model_hash": result.model_hash,
        "adapters": [
            {"name": each.name, "hash": each.hash, "weight": each.weight, "is_lora": True}
            for each in result.adapters
        ],
        "role": layer.role.value,
        "job": result.job,
    }
    notes = PngInfo()
    notes.add_itxt(RECIPE_KEYWORD, json.dumps(recipe))
    stream = io.BytesIO()
    Image.fromarray(layer.pixels).save(stream, "PNG", pnginfo=notes)
    return stream.getvalue()


def _slug(prompt: str) -> str:
    """Return a prompt as the beginning of a file's name."""
    return re.sub(r"[^\w]+", "-", prompt.lower())[:NAME_LENGTH].strip("-") or "picture"
