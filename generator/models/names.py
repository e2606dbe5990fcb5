"""Names of models: words that can stand in a recipe or on a command line, and never paths."""

import re

from generator.request import ErrorKind, GenerationError

MAX_LENGTH = 80
ALLOWED = re.compile(r"\w[\w .+()-]*", re.UNICODE)
# Names that Windows keeps for devices, with or without a suffix.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Whether this may be a model's name: no separators, nothing that leads out of a folder."""
    return (
        len(name) <= MAX_LENGTH
        and ALLOWED.fullmatch(name) is not None
        and ".." not in name
        and not name.endswith((" ", "."))
        and DEVICES.fullmatch(name) is None
    )


def checked_name(name: str) -> str:
    """Return the name; raise `GenerationError` where it is none."""
    if not is_name(name):
        shown = repr(name[:MAX_LENGTH])
        raise GenerationError(
            ErrorKind.BAD_REQUEST,
            f"{shown} is no name for a model: letters, digits, spaces and . _ - + ( ) are, "
            f"{MAX_LENGTH} at most.",
        )
    return name


def name_from(text: str) -> str:
    """Make a name of a file's name without its suffix."""
    kept = re.sub(r"[^\w .+()-]+|\.{2,}", " ", text).strip(" .")[:MAX_LENGTH].strip(" .")
    return kept if is_name(kept) else f"model {kept}"[:MAX_LENGTH].strip(" .")
