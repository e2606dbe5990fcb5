"""What a verb says: results to stdout, sentences and progress to stderr."""

import io
import json
import sys
from collections.abc import Iterable
from typing import Any

from generator.request import Progress


class NotDoneError(Exception):
    """A verb that was called rightly and could not be done; one sentence, exit code 1."""


class UsageError(Exception):
    """A verb that was called wrongly; one sentence, exit code 2."""


def speak_utf8() -> None:
    """Let names in every script and emoji through, whatever the terminal's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(sentence: str) -> None:
    """Write one line to stderr."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def answer(lines: Iterable[str]) -> None:
    """Write results for people to stdout, a line each."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def answer_json(value: Any) -> None:  # Any: it is whatever JSON can hold
    """Write a result for machines to stdout, as one JSON value."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()


class ProgressLine:
    """Shows how far a job is: one line that changes on a terminal, a line a stage elsewhere."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._stage = ""
        self._is_open = False

    def show(self, progress: Progress) -> None:
        """Say what is new."""
        if sys.stderr.isatty():
            of = f" {progress.step} of {progress.steps}" if progress.steps else ""
            sys.stderr.write(f"\r\x1b[K{progress.stage}{of}")
            sys.stderr.flush()
            self._is_open = True
        elif progress.stage != self._stage:
            self._stage = progress.stage
            say(progress.stage)

    def close(self) -> None:
        """Leave the line, so that what follows has one of its own."""
        if self._is_open:
            sys.stderr.write("\r\x1b[K")
            self._is_open = False
