"""The client's handle on one worker process: starts it, hears it, offers it memory, ends it.

Knows nothing of jobs; when something is late or wrong, the client decides.
"""

import atexit
import contextlib
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from platformdirs import user_log_path

from generator.messages import Beat, Failed, Hello, Map, Mapped, Message, Need, Quit
from generator.request import ErrorKind
from generator.transport import INLINE_BYTES, MAX_PICTURE_BYTES, Arena, Channel, sweep_dead

log = logging.getLogger(__name__)

WORKER_FLAG = "--generator-worker"  # the first argument that makes the frozen program a worker

_ROOT = Path(__file__).resolve().parents[1]
_LOG_LIMIT_BYTES = 2**20
_UNREADABLE = "The generator's answer could not be read; the next job starts it anew."
_LIFE_CPU_S = 0.1  # less CPU time than this between two looks is a process that waits


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker is to run; `log` is where its stderr goes.

    With `threads` of None, somebody waits for it: it takes all cores, at the normal priority. With
    a number of threads it runs in the background, at a low one.
    """

    backend: str
    device: str
    threads: int | None = None
    log: Path | None = None

    @property
    def is_background(self) -> bool:
        """Whether it gives way to others."""
        return self.threads is not None


class WorkerProcess:
    """One running worker. `inbox` holds what it said, and None once it can say no more."""

    def __init__(self, options: WorkerOptions) -> None:
        """Start the process; OSError when the system cannot."""
        sweep_dead()
        self._process = _spawn(options)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # Popen types its pipes by what bytes they carry and not as the files they are.
        self._channel = Channel(
            cast(BinaryIO, self._process.stdout), cast(BinaryIO, self._process.stdin)
        )
        self.inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._mapped = threading.Event()
        self._cpu_s = 0.0
        self.beaten_at = self.lived_at = time.monotonic()
        self._reader = threading.Thread(target=self._listen, name="worker-reader", daemon=True)
        self._reader.start()
        atexit.register(self.end)  # else a thread that reads a pipe stands in Python's way
        self.send(Hello(options.backend, options.device, os.getpid(), options.is_background))

    @property
    def pid(self) -> int:
        """The number the system knows the process by."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs and can still be heard."""
        return self._process.poll() is None and self._reader.is_alive()

    def send(self, message: Message) -> None:
        """Say something; what a dead worker cannot hear, its None in the inbox answers."""
        with contextlib.suppress(OSError, ValueError):
            self._channel.send(message)

    def lend(self, size_bytes: int) -> None:
        """Make room for a picture of so many bytes; where there is none it is sent more slowly."""
        if not self._channel.has_room(size_bytes):
            self._offer(size_bytes)
            self._mapped.wait(timeout=5.0)

    def end(self, grace_s: float = 0.0) -> int | None:
        """End the process, asking first where there is grace; return how it exited."""
        atexit.unregister(self.end)
        if grace_s > 0:
            self.send(Quit())
            self._wait(grace_s)
        if self._process.poll() is None:
            self._process.terminate()
            self._wait(0.1)
        if self._process.poll() is None:
            self._process.kill()
        code = self._wait(5.0)
        self._reader.join(timeout=5.0)
        self._withdraw()
        self._channel.close()
        return code

    def _wait(self, seconds: float) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def _listen(self) -> None:
        try:
            while (message := self._channel.receive()) is not None:
                self._hear(message)
        except ValueError as error:
            log.error("the worker said something unreadable: %s", error)
            self.inbox.put(Failed(ErrorKind.BAD_RESULT, _UNREADABLE))
        finally:
            self.inbox.put(None)

    def _hear(self, message: Message) -> None:
        now = time.monotonic()
        match message:
            case Beat():
                self.beaten_at = now
                if message.cpu_s - self._cpu_s > _LIFE_CPU_S:
                    self._cpu_s, self.lived_at = message.cpu_s, now
            case Need():
                self._offer(message.size_bytes)
            case Mapped():
                self._withdraw()
                if not message.is_held:
                    self._channel.hold(None)
                self._mapped.set()
            case _:
                self.lived_at = now
                self.inbox.put(message)

    def _offer(self, size_bytes: int) -> None:
        self._mapped.clear()
        try:
            if not INLINE_BYTES < size_bytes <= MAX_PICTURE_BYTES:
                raise OSError(f"{size_bytes} bytes are no picture")
            arena = Arena.create(size_bytes)
        except OSError as error:
            log.warning("no shared memory of %d bytes: %s", size_bytes, error)
            self.send(Map(""))
            return
        self._channel.hold(arena)
        self.send(Map(arena.name))

    def _withdraw(self) -> None:
        if self._channel.arena is not None:
            self._channel.arena.unlink()


def _spawn(options: WorkerOptions) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "generator.process"]
    if getattr(sys, "frozen", False):
        command = [sys.executable, WORKER_FLAG]
    with _open_log(options.log) as stderr:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=worker_environment(options.threads),
            # A group, so that Ctrl+C in a terminal reaches the client alone; not a session, in
            # which Linux would give the worker's low priority no weight against other sessions.
            process_group=0 if os.name == "posix" else None,
            creationflags=_creation_flags(options.is_background),
        )


def _creation_flags(is_background: bool) -> int:
    if sys.platform == "win32":
        priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if is_background else 0
        return priority | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def worker_environment(threads: int | None) -> dict[str, str]:
    """Return the variables that a worker starts with, for so many threads or for all cores."""
    environment = dict(os.environ)
    paths = [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    for library in ("OMP", "MKL", "OPENBLAS"):
        environment[f"{library}_NUM_THREADS"] = str(threads or _cores())
    # Threads that spin while they wait for each other take the cores from one another on a machine
    # that is busy: a job of 0.4 s took up to 13 s beside two other processes.
    environment["OMP_WAIT_POLICY"] = "PASSIVE"
    # Torch gives large arrays back at once and takes them anew, 4 KiB at a time: a plain decode of
    # 512 x 512 took 3.1 s, and in pages of 2 MiB 2.5 s. Nothing but Linux knows this.
    environment["THP_MEM_ALLOC_ENABLE"] = "1"
    environment["TOKENIZERS_PARALLELISM"] = "false"
    environment["TQDM_DISABLE"] = "1"  # progress bars in a log
    # What is not on this machine is downloaded when the user asks for it and not in the middle.
    environment["HF_HUB_OFFLINE"] = "1"
    return environment


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def window_threads() -> int:
    """How many threads leave one core to the window."""
    return max(1, _cores() - 1)


def log_path() -> Path:
    """Where a worker's stderr goes when nothing else is said."""
    return user_log_path("acetate", appauthor=False) / "generator.log"


def _open_log(path: Path | None) -> BinaryIO:
    path = path or log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".old"))
        return path.open("ab")
    except OSError as error:
        log.warning("the generator's log cannot be written: %s", error)
        return Path(os.devnull).open("ab")
