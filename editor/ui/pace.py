"""How long the rest of a job takes, as far as the steps that were done tell."""

import time

from generator.request import Progress


class Pace:
    """Of one job; a run of steps that begins anew is timed anew."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._first: tuple[float, int] | None = None  # when, and after how many steps

    def seconds_left(self, progress: Progress) -> float | None:
        """Take a word of progress; None until two steps of a run have been told."""
        if progress.stage != "step" or progress.steps <= 0:
            self._first = None
            return None
        now = time.monotonic()
        if self._first is None or progress.step <= self._first[1]:
            self._first = (now, progress.step)
            return None
        began, step = self._first
        return (now - began) / (progress.step - step) * (progress.steps - progress.step)
