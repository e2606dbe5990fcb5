"""The published weights that can be fetched, and what each task of a family needs of them.

Where each file lies, its size, hash and terms are facts in `resources/models/catalogue.json`; those
that nobody has stated are null there. Sources: the hub's listings, and hashes that other public
projects have pinned. Nothing here looks at this machine or at the hub.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from generator.models.places import shipped_folder
from generator.models.recognise import Kind
from generator.request import ErrorKind, GenerationError, Task


@dataclass(frozen=True, slots=True)
class Terms:
    """A licence, and in words what it forbids or asks for."""

    licence: str
    restrictions: str
    page: str  # where the full text is


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a repository. `about_bytes` is the listing's rounded size, for plans alone."""

    path: str
    size_bytes: int | None = None
    sha256: str | None = None
    about_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What is fetched under one name: a single file, or several that make up a folder.

    Without a family it serves all of them.
    """

    name: str
    family: str
    title: str
    repository: str
    revision: str
    files: tuple[RemoteFile, ...]
    terms: Terms
    is_extra: bool = False  # another way to the same, fetched by its own name only
    kind: Kind | None = None  # of what a job may take besides; the families' own parts have none

    @property
    def is_folder(self) -> bool:
        """Whether the files belong together in a folder."""
        return len(self.files) > 1

    @property
    def about_bytes(self) -> int:
        """Size of all files, rounded where no more is known."""
        return sum(file.size_bytes or file.about_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of model: what its base and decoder are called and what each task needs besides."""

    name: str
    title: str
    native_size: tuple[int, int]
    steps: int
    guidance: float
    needs: dict[Task, tuple[str, ...]]

    @property
    def always(self) -> tuple[str, ...]:
        """What every task needs."""
        return (f"{self.name}-base", f"{self.name}-decoder")


CATALOGUE = shipped_folder() / "catalogue.json"


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as the catalogue's file has it, with its terms by name."""

    name: str
    family: str
    title: str
    repository: str
    revision: str
    terms: str
    files: tuple[RemoteFile, ...]
    is_extra: bool = False
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class _Catalogue:
    terms: dict[str, Terms]
    weights: tuple[_Entry, ...]


FAMILIES: Final[dict[str, Family]] = {
    "sd15": Family(
        "sd15", "Stable Diffusion 1.5", (512, 512), 20, 7.0,
        {
            Task.LAYER: ("sd15-layer",),
            Task.TOGETHER: ("sd15-together",),
            Task.BACKGROUND: ("sd15-background",),
            Task.FOREGROUND: ("sd15-foreground",),
            Task.VARY: ("sd15-layer", "sd15-encoder"),
            Task.REPAINT: ("sd15-layer", "sd15-encoder"),
            Task.UPSCALE: ("sd15-layer", "sd15-encoder"),
        },
    ),
    "sdxl": Family(
        "sdxl", "Stable Diffusion XL", (1024, 1024), 20, 7.0,
        {
            Task.LAYER: ("sdxl-layer",),
            Task.TOGETHER: (
                "sdxl-layer", "sdxl-foreground-to-blended", "sdxl-blended-to-background",
            ),
            Task.BACKGROUND: ("sdxl-foreground-to-blended", "sdxl-blended-to-background"),
            Task.FOREGROUND: ("sdxl-background-to-blended", "sdxl-blended-to-foreground"),
            Task.VARY: ("sdxl-layer", "sdxl-encoder"),
            Task.REPAINT: ("sdxl-layer", "sdxl-encoder"),
            Task.EXTRACT: ("sdxl-blended-to-foreground",),
            Task.UPSCALE: ("sdxl-layer", "sdxl-encoder"),
        },
    ),
}  # fmt: skip


# Entries that do the same in another way, the best first; names are without their family.
ALTERNATIVES: Final[dict[str, tuple[str, ...]]] = {
    "layer": ("layer", "layer-full", "layer-convolution", "layer-convolution-full"),
    "decoder": ("decoder", "decoder-second"),
    "encoder": ("encoder", "encoder-second"),
}


def at(entries: Mapping[str, Path], name: str) -> Path | None:
    """Return where an entry or the best of its alternatives lies; all names without the family."""
    names = ALTERNATIVES.get(name, (name,))
    return next((entries[each] for each in names if each in entries), None)


def without_family(parts: Mapping[str, Path], family: str) -> dict[str, Path]:
    """Return a family's entries by their names without it."""
    start = f"{family}-"
    return {
        name.removeprefix(start): path for name, path in parts.items() if name.startswith(start)
    }


@cache
def catalogue() -> tuple[Weights, ...]:
    """Return all published weights, in the catalogue's order."""
    read = msgspec.json.decode(CATALOGUE.read_bytes(), type=_Catalogue)
    return tuple(
        Weights(
            each.name,
            each.family,
            each.title,
            each.repository,
            each.revision,
            each.files,
            read.terms[each.terms],
            each.is_extra,
            each.kind,
        )
        for each in read.weights
    )


def published(name: str) -> tuple[Weights, ...]:
    """Return what a name stands for: one entry, or all of a family but its extras.

    Raises `GenerationError` with the names there are.
    """
    chosen = tuple(
        each for each in catalogue() if name in (each.name, "" if each.is_extra else each.family)
    )
    if not name or not chosen:
        names = ", ".join([*FAMILIES, *(each.name for each in catalogue())])
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f'No published model is called "{name}"; there are: {names}.'
        )
    return chosen


def tasks_of(weights: Weights) -> tuple[Task, ...]:
    """Return the tasks of its family that cannot be done without it."""
    family = FAMILIES.get(weights.family)
    if family is None:
        return ()
    return tuple(
        task for task, names in family.needs.items() if weights.name in (*family.always, *names)
    )
