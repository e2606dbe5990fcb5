"""Deterministic shapes without any model: for tests of the window and of the worker.

Some words in a prompt make it misbehave as a real engine may: see `_MISCHIEF` and `_STEP_S`;
"doubtful" makes it warn of its own result.
"""

import os
import signal
import time
from collections.abc import Callable

import numpy as np

from generator.backend import Capabilities, IsCancelled, OnProgress
from generator.backends.drawn import drawn
from generator.request import (
    ANOTHER_SEED,
    RGBA8,
    ErrorKind,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    GenerationResult,
    Progress,
    Task,
)

_STEPS = 8
_GUIDANCE = 3.0
_DOUBT = f"The picture may not be what was asked for. {ANOTHER_SEED}"
_STEP_S = {"slow": 0.25, "stubborn": 0.25}  # seconds a step, by a word in the prompt


class FakeBackend:
    """Draws shapes whose colours and places come from the request alone."""

    def __init__(self, device: str) -> None:
        """Need no device."""
        self._device = device

    def describe(self) -> str:
        """Say that it is not a model."""
        return f"drawn shapes, no model (device {self._device})"

    def capabilities(self, model: str) -> Capabilities:
        """Offer every task, for any model's name."""
        return Capabilities(model, frozenset(Task), (256, 256), _STEPS, _GUIDANCE)

    def generate(
        self, request: GenerationRequest, on_progress: OnProgress, is_cancelled: IsCancelled
    ) -> GenerationResult:
        """Draw `count` variants in the wanted size, telling each of the steps."""
        began = time.monotonic()
        words = set(request.prompt.lower().split())
        on_progress(Progress("loading model", 0, 1))
        for word in words & _MISCHIEF.keys():
            _MISCHIEF[word]()
        steps = request.steps or _STEPS
        layers = []
        for variant in range(request.count):
            seed = request.seed + variant
            made = drawn(request, seed)
            _take_steps(words, steps, made[0][1], on_progress, is_cancelled)
            layers += [GeneratedLayer(role, _spoiled(words, each), seed) for role, each in made]
        on_progress(Progress("finishing", 1, 1))
        return GenerationResult(
            job=request.job,
            layers=tuple(layers),
            model=request.model,
            model_hash="fake",
            steps=steps,
            guidance=_GUIDANCE if request.guidance is None else request.guidance,
            seconds=time.monotonic() - began,
            warnings=(_DOUBT,) if "doubtful" in words else (),
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


def _refuse() -> None:
    raise GenerationError(ErrorKind.UNSUPPORTED, "These shapes cannot do this task; others can.")


_MISCHIEF: dict[str, Callable[[], None]] = {
    "crash": _crash,
    "hang": _hang,
    "freeze": _freeze,
    "oom": _run_out_of_memory,
    "bug": _have_a_bug,
    "unsupported": _refuse,
}
