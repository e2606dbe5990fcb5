"""How much of a job's progress is worth telling: no more than a window can show."""

import time
from dataclasses import replace

import numpy as np

from generator.backend import OnProgress
from generator.request import RGBA8, Progress

STEP_S = 0.04  # steps that follow each other faster are not all told
PREVIEW_S = 0.1
PREVIEW_SIDE = 128


class Teller:
    """Passes the progress of one job on."""

    def __init__(self, send: OnProgress) -> None:
        """Tell by calling `send`."""
        self._send = send
        self._stage = ""
        self._told_at = self._shown_at = 0.0

    def tell(self, progress: Progress) -> None:
        """Pass it on at once, without its preview, or not at all; stages and last steps always."""
        now = time.monotonic()
        is_last = progress.step >= progress.steps
        if progress.stage == self._stage and not is_last and now - self._told_at < STEP_S:
            return
        preview = progress.preview
        if preview is not None and (is_last or now - self._shown_at >= PREVIEW_S):
            self._shown_at = now
            preview = _small(preview)
        else:
            preview = None
        self._stage, self._told_at = progress.stage, now
        self._send(replace(progress, preview=preview))


def _small(pixels: RGBA8) -> RGBA8:
    """Every n-th pixel, so that no side is above `PREVIEW_SIDE`."""
    step = -(-max(pixels.shape[:2]) // PREVIEW_SIDE)
    return np.ascontiguousarray(pixels[::step, ::step])
