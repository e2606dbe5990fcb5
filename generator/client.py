"""Starts, watches, cancels and restarts the worker process. No Qt, no torch.

`generate` blocks: the command line calls it as it is, the window through `thread.py`.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from generator.backend import BACKENDS, Capabilities, IsCancelled, OnProgress
from generator.exchange import Exchange, Patience
from generator.launch import WorkerOptions, WorkerProcess, log_path
from generator.messages import AskCapabilities, Describe, Description
from generator.models.store import check_known
from generator.request import (
    ErrorKind,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Task,
    checked,
)

log = logging.getLogger(__name__)

_CLOSE_S = 0.5  # for a worker to end by itself

Outcome = TypeVar("Outcome")


class GeneratorClient:
    """One engine on one device, in one worker process that is started when it is first needed.

    `threads` of None are all cores, for somebody who waits at a terminal; with a number (as
    `launch.window_threads()`, which leaves a core to the window) the worker has a low priority. One
    job runs at a time; further calls of `generate` wait. `cancel` may be called from any thread.
    """

    def __init__(
        self,
        backend: str = "layer_diffusion",
        device: str = "auto",
        threads: int | None = None,
        patience: Patience | None = None,
        log_file: Path | None = None,
    ) -> None:
        """Start nothing yet; a backend that is not in `BACKENDS` raises GenerationError."""
        if backend not in BACKENDS:
            known = ", ".join(BACKENDS)
            raise GenerationError(
                ErrorKind.BAD_REQUEST, f'There is no backend "{backend}"; there are: {known}.'
            )
        self._options = WorkerOptions(backend, device, threads, log_file or log_path())
        self._patience = patience or Patience()
        self._worker: WorkerProcess | None = None
        self._is_outdated = False  # the worker was started with other options
        self._busy = threading.Lock()
        self._cancelled = threading.Event()

    def __enter__(self) -> "GeneratorClient":
        """Give the client itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @property
    def worker_pid(self) -> int | None:
        """The worker's process, where one runs."""
        worker = self._worker
        return worker.pid if worker is not None and worker.is_alive() else None

    def start(self) -> None:
        """Start the worker ahead of the first job, and return while it loads its libraries."""
        with self._busy:
            self._running_worker()

    def generate(
        self,
        request: GenerationRequest,
        on_progress: OnProgress = lambda _progress: None,
        is_cancelled: IsCancelled = lambda: False,
    ) -> GenerationResult:
        """Run one job to its end; raise `GenerationError` with one sentence when it has no result.

        `on_progress` is called in this thread. `is_cancelled` is asked twenty times a second.
        """
        checked(request)
        check_known(request.model)
        result = self._exchange(
            lambda exchange: exchange.run(
                request, on_progress, lambda: self._cancelled.is_set() or is_cancelled()
            )
        )
        return _checked_result(request, result)

    def cancel(self) -> None:
        """Stop the running job, within a second and by force if need be; else do nothing."""
        self._cancelled.set()

    def describe(self) -> str:
        """Ask the worker what it runs on, in words."""
        return self._exchange(
            lambda exchange: exchange.ask(Describe(), Description, self._cancelled.is_set)
        ).words

    def capabilities(self, model: str) -> Capabilities:
        """Ask the engine what it can do with a model."""
        check_known(model)
        return self._exchange(
            lambda exchange: exchange.ask(
                AskCapabilities(model), Capabilities, self._cancelled.is_set
            )
        )

    def renew(self, device: str) -> None:
        """Have the next job made by a new worker, on a device and in the environment of then.

        May be called from any thread; a running job ends on the worker that it began on.
        """
        self._options = replace(self._options, device=device)
        self._is_outdated = True

    def close(self) -> None:
        """End the worker. A running job is cancelled first; the client can be used again."""
        self.cancel()
        with self._busy:
            self._end_worker(_CLOSE_S)

    def _running_worker(self) -> WorkerProcess:
        if self._is_outdated:
            self._is_outdated = False
            self._end_worker(_CLOSE_S)
        if self._worker is not None and not self._worker.is_alive():
            self._end_worker()
        if self._worker is None:
            try:
                self._worker = WorkerProcess(self._options)
            except OSError as error:
                raise GenerationError(
                    ErrorKind.WORKER_DIED, f"The generator could not be started: {error}."
                ) from error
        return self._worker

    def _end_worker(self, grace_s: float = 0.0) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            code = worker.end(grace_s)
            log.info("worker %d ended with %s", worker.pid, code)

    def _exchange(self, talk: Callable[[Exchange], Outcome]) -> Outcome:
        with self._busy:
            self._cancelled.clear()
            exchange = Exchange(self._running_worker(), self._patience, self._options.log)
            try:
                return talk(exchange)
            finally:
                if not exchange.is_over:
                    self._end_worker()


def _checked_result(request: GenerationRequest, result: GenerationResult) -> GenerationResult:
    if result.job != request.job:
        raise _bad("The generator answered another job than the one it was given.")
    if not result.layers:
        raise _bad("The generator gave no layers.")
    if request.task is Task.LAYER and len(result.layers) != request.count:
        raise _bad(f"The generator gave {len(result.layers)} layers instead of {request.count}.")
    if not any(layer.pixels[..., 3].any() for layer in result.layers):
        raise _bad("The result is empty, fully transparent; another seed or other words may help.")
    return result


def _bad(message: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_RESULT, message)
