"""The window's side of generation: what is asked goes to the queue, what happens is shown."""

import logging
from functools import partial
from weakref import ref

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import LayerId
from editor.generation import Asked
from editor.jobs import Job, Jobs
from editor.ui.canvas_painter import Placeholder
from editor.ui.desk import Desk
from editor.ui.prompt_settings import new_seed
from editor.ui.qimage import image_from_rgba
from editor.ui.refresher import Refresher
from editor.ui.words import progress_line
from editor.workspace import Workspace
from generator.request import ANOTHER_SEED, ErrorKind, GenerationError, Progress

log = logging.getLogger(__name__)

NEW_SIDE = 1024  # of the document that a prompt into an empty window opens


class Generation(QObject):
    """Between the prompt bar, the recipe panel and the queue."""

    said = Signal(str)
    failed = Signal(str, str, object)  # a sentence, and what can be done: its name, what to call
    submitted = Signal()
    running_changed = Signal(bool, object)  # whether a job of the front runs, its Progress or None
    placeholders_changed = Signal(object)  # tuple[Placeholder, ...] of the front

    def __init__(self, desk: Desk, jobs: Jobs, parent: QObject | None = None) -> None:
        """Follow desk and queue."""
        super().__init__(parent)
        self._desk = desk
        self.jobs = jobs
        self.refresher = Refresher(desk, jobs, self)
        self._previews: dict[str, QImage] = {}  # the last of each job
        desk.switched.connect(self._announce)
        desk.closed.connect(self._on_closed)
        jobs.job_added.connect(self._announce)
        jobs.job_progressed.connect(self._announce)
        jobs.job_finished.connect(self._on_finished)
        jobs.job_failed.connect(self._on_failed)
        jobs.job_taken.connect(self._announce)
        self.refresher.said.connect(self.said)
        self.refresher.failed.connect(self._on_refresh_failed)

    @Slot(object)
    def submit(self, asked: Asked) -> None:
        """Queue what was asked; an empty window gets a document first."""
        front = self._desk.front
        opened = front is None
        if front is None:
            front = Workspace(Document(size=Size(NEW_SIDE, NEW_SIDE)), self.tr("New"))
        try:
            self.jobs.submit(front, asked)
        except GenerationError as error:
            self.failed.emit(str(error), "", None)
            return
        if opened:
            self._desk.open(front)
        self.submitted.emit()

    @Slot()
    def cancel_running(self) -> None:
        """Stop the first job of the document in front."""
        mine = self._mine()
        if mine:
            self.jobs.cancel(mine[0])

    @Slot()
    def refresh(self) -> None:
        """Make the stale layers of the document in front again."""
        if self._desk.front is not None:
            self.refresher.refresh(self._desk.front)

    def _mine(self) -> list[Job]:
        return [job for job in self.jobs.jobs if job.workspace is self._desk.front]

    @Slot()
    def _announce(self) -> None:
        mine = self._mine()
        there = {job.id for job in self.jobs.jobs}
        self._previews = {key: each for key, each in self._previews.items() if key in there}
        progress = mine[0].progress if mine else None
        self.running_changed.emit(bool(mine), progress)
        # What runs is painted last, over those that wait for the same place.
        self.placeholders_changed.emit(tuple(map(self._placeholder, reversed(mine))))

    @Slot(object, object)
    def _on_finished(self, job: Job, layer: LayerId) -> None:
        self._announce()
        if job.workspace is not self._desk.front:
            self.said.emit(self.tr("“{0}” is done in another document.").format(job.title))
        elif any(ANOTHER_SEED in sentence for sentence in job.warnings):
            again = partial(self._try_seed, ref(job.workspace), layer)
            self.failed.emit(" ".join(job.warnings), self.tr("Try another seed"), again)
        elif job.warnings:
            self.said.emit(" ".join(job.warnings))

    def _try_seed(self, workspace: "ref[Workspace]", layer: LayerId) -> None:
        """Make the layer again in its place, as a variant beside the one that failed."""
        from editor.generation import asked_again

        there = workspace()
        if there is None or there not in self._desk.workspaces:
            return
        self._desk.show(there)
        try:
            asked = asked_again(there.document, layer, new_seed())
        except GenerationError as error:
            self.failed.emit(str(error), "", None)
            return
        self.submit(asked)

    @Slot(object, object)
    def _on_failed(self, job: Job, error: GenerationError) -> None:
        self._announce()
        if error.kind is ErrorKind.CANCELLED:
            self.said.emit(self.tr("“{0}” was cancelled.").format(job.title))
        elif job.take is None:  # whoever takes a result says what became of it
            text = self.tr("“{0}” was not made: {1} Nothing was lost.").format(job.title, error)
            again = partial(self._try_again, ref(job.workspace), job.asked)
            self.failed.emit(text, self.tr("Try again"), again)

    def _try_again(self, workspace: "ref[Workspace]", asked: Asked) -> None:
        """Do it where it was to be done: a message that stays must not keep what was closed."""
        there = workspace()
        if there is not None and there in self._desk.workspaces:
            self._desk.show(there)
            self.submit(asked)

    @Slot(str)
    def _on_refresh_failed(self, sentence: str) -> None:
        self.failed.emit(sentence, "", None)

    @Slot(object)
    def _on_closed(self, workspace: Workspace) -> None:
        self.jobs.cancel_all_of(workspace)
        self._announce()

    def _placeholder(self, job: Job) -> Placeholder:
        """Return how a job looks now; between its previews the last one stays."""
        progress: Progress | None = job.progress
        share = 0.0
        if progress is not None:
            share = progress.step / progress.steps if progress.steps else 0.0
            if progress.preview is not None:
                self._previews[job.id] = image_from_rgba(progress.preview)
        words = f"{job.title}: {progress_line(progress)}"
        return Placeholder(job.box, words, share, self._previews.get(job.id))
