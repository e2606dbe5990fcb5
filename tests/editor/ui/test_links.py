"""Links: from a server of this machine, and within themselves."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from editor.formats import FormatError
from editor.ui import links
from editor.ui.links import fetched

BODY = b"\x89PNG pretends"


class Handler(BaseHTTPRequestHandler):
    """Gives by path what a test asks for."""

    def do_GET(self) -> None:
        kind = {"/page": "text/html", "/drawing": "image/svg+xml"}.get(self.path, "image/png")
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", kind)
        if self.path == "/declared":
            self.send_header("Content-Length", str(10**9))
        self.end_headers()
        self.wfile.write(BODY * (100 if self.path == "/long" else 1))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    made = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_picture_is_fetched_with_its_name(server) -> None:
    found = fetched(f"{server}/a/red%20leaf.png?size=2")
    assert (found.name, found.suffix, found.body) == ("red leaf", ".png", BODY)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/page", "gave no picture but text/html"),
        ("/drawing", "image/svg"),
        ("/missing", "did not give the picture: 404"),
        ("/declared", "larger than"),
    ],
)
def test_what_is_no_picture_is_said(server, path, words) -> None:
    with pytest.raises(FormatError, match=words):
        fetched(server + path)


def test_more_than_may_be_is_not_read(server, monkeypatch) -> None:
    monkeypatch.setattr(links, "MOST_BYTES", 100)
    with pytest.raises(FormatError, match="larger than"):
        fetched(f"{server}/long")


def test_no_connection_is_said_plainly() -> None:
    with pytest.raises(FormatError, match="there is no connection to it"):
        fetched("http://127.0.0.1:9/leaf.png")


def test_data_links() -> None:
    text = base64.b64encode(BODY).decode()
    assert fetched(f"data:image/png;base64,{text}").body == BODY
    assert fetched("data:image/gif,GIF%2089").body == b"GIF 89"
    for bad in ("data:text/html,x", "data:image/png", "data:image/svg+xml,<svg/>"):
        with pytest.raises(FormatError, match="no picture"):
            fetched(bad)
