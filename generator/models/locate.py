"""Finds published weights that are on this machine already, wherever some tool has put them.

Looks at names and sizes only; `verify` is who reads the bytes. Touches and fetches nothing.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from generator.models.places import hub_cache, named_folders, own_folder
from generator.models.published import RemoteFile, Weights, catalogue
from generator.models.recognise import Kind
from generator.models.registry import Adopted, Registry, read_registry

MAX_ENTRIES = 20_000  # looked at in one folder of another tool
MAX_DEPTH = 6
ROUNDING = 0.02  # of the sizes in the hub's listings, which have three digits
PARTS = frozenset({Kind.LAYERS, Kind.DECODER, Kind.ENCODER})


def located() -> dict[str, Path]:
    """Return where each entry of the catalogue lies, those that are found complete.

    The path is the file's, or the folder's for entries of several files.
    """
    registry = read_registry()
    folders = other_folders(registry)
    listed = {name: path for folder in reversed(folders) for name, path in _listed(folder)}
    found = dict[str, Path]()
    for weights in catalogue():
        path = _in_roots(weights, folders) or _adopted(weights, registry)
        if path is None and not weights.is_folder:
            path = listed.get(weights.files[0].path)
            path = path if path is not None and fits(path, weights.files[0]) else None
        if path is not None:
            found[weights.name] = path
    return found


def other_folders(registry: Registry) -> tuple[Path, ...]:
    """Return the folders of other tools that the user has named, those that are there."""
    named = (*named_folders(), *map(Path, registry.folders))
    return tuple(folder for folder in dict.fromkeys(named) if folder.is_dir())


def local_file(root: Path, file: RemoteFile) -> Path | None:
    """Return where a file of an entry lies in its folder: also at full precision for half."""
    if fits(root / file.path, file):
        return root / file.path
    full = root / file.path.replace(".fp16.", ".")
    if full.name != Path(file.path).name and full.is_file():
        return full if full.stat().st_size >= (file.size_bytes or file.about_bytes) else None
    return None


def fits(path: Path, file: RemoteFile) -> bool:
    """Whether a file of about the right size lies there."""
    try:
        size = path.stat().st_size if path.is_file() else 0
    except OSError:
        return False
    if file.size_bytes is not None:
        return size == file.size_bytes
    is_near = abs(size - file.about_bytes) <= file.about_bytes * ROUNDING
    return size > 0 and (is_near or file.about_bytes == 0)


def _in_roots(weights: Weights, folders: tuple[Path, ...]) -> Path | None:
    for root in _roots(weights, folders):
        if all(local_file(root, file) is not None for file in weights.files):
            return root if weights.is_folder else local_file(root, weights.files[0])
    return None


def _roots(weights: Weights, folders: tuple[Path, ...]) -> Iterator[Path]:
    """Folders that may hold an entry's files under their paths in the repository, best first."""
    yield own_folder() / weights.name
    if weights.is_folder:
        yield own_folder() / f"{weights.family}-base"  # holds its configuration, too
    cached = "models--" + weights.repository.replace("/", "--")
    for cache in (hub_cache(), *folders):
        snapshots = cache / cached / "snapshots"
        yield snapshots / weights.revision
        if snapshots.is_dir():
            yield from sorted(snapshots.iterdir())
    for folder in folders:
        yield folder
        yield folder / weights.name
        yield folder / weights.repository.rpartition("/")[2]


def _adopted(weights: Weights, registry: Registry) -> Path | None:
    if weights.is_folder:
        return None
    for each in registry.files:
        if each.kind in PARTS and each.is_there and _is_published(each, weights.files[0]):
            return Path(each.path)
    return None


def _is_published(adopted: Adopted, file: RemoteFile) -> bool:
    if file.sha256 is not None:
        return adopted.sha256 == file.sha256
    return Path(adopted.path).name == file.path and fits(Path(adopted.path), file)


def _listed(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the safetensors files below a folder by name; stops where there are too many."""
    names = {weights.files[0].path for weights in catalogue() if not weights.is_folder}
    seen = 0
    for place, below, files in os.walk(folder):
        seen += len(files) + len(below)
        depth = len(Path(place).relative_to(folder).parts)
        if depth >= MAX_DEPTH or seen > MAX_ENTRIES:
            below.clear()
        yield from ((name, Path(place) / name) for name in files if name in names)
