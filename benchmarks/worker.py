"""What the second process costs: pictures to and fro, the start, the first job and the second.

    python -m benchmarks.worker [--times 50] [--model pocket]

The picture goes through the transport, and pickled through the same kind of pipe, in turns.
"""

import argparse
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import BinaryIO, cast

import numpy as np

from generator.client import GeneratorClient
from generator.messages import Map, Mapped
from generator.models.store import models
from generator.request import RGBA8, Condition, GenerationRequest, Progress, Role
from generator.transport import Arena, Channel

SIDE = 1024


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--model", default="pocket")
    parser.add_argument("--echo", choices=("transport", "pickle"))
    options = parser.parse_args(arguments)
    if options.echo is not None:
        _echo_transport() if options.echo == "transport" else _echo_pickle()
        return
    _compare_roads(options.times)
    _time_jobs("fake", options.model)
    if any(model.name == options.model and model.is_installed for model in models()):
        _time_jobs("layer_diffusion", options.model)
    else:
        print(f"the model {options.model} is not installed: its jobs were not timed")


def _compare_roads(times: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 4), np.uint8)
    transport_ms: list[float] = []
    pickle_ms: list[float] = []
    with _transport(picture.nbytes) as by_transport, _pickle() as by_pickle:
        for _ in range(times):
            transport_ms.append(_milliseconds(by_transport, picture))
            pickle_ms.append(_milliseconds(by_pickle, picture))
    ratio = median(transport_ms) / median(pickle_ms)
    print(f"{SIDE}x{SIDE} RGBA to another process and back, median of {times}:")
    print(f"  shared memory {median(transport_ms):6.2f} ms")
    print(f"  pickle        {median(pickle_ms):6.2f} ms   shared memory is {ratio:.2f} x")


def _milliseconds(send: Callable[[RGBA8], RGBA8], picture: RGBA8) -> float:
    began = time.perf_counter()
    back = send(picture)
    seconds = time.perf_counter() - began
    assert np.array_equal(back, picture)
    return seconds * 1e3


@contextmanager
def _transport(size_bytes: int) -> Iterator[Callable[[RGBA8], RGBA8]]:
    with _child("transport") as (reading, writing):
        channel = Channel(reading, writing)
        arena = Arena.create(size_bytes)
        channel.hold(arena)
        channel.send(Map(arena.name))
        assert isinstance(channel.receive(), Mapped)
        arena.unlink()

        def send(picture: RGBA8) -> RGBA8:
            channel.send(Condition(Role.BACKGROUND, picture))
            back = channel.receive()
            assert isinstance(back, Condition)
            return back.pixels

        yield send
        channel.close()


@contextmanager
def _pickle() -> Iterator[Callable[[RGBA8], RGBA8]]:
    with _child("pickle") as (reading, writing):

        def send(picture: RGBA8) -> RGBA8:
            pickle.dump(picture, writing, protocol=5)
            writing.flush()
            back: RGBA8 = pickle.load(reading)
            return back

        yield send


@contextmanager
def _child(road: str) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    command = [sys.executable, "-m", "benchmarks.worker", "--echo", road]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield cast(BinaryIO, process.stdout), cast(BinaryIO, process.stdin)


def _echo_transport() -> None:
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    while (message := channel.receive()) is not None:
        if isinstance(message, Map):
            channel.hold(Arena.attach(message.name))
            channel.send(Mapped(is_held=True))
        else:
            channel.send(message)


def _echo_pickle() -> None:
    while True:
        try:
            picture = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(picture, sys.stdout.buffer, protocol=5)
        sys.stdout.buffer.flush()


def _time_jobs(backend: str, model: str) -> None:
    request = GenerationRequest("glass ball", (256, 256), 7, model=model)
    ready_s = 0.0

    def on_progress(_progress: Progress) -> None:
        nonlocal ready_s
        ready_s = ready_s or time.perf_counter() - began

    with GeneratorClient(backend) as client:
        began = time.perf_counter()
        first = client.generate(request, on_progress)
        first_s = time.perf_counter() - began
        began = time.perf_counter()
        second = client.generate(request, on_progress)
        second_s = time.perf_counter() - began
        words = client.describe()
    is_same = first.layers[0].pixels.tobytes() == second.layers[0].pixels.tobytes()
    print(f"{backend} on {words}:")
    print(f"  from nothing to the first progress {ready_s:6.2f} s, to the layer {first_s:6.2f} s")
    print(f"  the second job                     {second_s:6.2f} s, same bytes: {is_same}")


if __name__ == "__main__":
    main(sys.argv[1:])
