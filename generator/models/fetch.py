"""Fetches published weights into the user's folder, when the user has asked and read the terms.

Nothing else in the program calls this: a recipe or a job names models, and never brings them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from generator.models.download import PATIENT, Patience, Wanted, check_space, download
from generator.models.locate import fits, located
from generator.models.part import NOTE, PART
from generator.models.places import endpoint, hub_token, is_offline_by_environment, own_folder
from generator.models.published import RemoteFile, Terms, Weights, catalogue, published
from generator.models.registry import read_registry
from generator.models.stream import IsCancelled
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetching:
    """How far a fetch is; bytes are of all files together, the total is about right."""

    name: str
    file: str
    done_bytes: int
    total_bytes: int


OnFetching = Callable[[Fetching], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a name stands for and what of it is still missing here."""

    name: str
    missing: tuple[Weights, ...]
    there: dict[str, Path]

    @property
    def about_bytes(self) -> int:
        """How much would be fetched, without what parts hold already."""
        return sum(weights.about_bytes for weights in self.missing)

    @property
    def terms(self) -> tuple[tuple[Terms, tuple[str, ...]], ...]:
        """The terms to accept, each with the names of what it is about."""
        about = dict[Terms, list[str]]()
        for weights in self.missing:
            about.setdefault(weights.terms, []).append(weights.name)
        return tuple((terms, tuple(names)) for terms, names in about.items())


def plan(name: str) -> Plan:
    """Say what `get` would fetch for a family or entry; raise `GenerationError` if it is none."""
    wanted, found = published(name), located()
    return Plan(
        name,
        tuple(weights for weights in wanted if weights.name not in found),
        {each.name: found[each.name] for each in wanted if each.name in found},
    )


def is_offline() -> bool:
    """Whether the user's setting or the environment forbids every connection."""
    return is_offline_by_environment() or read_registry().is_offline


def get(
    chosen: Plan,
    has_accepted: bool,
    on_fetching: OnFetching,
    is_cancelled: IsCancelled,
    patience: Patience = PATIENT,
) -> None:
    """Fetch what the plan misses; raise `GenerationError` with one sentence.

    `has_accepted` says that the user has seen the plan's terms and agrees; without it nothing is
    fetched. What had arrived before a failure stays and is not fetched again.
    """
    if not chosen.missing:
        return
    if not has_accepted:
        raise GenerationError(
            ErrorKind.BAD_REQUEST,
            f"The terms of {chosen.name} are not accepted; nothing was fetched.",
        )
    if is_offline():
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            "Working offline is set, so nothing is fetched; unset HF_HUB_OFFLINE or the setting.",
        )
    files = [(weights, file) for weights in chosen.missing for file in weights.files]
    sizes = {(w.name, f.path): f.size_bytes or f.about_bytes for w, f in files}
    try:
        own_folder().mkdir(parents=True, exist_ok=True)
        missing = sum(_missing_bytes(weights, file) for weights, file in files)
        check_space(own_folder(), missing, chosen.name)
    except OSError as error:
        raise GenerationError(
            ErrorKind.WEIGHTS_MISSING,
            f"{own_folder()} cannot be used: {error.strerror or error}.",
        ) from error
    done, total = 0, sum(sizes.values())
    for weights, file in files:

        def on_bytes(
            here: int, _: int | None, before: int = done, of: Weights = weights, at: str = file.path
        ) -> None:
            on_fetching(Fetching(of.name, at, before + here, max(total, before + here)))

        download(wanted_file(weights, file), on_bytes, is_cancelled, patience)
        done += sizes[weights.name, file.path]
    sweep()


def wanted_file(weights: Weights, file: RemoteFile) -> Wanted:
    """Say where a file comes from and where it goes."""
    hub = endpoint()
    if urlsplit(hub).scheme not in ("http", "https"):
        raise GenerationError(
            ErrorKind.BAD_REQUEST, f"HF_ENDPOINT is {hub!r}, which is no web address."
        )
    url = f"{hub}/{weights.repository}/resolve/{weights.revision}/{quote(file.path)}"
    return Wanted(url, _target(weights, file), file.size_bytes, file.sha256, hub_token())


def sweep() -> tuple[Path, ...]:
    """Remove parts in the user's folder that nothing will take up again; return what was removed.

    Those are parts of files that are complete or that the catalogue does not name any more. What
    other programs have left, in their folders or in the hub's cache, is theirs.
    """
    awaited = {
        _target(weights, file)
        for weights in catalogue()
        for file in weights.files
        if not fits(_target(weights, file), file)
    }
    orphans = [
        path
        for ending in (PART, NOTE)
        for path in own_folder().glob(f"*/**/*{ending}")
        if path.with_name(path.name.removesuffix(ending)) not in awaited
    ]
    for path in orphans:
        path.unlink(missing_ok=True)
    return tuple(orphans)


def _target(weights: Weights, file: RemoteFile) -> Path:
    return own_folder() / weights.name / file.path


def _missing_bytes(weights: Weights, file: RemoteFile) -> int:
    target = _target(weights, file)
    if fits(target, file):
        return 0
    part = target.with_name(target.name + PART)
    arrived = part.stat().st_size if part.is_file() else 0
    return max((file.size_bytes or file.about_bytes) - arrived, 0)
