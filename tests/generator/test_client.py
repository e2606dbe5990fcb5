import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.backends.fake import FakeBackend
from generator.client import GeneratorClient
from generator.process import NICENESS
from generator.request import (
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Progress,
    Role,
    Task,
)
from generator.transport import Arena
from tests.generator.stopwatch import Stopwatch

Ask = Callable[..., GenerationRequest]


def test_job_tells_its_progress_and_ends_in_the_layers_asked_for(
    client: GeneratorClient, ask: Ask
) -> None:
    told: list[Progress] = []
    result = client.generate(ask("red apple", count=2), told.append)
    assert [layer.seed for layer in result.layers] == [7, 8]
    assert all(layer.pixels.shape == (200, 300, 4) for layer in result.layers)
    assert all(layer.pixels.dtype == np.uint8 for layer in result.layers)
    assert told[0].stage == "loading model"
    assert told[-1].stage == "finishing"
    previews = [progress.preview for progress in told if progress.preview is not None]
    assert previews
    assert max(previews[-1].shape[:2]) <= 128


def test_same_seed_gives_the_same_bytes_in_another_worker(
    client: GeneratorClient, ask: Ask
) -> None:
    first = client.generate(ask("green leaf", count=2))
    client.close()
    again = client.generate(ask("green leaf", seed=8))
    assert again.layers[0].pixels.tobytes() == first.layers[1].pixels.tobytes()
    assert again.layers[0].pixels.tobytes() != first.layers[0].pixels.tobytes()


def test_another_device_is_for_the_next_job(client: GeneratorClient, ask: Ask) -> None:
    client.generate(ask("a leaf"))
    first = client.worker_pid
    client.renew("cpu")
    assert client.worker_pid == first
    client.generate(ask("a leaf"))
    second = client.worker_pid
    assert second != first
    client.generate(ask("a leaf"))
    assert client.worker_pid == second


def test_worker_stays_for_the_next_job(client: GeneratorClient, ask: Ask) -> None:
    client.start()
    first = client.worker_pid
    for size in ((16, 16), (300, 200), (1500, 1000)):
        assert client.generate(ask("disc", size=size)).layers[0].pixels.shape[1::-1] == size
    assert client.worker_pid == first


@pytest.mark.parametrize("prompt", ["slow", "stubborn"])
def test_cancel_takes_effect_within_a_second(
    client: GeneratorClient, ask: Ask, prompt: str
) -> None:
    started, ended = threading.Event(), threading.Event()
    watch = Stopwatch(lambda: client.worker_pid)

    def cancel() -> None:
        started.wait(60)
        with watch:
            client.cancel()
            ended.wait(60)

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(GenerationError) as caught:
        client.generate(ask(prompt), lambda _progress: started.set())
    ended.set()
    thread.join()
    assert caught.value.kind is ErrorKind.CANCELLED
    assert 0 < watch.seconds < 1.0
    assert client.generate(ask("red apple")).layers


def test_caller_may_be_asked_whether_it_still_wants_the_result(
    client: GeneratorClient, ask: Ask
) -> None:
    with pytest.raises(GenerationError) as caught:
        client.generate(ask("slow"), is_cancelled=lambda: True)
    assert caught.value.kind is ErrorKind.CANCELLED


@pytest.mark.parametrize("prompt", ["hang", "freeze"])
@pytest.mark.skipif(os.name != "posix", reason="stopping a process by a signal is POSIX")
def test_worker_that_hangs_is_ended_and_the_next_job_works(
    client: GeneratorClient, ask: Ask, prompt: str
) -> None:
    with pytest.raises(GenerationError) as caught:
        client.generate(ask(prompt))
    assert caught.value.kind is ErrorKind.WORKER_HUNG
    assert client.generate(ask("red apple")).layers


def test_cancel_ends_a_worker_that_hangs(client: GeneratorClient, ask: Ask) -> None:
    began = time.monotonic()
    with Stopwatch(lambda: client.worker_pid) as watch, pytest.raises(GenerationError) as caught:
        client.generate(ask("hang"), is_cancelled=lambda: time.monotonic() - began > 0.5)
    assert caught.value.kind is ErrorKind.CANCELLED
    assert watch.seconds < 1.6


@pytest.mark.skipif(os.name != "posix", reason="killing by a signal is POSIX")
@pytest.mark.parametrize("size", [(300, 200), (2000, 2000)])
def test_killed_worker_costs_one_job_and_one_sentence(
    client: GeneratorClient,
    ask: Ask,
    shared_names: Callable[[], set[str]],
    size: tuple[int, int],
) -> None:
    def kill(progress: Progress) -> None:
        if progress.step == 2:
            assert client.worker_pid is not None
            os.kill(client.worker_pid, signal.SIGKILL)

    with pytest.raises(GenerationError) as caught:
        client.generate(ask("slow", size=size), kill)
    assert caught.value.kind is ErrorKind.WORKER_DIED
    assert str(caught.value).count(".") == 1
    assert "signal 9" in str(caught.value)
    assert shared_names() == set()
    assert client.generate(ask("red apple", size=size)).layers


@pytest.mark.skipif(os.name != "posix", reason="killing by a signal is POSIX")
def test_no_moment_to_kill_the_worker_leaves_shared_memory(
    client: GeneratorClient, ask: Ask, shared_names: Callable[[], set[str]]
) -> None:
    for delay_s in np.linspace(0.0, 0.25, 8):
        client.start()
        pid = client.worker_pid
        assert pid is not None
        timer = threading.Timer(float(delay_s), os.kill, (pid, signal.SIGKILL))
        timer.start()
        try:
            client.generate(ask("disc", count=4, size=(1500, 1000)))
        except GenerationError as error:
            assert error.kind is ErrorKind.WORKER_DIED  # noqa: PT017  either end is right
        timer.join()
        assert shared_names() == set()


def test_worker_that_died_between_jobs_is_replaced_in_silence(
    client: GeneratorClient, ask: Ask
) -> None:
    client.generate(ask("red apple"))
    assert client.worker_pid is not None
    os.kill(client.worker_pid, signal.SIGTERM)
    time.sleep(0.3)
    assert client.generate(ask("red apple")).layers


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("crash", ErrorKind.WORKER_DIED),
        ("oom", ErrorKind.OUT_OF_MEMORY),
        ("bug", ErrorKind.INTERNAL),
        ("empty", ErrorKind.BAD_RESULT),
        ("wrong", ErrorKind.BAD_RESULT),
    ],
)
def test_what_goes_wrong_inside_is_one_sentence_and_the_next_job_works(
    client: GeneratorClient, ask: Ask, prompt: str, kind: ErrorKind
) -> None:
    with pytest.raises(GenerationError) as caught:
        client.generate(ask(prompt))
    assert caught.value.kind is kind
    assert "\n" not in str(caught.value)
    assert client.generate(ask("red apple")).layers


def test_traceback_of_a_bug_is_in_the_log(
    client: GeneratorClient, ask: Ask, tmp_path: Path
) -> None:
    with pytest.raises(GenerationError):
        client.generate(ask("bug"))
    assert "Traceback" in (tmp_path / "worker.log").read_text()


def test_what_is_asked_wrongly_starts_no_worker(client: GeneratorClient, ask: Ask) -> None:
    wrong = (
        ask("  "),
        ask("apple", size=(0, 10)),
        ask("apple", size=(100000, 10)),
        GenerationRequest("apple", (64, 64), 1, model="no such model"),
    )
    for request in wrong:
        with pytest.raises(GenerationError) as caught:
            client.generate(request)
        assert caught.value.kind is ErrorKind.BAD_REQUEST
    assert "pocket" in str(caught.value)
    assert client.worker_pid is None


def test_unknown_backend_is_refused() -> None:
    with pytest.raises(GenerationError, match="layer_diffusion"):
        GeneratorClient("no such engine")


def test_conditions_arrive_through_shared_memory(client: GeneratorClient, ask: Ask) -> None:
    pixels = np.full((700, 900, 4), 9, np.uint8)
    request = GenerationRequest(
        "red apple",
        (64, 64),
        1,
        conditions=(
            Condition(Role.BACKGROUND, pixels),
            Condition(Role.FOREGROUND, pixels[::3, ::2]),
        ),
    )
    in_this_process = FakeBackend("auto").generate(request, lambda _progress: None, lambda: False)
    result = client.generate(request)
    assert np.array_equal(result.layers[0].pixels, in_this_process.layers[0].pixels)


def test_without_shared_memory_pictures_go_through_the_pipe(
    client: GeneratorClient, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = client.generate(ask("disc", count=2)).layers
    client.close()

    def refuse(_cls: type[Arena], _size_bytes: int) -> Arena:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Arena, "create", classmethod(refuse))
    condition = Condition(Role.BACKGROUND, np.zeros((200, 200, 4), np.uint8))
    got = client.generate(ask("disc", count=2)).layers
    assert [layer.pixels.tobytes() for layer in got] == [
        layer.pixels.tobytes() for layer in expected
    ]
    assert client.generate(replace(ask("disc"), conditions=(condition,))).layers


def test_program_that_forgets_to_close_its_client_ends_in_silence(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _PARENT, str(tmp_path / "log"), "disc", "2"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stderr == ""
    assert not Path(f"/proc/{said.stdout.split()[0]}").exists()


def test_task_that_an_engine_does_not_know_is_refused_in_words(client: GeneratorClient) -> None:
    with pytest.raises(GenerationError) as caught:
        client.generate(GenerationRequest("unsupported", (64, 64), 1, task=Task.TOGETHER))
    assert caught.value.kind is ErrorKind.UNSUPPORTED


def test_two_clients_work_at_once(client: GeneratorClient, ask: Ask, tmp_path: Path) -> None:
    results = {}
    with GeneratorClient("fake", log_file=tmp_path / "other.log") as other:

        def run(name: str, one: GeneratorClient) -> None:
            results[name] = one.generate(ask("red", count=4, size=(900, 700)))

        threads = [
            threading.Thread(target=run, args=pair) for pair in (("a", client), ("b", other))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    a, b = results["a"].layers, results["b"].layers
    assert all(np.array_equal(x.pixels, y.pixels) for x, y in zip(a, b, strict=True))


def test_error_in_the_callers_own_callback_does_not_confuse_the_next_job(
    client: GeneratorClient, ask: Ask
) -> None:
    def fail(_progress: Progress) -> None:
        raise RuntimeError("the caller's own")

    with pytest.raises(RuntimeError, match="own"):
        client.generate(ask("slow"), fail)
    told: list[Progress] = []
    assert client.generate(ask("red apple"), told.append).layers
    assert told[0].stage == "loading model"


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="priorities are told by POSIX")
@pytest.mark.parametrize(("threads", "lower"), [(None, 0), (1, NICENESS)])
def test_worker_gives_way_to_a_window_and_not_at_a_terminal(
    threads: int | None, lower: int, tmp_path: Path
) -> None:
    with GeneratorClient("fake", threads=threads, log_file=tmp_path / "log") as client:
        client.describe()
        assert client.worker_pid is not None
        niceness = os.getpriority(os.PRIO_PROCESS, client.worker_pid)
    assert niceness == min(19, os.getpriority(os.PRIO_PROCESS, 0) + lower)


def test_client_says_what_the_engine_runs_on(client: GeneratorClient) -> None:
    assert client.describe() == "drawn shapes, no model (device auto)"
    assert client.capabilities("pocket").tasks == set(Task)


_PARENT = """
import sys
from pathlib import Path
from generator.backends.fake import FakeBackend
from generator.client import GeneratorClient
from generator.request import GenerationRequest

client = GeneratorClient("fake", log_file=Path(sys.argv[1]))
client.start()
print(client.worker_pid, flush=True)
client.generate(
    GenerationRequest(sys.argv[2], (2000, 1500), 1, count=int(sys.argv[3]), steps=2),
    lambda progress: print(progress.stage, flush=True),
)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("prompt", ["slow", "disc", "hang"])
def test_worker_of_a_killed_client_ends_and_leaves_nothing(
    prompt: str, tmp_path: Path, shared_names: Callable[[], set[str]]
) -> None:
    errors = tmp_path / "stderr"
    with errors.open("wb") as stderr:
        parent = subprocess.Popen(
            [sys.executable, "-c", _PARENT, str(tmp_path / "log"), prompt, "64"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert parent.stdout.readline()  # the job runs
        time.sleep(0.2)
        parent.kill()
        parent.wait()
        parent.stdout.close()
    until = time.monotonic() + 5
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{worker}").exists()
    assert shared_names() == set()
    assert errors.read_bytes() == b""


def test_client_process_imports_neither_torch_nor_qt() -> None:
    code = (
        "import sys, generator.client, generator.models.store, generator.process\n"
        "print([name for name in ('torch', 'PySide6', 'editor') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
    assert said.stderr == ""
