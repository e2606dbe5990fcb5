"""The queue between a workspace and the generator: what was asked, how far it is, where it goes.

Lives in the window's thread. A job's result is applied to the document of the moment it arrives,
after any open gesture; a job that fails changes nothing.
"""

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from editor.document.geometry import Rect
from editor.edits.edit import EditError
from editor.generation import Asked, Order, Placed, order_for, placed, title_of
from editor.workspace import Workspace
from generator.request import ErrorKind, GenerationError, GenerationResult, Progress
from generator.thread import GeneratorThread

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Job:
    """One request on its way; `progress` is None while it waits."""

    id: str
    title: str
    order: Order
    workspace: Workspace
    progress: Progress | None = None
    warnings: tuple[str, ...] = ()  # what the engine said of the result

    @property
    def asked(self) -> Asked:
        """What was asked for."""
        return self.order.asked

    @property
    def box(self) -> Rect:
        """Where in the document the result goes."""
        return self.order.box


class Jobs(QObject):
    """Jobs of all open documents, in order; one runs at a time."""

    job_added = Signal(object)  # Job
    job_progressed = Signal(object)  # Job
    job_finished = Signal(object, object)  # Job, LayerId
    job_failed = Signal(object, object)  # Job, GenerationError
    placed = Signal(object, object, object)  # Job, GenerationResult, Placed: from the pool
    failed_to_place = Signal(str, object)  # job id, GenerationError: from the pool

    def __init__(self, thread: GeneratorThread) -> None:
        """Listen to a generator's thread; starting and stopping it is the caller's."""
        super().__init__()
        self._thread = thread
        self._jobs: dict[str, Job] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)  # results arrive in the order of their jobs
        self.placed.connect(self.on_placed)
        self.failed_to_place.connect(self.on_failed)
        thread.progressed.connect(self.on_progressed)
        thread.finished_job.connect(self.on_finished)
        thread.failed.connect(self.on_failed)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Those that run or wait, the running one first."""
        return tuple(self._jobs.values())

    def submit(self, workspace: Workspace, asked: Asked) -> Job:
        """Queue what was asked; raises `GenerationError` where it makes no sense."""
        order = order_for(workspace.document, workspace.selected, asked)
        job = Job(order.request.job, title_of(order), order, workspace)
        self._jobs[job.id] = job
        self.job_added.emit(job)
        self._thread.submit(order.request)
        return job

    def cancel(self, job: Job) -> None:
        """Stop a job or take it out of the queue; `job_failed` tells when it has ended."""
        self._thread.cancel(job.id)

    def cancel_all_of(self, workspace: Workspace) -> None:
        """Stop the jobs of a document that is being closed."""
        for job in self.jobs:
            if job.workspace is workspace:
                self.cancel(job)

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
        if job is not None:
            self._pool.start(lambda: self._place(job, result))

    def _place(self, job: Job, result: GenerationResult) -> None:
        """Scale what was made, in a thread of the pool: it takes longer than a window may wait."""
        try:
            done = placed(job.order, result)
        except MemoryError:
            text = "There is not enough memory for the result."
            self.failed_to_place.emit(job.id, GenerationError(ErrorKind.OUT_OF_MEMORY, text))
            return
        self.placed.emit(job, result, done)

    @Slot(object, object, object)
    def on_placed(self, job: Job, result: GenerationResult, done: Placed) -> None:
        """Apply an edit that is ready; one of a document that was closed is dropped."""
        if self._jobs.pop(job.id, None) is not None:
            job.workspace.do_when_idle(lambda: self._apply(job, result, done))

    @Slot(str, object)
    def on_failed(self, job_id: str, error: GenerationError) -> None:
        """Take a job that failed out of the queue."""
        job = self._jobs.pop(job_id, None)
        if job is not None:
            self.job_failed.emit(job, error)

    def _apply(self, job: Job, result: GenerationResult, done: Placed) -> None:
        try:
            job.workspace.do(done.edit, f"Generate {job.title}")
        except EditError:
            # The layer it was meant for is gone or locked: what was made is kept as a new one.
            log.info("job %s: its layer cannot take it, adding a new layer", job.id)
            done = placed(job.order.as_new(), result)
            job.workspace.do(done.edit, f"Generate {job.title}")
        job.workspace.select((done.layer,))
        job.warnings = result.warnings
        self.job_finished.emit(job, done.layer)
