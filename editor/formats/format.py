"""What every file format offers, what reading gives, and the one exception of this room.

A format turns a whole document into a file's bytes and back. It neither chooses itself nor replaces
files: that is `editor.formats.read` and `write`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from editor.document.document import Document

MAX_PICTURE_PIXELS = 2**29  # of one picture: 2 GiB of RGBA8, about 23000 x 23000
MAX_TOTAL_PIXELS = 2**30  # of all pictures in one file


class FormatError(Exception):
    """A file that could not be read or written; the message is one plain sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """What a file held. Each warning is one sentence about something that arrived changed."""

    document: Document
    warnings: tuple[str, ...]
    format: str  # name of the format it was in


class Format(Protocol):
    """One kind of file."""

    @property
    def name(self) -> str:
        """The word for it in `info --json`: "psd"."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of file names, lower case with the dot; the first is the usual one."""

    @property
    def title(self) -> str:
        """The words for it in a file dialog: "Photoshop"."""

    @property
    def writable(self) -> bool:
        """Whether `write` is offered at all."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes (at most `HEAD` of them) is of this kind."""

    def read(self, path: Path) -> Loaded:
        """Read the file; raises `FormatError`, or `OSError` where the disk fails."""

    def write(self, document: Document, file: BinaryIO) -> tuple[str, ...]:
        """Write to an open, seekable file and return what the format could not hold."""


HEAD = 128
