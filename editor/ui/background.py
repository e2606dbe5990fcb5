"""Work off the window's thread: files, thumbnails, composites.

What comes back is delivered in the window's thread, by a signal to a method of a QObject that lives
there. The work itself must touch frozen values only.
"""

import itertools
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

log = logging.getLogger(__name__)

Work = Callable[[], object]
Done = Callable[[Any], None]  # takes what the work returned
Failed = Callable[[Exception], None]


class _Signals(QObject):
    ended = Signal(int, object, object)  # ticket, result, error


class _Runnable(QRunnable):
    """One piece of work with the ticket it is answered under."""

    def __init__(self, ticket: int, work: Work, signals: _Signals) -> None:
        super().__init__()
        self._ticket, self._work, self._signals = ticket, work, signals

    def run(self) -> None:
        result: object = None
        error: Exception | None = None
        try:
            result = self._work()
        except Exception as raised:  # noqa: BLE001  # whoever asked hears of it, in their thread
            error = raised
        del self._work  # Qt may keep the runnable for long, and so a closed document
        try:
            self._signals.ended.emit(self._ticket, result, error)
        except RuntimeError:  # the window was closed meanwhile: there is nobody to tell
            log.debug("work ended after its window")


class Background(QObject):
    """A pool of threads and who waits for what."""

    def __init__(self, threads: int, parent: QObject | None = None) -> None:
        """Run at most that many pieces of work at once."""
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._tickets = itertools.count()
        self._waiting: dict[int, tuple[Done, Failed | None]] = {}
        self._signals = _Signals(self)
        self._signals.ended.connect(self._on_ended)

    def run(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Do the work in the pool, then call `done` or `failed` in this thread.

        Without `failed` an error goes to the log.
        """
        ticket = next(self._tickets)
        self._waiting[ticket] = (done, failed)
        self._pool.start(_Runnable(ticket, work, self._signals))

    @property
    def is_busy(self) -> bool:
        """Whether something has not been answered yet."""
        return bool(self._waiting)

    def wait(self) -> None:
        """Block until all work has been done; its answers still come by the event loop."""
        self._pool.waitForDone()

    @Slot(int, object, object)
    def _on_ended(self, ticket: int, result: object, error: Exception | None) -> None:
        done, failed = self._waiting.pop(ticket)
        if error is None:
            done(result)
        elif failed is not None:
            failed(error)
        else:
            log.error("work in the background failed", exc_info=error)
