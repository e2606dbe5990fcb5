"""Work off the window's thread on one document: in order, or only the newest.

Knows neither Qt nor documents; whoever does the work gives its results back in the thread it was
asked in.
"""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

Work = Callable[[], object]
Done = Callable[[Any], None]  # takes what the work returned
Failed = Callable[[Exception], None]


class Behind(Protocol):
    """Does work in threads."""

    def run(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Do the work elsewhere, then call `done` or `failed` here."""
        ...


class Works:
    """One piece of work at a time, the others waiting their turn; all can be given up."""

    def __init__(self, behind: Behind, changed: Callable[[str], None]) -> None:
        """Call `changed` with the label of what is being worked out, "" when nothing is."""
        self._behind = behind
        self._changed = changed
        self._running: object | None = None
        self._label = ""
        self._turns: deque[Callable[[], None]] = deque()

    @property
    def is_busy(self) -> bool:
        """Whether something is being worked out, or has been and was not taken yet."""
        return self._running is not None

    @property
    def label(self) -> str:
        """What is being worked out, "" where nothing is."""
        return self._label

    def take_turn(self, begin: Callable[[], None]) -> None:
        """Call `begin`, which may `run`, when all that was asked for before has ended."""
        if self.is_busy:
            self._turns.append(begin)
        else:
            begin()

    def run(self, label: str, work: Work, done: Done, failed: Failed) -> None:
        """Work something out; whoever gets what comes of it calls `end` when it is taken."""
        running = self._running = object()

        def answered(answer: Callable[[Any], None], value: object) -> None:
            if running is self._running:
                answer(value)

        self._tell(label)
        self._behind.run(work, partial(answered, done), partial(answered, failed))

    def unless_given_up(self, action: Callable[[], None]) -> Callable[[], None]:
        """Return an action that does nothing once what is worked out now has been given up."""
        running = self._running
        return lambda: action() if running is self._running else None

    def end(self) -> None:
        """What was worked out has been taken: the next has its turn."""
        self._running = None
        self._tell("")
        while self._turns and not self.is_busy:
            self._turns.popleft()()

    def give_up(self) -> None:
        """Forget all of it; what a thread is at goes on for nobody."""
        self._turns.clear()
        if self.is_busy:
            self._running = None
            self._tell("")

    def _tell(self, label: str) -> None:
        self._label = label
        self._changed(label)


class Newest:
    """Work of which only what was asked for last counts, such as what a pointer drags along."""

    def __init__(self, behind: Behind) -> None:
        """Begin with nothing asked for."""
        self._behind = behind
        self._running: object | None = None
        self._next: tuple[Work, Done, Failed] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether what was asked for last is not there yet."""
        return self._running is not None

    def ask(self, work: Work, done: Done, failed: Failed) -> None:
        """Work that out as soon as what is being worked out is done, unless more is asked for."""
        self._next = (work, done, failed)
        if self._running is None:
            self._start()

    def forget(self) -> None:
        """Nobody wants it any more."""
        self._running = self._next = None

    def _start(self) -> None:
        assert self._next is not None
        (work, done, failed), self._next = self._next, None
        running = self._running = object()

        def answered(answer: Callable[[Any], None], value: object) -> None:
            if running is not self._running:
                return
            self._running = None
            if self._next is not None:
                self._start()
            answer(value)

        self._behind.run(work, partial(answered, done), partial(answered, failed))
