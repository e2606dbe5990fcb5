"""How long something takes, less what a busy machine made it wait for a processor.

The system counts, for each thread, how long it was ready to run and did not. A wait for anything
else still counts as time, so nobody gains by sleeping.
"""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

LOOKS_EVERY_S = 0.02  # a process that is ended takes its count along

Waits = dict[str, float]  # seconds, by thread


class Stopwatch:
    """Times a `with` block in this process and one more, whose number `pid` tells while it runs."""

    def __init__(self, pid: Callable[[], int | None]) -> None:
        """Begin only with the block."""
        self.seconds = 0.0
        self._pid = pid
        self._first: dict[int, Waits] = {}
        self._last: dict[int, Waits] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Stopwatch":
        """Begin."""
        self._look()
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End; `seconds` says how long it was."""
        wall = time.monotonic() - self._began
        self._ended.set()
        self._thread.join()
        self.seconds = wall - max(map(self._waited, self._last), default=0.0)

    def _waited(self, pid: int) -> float:
        """The longest wait of a thread of a process: no two waits are taken off at once."""
        first, own = self._first[pid], str(self._thread.native_id)
        waits = {name: now for name, now in self._last[pid].items() if name != own}
        return max((now - first.get(name, 0.0) for name, now in waits.items()), default=0.0)

    def _look_on(self) -> None:
        while not self._ended.wait(LOOKS_EVERY_S):
            self._look()

    def _look(self) -> None:
        for pid in (os.getpid(), self._pid()):
            if pid is not None and (waits := waits_of(pid)):
                self._first.setdefault(pid, waits)
                self._last[pid] = waits


def waits_of(pid: int) -> Waits:
    """Return what each thread of a process has waited, nothing where the system does not say."""
    found = {}
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found[task.name] = int((task / "schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return found
    return found
