"""The queue between a workspace and the generator: what was asked, how far it is, where it goes.

Lives in the window's thread. What takes long (what the model sees, scaling what it made) is done in
a pool. A job's result is applied to the document of the moment it arrives, after any open gesture;
a job that fails changes nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import LayerId
from editor.edits.edit import EditError
from editor.generation import (
    Asked,
    Order,
    Placed,
    bare_request,
    box_of,
    layer_name,
    order_for,
    placed,
)
from editor.workspace import Workspace
from generator.request import (
    ErrorKind,
    GenerationError,
    GenerationResult,
    Progress,
    Task,
    check_words_and_numbers,
)
from generator.thread import GeneratorThread

log = logging.getLogger(__name__)

WORDLESS: Final = {
    Task.EXTRACT: "Extract",
    Task.UPSCALE: "Upscale",
    Task.SHADOW: "Shadow and light",
}

Take = Callable[[Order, GenerationResult], None]


@dataclass(slots=True, eq=False)
class Job:
    """One request on its way; `progress` is None while it waits, `order` while that is made.

    It is shown where `workspace` is. `take`, where there is one, gets the result instead of that.
    """

    id: str
    title: str
    asked: Asked
    box: Rect
    workspace: Workspace
    order: Order | None = None
    progress: Progress | None = None
    warnings: tuple[str, ...] = ()  # what the engine said of the result
    take: Take | None = None


class Jobs(QObject):
    """Jobs of all open documents, in order; one runs at a time."""

    job_added = Signal(object)  # Job
    job_progressed = Signal(object)  # Job
    job_finished = Signal(object, object)  # Job, LayerId
    job_failed = Signal(object, object)  # Job, GenerationError
    job_taken = Signal(object)  # Job: its result went to whoever asked for it
    ordered = Signal(object, object)  # Job, Order: from the pool
    placed = Signal(object, object, object)  # Job, GenerationResult, Placed: from the pool
    failed_in_pool = Signal(str, object)  # job id, GenerationError: from the pool

    def __init__(self, thread: GeneratorThread) -> None:
        """Listen to a generator's thread; starting and stopping it is the caller's."""
        super().__init__()
        self._thread = thread
        self._jobs: dict[str, Job] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # requests and results arrive in the order of their jobs
        self.ordered.connect(self.on_ordered)
        self.placed.connect(self.on_placed)
        self.failed_in_pool.connect(self.on_failed)
        thread.progressed.connect(self.on_progressed)
        thread.finished_job.connect(self.on_finished)
        thread.failed.connect(self.on_failed)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Those that run or wait, the running one first."""
        return tuple(self._jobs.values())

    def submit(self, workspace: Workspace, asked: Asked) -> Job:
        """Queue what was asked; raises `GenerationError` where its words make no sense."""
        return self.submit_on(workspace.document, workspace.selected, asked, workspace)

    def submit_on(
        self,
        document: Document,
        active: tuple[LayerId, ...],
        asked: Asked,
        workspace: Workspace,
        take: Take | None = None,
    ) -> Job:
        """Queue what was asked of a document that may not be the workspace's own.

        `take` is then called with the result, which does not come into the workspace.
        """
        box = box_of(document, active, asked)
        check_words_and_numbers(bare_request(asked, box))
        title = layer_name(asked.prompt) or WORDLESS.get(asked.task, asked.task.value)
        job = Job(uuid4().hex, title, asked, box, workspace, take=take)
        self._jobs[job.id] = job
        self.job_added.emit(job)
        self._pool.start(lambda: self._order(job, document, active))
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job or take it out of the queue; `job_failed` tells when it has ended."""
        if job.order is None:
            self.on_failed(job.id, GenerationError(ErrorKind.CANCELLED, "The job was cancelled."))
        else:
            self._thread.cancel(job.id)

    def cancel_all_of(self, workspace: Workspace) -> None:
        """Stop the jobs of a document that is being closed."""
        for job in reversed(self.jobs):  # the running one last, so that no other takes its place
            if job.workspace is workspace:
                self.cancel(job)
                # Its result may be on the way already; it must not reach what is closed.
                self.on_failed(job.id, GenerationError(ErrorKind.CANCELLED, "It was closed."))

    @Slot(object, object)
    def on_ordered(self, job: Job, order: Order) -> None:
        """Hand a request to the generator, unless it was cancelled meanwhile."""
        if job.id in self._jobs:
            job.order = order
            self._thread.submit(order.request)

    @Slot(str, object)
    def on_progressed(self, job_id: str, progress: Progress) -> None:
        """Keep how far a job is."""
        job = self._jobs.get(job_id)
        if job is not None:
            job.progress = progress
            self.job_progressed.emit(job)

    @Slot(str, object)
    def on_finished(self, job_id: str, result: GenerationResult) -> None:
        """Bring a result into its document, when no gesture is open there."""
        job = self._jobs.get(job_id)
        if job is None or job.order is None:
            return
        if job.take is None:
            self._pool.start(lambda: self._place(job, result))
            return
        del self._jobs[job_id]
        job.warnings = result.warnings
        self.job_taken.emit(job)
        job.take(job.order, result)

    @Slot(object, object, object)
    def on_placed(self, job: Job, result: GenerationResult, done: Placed) -> None:
        """Apply an edit that is ready; one of a document that was closed is dropped."""
        if self._jobs.pop(job.id, None) is not None:
            job.warnings = result.warnings
            job.workspace.do_when_idle(lambda: self._apply(job, result, done))

    @Slot(str, object)
    def on_failed(self, job_id: str, error: GenerationError) -> None:
        """Take a job that failed out of the queue."""
        job = self._jobs.pop(job_id, None)
        if job is not None:
            self.job_failed.emit(job, error)

    # In the pool

    def _order(self, job: Job, document: Document, active: tuple[LayerId, ...]) -> None:
        """Composite what the model sees."""
        try:
            order = order_for(document, active, job.asked)
        except (GenerationError, MemoryError) as error:
            self.failed_in_pool.emit(job.id, _as_generation_error(error))
            return
        self.ordered.emit(job, replace(order, request=replace(order.request, job=job.id)))

    def _place(self, job: Job, result: GenerationResult) -> None:
        """Scale what was made."""
        assert job.order is not None  # it was sent
        try:
            done = placed(job.order, result)
        except (GenerationError, MemoryError) as error:
            self.failed_in_pool.emit(job.id, _as_generation_error(error))
            return
        self.placed.emit(job, result, done)

    # In the window's thread

    def _apply(self, job: Job, result: GenerationResult, done: Placed) -> None:
        label = job.title if job.asked.task in WORDLESS else f"Generate {job.title}"
        try:
            job.workspace.do(done.edit, label)
        except EditError:
            # The layer it was meant for is gone or locked: what was made is kept as a new one.
            log.info("job %s: its layer cannot take it, adding a new layer", job.id)
            assert job.order is not None
            done = placed(job.order.as_new(), result)
            job.workspace.do(done.edit, label)
        job.workspace.select((done.layer,))
        self.job_finished.emit(job, done.layer)


def _as_generation_error(error: GenerationError | MemoryError) -> GenerationError:
    if isinstance(error, GenerationError):
        return error
    return GenerationError(ErrorKind.OUT_OF_MEMORY, "There is not enough memory for the pictures.")
