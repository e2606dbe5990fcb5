from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from generator.client import GeneratorClient
from generator.request import (
    ErrorKind,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
)
from generator.thread import GeneratorThread


class Listener(QObject):
    """Writes down what it hears, and in which thread."""

    def __init__(self, thread: GeneratorThread) -> None:
        super().__init__()
        self.heard: list[tuple[str, object]] = []
        self.threads: set[QThread] = set()
        thread.progressed.connect(self.on_progressed)
        thread.finished_job.connect(self.on_ended)
        thread.failed.connect(self.on_ended)

    @Slot(str, object)
    def on_progressed(self, job: str, progress: Progress) -> None:
        self.threads.add(QThread.currentThread())
        self.heard.append((job, progress))

    @Slot(str, object)
    def on_ended(self, job: str, outcome: object) -> None:
        self.threads.add(QThread.currentThread())
        self.heard.append((job, outcome))

    def outcomes(self) -> list[tuple[str, object]]:
        return [(job, what) for job, what in self.heard if not isinstance(what, Progress)]


@pytest.fixture
def thread(qapp: object, client: GeneratorClient) -> Iterator[GeneratorThread]:
    thread = GeneratorThread(client)
    yield thread
    thread.stop()
    assert thread.isFinished() or not thread.isRunning()


def _ask(prompt: str) -> GenerationRequest:
    return GenerationRequest(prompt, (200, 150), 3)


def test_jobs_run_in_order_and_are_told_in_the_windows_thread(
    qtbot: QtBot, thread: GeneratorThread
) -> None:
    listener = Listener(thread)
    jobs = [thread.submit(_ask(prompt)) for prompt in ("red", "bug", "green")]
    qtbot.waitUntil(lambda: len(listener.outcomes()) == 3, timeout=20_000)
    assert [job for job, _ in listener.outcomes()] == jobs
    kinds = [type(what) for _, what in listener.outcomes()]
    assert kinds == [GenerationResult, GenerationError, GenerationResult]
    assert listener.threads == {QThread.currentThread()}
    assert any(
        isinstance(what, Progress) and what.preview is not None for _, what in listener.heard
    )


def test_running_and_waiting_jobs_can_be_cancelled(qtbot: QtBot, thread: GeneratorThread) -> None:
    listener = Listener(thread)
    running, waiting, last = (thread.submit(_ask(prompt)) for prompt in ("slow", "blue", "red"))
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=20_000)
    thread.cancel(waiting)
    assert [job for job, _ in listener.outcomes()] == [waiting]
    with qtbot.waitSignal(thread.failed, timeout=1000):
        thread.cancel(running)
    qtbot.waitUntil(lambda: len(listener.outcomes()) == 3, timeout=20_000)
    outcomes = dict(listener.outcomes())
    for job in (running, waiting):
        error = outcomes[job]
        assert isinstance(error, GenerationError)
        assert error.kind is ErrorKind.CANCELLED
    assert isinstance(outcomes[last], GenerationResult)


def test_killed_worker_fails_one_job_and_the_queue_goes_on(
    qtbot: QtBot, thread: GeneratorThread
) -> None:
    listener = Listener(thread)
    thread.submit(_ask("crash"))
    thread.submit(_ask("red"))
    qtbot.waitUntil(lambda: len(listener.outcomes()) == 2, timeout=20_000)
    (_, first), (_, second) = listener.outcomes()
    assert isinstance(first, GenerationError)
    assert first.kind is ErrorKind.WORKER_DIED
    assert isinstance(second, GenerationResult)


@pytest.mark.parametrize("prompt", ["slow", "stubborn", "hang"])
def test_stop_in_the_middle_of_a_job_is_quick_and_silent(
    qtbot: QtBot, thread: GeneratorThread, client: GeneratorClient, prompt: str
) -> None:
    listener = Listener(thread)
    thread.submit(_ask(prompt))
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=20_000)
    thread.submit(_ask("red"))
    thread.stop()
    assert not thread.isRunning()
    assert client.worker_pid is None
    assert listener.outcomes() == []


def test_started_thread_has_its_worker_ready_before_the_first_job(
    qtbot: QtBot, thread: GeneratorThread, client: GeneratorClient
) -> None:
    thread.start()
    qtbot.waitUntil(lambda: client.worker_pid is not None, timeout=5000)


def test_thread_that_was_never_started_stops(thread: GeneratorThread) -> None:
    thread.stop()
    assert not thread.isRunning()
