"""The door between the worker process and the engines behind it, one engine a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

from generator.request import GenerationRequest, GenerationResult, Progress, Task

OnProgress = Callable[[Progress], None]
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do with one model, so that the interface can say it plainly.

    `controls` are the kinds of control picture that each task can follow, none for tasks that are
    not named. Where the model `takes_adapters`, control models and style adapters act beside it:
    any number of pictures, those of the user's own control models, too.
    """

    model: str
    tasks: frozenset[Task]
    native_size: tuple[int, int]  # width, height that the model was made for
    default_steps: int
    default_guidance: float
    previews: frozenset[Task] = frozenset()  # those that work below what one may expect
    controls: dict[Task, tuple[str, ...]] = field(default_factory=dict)
    takes_adapters: bool = False


class Backend(Protocol):
    """An engine. Lives in the worker process; its calls block and may be killed at any moment."""

    def capabilities(self, model: str) -> Capabilities:
        """Say what can be done with the model of that name, without loading its weights."""
        ...

    def describe(self) -> str:
        """Say in words what it runs on: "CPU, 2 threads, torch 2.13.0"."""
        ...

    def generate(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Run one job; raise `GenerationError`, of kind CANCELLED soon after `is_cancelled()`."""
        ...


# Module and class are names, so that choosing an engine imports no other engine's libraries.
BACKENDS = {
    "layer_diffusion": ("generator.backends.layer_diffusion", "LayerDiffusionBackend"),
    "fake": ("generator.backends.fake", "FakeBackend"),
}


def create_backend(name: str, device: str = "auto") -> Backend:
    """Make the engine of that name; a name that is not in `BACKENDS` raises KeyError."""
    module, attribute = BACKENDS[name]
    backend: Backend = getattr(import_module(module), attribute)(device)
    return backend
