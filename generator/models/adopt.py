"""Takes up a user's own weight file where it lies: a checkpoint, a LoRA and others.

Reads the header and the hash, and writes a line in the registry; copies only when asked to.
"""

from dataclasses import replace
from pathlib import Path

from generator.models.download import OnBytes, check_space
from generator.models.hashes import sha256_of
from generator.models.header import read_notes, read_shapes, refuse_pickle
from generator.models.names import checked_name, name_from
from generator.models.part import Part
from generator.models.places import own_folder
from generator.models.preflight import spoils_alpha
from generator.models.recognise import Kind, Recognised, recognise
from generator.models.registry import Adopted, Registry, change_registry
from generator.models.store import taken_names
from generator.models.stream import IsCancelled
from generator.request import ErrorKind, GenerationError

FOLDER = "adopted"
BLOCK_BYTES = 1 << 20


def adopt(
    path: Path, name: str | None, is_copied: bool, on_bytes: OnBytes, is_cancelled: IsCancelled
) -> Adopted:
    """Make a file known by name; raise `GenerationError` with one sentence where it cannot serve.

    Without a name it gets its file's. A file that is known already keeps its name unless another
    is given. A copy goes into the user's folder of models.
    """
    path = path.expanduser().absolute()
    found, warning = inspect(path), ""
    if found.kind is Kind.CHECKPOINT:
        warning = spoils_alpha(path.stem, found.family, read_shapes(path), read_notes(path))
    chosen = checked_name(name_from(path.stem) if name is None else name)
    sha256 = sha256_of(path, on_bytes, is_cancelled)
    if is_copied:
        path = _copy(path, own_folder() / FOLDER / f"{chosen}.safetensors", on_bytes, is_cancelled)
    adopted = Adopted(
        chosen,
        str(path),
        sha256,
        path.stat().st_size,
        found.kind,
        found.family,
        found.words,
        warning,
    )
    registry = change_registry(lambda before: _added(before, adopted, name is not None))
    return next(each for each in registry.files if each.sha256 == sha256)


def adopt_folder(path: Path) -> Path:
    """Let published weights be found in a folder of another tool."""
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise GenerationError(ErrorKind.BAD_REQUEST, f"{folder} is no folder.")
    change_registry(
        lambda before: replace(before, folders=tuple(dict.fromkeys((*before.folders, str(folder)))))
    )
    return folder


def inspect(path: Path) -> Recognised:
    """Say what a file is, by its header alone; raise `GenerationError` where it is of no use."""
    refuse_pickle(path)
    if not path.is_file():
        raise GenerationError(ErrorKind.BAD_REQUEST, f"There is no file {path}.")
    found = recognise(read_shapes(path))
    if found.kind is Kind.UNKNOWN:
        raise GenerationError(
            ErrorKind.UNSUPPORTED, f"{path.name} cannot be used: it is {_sentence(found.words)}."
        )
    return found


def _sentence(words: str) -> str:
    return words if words.startswith(("a ", "an ")) else f"unknown, {words}"


def _added(before: Registry, adopted: Adopted, is_named: bool) -> Registry:
    same = [each for each in before.files if each.sha256 == adopted.sha256]
    if same and not is_named:
        adopted = replace(adopted, name=same[0].name)
    others = tuple(each for each in before.files if each.sha256 != adopted.sha256)
    if adopted.name.casefold() in {name.casefold() for name in taken_names(others)}:
        raise GenerationError(
            ErrorKind.BAD_REQUEST,
            f'There is a model "{adopted.name}" already; give this one another name with --name.',
        )
    return replace(before, files=(*others, adopted))


def _copy(source: Path, target: Path, on_bytes: OnBytes, is_cancelled: IsCancelled) -> Path:
    """Copy beside the target first, so that a copy is whole or not there."""
    if target.exists() and target.samefile(source):
        return target
    total = source.stat().st_size
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        check_space(target.parent, total, source.name)
        part = Part(target)
        part.restart()
        try:
            with source.open("rb") as stream:
                while block := stream.read(BLOCK_BYTES):
                    part.append(block)
                    on_bytes(part.size, total)
                    if is_cancelled():
                        raise GenerationError(ErrorKind.CANCELLED, "Copying was cancelled.")
            part.finish()
        except BaseException:  # whatever ends the copy early, its part goes with it
            part.discard()
            raise
    except OSError as error:
        raise GenerationError(
            ErrorKind.INTERNAL, f"{source.name} cannot be copied: {error.strerror or error}."
        ) from error
    return target
