"""Keeps None, True and False alive under PySide6 6.12 on Python 3.11.

WORKAROUND PySide6 6.12.0: its wheels return None and booleans without counting a reference (from
`emit`, `processEvents`, virtual methods). From Python 3.12 on such objects are immortal and nothing
happens; in 3.11 their count falls with every paint and every signal, and at 0 the interpreter
aborts ("none_dealloc", "bool_dealloc"): seen after seconds.
"""

import ctypes
import sys

LASTING = (None, True, False)
MANY = 1 << 40  # more than a process can lose


def make_lasting() -> None:
    """Count so many references that none of these objects is ever freed; once is enough."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) > MANY // 2:
        return
    for each in LASTING:
        count = ctypes.c_ssize_t.from_address(id(each))  # ob_refcnt is an object's first field
        count.value += MANY
