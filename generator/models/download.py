"""Fetches one file from a web server into its place: resumes, retries, verifies, never half.

What to fetch is the caller's affair, and that the user asked for it. Every failure is one sentence.
"""

import errno
import logging
import re
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from generator.models.locks import BusyError, locked
from generator.models.part import Note, Part
from generator.models.stream import (
    POLL_S,
    Ask,
    CancelledError,
    CutError,
    Head,
    IsCancelled,
    RefusedError,
    Stream,
)
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)

LOCK = ".lock"
SPARE_BYTES = 64 * 2**20  # left free on the disk beside the file
SHA256 = re.compile(r"[0-9a-f]{64}")
CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+)")

OnBytes = Callable[[int, int | None], None]  # how many bytes are here, of how many if known


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file: where from, where to, and what is known of it."""

    url: str
    target: Path
    size_bytes: int | None = None
    sha256: str | None = None
    token: str | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Its name for sentences."""
        return self.target.name

    @property
    def host(self) -> str:
        """Where it comes from, for sentences."""
        return urlsplit(self.url).netloc


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try when nothing new arrives."""

    attempts: int = 6
    first_wait_s: float = 1.0  # doubled each time
    longest_wait_s: float = 60.0
    stall_s: float = 30.0


PATIENT = Patience()


class _WaitError(Exception):
    """The server asks to come back later."""

    def __init__(self, status: int, seconds: float | None) -> None:
        super().__init__(f"it answered with {status}")
        self.seconds = seconds


class _MismatchError(Exception):
    """What arrived belongs to another version than what was here; begin again."""


def download(
    wanted: Wanted,
    on_bytes: OnBytes,
    is_cancelled: IsCancelled,
    patience: Patience = PATIENT,
) -> None:
    """Fetch the file, unless it is there; raise `GenerationError` with one sentence.

    When it fails or is cancelled, or the process dies, what has arrived is kept and the next call
    goes on from there, unless the bytes are known to be wrong.
    """
    try:
        wanted.target.parent.mkdir(parents=True, exist_ok=True)
        with locked(wanted.target.parent / LOCK):
            if not _is_there(wanted):
                _Download(wanted, on_bytes, is_cancelled, patience).run()
    except BusyError:
        raise _failed(f"{wanted.name} is being fetched by another program already.") from None
    except OSError as error:
        raise _failed(_disk_sentence(wanted, error)) from error


class _Download:
    """The attempts at one file. Lives for one call of `download`."""

    def __init__(
        self, wanted: Wanted, on_bytes: OnBytes, is_cancelled: IsCancelled, patience: Patience
    ) -> None:
        self._wanted = wanted
        self._on_bytes = on_bytes
        self._is_cancelled = is_cancelled
        self._patience = patience
        self._total = wanted.size_bytes
        self._sha256 = wanted.sha256
        self._part = Part(wanted.target)

    def run(self) -> None:
        """Try until the file is right or there is a sentence that says why not."""
        try:
            self._part.take_up(self._on_read)
            self._fetch()
            while not self._is_right():
                self._begin_again()
                self._fetch()
            self._part.finish()
        except CancelledError:
            raise GenerationError(
                ErrorKind.CANCELLED,
                f"Fetching {self._wanted.name} was cancelled; what has arrived is kept.",
            ) from None
        finally:
            self._part.close()

    def _on_read(self, size: int) -> None:
        self._on_bytes(size, self._total)
        if self._is_cancelled():
            raise CancelledError

    def _fetch(self) -> None:
        """Get all bytes, attempt after attempt as long as new ones arrive."""
        failures = 0
        while self._part.size == 0 or self._part.size != self._total:
            before = self._part.size
            asked: float | None = None
            try:
                self._attempt()
                return
            except _MismatchError:
                self._part.restart()
                reason, asked = "the file changed meanwhile", 0.0
            except _WaitError as error:
                reason, asked = str(error), error.seconds
            except CutError as error:
                reason = str(error)
            except RefusedError as error:
                raise _failed(f"{self._wanted.host} cannot be used: {error}.") from error
            log.info("%s: %s", self._wanted.name, reason)
            failures = 1 if self._part.size > before else failures + 1
            if failures >= self._patience.attempts:
                raise _failed(
                    f"{self._wanted.name} could not be fetched from {self._wanted.host} ({reason});"
                    " what has arrived is kept. Check the connection and try again."
                )
            self._wait(failures, asked)

    def _attempt(self) -> None:
        """Ask once, from where the part ends; return when the last byte is here."""
        part = self._part
        headers = dict[str, str]()
        if part.size and (part.note.etag or self._sha256):
            headers["Range"] = f"bytes={part.size}-"
            if part.note.etag:
                headers["If-Range"] = part.note.etag
        ask = Ask(self._wanted.url, headers, self._wanted.token, self._patience.stall_s)
        with closing(Stream(ask, self._is_cancelled)) as stream:
            head = stream.head()
            self._check_status(head)
            self._take_up(head)
            for chunk in stream.chunks():
                part.append(chunk)
                self._on_bytes(part.size, self._total)
                if self._total is not None and part.size > self._total:
                    raise self._wrong(f"it is larger than the {self._total} bytes expected")
        if self._total is not None and part.size < self._total:
            raise CutError("the connection was cut")

    def _take_up(self, head: Head) -> None:
        """Compare the answer with what is here and what is known, before its body is read."""
        part, note = self._part, _note(head)
        start, total = _extent(head)
        if head.status == 206 and (start != part.size or not _is_same(part.note, note)):
            raise _MismatchError
        if head.status == 200 and part.size:
            part.restart()
        known = self._wanted.size_bytes
        if known is not None and total is not None and total != known:
            raise self._wrong(f"it has {total} bytes there instead of {known}")
        self._total = known if total is None else total
        if self._wanted.sha256 is None:
            # For large files the hub's name of a version is its hash.
            self._sha256 = note.identity if SHA256.fullmatch(note.identity) else None
        if self._total is not None:
            check_space(part.path.parent, self._total - part.size, self._wanted.name)
        part.begin(note)

    def _is_right(self) -> bool:
        """Whether the hash is the one expected; False once, where old bytes may be to blame."""
        if self._sha256 is None or self._part.sha256 == self._sha256:
            return True
        if not self._part.is_resumed:
            raise self._wrong("its SHA-256 differs")
        return False

    def _begin_again(self) -> None:
        log.info("%s: what an earlier attempt left was wrong", self._wanted.name)
        self._part.restart()

    def _wrong(self, reason: str) -> GenerationError:
        self._part.discard()
        return _failed(
            f"{self._wanted.name} from {self._wanted.host} is not the published file: {reason}; "
            "it was not kept."
        )

    def _check_status(self, head: Head) -> None:
        name, host, status = self._wanted.name, self._wanted.host, head.status
        if status in (200, 206):
            if head.headers.get("content-type", "").startswith("text/html"):
                raise _failed(
                    f"{host} answered with a web page instead of {name}; is there a page to log in "
                    "between here and there?"
                )
            return
        if status in (401, 403):
            raise _failed(
                f"{host} refuses {name} ({status}): accept its licence on the model's page there "
                "and set HF_TOKEN to a token of your account."
            )
        if status in (404, 410):
            raise _failed(f"{name} is not on {host} any more ({status}).")
        if status == 416:
            raise _MismatchError
        if status in (408, 425, 429) or status >= 500:
            raise _WaitError(status, _retry_after(head))
        raise _failed(f"{host} answered {status} when asked for {name}.")

    def _wait(self, failures: int, asked: float | None) -> None:
        seconds = self._patience.first_wait_s * 2 ** (failures - 1) if asked is None else asked
        deadline = time.monotonic() + min(seconds, self._patience.longest_wait_s)
        while (left := deadline - time.monotonic()) > 0:
            if self._is_cancelled():
                raise CancelledError
            time.sleep(min(left, POLL_S))


def check_space(folder: Path, needed_bytes: int, what: str) -> None:
    """Raise `GenerationError` when the disk cannot hold that much more."""
    free = shutil.disk_usage(folder).free
    if needed_bytes + SPARE_BYTES > free:
        raise _failed(
            f"There is not enough room for {what}: it needs {needed_bytes / 1e9:.1f} GB more and "
            f"{folder} has {free / 1e9:.1f} GB free."
        )


def _is_there(wanted: Wanted) -> bool:
    try:
        size = wanted.target.stat().st_size
    except OSError:
        return False
    return wanted.size_bytes in (None, size)


def _note(head: Head) -> Note:
    """Which version an answer is of. Weak tags cannot name bytes, so they count as none."""
    etag = head.headers.get("etag", "")
    strong = "" if etag.startswith("W/") else etag
    linked = head.headers.get("x-linked-etag", "") or strong
    return Note(linked.removeprefix("W/").strip('"'), strong)


def _is_same(before: Note, now: Note) -> bool:
    return not before.identity or not now.identity or before.identity == now.identity


def _extent(head: Head) -> tuple[int, int | None]:
    """Return where the body begins and how long the whole file is, if the server says so."""
    if head.status == 206:
        match = CONTENT_RANGE.fullmatch(head.headers.get("content-range", ""))
        if match is None or match[1] is None:
            raise _MismatchError
        return int(match[1]), int(match[3])
    length = head.headers.get("content-length", "")
    return 0, int(length) if length.isdecimal() else None


def _retry_after(head: Head) -> float | None:
    """Return the seconds to wait that an answer names, as a number or as a date (RFC 9110)."""
    text = head.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _disk_sentence(wanted: Wanted, error: OSError) -> str:
    folder = wanted.target.parent
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {folder} is full; what has arrived of {wanted.name} is kept."
    return f"{wanted.name} cannot be written in {folder}: {error.strerror or error}."


def _failed(sentence: str) -> GenerationError:
    return GenerationError(ErrorKind.WEIGHTS_MISSING, sentence)
