"""A module run as a process of its own, in place of the verb that names it.

Its output and exit code are the verb's. It has a process group of its own, so that what is said to
the verb (Ctrl+C, an end of the terminal) reaches it once: handed on, and never waited out.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from editor.cli.output import NotDoneError
from editor.paths import PROGRAM

HANDED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # those that the system knows
ENDED_BY_SIGNAL = 128  # and the signal's number: how shells say it


def run_module(name: str, arguments: list[str]) -> int:
    """Run `python -m name arguments` to its end and return its exit code.

    Raises `NotDoneError` where there is no Python to run it, as in a bundled program.
    """
    if getattr(sys, "frozen", False):
        raise NotDoneError("This is not part of the bundled program; run it from the source.")
    sys.stdout.flush()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", name, *arguments],
        env=_environment(),
        process_group=0 if os.name == "posix" else None,
    )
    with _handing_on(process):
        code = process.wait()
    return code if code >= 0 else ENDED_BY_SIGNAL - code


def _environment() -> dict[str, str]:
    """Let the process find the program's modules from any folder."""
    paths = [str(PROGRAM), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


@contextmanager
def _handing_on(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Send to the process what is sent here, but for what is ignored here, as by nohup."""

    def hand_on(number: int, _frame: object) -> None:
        if os.name == "posix":  # elsewhere Ctrl+C reaches all processes of a terminal by itself
            process.send_signal(number)

    known = [getattr(signal, name) for name in HANDED_ON if hasattr(signal, name)]
    heard = [each for each in known if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, hand_on) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
