"""What the user has made known: own files where they lie, and folders of other tools.

A small JSON file in the user's folder of models. The files themselves are never touched.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from generator.models.locks import BusyError, locked
from generator.models.places import own_folder
from generator.models.recognise import Kind
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)

NAME = "registry.json"
LOCK_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Adopted:
    """A file of the user's: its name here, where it lies, and what was found when it was read."""

    name: str
    path: str
    sha256: str
    size_bytes: int
    kind: Kind
    family: str
    words: str
    warning: str = ""  # what is known to go wrong with it

    @property
    def is_there(self) -> bool:
        """Whether a file of that size is still in its place."""
        try:
            return Path(self.path).stat().st_size == self.size_bytes
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Registry:
    """All of it. `is_offline` forbids every connection, as `HF_HUB_OFFLINE` does."""

    files: tuple[Adopted, ...] = ()
    folders: tuple[str, ...] = ()
    is_offline: bool = False


def registry_path() -> Path:
    """Return where it is kept."""
    return own_folder() / NAME


def read_registry() -> Registry:
    """Read it; one that is missing is empty, one that is damaged counts as empty and is logged."""
    try:
        return _read()
    except GenerationError as error:
        log.warning("%s", error)
        return Registry()


def change_registry(change: Callable[[Registry], Registry]) -> Registry:
    """Replace it in one step by what `change` makes of it; raise `GenerationError`.

    A damaged one is left as it is, so that nothing of the user's is lost.
    """
    path = registry_path()
    try:
        with locked(path.with_name(f".{NAME}.lock"), LOCK_WAIT_S):
            changed = change(_read())
            beside = path.with_name(f".{NAME}.new")
            with beside.open("wb") as stream:
                stream.write(msgspec.json.format(msgspec.json.encode(changed)))
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
    except BusyError:
        raise _failed("The list of models is in use by another program; try again.") from None
    except OSError as error:
        raise _failed(f"{path} cannot be written: {error.strerror or error}.") from error
    return changed


def _read() -> Registry:
    path = registry_path()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Registry)
    except FileNotFoundError:
        return Registry()
    except (OSError, msgspec.MsgspecError) as error:
        raise _failed(f"{path} is damaged ({error}); mend or remove it.") from error


def _failed(sentence: str) -> GenerationError:
    return GenerationError(ErrorKind.INTERNAL, sentence)
