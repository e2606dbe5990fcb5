import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.client import GeneratorClient
from generator.exchange import Patience
from generator.models.catalogue import Model
from generator.request import GenerationRequest

# As in the worker, before anything imports torch: threads that spin slow a busy machine down.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture
def shared_names() -> Callable[[], set[str]]:
    """The names of shared memory that are there now and were not when the test began."""
    place = Path("/dev/shm")
    before = {path.name for path in place.glob("acetate-*")}
    return lambda: {path.name for path in place.glob("acetate-*")} - before


@pytest.fixture
def client(tmp_path: Path, shared_names: Callable[[], set[str]]) -> Iterator[GeneratorClient]:
    """A client of drawn shapes that loses patience soon, and must leave nothing behind."""
    # A worker that starts on a busy machine is silent for seconds; less would take it for dead.
    patience = Patience(cancel_s=0.6, beat_s=5.0, stall_s=5.0)
    with GeneratorClient("fake", patience=patience, log_file=tmp_path / "worker.log") as client:
        yield client
    assert client.worker_pid is None
    assert shared_names() == set()


@pytest.fixture
def ask() -> Callable[..., GenerationRequest]:
    """Make a request whose pictures are large enough to go through shared memory."""

    def make(
        prompt: str, count: int = 1, seed: int = 7, size: tuple[int, int] = (300, 200)
    ) -> GenerationRequest:
        return GenerationRequest(prompt, size, seed, count=count)

    return make


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Model]:
    """Return the tiny model of a family, "sd15" or "sdxl", made once; its files stay as they are.

    Both lie in one folder, so `ACETATE_MODELS` set to `tiny_models(family).folder.parent` lets the
    store find them as "tiny-sd15" and "tiny-sdxl", in a worker process, too.
    """
    made: dict[str, Model] = {}
    parent = tmp_path_factory.mktemp("models")

    def model(family: str) -> Model:
        if family not in made:
            from tests.generator.tiny_models import write_model

            made[family] = write_model(family, parent / f"tiny-{family}")
        return made[family]

    return model
