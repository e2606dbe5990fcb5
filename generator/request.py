"""What is asked of a generator and what comes back: frozen values of arrays and numbers.

These cross process borders, so nothing here holds a file, a lock or a live object.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

RGBA8 = NDArray[np.uint8]  # (h, w, 4), sRGB, straight alpha

MAX_SIDE = 8192
MAX_GUIDANCE = 100


class Task(StrEnum):
    """What a job makes; the names are those of the command line."""

    LAYER = "layer"
    TOGETHER = "together"
    BACKGROUND = "background"
    FOREGROUND = "foreground"
    VARY = "vary"
    REPAINT = "repaint"
    EXTRACT = "extract"
    UPSCALE = "upscale"
    SHADOW = "shadow"  # shadow and light as layers of their own


class Role(StrEnum):
    """What a picture is: the method's three, what a task begins with, what guides it, light."""

    FOREGROUND = "foreground"
    BACKGROUND = "background"
    BLENDED = "blended"
    IMAGE = "image"  # the layer that is varied, repainted or upscaled
    MASK = "mask"  # its alpha is the selection: 255 is made anew
    CONTROL = "control"
    STYLE = "style"
    SHADOW = "shadow"  # a layer to Multiply with
    LIGHT = "light"  # a layer to Screen with


# The pictures without which a task makes no sense; others may be given beside them.
NEEDS: Final[dict[Task, tuple[Role, ...]]] = {
    Task.LAYER: (),
    Task.TOGETHER: (),
    Task.BACKGROUND: (Role.FOREGROUND,),
    Task.FOREGROUND: (Role.BACKGROUND,),
    Task.VARY: (Role.IMAGE,),
    Task.REPAINT: (Role.IMAGE, Role.MASK),
    Task.EXTRACT: (Role.BACKGROUND, Role.BLENDED),
    Task.UPSCALE: (Role.IMAGE,),
    Task.SHADOW: (Role.FOREGROUND,),
}

WORDLESS = frozenset({Task.EXTRACT, Task.UPSCALE, Task.SHADOW})  # a prompt is welcome, not needed

# How a warning ends where the same with another seed is worth a try; the window then offers it.
ANOTHER_SEED: Final = "Another seed may do better."


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
    """A picture that the result must agree with.

    All but styles cover the wanted layer's box; they need not have its size in pixels.
    """

    role: Role
    pixels: RGBA8
    kind: str = ""  # of a control: scribble, canny, depth, pose, or a control model's name
    weight: float = 1.0  # of a control or a style


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA that takes part: one the user has added, by name, or a file named by hand."""

    name: str
    weight: float = 1.0
    path: str = ""  # never from a recipe, which may name a model but no place


@dataclass(frozen=True, slots=True)
class CastShadow:
    """How the shadow of the task shadow falls where no blended picture shows it.

    What each number means, and its range, is told in `light.cast.cast_shadow`.
    """

    direction: float = 60.0
    length: float = 0.6
    softness: float = 0.06
    contact: float = 0.5
    opacity: float = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class GenerationRequest:
    """One job. `steps`, `guidance` and other None mean the model's own defaults.

    With `count` above one, variant i is made with `seed + i`, so that each can be made again alone.
    In the task together, `prompt` is the whole scene. `patch_weight` scales what makes layers
    transparent or conditional (0..2) where the family has such a weight; `stop_at` is the share of
    training time for which it stays on (0..1). `scale` is the task upscale's. A draft is decoded in
    one pass instead of eight.
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
    foreground_prompt: str = ""
    background_prompt: str = ""
    loras: tuple[Lora, ...] = ()
    patch_weight: float = 1.0
    stop_at: float | None = None
    scale: int = 2
    is_draft: bool = False
    cast: CastShadow = CastShadow()
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
    """One picture made. It covers the box that was asked for, at the model's size in pixels.

    From a model of one size, and without a picture to agree with, it has that model's proportions.
    Layers of one seed belong together, whatever their roles.
    """

    role: Role
    pixels: RGBA8
    seed: int


@dataclass(frozen=True, slots=True)
class UsedAdapter:
    """A LoRA, style or control model that took part; `hash` is its file's SHA-256."""

    name: str
    hash: str
    weight: float


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
    adapters: tuple[UsedAdapter, ...] = ()


def checked(request: GenerationRequest) -> GenerationRequest:
    """Return the request, or raise `GenerationError` with one sentence about what is wrong."""
    check_words_and_numbers(request)
    given = {condition.role for condition in request.conditions}
    for role in NEEDS[request.task]:
        if role not in given:
            raise _bad(f'The task "{request.task}" needs a picture as its {role}.')
    return request


def check_words_and_numbers(request: GenerationRequest) -> None:
    """Raise `GenerationError` about all that can be known to be wrong without the pictures."""
    _check_size(request)
    _check_numbers(request)
    if not request.prompt.strip() and request.task not in WORDLESS:
        raise _bad("The prompt is empty: say what the layer should show.")


def _check_size(request: GenerationRequest) -> None:
    width, height = request.size
    if width < 1 or height < 1:
        raise _bad(f"The size {width}x{height} has no pixels.")
    largest = max(width, height) * (request.scale if request.task is Task.UPSCALE else 1)
    if largest > MAX_SIDE:
        raise _bad(f"The size {width}x{height} is too large: the limit is {MAX_SIDE} a side.")
    if request.task is Task.UPSCALE and request.scale not in (2, 4):
        raise _bad(f"A layer can be made 2 or 4 times as large, not {request.scale} times.")


def _check_numbers(request: GenerationRequest) -> None:
    if request.count < 1 or request.count > 64:
        raise _bad(f"The count must be between 1 and 64, not {request.count}.")
    if request.steps is not None and not 1 <= request.steps <= 1000:
        raise _bad(f"The steps must be between 1 and 1000, not {request.steps}.")
    if not 0 <= request.seed < 2**63:
        raise _bad("The seed must be a whole number between 0 and 2^63 - 1.")
    for name, value, least, most in (
        ("guidance", request.guidance, 0, MAX_GUIDANCE),
        ("strength", request.strength, 0, 1),
        ("weight", request.patch_weight, 0, 2),
        ("stop-at", request.stop_at, 0, 1),
        ("direction of the shadow", request.cast.direction, -360, 360),
        ("length of the shadow", request.cast.length, 0.01, 10),
        ("softness of the shadow", request.cast.softness, 0, 1),
        ("contact of the shadow", request.cast.contact, 0, 1),
        ("opacity of the shadow", request.cast.opacity, 0, 1),
    ):
        if value is not None and not least <= value <= most:
            raise _bad(f"The {name} must be between {least} and {most}, not {value:g}.")


def _bad(message: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, message)
