"""Documents to files and back: one table of formats, `read` and `write`.

A file is read by what is in it and written by its suffix. Reading says what arrived changed,
writing what the format could not hold; every failure is a `FormatError` of one plain sentence, and
a file is replaced in one step or not at all. Knows nothing of Qt, torch or the workspace.
"""

from pathlib import Path

from editor.document.document import Document
from editor.formats.atomic import check_target, replacing
from editor.formats.format import HEAD, Format, FormatError, Loaded
from editor.formats.image import IMAGE_FORMATS
from editor.formats.png import png_bytes
from editor.formats.project import ProjectFormat
from editor.formats.psd import PHOTOSHOP_FORMATS

__all__ = [
    "FORMATS",
    "Format",
    "FormatError",
    "Loaded",
    "check_target",
    "format_for",
    "png_bytes",
    "read",
    "write",
]

FORMATS: tuple[Format, ...] = (ProjectFormat(), *PHOTOSHOP_FORMATS, *IMAGE_FORMATS)


def read(path: Path) -> Loaded:
    """Read a file into a document; raises `FormatError`."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        return _recognised(path, head).read(path)
    except FileNotFoundError as error:
        raise FormatError(f"There is no file {path}.") from error
    except IsADirectoryError as error:
        raise FormatError(f"{path} is a folder, not a file.") from error
    except PermissionError as error:
        raise FormatError(f"{path.name} cannot be read: it is not allowed.") from error
    except OSError as error:
        raise FormatError(f"{path.name} was not read: {error.strerror or error}.") from error
    except MemoryError as error:
        raise FormatError(f"There is not enough memory to open {path.name}.") from error


def write(document: Document, path: Path) -> tuple[str, ...]:
    """Write a document in the format of the path's suffix, replacing the file in one step.

    Returns one sentence for each thing that the format could not hold; raises `FormatError`, after
    which the file is as it was.
    """
    chosen = format_for(path)
    try:
        with replacing(path) as file:
            return chosen.write(document, file)
    except MemoryError as error:
        raise FormatError(f"There is not enough memory to write {path.name}.") from error


def format_for(path: Path) -> Format:
    """Return the format in which a path is written; raises `FormatError` if there is none."""
    suffix = path.suffix.lower()
    if not suffix:
        raise FormatError(f"{path.name} has no ending such as .psd or .png to say what to write.")
    for each in FORMATS:
        if suffix in each.suffixes and each.writable:
            return each
    known = " ".join(each.suffixes[0] for each in FORMATS if each.writable)
    raise FormatError(f"{suffix} files cannot be written; choose one of {known}.")


def _recognised(path: Path, head: bytes) -> Format:
    if not head:
        raise FormatError(f"{path.name} is empty.")
    for each in FORMATS:
        if each.recognises(head):
            return each
    for each in FORMATS:
        if path.suffix.lower() in each.suffixes:
            raise FormatError(f"{path.name} is not a {each.title} file, whatever its name says.")
    raise FormatError(f"{path.name} is not a kind of file that Acetate can open.")
