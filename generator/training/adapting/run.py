"""One fine-tune from what was asked to the file: find, check, encode, train, write."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from safetensors import SafetensorError
from torch import Tensor

from generator.device import choose
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.models.store import find
from generator.request import ErrorKind, GenerationError, Task
from generator.training.adapting.assets import assets_in, bad, data_hash, usable
from generator.training.adapting.files import not_written
from generator.training.adapting.lessons import Drawn, Source, lessons_of
from generator.training.adapting.low_rank import Adapter
from generator.training.adapting.originals import drawn_originals, original_assets
from generator.training.adapting.result import Origin, pictured, write_adapter
from generator.training.adapting.settings import DEFAULTS, Settings
from generator.training.adapting.trainer import CHECKPOINT, Course, train

log = logging.getLogger(__name__)

CACHE = "lessons.safetensors"
SHEET_PICTURES = 9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for; all that is not `given` is the family's default."""

    model: str
    assets: Path
    out: Path
    originals: Path | None = None
    word: str = ""
    licence: str = "not stated"
    prompts: tuple[str, ...] = ()  # of the sheets; none: the first captions
    every: int | None = None
    device: str = "cpu"
    resume: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)  # Any: numbers of `Settings`


def adapt(asked: Asked) -> Path:
    """Train, and return the LoRA's file; raises `GenerationError` with one sentence."""
    found, said = usable(assets_in(asked.assets))
    for sentence in said:
        log.warning("%s", sentence)
    _check_place(asked)
    chosen = choose(asked.device)
    accelerator = Accelerator(cpu=chosen == "cpu")
    if accelerator.num_processes > 1:  # each has a device of its own
        chosen = str(accelerator.device)
    parts = loaded(asked.model, chosen)
    settings = settings_for(parts, asked.given)
    source = _source(asked, parts, settings, found)
    with accelerator.main_process_first():
        lessons = lessons_of(parts, source, settings.placements, asked.out / CACHE, settings.seed)
    torch.manual_seed(settings.seed)
    adapter = Adapter(
        parts.unet, settings.rank, settings.alpha, convolutions=settings.convolutions
    ).to(parts.device)
    if parts.device.type != "cpu":
        parts.unet.enable_gradient_checkpointing()
    data = data_hash(source.assets)
    every = asked.every or max(1, settings.steps // 2)
    course = Course(parts, adapter, lessons, settings, asked.out, every, data)
    path = asked.out / f"{asked.out.resolve().name}.safetensors"
    prompts = asked.prompts or tuple(dict.fromkeys(source.captions))[:SHEET_PICTURES]

    def keep(weights: dict[str, Tensor], step: int) -> None:
        origin = Origin(path.stem, parts.card, data, step, asked.word, asked.licence)
        write_adapter(path, adapter, weights, origin)
        page = pictured(parts, adapter, weights, prompts)
        try:
            page.save(asked.out / f"sheet-{step:06d}.png")
        except OSError as error:
            raise not_written(asked.out / f"sheet-{step:06d}.png", error) from error
        log.info("step %d: %s", step, path)

    loss = train(course, accelerator, keep)
    log.info("%d steps, loss %.4f", settings.steps, loss)
    return path


def loaded(name: str, device: str) -> Parts:
    """Load an installed model that makes transparent layers; `GenerationError` if it cannot."""
    model, chosen = find(name), torch.device(choose(device))
    # Of half precisions the one whose exponents do not overflow while learning.
    dtype = torch.float32 if chosen.type == "cpu" else torch.bfloat16
    try:
        parts = load(model, chosen, dtype)
    except (OSError, SafetensorError, ValueError) as error:
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f'The model "{name}" in {model.folder} is damaged or not complete.',
        ) from error
    if Task.LAYER not in parts.roads or not parts.transparency.has_encoder:
        lacking = f"{parts.card.family}-encoder {parts.card.family}-layer"
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f'To learn from transparent pictures the model "{name}" needs what "main.py models '
            f'get {lacking}" fetches.',
        )
    return parts


def settings_for(parts: Parts, given: Mapping[str, Any]) -> Settings:
    """Return the family's settings with what was given; a rank alone takes its alpha along."""
    usual = DEFAULTS[parts.card.family if parts.card.family in DEFAULTS else "pocket"]
    changes = dict(given)
    if "rank" in given:
        changes.setdefault("alpha", float(given["rank"]))
    return replace(usual, **changes).checked()


def _check_place(asked: Asked) -> None:
    try:
        asked.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(asked.out, error) from error
    if (asked.out / CHECKPOINT).exists() and not asked.resume:
        raise bad(f"{asked.out} holds an earlier run: give --resume, or another folder by --out.")
    if asked.every is not None and asked.every < 1:
        raise bad("There must be at least one step between checkpoints.")


def _source(asked: Asked, parts: Parts, settings: Settings, found: tuple[Any, ...]) -> Source:
    """Put assets and originals together; without a folder of originals the pocket's are drawn."""
    share: float | None = settings.originals_share
    drawn: tuple[Drawn, ...] = ()
    if asked.originals is not None:
        found = (*found, *original_assets(asked.originals))
    elif any(each.is_original for each in found):  # as a round of curation mixed them
        share = share if "originals_share" in asked.given else None
    elif share and (parts.card.family == "pocket" or "originals_share" in asked.given):
        drawn = drawn_originals(parts.card.family, settings.seed)
    return Source(found, drawn, share, asked.word)
