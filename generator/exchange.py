"""One question to the worker and all that comes back, with a clock beside it.

An exchange that is not `is_over` when it raises leaves a worker that cannot be trusted with the
next one: the client ends it.
"""

import queue
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from generator.backend import IsCancelled, OnProgress
from generator.launch import WorkerProcess
from generator.messages import Cancel, Failed, Message, Taken
from generator.request import (
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
)

_LOOK_S = 0.05  # how often `is_cancelled` is asked and the clocks are looked at
_LATE_LOOK_S = 2.0  # a look this late means that this process itself was held up

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the client waits, in seconds."""

    cancel_s: float = 0.6  # for the running step to end; then the process is ended
    beat_s: float = 60.0  # without a heartbeat: stopped, or held by a library that blocks Python
    stall_s: float = 180.0  # without a message and without using CPU time: waiting for nothing


class Exchange:
    """A conversation about one job, or one question, with a worker that may die or hang."""

    def __init__(self, worker: WorkerProcess, patience: Patience, log: Path | None) -> None:
        """Say nothing yet; `log` is the file to point to when the worker dies."""
        self.is_over = False
        self._worker = worker
        self._patience = patience
        self._log = log
        self._job = ""
        self._cancelled_at: float | None = None
        self._looked_at = worker.lived_at = time.monotonic()

    def run(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Have one job done; raise `GenerationError` when it does not end in layers."""
        self._job = request.job
        for condition in request.conditions:
            self._worker.lend(condition.pixels.nbytes)
            self._worker.send(condition)
            self._next_of(Taken, is_cancelled)
        self._worker.send(replace(request, conditions=()))
        layers: list[GeneratedLayer] = []
        while True:
            match self._next(is_cancelled):
                case Progress() as progress:
                    on_progress(progress)
                case GeneratedLayer() as layer:
                    layers.append(layer)
                    self._worker.send(Taken())
                case GenerationResult() as result:
                    self.is_over = True
                    self._raise_if_cancelled()
                    return replace(result, layers=tuple(layers))
                case message:
                    raise _unexpected(message)

    def ask(self, question: Message, kind: type[Answer], is_cancelled: IsCancelled) -> Answer:
        """Ask something that is answered by one record of that kind."""
        self._worker.send(question)
        answer = self._next_of(kind, is_cancelled)
        self.is_over = True
        return answer

    def _next_of(self, kind: type[Answer], is_cancelled: IsCancelled) -> Answer:
        message = self._next(is_cancelled)
        if not isinstance(message, kind):
            raise _unexpected(message)
        return message

    def _next(self, is_cancelled: IsCancelled) -> Message:
        while True:
            self._look(is_cancelled)
            try:
                message = self._worker.inbox.get(timeout=_LOOK_S)
            except queue.Empty:
                continue
            if message is None:
                raise self._death()
            if isinstance(message, Failed):
                raise self._failure(message)
            return message

    def _look(self, is_cancelled: IsCancelled) -> None:
        now = time.monotonic()
        if now - self._looked_at > _LATE_LOOK_S:
            self._worker.beaten_at = self._worker.lived_at = now
        self._looked_at = now
        if self._cancelled_at is None and is_cancelled():
            self._cancelled_at = now
            self._worker.send(Cancel(self._job))
        if self._cancelled_at is not None and now - self._cancelled_at > self._patience.cancel_s:
            self._raise_if_cancelled()
        if (
            now - self._worker.beaten_at > self._patience.beat_s
            or now - self._worker.lived_at > self._patience.stall_s
        ):
            raise GenerationError(
                ErrorKind.WORKER_HUNG,
                "The generator no longer answered and was stopped; the next job starts it anew.",
            )

    def _raise_if_cancelled(self) -> None:
        if self._cancelled_at is not None:
            raise GenerationError(ErrorKind.CANCELLED, "The job was cancelled.")

    def _failure(self, failed: Failed) -> GenerationError:
        # After running out of memory only the end of the process surely gives all of it back.
        self.is_over = failed.kind is not ErrorKind.OUT_OF_MEMORY
        return GenerationError(failed.kind, failed.message)

    def _death(self) -> GenerationError:
        code = self._worker.end()
        if self._cancelled_at is not None:
            return GenerationError(ErrorKind.CANCELLED, "The job was cancelled.")
        how = "" if code is None else f" (exit code {code})"
        if code is not None and code < 0:
            how = f" (signal {-code})"
        why = ", perhaps for lack of memory" if code == -9 else f"; {self._log} may say why"
        return GenerationError(
            ErrorKind.WORKER_DIED,
            f"The generator ended unexpectedly{how}{why}; the next job starts it anew.",
        )


def _unexpected(message: object) -> GenerationError:
    return GenerationError(
        ErrorKind.BAD_RESULT,
        f"The generator answered with a {type(message).__name__} where none belongs.",
    )
