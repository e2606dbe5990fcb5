"""A hub on 127.0.0.1 that does what hubs do on bad days, and small safetensors files."""

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator.models.download import Patience

BLOCK = 4096


@dataclass
class Day:
    """How the hub treats one request; the days given to a hub are used up in order."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # bytes of the body after which the connection ends
    hang_after: int | None = None  # bytes after which nothing comes until the hub closes
    pause_s: float = 0.0  # between blocks
    bytes_instead: bytes | None = None
    knows_ranges: bool = True


@dataclass
class Seen:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    sent: int = 0


class Hub:
    """Files by path, and what was asked of it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.days: list[Day] = []
        self.seen: list[Seen] = []
        self.store: Hub | None = None  # where requests are sent on to
        self.is_closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self._server.daemon_threads = True
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def ranges(self) -> list[str | None]:
        """The Range header of each request."""
        return [each.headers.get("range") for each in self.seen]

    def close(self) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class Handler(BaseHTTPRequestHandler):
    def __init__(self, hub: "Hub", *arguments: Any) -> None:
        self.hub = hub
        super().__init__(*arguments)

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.path, headers)
        self.hub.seen.append(seen)
        day = self.hub.days.pop(0) if self.hub.days else Day()
        body = self.hub.files.get(self.path) if day.bytes_instead is None else day.bytes_instead
        if self.hub.store is not None:
            self._head(302, {"Location": self.hub.store.url + self.path, "Content-Length": "0"})
        elif day.status is not None or body is None:
            self._head(day.status or 404, {"Content-Length": "0", **day.headers})
        else:
            self._send(day, body, seen)

    def _send(self, day: Day, body: bytes, seen: Seen) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()}"'
        asked, begin = seen.headers.get("range"), 0
        is_same = seen.headers.get("if-range", tag) == tag
        if asked is not None and is_same and day.knows_ranges:
            begin = int(asked.removeprefix("bytes=").removesuffix("-"))
        fixed = {"ETag": tag, "Content-Length": str(len(body) - begin)}
        if begin >= len(body):
            return self._head(416, {"Content-Length": "0"})
        if begin:
            fixed["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        self._head(206 if begin else 200, fixed | day.headers)
        for at in range(begin, len(body), BLOCK):
            block = body[at : at + BLOCK]
            if day.cut_after is not None:
                block = block[: max(day.cut_after - seen.sent, 0)]
            if day.hang_after is not None and seen.sent >= day.hang_after:
                self.hub.is_closing.wait(20)
                return None
            if not block or self.hub.is_closing.is_set():
                return None
            self.wfile.write(block)
            seen.sent += len(block)
            time.sleep(day.pause_s)
        return None

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hubs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Hub]]:
    """Make hubs that end with the test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for variable in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_ENDPOINT"):
        monkeypatch.delenv(variable, raising=False)
    made: list[Hub] = []

    def make() -> Hub:
        made.append(Hub())
        return made[-1]

    yield make
    for hub in made:
        hub.close()


@pytest.fixture
def hub(hubs: Callable[[], Hub]) -> Hub:
    """A hub without files."""
    return hubs()


@pytest.fixture
def hasty() -> Patience:
    """Three attempts in hundredths of a second."""
    return Patience(attempts=3, first_wait_s=0.01, longest_wait_s=0.03, stall_s=0.3)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, empty, on a machine without any other models."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("ACETATE_MODELS", str(folder))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv("ACETATE_MODEL_FOLDERS", raising=False)
    return folder


@pytest.fixture
def weights(tmp_path: Path) -> Callable[..., Path]:
    """Write a safetensors file with tensors of these shapes, whose values are all nought.

    The file has holes in place of noughts, so that one of true size takes no room.
    """

    def write(name: str, shapes: dict[str, tuple[int, ...]], folder: Path | None = None) -> Path:
        header, end = {}, 0
        for key, shape in shapes.items():
            after = end + 2 * math.prod(shape)
            header[key] = {"dtype": "F16", "shape": list(shape), "data_offsets": [end, after]}
            end = after
        text = json.dumps(header | {"__metadata__": {"format": "pt"}}).encode()
        path = (folder or tmp_path) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            stream.write(len(text).to_bytes(8, "little") + text)
            stream.truncate(8 + len(text) + end)
        return path

    return write
