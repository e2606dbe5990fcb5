"""Files that are whole or not there: written beside their place and renamed."""

from __future__ import annotations

import errno
from pathlib import Path

from generator.request import ErrorKind, GenerationError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step; `GenerationError` says why it could not be."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> GenerationError:
    """Return the sentence for a file that could not be written; what was there stays."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = "the disk is full; what was saved before is whole"
    else:
        why = error.strerror or type(error).__name__
    return GenerationError(ErrorKind.INTERNAL, f"{path} could not be written: {why}.")
