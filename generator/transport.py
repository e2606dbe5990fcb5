"""Pixels through shared memory, messages through a pipe; the same code at both ends.

A segment of shared memory has a name only until both processes hold it: from then on the system
itself frees it with the last of them, however they die.
"""

import contextlib
import os
import struct
import threading
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import numpy as np

from generator.messages import Message, decode, encode
from generator.request import MAX_SIDE, RGBA8

INLINE_BYTES = 64 * 1024  # smaller pictures travel in the message: as much as one pipe holds
MAX_PICTURE_BYTES = MAX_SIDE * MAX_SIDE * 4
MAX_FRAME_BYTES = MAX_PICTURE_BYTES + 2**20

_LENGTH = struct.Struct("<Q")
_NAMES = Path("/dev/shm")  # where Linux shows the names; other systems show them nowhere


class Arena:
    """One mapped segment of shared memory, room for one picture at a time."""

    def __init__(self, segment: SharedMemory) -> None:
        """Take over a segment that is open in this process."""
        self._segment = segment
        self.name = segment.name

    @classmethod
    def create(cls, size_bytes: int) -> "Arena":
        """Make a segment of this process; OSError when there is not so much memory."""
        name = f"acetate-{os.getpid()}-{uuid4().hex[:8]}"
        arena = cls(_untracked(SharedMemory(name, create=True, size=size_bytes)))
        try:
            _reserve(name, size_bytes)
        except OSError:
            arena.unlink()
            arena.close()
            raise
        return arena

    @classmethod
    def attach(cls, name: str) -> "Arena":
        """Open the other process's segment; OSError when it is gone."""
        return cls(_untracked(SharedMemory(name)))

    def fits(self, size_bytes: int) -> bool:
        """Whether a picture of so many bytes has room."""
        return size_bytes <= self._segment.size

    def write(self, pixels: RGBA8) -> None:
        """Lay a picture down at the start of the segment."""
        assert self._segment.buf is not None  # as it is only once closed
        self._segment.buf[: pixels.nbytes] = pixels.data.cast("B")

    def read(self, height: int, width: int) -> RGBA8:
        """Copy a picture out; ValueError when the segment is too small to hold it."""
        size_bytes = height * width * 4
        if not self.fits(size_bytes):
            raise ValueError(f"a picture of {width}x{height} is not in the shared memory")
        pixels = np.empty((height, width, 4), np.uint8)
        assert self._segment.buf is not None
        pixels.data.cast("B")[:] = self._segment.buf[:size_bytes]
        return pixels

    def unlink(self) -> None:
        """Take the name away; the memory stays with those who hold it."""
        unlink(self.name)

    def close(self) -> None:
        """Let go of the memory."""
        self._segment.close()


class Channel:
    """One end of the conversation. `send` may be called from any thread, `receive` from one."""

    def __init__(self, reading: BinaryIO, writing: BinaryIO) -> None:
        """Talk over two open binary pipes, which `close` closes."""
        self._reading = reading
        self._writing = writing
        self._lock = threading.Lock()
        self.arena: Arena | None = None

    def send(self, message: Message) -> None:
        """Send one message; OSError or ValueError when the other end or this one is closed.

        A large picture lies in the arena until the other end has said `Taken`; where the arena is
        missing or too small, it travels through the pipe, which is slower and as good.
        """
        with self._lock:
            frame = encode(message, self._pack)
            self._writing.write(_LENGTH.pack(len(frame)) + frame)
            self._writing.flush()

    def receive(self) -> Message | None:
        """Wait for the next message; None at the end, ValueError for what is not a message."""
        head = self._reading.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise ValueError(f"a message of {length} bytes")
        frame = self._reading.read(length)
        return decode(frame, self._unpack) if len(frame) == length else None

    def has_room(self, size_bytes: int) -> bool:
        """Whether a picture of so many bytes can be sent as things are, without more memory."""
        return size_bytes <= INLINE_BYTES or (
            self.arena is not None and self.arena.fits(size_bytes)
        )

    def hold(self, arena: Arena | None) -> None:
        """Use another arena from now on, and let go of the last."""
        with self._lock:
            last, self.arena = self.arena, arena
        if last is not None:
            last.close()

    def close(self) -> None:
        """Close both pipes and the memory."""
        self.hold(None)
        with contextlib.suppress(OSError):  # what could not be flushed has nobody to read it
            self._writing.close()
        self._reading.close()

    def _pack(self, pixels: Any) -> tuple[int, int, bytes | None]:  # msgspec hands over anything
        array = np.ascontiguousarray(pixels, np.uint8)
        height, width, _ = array.shape
        if array.nbytes > INLINE_BYTES and self.arena is not None and self.arena.fits(array.nbytes):
            self.arena.write(array)
            return height, width, None
        return height, width, array.tobytes()

    def _unpack(self, _kind: Any, packed: Any) -> RGBA8:  # as it came from the other process
        height, width, inline = packed
        if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
            raise ValueError(f"a picture of {width}x{height}")
        if inline is None:
            if self.arena is None:
                raise ValueError("a picture in shared memory that was never offered")
            return self.arena.read(height, width)
        return np.frombuffer(inline, np.uint8).reshape(height, width, 4).copy()


def unlink(name: str) -> None:
    """Take a segment's name away, if it still has it."""
    if _NAMES.is_dir():
        (_NAMES / name).unlink(missing_ok=True)
    elif os.name == "posix":  # Windows forgets a name with the last process that holds it
        with contextlib.suppress(FileNotFoundError):
            segment = SharedMemory(name)
            segment.unlink()
            segment.close()


def sweep(pid: int) -> None:
    """Take away all names that a process which is no more has left."""
    for path in _NAMES.glob(f"acetate-{pid}-*"):
        unlink(path.name)


def sweep_dead() -> None:
    """Take away what processes that died between making a segment and handing it over have left."""
    for path in _NAMES.glob("acetate-*-*"):
        pid = path.name.split("-")[1]
        if pid.isdigit() and not Path("/proc", pid).exists():
            with contextlib.suppress(PermissionError):  # it is another user's to sweep
                unlink(path.name)


def _untracked(segment: SharedMemory) -> SharedMemory:
    # Until 3.13 (`track=False`) Python's tracker takes every segment that a process has opened for
    # that process's own and, when it ends, removes it and complains. https://bugs.python.org/issue38119
    if os.name == "posix":
        resource_tracker.unregister(f"/{segment.name}", "shared_memory")
    return segment


def _reserve(name: str, size_bytes: int) -> None:
    # Without this, memory that is not there is found missing at the first write, by SIGBUS.
    if not (_NAMES / name).exists():
        return
    descriptor = os.open(_NAMES / name, os.O_RDWR)
    try:
        os.posix_fallocate(descriptor, 0, size_bytes)
    finally:
        os.close(descriptor)
