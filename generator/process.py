"""The worker process: answers the client's messages, one after the other, until told to quit.

Started by `launch.py`, never imported by the client. Messages come by stdin and go by stdout; what
libraries print goes to stderr, which is a log file. Imports no Qt and nothing of the editor.
"""

import contextlib
import faulthandler
import logging
import os
import queue
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np

from generator.backend import Backend, create_backend
from generator.messages import (
    AskCapabilities,
    Beat,
    Cancel,
    Describe,
    Description,
    Failed,
    Hello,
    Map,
    Mapped,
    Message,
    Need,
    Quit,
    Taken,
)
from generator.request import (
    MAX_SIDE,
    RGBA8,
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    GenerationResult,
)
from generator.telling import Teller
from generator.transport import Arena, Channel, sweep, unlink

log = logging.getLogger(__name__)

NICENESS = 10
_BEAT_S = 0.5
_PARENT_GONE_S = 1.0


class Worker:
    """The engine in this process and the conversation about it."""

    def __init__(self, channel: Channel) -> None:
        """Wait for the client's `Hello` to say which engine it is."""
        self._channel = channel
        self._hello = Hello("", "auto", 0, is_background=False)
        self._backend: Backend | None = None
        self._asked: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._taken = threading.Semaphore(0)  # one for each layer that the client has copied
        self._conditions: list[Condition] = []
        self._cancelled = ""  # the job to stop
        self._offered = ""  # the last shared memory's name
        self._offer_came = threading.Event()

    def run(self) -> NoReturn:
        """Listen and beat in threads of their own, and answer in this one."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()
        while True:
            self._answer(self._asked.get())

    def _answer(self, message: Message) -> None:
        try:
            self._act(message)
        except GenerationError as error:
            self._fail(message, error.kind, str(error))
        except ImportError as error:
            log.exception("the engine's libraries")
            self._fail(
                message,
                ErrorKind.UNSUPPORTED,
                f"The generator's libraries are not installed completely ({error}).",
            )
        except Exception as error:  # the worker's loop: one of the three places for it
            log.exception("a job ended badly")
            self._fail(message, *_kind_and_words(error))

    def _fail(self, message: Message, kind: ErrorKind, words: str) -> None:
        if not isinstance(message, Hello):  # nobody waits for it; the first job says it again
            self._channel.send(Failed(kind, words))

    def _act(self, message: Message) -> None:
        match message:
            case Hello():
                self._hello = message
                if message.is_background and hasattr(os, "nice"):  # Windows: `launch.py` did it
                    os.nice(NICENESS)
                self._engine()
            case GenerationRequest():
                self._generate(message)
            case Describe():
                self._channel.send(Description(self._engine().describe()))
            case AskCapabilities():
                self._channel.send(self._engine().capabilities(message.model))
            case _:
                raise ValueError(f"a {type(message).__name__} is nothing to ask a worker")

    def _engine(self) -> Backend:
        if self._backend is None:
            self._backend = create_backend(self._hello.backend, self._hello.device)
        return self._backend

    def _generate(self, request: GenerationRequest) -> None:
        conditions, self._conditions = tuple(self._conditions), []
        teller = Teller(self._channel.send)
        result = self._engine().generate(
            replace(request, conditions=conditions),
            teller.tell,
            lambda: self._cancelled == request.job,
        )
        self._deliver(result)

    def _deliver(self, result: GenerationResult) -> None:
        for layer in result.layers:
            _check_pixels(layer.pixels)
            if not self._channel.has_room(layer.pixels.nbytes):
                self._offer_came.clear()
                self._channel.send(Need(layer.pixels.nbytes))
                self._offer_came.wait()
            self._channel.send(layer)
            self._taken.acquire()
        self._channel.send(replace(result, layers=()))

    def _listen(self) -> None:
        try:
            while (message := self._channel.receive()) is not None:
                self._hear(message)
        except ValueError:
            log.exception("the client cannot be understood")
        self._leave()

    def _hear(self, message: Message) -> None:
        match message:
            case Quit():
                os._exit(0)
            case Cancel():
                self._cancelled = message.job
            case Map():
                self._attach(message)
            case Condition():
                self._conditions.append(message)
                self._channel.send(Taken())
            case Taken():
                self._taken.release()
            case _:
                self._asked.put(message)

    def _attach(self, offer: Map) -> None:
        self._offered = offer.name
        arena = None
        try:
            arena = Arena.attach(offer.name) if offer.name else None
        except OSError:
            log.exception("the shared memory that was offered")
        self._channel.hold(arena)
        self._channel.send(Mapped(arena is not None))
        self._offer_came.set()

    def _beat(self) -> None:
        parent = os.getppid()
        with contextlib.suppress(OSError, ValueError):  # a closed pipe is `_listen`'s to notice
            while os.getppid() == parent:
                self._channel.send(Beat(time.process_time()))
                time.sleep(_BEAT_S)
        if os.getppid() != parent:
            self._leave()

    def _leave(self) -> NoReturn:
        """End at once, the client being gone, and take away the names that it could not."""
        if self._offered:
            unlink(self._offered)
        client = self._hello.parent_pid
        until = time.monotonic() + _PARENT_GONE_S
        while client and time.monotonic() < until:
            if not _is_running(client):
                sweep(client)
                break
            time.sleep(0.01)
        os._exit(0)


def _check_pixels(pixels: RGBA8) -> None:
    sides = pixels.shape[:2]
    is_rgba8 = pixels.ndim == 3 and pixels.shape[2] == 4 and pixels.dtype == np.uint8
    if not is_rgba8 or min(sides) < 1 or max(sides) > MAX_SIDE:
        raise GenerationError(
            ErrorKind.BAD_RESULT,
            f"The engine gave {pixels.dtype} values of shape {pixels.shape}, which are no picture.",
        )


def _kind_and_words(error: Exception) -> tuple[ErrorKind, str]:
    # Torch names its errors so on every device; on a CPU its allocator raises a RuntimeError.
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"OutOfMemoryError", "MemoryError"} or "can't allocate memory" in str(error):
        return (
            ErrorKind.OUT_OF_MEMORY,
            "There is not enough memory for this job; a smaller size or fewer variants may fit.",
        )
    first_line = next(iter(str(error).splitlines()), "")[:200]
    return ErrorKind.INTERNAL, f"The generator failed ({type(error).__name__}: {first_line})."


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _claim_pipes() -> Channel:
    """Take stdin and stdout for the conversation; printing goes to stderr from now on."""
    reading = os.fdopen(os.dup(0), "rb")
    writing = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return Channel(reading, writing)


def main() -> NoReturn:
    """Be a worker until the client says `Quit` or is gone."""
    channel = _claim_pipes()
    faulthandler.enable()
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format=f"%(asctime)s [{os.getpid()}] %(levelname)s %(name)s: %(message)s",
    )
    Worker(channel).run()


if __name__ == "__main__":
    main()
