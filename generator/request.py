"""What is asked of a generator and what comes back: frozen values of arrays and numbers.

These cross process borders, so nothing here holds a file, a lock or a live object.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha

MAX_SIDE = 8192


class Task(StrEnum):
    """What a job makes; the names are those of the command line."""

    LAYER = "layer"
    TOGETHER = "together"
    BACKGROUND = "background"
    FOREGROUND = "foreground"
    VARY = "vary"
    REPAINT = "repaint"
    EXTRACT = "extract"


class Role(StrEnum):
    """Which of the method's three pictures an image is."""

    FOREGROUND = "foreground"
    BACKGROUND = "background"
    BLENDED = "blended"


class ErrorKind(StrEnum):
    """Why a job did not end in layers."""

    BAD_REQUEST = "bad request"
    UNSUPPORTED = "unsupported"
    WEIGHTS_MISSING = "weights missing"
    OUT_OF_MEMORY = "out of memory"
    CANCELLED = "cancelled"
    WORKER_DIED = "worker died"
    WORKER_HUNG = "worker hung"
    BAD_RESULT = "bad result"
    INTERNAL = "internal"


class GenerationError(Exception):
    """A job that did not end in layers; the message is one sentence for the person who asked."""

    def __init__(self, kind: ErrorKind, message: str) -> None:
        """Keep the kind beside the sentence."""
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type["GenerationError"], tuple[ErrorKind, str]]:
        """Survive the pipe between the processes with kind and message."""
        return (GenerationError, (self.kind, str(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A picture that the result must agree with."""

    role: Role
    pixels: RGBA8


@dataclass(frozen=True, slots=True, eq=False)
class GenerationRequest:
    """One job. `steps` and `guidance` of None mean the model's own defaults.

    With `count` above one, variant i is made with `seed + i`, so that each can be made again alone.
    """

    prompt: str
    size: tuple[int, int]  # width, height of the wanted layer in pixels
    seed: int
    task: Task = Task.LAYER
    model: str = "pocket"
    negative_prompt: str = ""
    steps: int | None = None
    guidance: float | None = None
    strength: float | None = None
    count: int = 1
    conditions: tuple[Condition, ...] = ()
    job: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a job is; `preview` is a small RGBA picture of what is coming, where there is one."""

    stage: str  # in words for the user: "loading model", "step", "finishing"
    step: int
    steps: int
    preview: RGBA8 | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GeneratedLayer:
    """One picture made; its size is the model's, which may differ from the one wished for."""

    role: Role
    pixels: RGBA8
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class GenerationResult:
    """What a job ended in, and what a recipe must say of it."""

    job: str
    layers: tuple[GeneratedLayer, ...]
    model: str
    model_hash: str
    steps: int
    guidance: float
    seconds: float
    warnings: tuple[str, ...] = ()  # sentences for the person who asked


def checked(request: GenerationRequest) -> GenerationRequest:
    """Return the request, or raise `GenerationError` with one sentence about what is wrong."""
    width, height = request.size
    if not request.prompt.strip() and request.task is not Task.EXTRACT:
        raise _bad("The prompt is empty: say what the layer should show.")
    if width < 1 or height < 1:
        raise _bad(f"The size {width}x{height} has no pixels.")
    if max(width, height) > MAX_SIDE:
        raise _bad(f"The size {width}x{height} is too large: the limit is {MAX_SIDE} a side.")
    if request.count < 1 or request.count > 64:
        raise _bad(f"The count must be between 1 and 64, not {request.count}.")
    if request.steps is not None and not 1 <= request.steps <= 1000:
        raise _bad(f"The steps must be between 1 and 1000, not {request.steps}.")
    if not 0 <= request.seed < 2**63:
        raise _bad("The seed must be a whole number between 0 and 2^63 - 1.")
    return request


def _bad(message: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, message)
