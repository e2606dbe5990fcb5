"""Makes stale layers again, sources first, and brings all of it into the document as one step."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from editor.document.layer import LayerId
from editor.edits.edit import Edit, EditError, Together
from editor.jobs import Job, Jobs
from editor.ui.background import Background
from editor.ui.desk import Desk
from editor.workspace import Workspace
from generator.request import ErrorKind, GenerationError, GenerationResult

if TYPE_CHECKING:  # what it brings along is imported by then
    from editor.generation import Asked, Order, Refresh

Following = tuple["Refresh", LayerId | None, "Asked | None", tuple[str, ...]]


@dataclass(slots=True, eq=False)
class Run:
    """A refresh of one document on its way."""

    workspace: Workspace
    refresh: "Refresh"
    layer: LayerId | None = None  # that is being made
    job: Job | None = None
    sentences: tuple[str, ...] = ()  # about layers that could not be made


class Refresher(QObject):
    """One document at a time; locked layers are never touched."""

    said = Signal(str)
    failed = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QObject | None = None) -> None:
        """Listen to the queue."""
        super().__init__(parent)
        self._desk = desk
        self._jobs = jobs
        self._background = Background(1, self)
        self._run: Run | None = None
        jobs.job_failed.connect(self._on_job_failed)

    @property
    def job(self) -> Job | None:
        """The job that makes a stale layer now."""
        return None if self._run is None else self._run.job

    def refresh(self, workspace: Workspace) -> None:
        """Begin, unless one is under way."""
        from editor.generation import Refresh

        if self._run is not None:
            self.said.emit(self.tr("Layers are being refreshed already."))
            return
        self._run = Run(workspace, Refresh(workspace.document))
        self._go_on(self._run)

    def _go_on(self, run: Run) -> None:
        self._background.run(
            partial(_following, run.refresh), partial(self._on_following, run), self._on_broken
        )

    def _on_following(self, run: Run, following: Following) -> None:
        """Have the next layer made, or end where there is none."""
        refresh, layer, asked, sentences = following
        run.refresh, run.layer = refresh, layer
        run.sentences = (*run.sentences, *sentences)
        if layer is None or asked is None:
            self._end(run)
            return
        try:
            run.job = self._jobs.submit_on(
                refresh.document, (), asked, run.workspace, partial(self._on_made, run)
            )
        except GenerationError as error:
            self._skip(run, str(error))

    def _on_made(self, run: Run, order: "Order", result: GenerationResult) -> None:
        layer = run.layer
        assert layer is not None  # its job was submitted
        run.job = None
        self._background.run(
            partial(run.refresh.with_result, layer, order, result),
            partial(self._on_grown, run),
            self._on_broken,
        )

    def _on_grown(self, run: Run, refresh: "Refresh") -> None:
        run.refresh = refresh
        self._go_on(run)

    @Slot(object, object)
    def _on_job_failed(self, job: Job, error: GenerationError) -> None:
        run = self._run
        if run is None or run.job is not job:
            return
        run.job = None
        if error.kind is ErrorKind.CANCELLED:
            self._end(run)
        else:
            self._skip(run, self.tr("“{0}” was not made: {1}").format(job.title, error))

    def _skip(self, run: Run, sentence: str) -> None:
        """Leave a layer as it is and go on with the others."""
        assert run.layer is not None
        run.sentences = (*run.sentences, sentence)
        run.refresh = run.refresh.without(run.layer)
        self._go_on(run)

    def _on_broken(self, error: Exception) -> None:
        run, self._run = self._run, None
        if run is not None:
            self.failed.emit(self.tr("The layers were not refreshed; nothing was lost."))
        raise error

    def _end(self, run: Run) -> None:
        self._run = None
        if run.workspace not in self._desk.workspaces:
            return
        if run.refresh.edits:
            run.workspace.do_when_idle(partial(_apply, run, self.tr("Refresh")))
        if run.sentences:
            self.failed.emit(" ".join(run.sentences))
        elif not run.refresh.edits:
            self.said.emit(self.tr("Nothing was refreshed."))


def _following(refresh: "Refresh") -> Following:
    """Find the next layer and what to ask for; those without a way to make them are left."""
    from editor.generation import asked_again

    sentences: tuple[str, ...] = ()
    while (layer := refresh.next_layer()) is not None:
        try:
            return refresh, layer, asked_again(refresh.document, layer), sentences
        except GenerationError as error:
            sentences = (*sentences, str(error))
            refresh = refresh.without(layer)
    return refresh, None, None, sentences


def _apply(run: Run, label: str) -> None:
    """Apply what still can be: a layer may have gone or been locked while others were made."""
    document = run.workspace.document
    possible: list[Edit] = []
    for edit in run.refresh.edits:
        try:
            document = edit.apply(document)
        except EditError:
            continue
        possible.append(edit)
    if possible:
        run.workspace.do(Together(tuple(possible)), label)
