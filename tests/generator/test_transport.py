import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from generator.messages import Beat, Cancel, Failed, Message
from generator.request import (
    Condition,
    ErrorKind,
    GeneratedLayer,
    GenerationRequest,
    Progress,
    Role,
)
from generator.transport import INLINE_BYTES, Arena, Channel, sweep, sweep_dead


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    """Both ends of a conversation, within this process."""
    to_worker, to_client = os.pipe(), os.pipe()
    client = Channel(os.fdopen(to_client[0], "rb"), os.fdopen(to_worker[1], "wb"))
    worker = Channel(os.fdopen(to_worker[0], "rb"), os.fdopen(to_client[1], "wb"))
    yield client, worker
    client.close()
    worker.close()


def _picture(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 4), np.uint8)


@pytest.mark.parametrize(
    "message",
    [
        Beat(1.5),
        Cancel("a job"),
        Failed(ErrorKind.OUT_OF_MEMORY, "No room for 猫."),
        Progress("step", 3, 8),
        GenerationRequest("red apple", (256, 128), 2**63 - 1, steps=4, guidance=2.5, count=3),
    ],
)
def test_message_arrives_as_it_was_sent(ends: tuple[Channel, Channel], message: Message) -> None:
    client, worker = ends
    worker.send(message)
    got = client.receive()
    assert type(got) is type(message)
    assert repr(got) == repr(message)


def test_small_picture_travels_in_the_message(ends: tuple[Channel, Channel]) -> None:
    client, worker = ends
    pixels = _picture(64, 100)
    assert worker.has_room(pixels.nbytes)
    worker.send(Progress("step", 1, 2, pixels[::-1]))
    got = client.receive()
    assert isinstance(got, Progress)
    assert got.preview is not None
    assert np.array_equal(got.preview, pixels[::-1])
    assert got.preview.flags.writeable


def test_large_picture_lies_in_the_arena_and_no_name_is_needed_for_it(
    ends: tuple[Channel, Channel], shared_names: Callable[[], set[str]]
) -> None:
    client, worker = ends
    pixels = _picture(300, 301)
    assert pixels.nbytes > INLINE_BYTES
    assert not worker.has_room(pixels.nbytes)
    made = Arena.create(pixels.nbytes)
    client.hold(made)
    worker.hold(Arena.attach(made.name))
    made.unlink()
    assert shared_names() == set()
    assert worker.has_room(pixels.nbytes)
    worker.send(GeneratedLayer(Role.FOREGROUND, pixels, 5))
    layer = client.receive()
    assert isinstance(layer, GeneratedLayer)
    assert np.array_equal(layer.pixels, pixels)


def test_picture_without_shared_memory_goes_through_the_pipe(tmp_path: Path) -> None:
    pixels = _picture(300, 301)
    path = tmp_path / "pipe"
    with path.open("wb") as writing, path.open("rb") as reading:
        one = Channel(reading, writing)
        one.send(Condition(Role.BACKGROUND, pixels))
        got = one.receive()
        one.close()
    assert isinstance(got, Condition)
    assert np.array_equal(got.pixels, pixels)


@pytest.mark.parametrize(
    "frame",
    [
        b"\x01\0\0\0\0\0\0\0\xff",  # a kind that there is not
        b"\0\0\0\0\0\0\0\0",  # no kind
        b"\x03\0\0\0\0\0\0\0\x0bab",  # no fields
        b"\0\0\0\0\0\0\0\x7f",  # longer than any message
    ],
)
def test_what_is_no_message_is_refused(tmp_path: Path, frame: bytes) -> None:
    path = tmp_path / "pipe"
    path.write_bytes(frame)
    channel = Channel(path.open("rb"), (tmp_path / "nowhere").open("wb"))
    with pytest.raises(ValueError, match="message"):
        channel.receive()
    channel.close()


def test_end_in_the_middle_of_a_message_is_the_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    path.write_bytes(b"\x09\0\0\0\0\0\0\0\x0bab")
    channel = Channel(path.open("rb"), (tmp_path / "nowhere").open("wb"))
    assert channel.receive() is None
    channel.close()


def test_picture_larger_than_the_arena_is_refused() -> None:
    arena = Arena.create(4096)
    arena.unlink()
    with pytest.raises(ValueError, match="not in the shared memory"):
        arena.read(500, 500)
    arena.close()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="only Linux shows the names")
def test_more_memory_than_there_is_is_refused_before_it_is_touched(
    shared_names: Callable[[], set[str]],
) -> None:
    with pytest.raises(OSError, match="No space left"):
        Arena.create(2**45)
    assert shared_names() == set()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="only Linux shows the names")
def test_names_of_dead_processes_are_swept_and_those_of_the_living_kept() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = Path("/dev/shm", f"acetate-{ended.pid}-test")
    living = Path("/dev/shm", f"acetate-{os.getpid()}-test")
    dead.touch()
    living.touch()
    sweep_dead()
    assert not dead.exists()
    assert living.exists()
    sweep(os.getpid())
    assert not living.exists()
