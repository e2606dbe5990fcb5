"""Deterministic shapes without any model: for tests of the window and of the worker.

Some words in a prompt make it misbehave as a real engine may: see `_MISCHIEF` and `_STEP_S`.
"""

import hashlib
import os
import signal
import time
from collections.abc import Callable

import numpy as np

from generator.backend import Capabilities, IsCancelled, OnProgress
from generator.request import (
    RGBA8,
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
    Role,
    Task,
)

_STEPS = 8
_GUIDANCE = 3.0
_MAX_SIDE = 4096
_STEP_S = {"slow": 0.25, "stubborn": 0.25}  # seconds a step, by a word in the prompt
_COLOURS = {
    "red": (214, 40, 40),
    "green": (56, 142, 60),
    "blue": (33, 100, 200),
    "yellow": (250, 204, 30),
    "orange": (245, 130, 32),
    "purple": (123, 50, 160),
    "white": (244, 244, 244),
    "black": (24, 24, 24),
}


class FakeBackend:
    """Draws a soft disc whose colour and place come from the request alone."""

    def __init__(self, device: str) -> None:
        """Need no device."""
        self._device = device

    def describe(self) -> str:
        """Say that it is not a model."""
        return f"drawn shapes, no model (device {self._device})"

    def capabilities(self, model: str) -> Capabilities:
        """Offer one task, for any model's name."""
        return Capabilities(model, frozenset({Task.LAYER}), (256, 256), _STEPS, _GUIDANCE)

    def generate(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Draw `count` discs in the wanted size, telling each of the steps."""
        if request.task is not Task.LAYER:
            raise GenerationError(
                ErrorKind.UNSUPPORTED, f"Drawn shapes can be a layer only, not {request.task}."
            )
        began = time.monotonic()
        words = set(request.prompt.lower().split())
        on_progress(Progress("loading model", 0, 1))
        for word in words & _MISCHIEF.keys():
            _MISCHIEF[word]()
        steps = request.steps or _STEPS
        layers = []
        for variant in range(request.count):
            seed = request.seed + variant
            pixels = _disc(_digest(request, seed), request)
            _take_steps(words, steps, pixels, on_progress, is_cancelled)
            layers.append(GeneratedLayer(Role.FOREGROUND, _spoiled(words, pixels), seed))
        on_progress(Progress("finishing", 1, 1))
        return GenerationResult(
            job=request.job,
            layers=tuple(layers),
            model=request.model,
            model_hash="fake",
            steps=steps,
            guidance=_GUIDANCE if request.guidance is None else request.guidance,
            seconds=time.monotonic() - began,
        )


def _take_steps(
    words: set[str],
    steps: int,
    pixels: RGBA8,
    on_progress: OnProgress,
    is_cancelled: IsCancelled,
) -> None:
    pause_s = max((_STEP_S.get(word, 0.0) for word in words), default=0.0)
    for step in range(1, steps + 1):
        time.sleep(pause_s)
        if is_cancelled() and "stubborn" not in words:
            raise GenerationError(ErrorKind.CANCELLED, "The job was cancelled.")
        preview = pixels.copy()
        preview[..., 3] = preview[..., 3] // 2 + (preview[..., 3] // 2) * step // steps
        on_progress(Progress("step", step, steps, preview))


def _digest(request: GenerationRequest, seed: int) -> bytes:
    digest = hashlib.sha256(f"{request.prompt}\0{seed}".encode())
    for condition in request.conditions:
        digest.update(condition.role.encode() + condition.pixels.tobytes())
    return digest.digest()


def _disc(digest: bytes, request: GenerationRequest) -> RGBA8:
    width, height = (min(side, _MAX_SIDE) for side in request.size)
    named = [_COLOURS[word] for word in request.prompt.lower().split() if word in _COLOURS]
    colour = named[0] if named else tuple(digest[:3])
    centre_x, centre_y = (0.5 + (byte - 128) / 1280 for byte in digest[3:5])
    radius = 0.25 + digest[5] / 2560
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - centre_x
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - centre_y
    distance = np.hypot(x[None, :], y[:, None])
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = np.clip((radius - distance) * 20 + 0.5, 0, 1) * 255
    return pixels


def _spoiled(words: set[str], pixels: RGBA8) -> RGBA8:
    if "empty" in words:
        return np.zeros_like(pixels)
    if "wrong" in words:
        return pixels[..., :3]
    return pixels


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGKILL if os.name == "posix" else signal.SIGTERM)


def _hang() -> None:
    while True:
        time.sleep(3600)


def _freeze() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)  # POSIX only, as is the one test that says it


def _run_out_of_memory() -> None:
    raise MemoryError


def _have_a_bug() -> None:
    raise ZeroDivisionError("a bug\nin two lines")


_MISCHIEF: dict[str, Callable[[], None]] = {
    "crash": _crash,
    "hang": _hang,
    "freeze": _freeze,
    "oom": _run_out_of_memory,
    "bug": _have_a_bug,
}
