"""A file that is being fetched: what has arrived lies beside its place, under another name.

Survives the death of its process: a small note says which version of the file the bytes are of.
It takes its place in one step, and only after the bytes are known to be right.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

PART = ".part"
NOTE = ".part.json"
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Note:
    """Which version the bytes are of: the hub's name for it, and the tag of whoever sent them."""

    identity: str = ""
    etag: str = ""


class Part:
    """The bytes that have arrived, in order from the first. Hold the folder's lock while using."""

    def __init__(self, target: Path) -> None:
        """Open what an earlier attempt left, or nothing."""
        self._target = target
        self.path = target.with_name(target.name + PART)
        self._note_path = target.with_name(target.name + NOTE)
        self.note = self._left_note()
        self._hash = hashlib.sha256()
        self.size = 0
        self._stream = self.path.open("r+b" if self.path.exists() else "w+b")
        self.is_resumed = False

    def take_up(self, on_read: Callable[[int], None]) -> None:
        """Read once what an earlier attempt left; `on_read` hears how far and may raise."""
        while block := self._stream.read(BLOCK_BYTES):
            self._hash.update(block)
            self.size += len(block)
            on_read(self.size)
        self.is_resumed = self.size > 0

    @property
    def sha256(self) -> str:
        """Hash of all bytes so far."""
        return self._hash.hexdigest()

    def begin(self, note: Note) -> None:
        """Write down which version the coming bytes are of."""
        if note != self.note:
            self._note_path.write_bytes(msgspec.json.encode(note))
            self.note = note

    def append(self, chunk: bytes) -> None:
        """Add bytes at the end, out of this process's hands, so that its death loses none."""
        self._stream.write(chunk)
        self._stream.flush()
        self._hash.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Drop all bytes."""
        self._stream.seek(0)
        self._stream.truncate()
        self._hash = hashlib.sha256()
        self.size = 0
        self.is_resumed = False

    def finish(self) -> None:
        """Give the file its place, whole and on the disk."""
        os.fsync(self._stream.fileno())
        self.close()
        self.path.replace(self._target)
        self._note_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what has arrived."""
        self.close()
        self.path.unlink(missing_ok=True)
        self._note_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Keep what has arrived for a later attempt."""
        self._stream.close()
        if self.path.exists() and not self.size:
            self.path.unlink()
            self._note_path.unlink(missing_ok=True)

    def _left_note(self) -> Note:
        try:
            return msgspec.json.decode(self._note_path.read_bytes(), type=Note)
        except (OSError, msgspec.MsgspecError):
            return Note()
