"""Photoshop's files, both ways: PSD and, for what is larger, PSB.

Written by one streaming writer of our own and read by one reader of our own, one layer in memory at
a time beyond the document. What a document cannot hold arrives as pixels, or not, with a warning.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from editor.document.document import Document
from editor.formats.format import Loaded
from editor.formats.psd.read import read
from editor.formats.psd.write import write


@dataclass(frozen=True, slots=True)
class PhotoshopFormat:
    """PSD (version 1) or PSB (version 2); they differ in the width of some numbers."""

    name: str
    title: str
    suffixes: tuple[str, ...]
    version: int
    writable: bool = True

    def recognises(self, head: bytes) -> bool:
        """Whether the bytes begin a file of this version."""
        return head.startswith(b"8BPS" + self.version.to_bytes(2, "big"))

    def read(self, path: Path) -> Loaded:
        """Read layers, masks and groups; see `editor.formats.psd.read`."""
        document, warnings = read(path)
        return Loaded(document, warnings, self.name)

    def write(self, document: Document, file: BinaryIO) -> tuple[str, ...]:
        """Write everything that Photoshop has a place for; see `editor.formats.psd.write`."""
        return write(document, file, self.version)


PHOTOSHOP_FORMATS = (
    PhotoshopFormat("psd", "Photoshop", (".psd",), version=1),
    PhotoshopFormat("psb", "Photoshop large document", (".psb",), version=2),
)
