"""Whether what a file holds fits into the memory that is free, asked before any of it is taken.

Where the system does not tell, nothing is refused.
"""

import ctypes
import sys
from pathlib import Path

from editor.formats.format import FormatError

BYTES_PER_PIXEL = 4
KEPT_FREE = 512 << 20  # for the composite, the history and the rest of the program
_MEMORY = Path("/proc/meminfo")


def check_room(pixels: int, name: str) -> None:
    """Raise `FormatError` with both numbers where so many RGBA8 pixels do not fit."""
    needed, free = pixels * BYTES_PER_PIXEL, free_bytes()
    if free is not None and needed + KEPT_FREE > free:
        raise FormatError(
            f"{name} needs {_gigabytes(needed + KEPT_FREE)} of memory and {_gigabytes(free)} is"
            " free: close other documents or programs first. Nothing was changed."
        )


def free_bytes() -> int | None:
    """Return how much memory can be taken without harm, None where that is not known."""
    if sys.platform == "win32":
        return _free_on_windows()
    try:
        text = _MEMORY.read_text(encoding="ascii")
    except OSError:
        return None
    for line in text.splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return None


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        *((name, ctypes.c_ulonglong) for name in ("physical", "free", "file", "file_free")),
        *((name, ctypes.c_ulonglong) for name in ("virtual", "virtual_free", "extended")),
    )


def _free_on_windows() -> int | None:
    status = _Status()
    status.length = ctypes.sizeof(_Status)
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]  # on Windows alone
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
