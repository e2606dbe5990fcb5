"""Finds models on this machine: those that ship with the program and those of the user."""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from generator.models.adapters import adapters
from generator.models.catalogue import Card, Model, model_in
from generator.models.locate import local_file, located
from generator.models.places import own_folder, shipped_folder
from generator.models.published import (
    FAMILIES,
    Family,
    at,
    catalogue,
    published,
    without_family,
)
from generator.models.recognise import Kind
from generator.models.registry import Adopted, read_registry
from generator.request import ErrorKind, GenerationError, Task

log = logging.getLogger(__name__)

SHIPPED = ("pocket",)  # known by name even where their weights are missing


def folders() -> tuple[Path, ...]:
    """Where models are looked for, the first that has one wins; `ACETATE_MODELS` adds in front."""
    return (own_folder(), shipped_folder())


def models() -> tuple[Model, ...]:
    """All models that are known on this machine, by name, installed or not."""
    found = {name: _missing(name) for name in SHIPPED}
    found |= {model.name: model for model in _published_and_adopted()}
    for parent in reversed(folders()):
        for card_path in sorted(parent.glob("*/model.json")):
            model = _read(card_path.parent)
            if model is not None:
                found[model.name] = model
    return tuple(found[name] for name in sorted(found))


def check_known(name: str) -> None:
    """Raise `GenerationError` with the names there are, if this is none of them."""
    known = [model.name for model in models()]
    if name not in known:
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f'There is no model "{name}"; there are: {", ".join(known)}.'
        )


def find(name: str) -> Model:
    """The installed model of that name; `GenerationError` when it is unknown or not all there."""
    check_known(name)
    model = next(model for model in models() if model.name == name)
    if not model.is_installed:
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f'The model "{name}" is not installed completely: {_what_is_missing(model)}.',
        )
    return model


def loras() -> tuple[Adopted, ...]:
    """Return the LoRAs that the user has added or fetched, by name, those in their place."""
    return adapters(Kind.LORA)


def taken_names(adopted: Iterable[Adopted]) -> set[str]:
    """Return the names that no other file may take, beside those of these files."""
    names = {*SHIPPED, *FAMILIES, *(weights.name for weights in catalogue())}
    names |= {path.parent.name for folder in folders() for path in folder.glob("*/model.json")}
    return names | {each.name for each in adopted}


def _published_and_adopted() -> Iterator[Model]:
    parts = located()
    for family in FAMILIES.values():
        own = {name: path for name, path in parts.items() if name.startswith(f"{family.name}-")}
        base = own.get(f"{family.name}-base")
        licences = dict.fromkeys(weights.terms.licence for weights in published(family.name))
        card = _card(family, family.name, family.title, own, ", ".join(licences))
        folder = base or own_folder() / f"{family.name}-base"
        yield Model(family.name, folder, card, bool(base and card.tasks), _size(own), own)
        for adopted in read_registry().files:
            if adopted.kind is Kind.CHECKPOINT and adopted.family == family.name:
                yield _adopted(adopted, family, own)


def _adopted(adopted: Adopted, family: Family, parts: dict[str, Path]) -> Model:
    path = Path(adopted.path)
    card = _card(family, adopted.name, adopted.name, parts, "the user's own file")
    card = replace(card, hash=adopted.sha256)
    is_configured = f"{family.name}-configuration" in parts
    is_installed = adopted.is_there and is_configured and bool(card.tasks)
    return Model(
        adopted.name, path.parent, card, is_installed, adopted.size_bytes, parts, checkpoint=path
    )


def _card(family: Family, name: str, title: str, parts: dict[str, Path], licence: str) -> Card:
    """Describe a model of a family; its tasks are those whose weights are all here."""
    own = without_family(parts, family.name)
    has_decoder = at(own, "decoder") is not None
    needed = {
        task: [at(own, name.removeprefix(f"{family.name}-")) for name in names]
        for task, names in family.needs.items()
    }
    tasks = (task for task, paths in needed.items() if has_decoder and None not in paths)
    return Card(
        name=name,
        title=title,
        family=family.name,
        native_size=family.native_size,
        steps=family.steps,
        guidance=family.guidance,
        hash=_family_hash(family),
        files={},
        licence=licence,
        tasks=tuple(tasks),
    )


def _family_hash(family: Family) -> str:
    """Hash what names the published weights: revisions and, where known, their files' hashes."""
    lines = (
        f"{weights.repository}@{weights.revision} {file.path} {file.sha256}"
        for weights in published(family.name)
        for file in weights.files
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _what_is_missing(model: Model) -> str:
    if model.card is None or model.card.family not in FAMILIES:
        return f"files are missing in {model.folder}"
    if model.checkpoint is not None and not model.checkpoint.is_file():
        return f"{model.checkpoint} is missing"
    family = FAMILIES[model.card.family]
    base = "base" if model.checkpoint is None else "configuration"
    least = (f"{family.name}-{base}", f"{family.name}-decoder", *family.needs[Task.LAYER])
    lacking = " ".join(name for name in least if name not in model.parts)
    return f'for a layer it lacks what "main.py models get {lacking}" fetches'


def _size(parts: dict[str, Path]) -> int:
    """Add up the files of the entries found, and of their folders no others."""
    entries = (weights for weights in catalogue() if weights.name in parts)
    files = {
        local_file(parts[weights.name], file) if weights.is_folder else parts[weights.name]
        for weights in entries
        for file in weights.files
    }
    return sum(file.stat().st_size for file in files if file is not None)


def _missing(name: str) -> Model:
    return Model(name, shipped_folder() / name, card=None, is_installed=False, size_bytes=0)


def _read(folder: Path) -> Model | None:
    try:
        return model_in(folder)
    except (OSError, ValueError) as error:
        log.warning("a model that cannot be read: %s", error)
        return None
