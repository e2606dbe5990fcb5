"""Digits typed one after the other, as percentages: 4 is 40 %, 4 and 5 quickly are 45 %."""

import time

QUICK_SECONDS = 0.7


class Digits:
    """What was typed last, and when."""

    def __init__(self) -> None:
        """Begin with nothing typed."""
        self._last: tuple[int, float] | None = None

    def typed(self, percent: int, at: float | None = None) -> int:
        """Return the percentage meant by a key for 10, 20 and so on to 100; `at` is in seconds."""
        at = time.monotonic() if at is None else at
        digit, last = percent // 10 % 10, self._last
        if last is not None and at - last[1] <= QUICK_SECONDS:
            self._last = None
            return last[0] * 10 + digit
        self._last = (digit, at)
        return percent
