"""The queue with a generator that answers when the test says so."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.generation import Asked
from editor.jobs import Jobs
from editor.workspace import Workspace
from generator.request import (
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
    Role,
    Task,
)


class Thread(QObject):
    """What the window's thread sees of a generator."""

    progressed = Signal(str, object)
    finished_job = Signal(str, object)
    failed = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[GenerationRequest] = []
        self.cancelled: list[str] = []

    def submit(self, request: GenerationRequest) -> None:
        self.requests.append(request)

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def finish(self, request: GenerationRequest) -> None:
        width, height = request.size
        pixels = np.full((height, width, 4), 200, np.uint8)
        layers = (GeneratedLayer(Role.FOREGROUND, pixels, request.seed),)
        result = GenerationResult(request.job, layers, request.model, "h", 1, 1.0, 0.1, ("Hm.",))
        self.finished_job.emit(request.job, result)


@pytest.fixture
def thread(qapp) -> Thread:
    return Thread()


@pytest.fixture
def jobs(thread) -> Jobs:
    return Jobs(thread)


@pytest.fixture
def workspace(qapp) -> Workspace:
    ground = PixelLayer(
        id=new_layer_id(),
        name="ground",
        pixels=Pixels.from_array(np.full((40, 60, 4), 255, np.uint8)),
    )
    return Workspace(Document(size=Size(60, 40), layers=(ground,)))


def sent(thread, qtbot, count: int = 1) -> GenerationRequest:
    qtbot.waitUntil(lambda: len(thread.requests) == count, timeout=5000)
    return thread.requests[-1]


def test_what_the_model_sees_is_composited_beside_the_window(
    jobs, thread, workspace, qtbot
) -> None:
    job = jobs.submit(workspace, Asked("ball", 1, Task.FOREGROUND))
    assert thread.requests == []
    assert jobs.jobs == (job,)
    assert job.box == workspace.document.rect  # it is shown at once
    request = sent(thread, qtbot)
    assert request.job == job.id
    assert [each.role for each in request.conditions] == [Role.BACKGROUND]


def test_requests_go_out_in_the_order_in_which_they_were_asked(
    jobs, thread, workspace, qtbot
) -> None:
    for words in ("one", "two", "three"):
        jobs.submit(workspace, Asked(words, 1, Task.FOREGROUND))
    sent(thread, qtbot, 3)
    assert [each.prompt for each in thread.requests] == ["one", "two", "three"]


def test_a_job_cancelled_before_it_was_sent_is_never_sent(jobs, thread, workspace, qtbot) -> None:
    job = jobs.submit(workspace, Asked("ball", 1, Task.FOREGROUND))
    with qtbot.waitSignal(jobs.job_failed) as failed:
        jobs.cancel(job)
    assert failed.args[1].kind is ErrorKind.CANCELLED
    after = jobs.submit(workspace, Asked("next", 1))
    assert sent(thread, qtbot).job == after.id


def test_words_that_make_no_sense_are_refused_at_once(jobs, workspace) -> None:
    with pytest.raises(GenerationError, match="The prompt is empty"):
        jobs.submit(workspace, Asked("  ", 1))
    assert jobs.jobs == ()


def test_a_picture_that_makes_no_sense_fails_the_job(jobs, thread, workspace, qtbot) -> None:
    with qtbot.waitSignal(jobs.job_failed, timeout=5000) as failed:
        jobs.submit(workspace, Asked("", 1, Task.EXTRACT))
    assert "two layers" in str(failed.args[1])
    assert (thread.requests, jobs.jobs) == ([], ())


def test_a_result_waits_for_the_end_of_a_gesture(jobs, thread, workspace, qtbot) -> None:
    job = jobs.submit(workspace, Asked("ball", 1))
    request = sent(thread, qtbot)
    progress = Progress("step", 1, 2)
    thread.progressed.emit(job.id, progress)
    assert job.progress is progress
    workspace.preview(_Same())
    with qtbot.waitSignal(jobs.placed, timeout=5000):
        thread.finish(request)
    assert len(workspace.document.layers) == 1
    workspace.cancel()
    assert [layer.name for layer in workspace.document.layers] == ["ground", "ball"]
    assert job.warnings == ("Hm.",)


def test_who_takes_a_result_keeps_it_from_the_document(jobs, thread, workspace, qtbot) -> None:
    taken = []
    job = jobs.submit_on(
        workspace.document, (), Asked("ball", 1), workspace,
        lambda order, result: taken.append((order, result)),
    )  # fmt: skip
    before = workspace.document
    request = sent(thread, qtbot)
    with qtbot.waitSignal(jobs.job_taken):
        thread.finish(request)
    ((order, result),) = taken
    assert (order.request.job, result.job) == (job.id, job.id)
    assert workspace.document is before
    assert jobs.jobs == ()


def test_a_result_for_a_closed_document_is_dropped(jobs, thread, workspace, qtbot) -> None:
    jobs.submit(workspace, Asked("ball", 1))
    request = sent(thread, qtbot)
    before = workspace.document
    jobs.cancel_all_of(workspace)
    assert thread.cancelled == [request.job]
    assert jobs.jobs == ()
    thread.finish(request)
    qtbot.wait(100)
    assert workspace.document is before


class _Same:
    """An edit that changes nothing: a gesture that has begun."""

    def apply(self, document: Document) -> Document:
        return document
