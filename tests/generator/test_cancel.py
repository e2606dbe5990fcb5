"""Cancelling jobs of real networks in a real worker, wherever the job is."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from generator.client import GeneratorClient
from generator.models.catalogue import Model
from generator.request import ErrorKind, GenerationError, GenerationRequest, Progress
from tests.generator.stopwatch import Stopwatch

FOLDER = Path(__file__).parents[2] / "resources" / "models" / "pocket"
WITHIN_S = 1.0
RNG = random.Random(4)
JOBS = {
    "pocket": GenerationRequest("red apple", (256, 256), 7, steps=200),
    "tiny-sdxl": GenerationRequest("red", (512, 512), 7, model="tiny-sdxl", steps=60),
}
DRAFT = replace(JOBS["tiny-sdxl"], steps=1)
MOMENTS: dict[str, Callable[[Progress], bool]] = {
    "load": lambda progress: progress.stage == "loading model",
    "first step": lambda progress: progress.stage == "step",
    "a step": lambda progress: progress.stage == "step" and progress.step > 5,
}


@pytest.fixture(scope="module")
def client(
    tiny_models: Callable[[str], Model], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GeneratorClient]:
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACETATE_MODELS", str(tiny_models("sdxl").folder.parent))
        with GeneratorClient(device="cpu", threads=1, log_file=log) as one:
            yield one


@pytest.fixture(params=JOBS)
def job(request: pytest.FixtureRequest) -> GenerationRequest:
    if request.param == "pocket" and not (FOLDER / "model.json").exists():
        pytest.skip("resources/models/pocket holds no weights")
    return replace(JOBS[request.param], job=uuid4().hex)


def seconds_to_cancel(
    client: GeneratorClient, job: GenerationRequest, is_moment: Callable[[Progress], bool]
) -> float:
    """Cancel some time after that moment of a job; return how long the job went on.

    What other programs took of the processor meanwhile does not count.
    """
    moment, ended = threading.Event(), threading.Event()
    watch = Stopwatch(lambda: client.worker_pid)

    def cancel() -> None:
        if moment.wait(120):
            time.sleep(RNG.uniform(0, 0.1))
            with watch:
                client.cancel()
                ended.wait(60)

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(GenerationError) as caught:
        client.generate(job, lambda progress: moment.set() if is_moment(progress) else None)
    ended.set()
    thread.join()
    assert caught.value.kind is ErrorKind.CANCELLED
    assert watch.seconds > 0, "nothing was timed"
    return watch.seconds


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_job_ends_within_a_second(
    client: GeneratorClient, job: GenerationRequest, moment: str
) -> None:
    if moment == "load":
        client.close()
    assert seconds_to_cancel(client, job, MOMENTS[moment]) < WITHIN_S


def test_before_the_worker_has_loaded_its_libraries(client: GeneratorClient) -> None:
    client.close()
    began = time.monotonic()
    with Stopwatch(lambda: client.worker_pid) as watch, pytest.raises(GenerationError) as caught:
        client.generate(DRAFT, is_cancelled=lambda: time.monotonic() - began > 0.1)
    assert caught.value.kind is ErrorKind.CANCELLED
    assert watch.seconds < 0.1 + WITHIN_S


def test_a_job_cancelled_between_steps_keeps_the_worker_and_its_model(
    client: GeneratorClient, job: GenerationRequest
) -> None:
    short = replace(job, steps=3, job=uuid4().hex)
    whole = client.generate(short).layers[0].pixels
    pid = client.worker_pid
    assert seconds_to_cancel(client, job, MOMENTS["a step"]) < WITHIN_S
    assert client.worker_pid == pid
    assert client.generate(short).layers[0].pixels.tobytes() == whole.tobytes()


def test_while_the_layer_is_decoded(client: GeneratorClient) -> None:
    passes: list[int] = []

    def on_progress(progress: Progress) -> None:
        if progress.stage == "finishing":
            passes.append(progress.step)

    large = replace(DRAFT, size=(1024, 1024))
    with pytest.raises(GenerationError) as caught:
        client.generate(large, on_progress, lambda: bool(passes))
    assert caught.value.kind is ErrorKind.CANCELLED
    assert len(passes) < 8  # of the eight, the rest was not done
