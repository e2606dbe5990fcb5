"""Replacing a file in one step: whatever happens, the old file or the whole new one is there.

The new bytes go to a nameless file in the target's folder where the system offers that (Linux), so
that even a killed process leaves nothing behind; elsewhere to a hidden file that is removed again.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from editor.formats.format import FormatError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; it takes the place of `path` when the block ends without an error.

    Raises `FormatError` with one sentence for what the world does (disk full, not allowed, no such
    folder); after any error, `KeyboardInterrupt` too, `path` is as it was and nothing else is left.
    """
    target = path.resolve()
    mode = _checked_mode(target)
    hidden = target.parent / f".acetate-{uuid4().hex}.part"
    try:
        with _opened(hidden) as file:
            yield file
            file.flush()
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            _name(file, hidden)
        hidden.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Raise the `FormatError` that writing to `path` would end in, as far as it can be known now.

    For work that takes long before there is anything to write; nothing is left behind.
    """
    target = path.resolve()
    hidden = target.parent / f".acetate-{uuid4().hex}.part"
    try:
        _checked_mode(target)
        with _opened(hidden):
            hidden.unlink(missing_ok=True)
    except OSError as error:
        raise write_error(path, error) from error


def write_error(path: Path, error: OSError) -> FormatError:
    """Return the sentence for a failed write."""
    if error.errno in _NO_ROOM:
        return FormatError(f"The disk is full: {path.name} was not written.")
    if error.errno in _NOT_ALLOWED:
        return FormatError(f"{path.name} cannot be written here: it is not allowed.")
    if error.errno == errno.ENAMETOOLONG:
        return FormatError(f"The file name {path.name[:40]}... is too long.")
    return FormatError(f"{path.name} was not written: {error.strerror or error}.")


def _checked_mode(target: Path) -> int | None:
    """Return the permissions of the file to be replaced, None if there is none yet."""
    if not target.parent.is_dir():
        raise FormatError(f"There is no folder {target.parent}.")
    if target.is_dir():
        raise FormatError(f"{target.name} is a folder, not a file.")
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise write_error(target, error) from error
    # A rename would replace a read-only file without a word, and root may write anything.
    if not mode & 0o222 or not os.access(target, os.W_OK):
        raise FormatError(f"{target.name} is read-only, so it was not written.")
    return mode


def _opened(hidden: Path) -> BinaryIO:
    nameless = getattr(os, "O_TMPFILE", None)
    if nameless is not None and Path("/proc/self/fd").is_dir():
        with suppress(OSError):  # not every file system has it
            return os.fdopen(os.open(hidden.parent, os.O_RDWR | nameless, 0o666), "w+b")
    return hidden.open("x+b")


def _name(file: BinaryIO, hidden: Path) -> None:
    """Give a nameless file its hidden name, from which it can take the target's place."""
    if hidden.exists():
        return
    handles = os.open("/proc/self/fd", os.O_RDONLY)
    try:  # with a folder handle Python calls linkat(AT_SYMLINK_FOLLOW), which link() cannot do
        os.link(str(file.fileno()), hidden, src_dir_fd=handles, follow_symlinks=True)
    finally:
        os.close(handles)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # a folder cannot be opened on Windows, and need not be
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
