"""Reads installed weights and compares their hashes with those that are known. Changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from generator.models.hashes import sha256_of
from generator.models.locate import local_file, located
from generator.models.published import Weights, catalogue
from generator.models.registry import read_registry
from generator.models.store import models
from generator.models.stream import IsCancelled


class State(StrEnum):
    """What was found of a file."""

    RIGHT = "right"
    DAMAGED = "damaged"
    MISSING = "missing"
    UNPROVED = "there, but its hash is not known"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file of a model and its state."""

    name: str
    path: Path
    state: State


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    path: Path
    sha256: str | None


OnChecking = Callable[[str, int, int | None], None]  # path, bytes read, bytes in all


def verify(
    names: tuple[str, ...], on_checking: OnChecking, is_cancelled: IsCancelled
) -> Iterator[Checked]:
    """Read the files of the models, families and entries named, or of all that are here."""
    for file in _files():
        if names and not {file.name, file.name.partition("-")[0]} & set(names):
            continue

        def on_bytes(done: int, total: int | None, path: str = file.path.name) -> None:
            on_checking(path, done, total)

        if not file.path.is_file():
            state = State.MISSING
        elif file.sha256 is None:
            state = State.UNPROVED
        else:
            is_right = sha256_of(file.path, on_bytes, is_cancelled) == file.sha256
            state = State.RIGHT if is_right else State.DAMAGED
        yield Checked(file.name, file.path, state)


def _files() -> Iterator[_File]:
    found = located()
    for model in models():
        if model.card is not None:
            for path, sha256 in model.card.files.items():
                yield _File(model.name, model.folder / path, sha256)
    for weights in catalogue():
        if weights.name in found:
            yield from _published(weights, found[weights.name])
    for adopted in read_registry().files:
        yield _File(adopted.name, Path(adopted.path), adopted.sha256)


def _published(weights: Weights, place: Path) -> Iterator[_File]:
    for file in weights.files:
        path = local_file(place, file) if weights.is_folder else place
        assert path is not None
        is_other = weights.is_folder and path != place / file.path  # at full precision
        yield _File(weights.name, path, None if is_other else file.sha256)
