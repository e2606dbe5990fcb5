"""Fetches models and takes up own files in a thread, one at a time, and says how far it is.

Begins only when it is called with names whose terms the user has just accepted.
"""

import threading
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor.ui.background import Background
from generator.request import ErrorKind, GenerationError

TELL_S = 0.1  # between two words about how far it is


class Fetcher(QObject):
    """Lives in the window's thread; a dialog may come and go while it works."""

    progressed = Signal(str, object, object)  # what, bytes here, bytes in all (0: not known)
    ended = Signal(str, bool)  # a sentence, and whether it went well

    def __init__(self, parent: QObject | None = None) -> None:
        """Do nothing yet."""
        super().__init__(parent)
        self._background = Background(1, self)
        self._cancelled = threading.Event()
        self._is_busy = False
        self._told = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether something is being fetched or read."""
        return self._is_busy

    def fetch(self, names: tuple[str, ...]) -> None:
        """Fetch what is missing of families or entries, whose terms have been accepted."""
        self._start(partial(self._fetched, names))

    def adopt(self, path: Path) -> None:
        """Take up a weight file, or look into a folder of another tool."""
        self._start(partial(self._adopted, path))

    def cancel(self) -> None:
        """Stop soon; what has arrived is kept."""
        self._cancelled.set()

    def _start(self, work: partial[str]) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self._cancelled.clear()
        self._background.run(work, self._on_done, self._on_failed)

    # In the thread

    def _fetched(self, names: tuple[str, ...]) -> str:
        from generator.models.fetch import Fetching, get, plan  # not before the first paint

        def on_fetching(at: Fetching) -> None:
            self._tell(f"{at.name}: {at.file}", at.done_bytes, at.total_bytes)

        for name in names:
            get(plan(name), True, on_fetching, self._cancelled.is_set)
        return self.tr("{0} can be used now.").format(", ".join(names))

    def _adopted(self, path: Path) -> str:
        from generator.models.adopt import adopt, adopt_folder  # not before the first paint

        if path.is_dir():
            adopt_folder(path)
            return self.tr("Weights in {0} are used from now on.").format(path.name)

        def on_bytes(done: int, total: int | None) -> None:
            self._tell(path.name, done, total or 0)

        adopted = adopt(path, None, False, on_bytes, self._cancelled.is_set)
        return self.tr("{0} is known now: {1}.").format(adopted.name, adopted.words)

    def _tell(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= TELL_S or done == total:
            self._told = now
            self.progressed.emit(what, done, total)

    # In the window's thread

    def _on_done(self, sentence: str) -> None:
        self._is_busy = False
        self.ended.emit(sentence, True)

    def _on_failed(self, error: Exception) -> None:
        self._is_busy = False
        if not isinstance(error, GenerationError):
            raise error
        self.ended.emit(str(error), error.kind is ErrorKind.CANCELLED)
