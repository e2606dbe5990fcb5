"""What the two processes say to each other: frozen records, known by their place in `MESSAGES`.

Decoding accepts these records and nothing else, so no code can arrive with a message. Requests,
progress and results are the records of `request.py`; conditions and layers follow one at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from generator.backend import Capabilities
from generator.request import (
    Condition,
    ErrorKind,
    GeneratedLayer,
    GenerationRequest,
    GenerationResult,
    Progress,
)


@dataclass(frozen=True, slots=True)
class Hello:
    """First words of the client: which engine to get ready, on which device, for which process.

    In the background, the worker gives way to whatever else wants the cores.
    """

    backend: str
    device: str
    parent_pid: int
    is_background: bool


@dataclass(frozen=True, slots=True)
class Need:
    """The worker has a picture of so many bytes and asks for shared memory to put it in."""

    size_bytes: int


@dataclass(frozen=True, slots=True)
class Map:
    """The client offers shared memory; an empty name means that there is none to be had."""

    name: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """The worker holds what was offered, or could not; its name is no longer needed."""

    is_held: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """The picture sent last was copied out, so the shared memory is free for the next one."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop that job, if it is the one running."""

    job: str


@dataclass(frozen=True, slots=True)
class Describe:
    """Ask the worker what it runs on."""


@dataclass(frozen=True, slots=True)
class Description:
    """What the worker runs on, in words for a person."""

    words: str


@dataclass(frozen=True, slots=True)
class AskCapabilities:
    """Ask what the engine can do with that model; the answer is `Capabilities`."""

    model: str


@dataclass(frozen=True, slots=True)
class Quit:
    """The client needs the worker no more."""


@dataclass(frozen=True, slots=True)
class Beat:
    """The worker lives; the CPU time it has used says whether it also works."""

    cpu_s: float


@dataclass(frozen=True, slots=True)
class Failed:
    """What was asked did not end well."""

    kind: ErrorKind
    message: str


Message = (
    Hello
    | Need
    | Map
    | Mapped
    | Taken
    | Cancel
    | Describe
    | Description
    | AskCapabilities
    | Capabilities
    | Quit
    | Beat
    | Failed
    | Condition
    | GenerationRequest
    | Progress
    | GeneratedLayer
    | GenerationResult
)

MESSAGES: tuple[type[Message], ...] = (
    Hello,
    Need,
    Map,
    Mapped,
    Taken,
    Cancel,
    Describe,
    Description,
    AskCapabilities,
    Capabilities,
    Quit,
    Beat,
    Failed,
    Condition,
    GenerationRequest,
    Progress,
    GeneratedLayer,
    GenerationResult,
)

# How an array is written into a message, and how it is read out again. `Any` is msgspec's own
# type for what a hook gets and gives.
PackArray = Callable[[Any], Any]
UnpackArray = Callable[[Any, Any], Any]


def encode(message: Message, pack: PackArray) -> bytes:
    """Write a message as one byte for its kind and its fields in msgpack."""
    kind = MESSAGES.index(type(message))
    return bytes((kind,)) + msgspec.msgpack.encode(message, enc_hook=pack)


def decode(frame: bytes, unpack: UnpackArray) -> Message:
    """Read what `encode` wrote; ValueError when it is anything else."""
    if not frame or frame[0] >= len(MESSAGES):
        raise ValueError("a message of no known kind")
    kind = MESSAGES[frame[0]]
    try:
        return msgspec.msgpack.decode(memoryview(frame)[1:], type=kind, dec_hook=unpack)
    except msgspec.MsgspecError as error:
        raise ValueError(f"a damaged {kind.__name__} message: {error}") from error
