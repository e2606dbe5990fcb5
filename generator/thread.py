"""The client for the window: a thread that runs jobs in order and tells of them by signals.

The only file of this package that knows Qt. Connect its signals to methods of a QObject that lives
in the window's thread: only those are called there.
"""

import logging
import threading
from collections import deque

from PySide6.QtCore import QObject, QThread, Signal

from generator.client import GeneratorClient
from generator.request import ErrorKind, GenerationError, GenerationRequest

log = logging.getLogger(__name__)


class GeneratorThread(QThread):
    """Runs jobs one after the other on a client that it owns and closes at the end.

    All signals carry the job's id first. After `submit`, each job ends in exactly one of
    `finished_job` and `failed`, unless `stop` comes first.
    """

    progressed = Signal(str, object)  # job, Progress
    finished_job = Signal(str, object)  # job, GenerationResult
    failed = Signal(str, object)  # job, GenerationError

    def __init__(self, client: GeneratorClient, parent: QObject | None = None) -> None:
        """Own a client; `start` warms it up, and so does the first `submit`."""
        super().__init__(parent)
        self._client = client
        self._change = threading.Condition()
        self._waiting: deque[GenerationRequest] = deque()
        self._running = ""
        self._cancelled: set[str] = set()
        self._is_stopping = False

    def submit(self, request: GenerationRequest) -> str:
        """Queue a job and return its id."""
        with self._change:
            self._waiting.append(request)
            self._change.notify()
        if not self.isRunning():
            self.start()
        return request.job

    def cancel(self, job: str) -> None:
        """Stop a job, running or waiting; it ends in `failed` with kind CANCELLED."""
        with self._change:
            waiting = [request for request in self._waiting if request.job == job]
            for request in waiting:
                self._waiting.remove(request)
            if job == self._running:
                self._cancelled.add(job)
        if waiting:
            self.failed.emit(job, GenerationError(ErrorKind.CANCELLED, "The job was cancelled."))

    def renew(self, device: str) -> None:
        """Have the next job made on another device, and in the environment of then."""
        self._client.renew(device)

    def stop(self) -> None:
        """Cancel everything, end the worker and wait for the thread, which is of no use after."""
        with self._change:
            self._is_stopping = True
            self._waiting.clear()
            self._change.notify()
        self.wait()

    def run(self) -> None:
        """Take jobs until `stop`. Called by Qt in the new thread."""
        try:
            while True:
                self._warm_up()
                request = self._next()
                if request is None:
                    return
                self._do(request)
        finally:
            self._client.close()

    def _warm_up(self) -> None:
        try:
            self._client.start()
        except GenerationError as error:
            log.warning("the generator does not start: %s", error)  # the next job will say so

    def _next(self) -> GenerationRequest | None:
        with self._change:
            self._running = ""
            self._change.wait_for(lambda: self._waiting or self._is_stopping)
            if self._is_stopping:
                return None
            request = self._waiting.popleft()
            self._running = request.job
            return request

    def _do(self, request: GenerationRequest) -> None:
        job = request.job
        try:
            result = self._client.generate(
                request,
                lambda progress: self.progressed.emit(job, progress),
                lambda: self._is_stopping or job in self._cancelled,
            )
        except GenerationError as error:
            self._tell_failure(job, error)
        else:
            if not self._is_stopping:
                self.finished_job.emit(job, result)

    def _tell_failure(self, job: str, error: GenerationError) -> None:
        if not self._is_stopping:
            self.failed.emit(job, error)
