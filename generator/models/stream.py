"""One answer of a web server, read by a thread of its own, so that whoever waits can stop at once.

Follows redirects itself: the token goes to the host it is meant for and to no other, and what was
encrypted stays so. Obeys the system's proxies. Knows nothing of files, retries or hashes.
"""

import http.client
import queue
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit

CHUNK_BYTES = 256 * 1024
QUEUED_CHUNKS = 8
POLL_S = 0.1
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 8
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

IsCancelled = Callable[[], bool]


class CutError(Exception):
    """The connection failed or ended early; another attempt may succeed."""


class RefusedError(Exception):
    """The connection must not be made or cannot be trusted; another attempt will not help."""


class CancelledError(Exception):
    """Whoever waited asked to stop."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a server. `token` is sent to the host of `url` alone, never in the clear."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    stall_s: float = 30.0  # without a byte for so long, the connection counts as cut


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer, names in lower case.

    Those of redirects on the way are kept where the last answer has none of that name, because the
    hub says on its own answer what the store behind it does not know.
    """

    status: int
    headers: dict[str, str]


class Stream:
    """An answer on its way; must be closed, from the thread that reads it."""

    def __init__(self, ask: Ask, is_cancelled: IsCancelled) -> None:
        """Start to ask."""
        self._ask = ask
        self._is_cancelled = is_cancelled
        self._arrived: queue.Queue[Head | bytes | Exception] = queue.Queue(QUEUED_CHUNKS)
        self._stopped = threading.Event()
        threading.Thread(target=self._read, name="download", daemon=True).start()

    def head(self) -> Head:
        """Wait for status and headers; raise `CutError`, `RefusedError` or `CancelledError`."""
        head = self._next()
        assert isinstance(head, Head)
        return head

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; raise as `head` does. A body cut short may just end."""
        while chunk := self._next():
            assert isinstance(chunk, bytes)
            yield chunk

    def close(self) -> None:
        """Let go; the thread ends with its running read, at the latest after `stall_s`."""
        self._stopped.set()

    def _next(self) -> Head | bytes:
        deadline = time.monotonic() + self._ask.stall_s
        while not self._is_cancelled():
            try:
                item = self._arrived.get(timeout=POLL_S)
            except queue.Empty:
                if time.monotonic() >= deadline:
                    raise CutError("nothing arrived any more") from None
                continue
            if isinstance(item, Exception):
                raise item
            return item
        raise CancelledError

    def _read(self) -> None:
        try:
            response, head = _opened(self._ask)
            with response:
                self._put(head)
                while not self._stopped.is_set():
                    chunk = response.read1(CHUNK_BYTES)
                    self._put(chunk)
                    if not chunk:
                        return
        except RefusedError as error:
            self._put(error)
        except URLError as error:
            self._put(_failure(error.reason))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._put(_failure(error))

    def _put(self, item: Head | bytes | Exception) -> None:
        while not self._stopped.is_set():
            try:
                return self._arrived.put(item, timeout=POLL_S)
            except queue.Full:
                continue
        return None


def _failure(reason: object) -> Exception:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return RefusedError("its certificate is not valid")
    if isinstance(reason, TimeoutError):
        return CutError("nothing arrived any more")
    return CutError(str(reason) or type(reason).__name__)


def _opened(ask: Ask) -> tuple[http.client.HTTPResponse, Head]:
    url, seen = ask.url, dict[str, str]()
    for _ in range(MAX_REDIRECTS):
        request = urllib.request.Request(url, headers={"User-Agent": "acetate", **ask.headers})
        if ask.token and _may_have_token(url, ask.url):
            request.add_unredirected_header("Authorization", f"Bearer {ask.token}")
        response: http.client.HTTPResponse = _opener().open(request, timeout=ask.stall_s)
        seen |= {name.lower(): value for name, value in response.headers.items()}
        if response.status not in REDIRECTS:
            own = {name.lower() for name in response.headers}
            kept = {n: v for n, v in seen.items() if n in own or n.startswith("x-")}
            return response, Head(response.status, kept)
        response.close()
        url = _redirected(url, seen.get("location", ""))
    raise RefusedError("it redirects without end")


def _redirected(url: str, location: str) -> str:
    target = urljoin(url, location)
    schemes = urlsplit(url).scheme, urlsplit(target).scheme
    if schemes[1] not in ("http", "https") or schemes == ("https", "http"):
        raise RefusedError("it redirects to an address that is not safe")
    return target


def _may_have_token(url: str, first: str) -> bool:
    here, meant = urlsplit(url), urlsplit(first)
    is_safe = here.scheme == "https" or here.hostname in LOOPBACK
    return is_safe and (here.scheme, here.netloc) == (meant.scheme, meant.netloc)


def _opener() -> urllib.request.OpenerDirector:
    """Make an opener that returns every answer as it is, redirects and failures too."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
