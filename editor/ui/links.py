"""A picture behind a link, fetched after it was dropped: in a worker's thread, within limits."""

import base64
import binascii
import logging
import time
from http.client import HTTPException
from pathlib import PurePosixPath
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from urllib.request import Request, urlopen

from editor.formats.format import FormatError
from editor.ui.arrivals import Encoded

log = logging.getLogger(__name__)

MOST_BYTES = 64 << 20
TIMEOUT_S = 15.0  # without a byte
LONGEST_S = 90.0
CHUNK_BYTES = 1 << 18
SUFFIXES = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/tiff": ".tif",
    "image/vnd.adobe.photoshop": ".psd", "image/gif": ".gif", "image/bmp": ".bmp",
}  # fmt: skip


def fetched(url: str) -> Encoded:
    """Return what a link leads to; raises `FormatError` with a plain sentence."""
    if url[:5].lower() == "data:":
        return _within(url)
    where = urlsplit(url)
    request = Request(
        url, headers={"User-Agent": "Acetate", "Accept": "image/*"}
    )  # http and https alone come here
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:
            kind = answer.headers.get_content_type()
            if kind.startswith("text/") or kind == "image/svg+xml":
                raise FormatError(f"{where.hostname} gave no picture but {kind}; save a PNG of it.")
            length = answer.headers.get("Content-Length", "")
            if length.isdigit() and int(length) > MOST_BYTES:
                raise _too_large(where.hostname, int(length))
            body = _read(answer, where.hostname)
    except HTTPError as error:
        raise FormatError(f"{where.hostname} did not give the picture: {error.code}.") from error
    except (URLError, HTTPException, TimeoutError, OSError, ValueError) as error:
        log.info("%s was not fetched", url, exc_info=True)
        raise FormatError(
            f"The picture at {where.hostname} could not be fetched: there is no connection to it."
        ) from error
    name = PurePosixPath(unquote(where.path)).stem
    return Encoded(name, SUFFIXES.get(kind, PurePosixPath(where.path).suffix), body)


def _read(answer: object, host: str | None) -> bytes:
    """Return the body, never more than may be and never for ever."""
    until, body = time.monotonic() + LONGEST_S, bytearray()
    while chunk := answer.read(CHUNK_BYTES):  # type: ignore[attr-defined]  # urlopen's answer
        body += chunk
        if len(body) > MOST_BYTES:
            raise _too_large(host, len(body))
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)


def _too_large(host: str | None, size: int) -> FormatError:
    return FormatError(
        f"The picture at {host} is larger than the {MOST_BYTES >> 20} MB that are fetched:"
        f" {size >> 20} MB or more."
    )


def _within(url: str) -> Encoded:
    """Return the data of a `data:` link (RFC 2397)."""
    head, comma, text = url[5:].partition(",")
    kind = head.split(";", 1)[0].strip().lower()
    if not comma or kind not in SUFFIXES:
        raise FormatError("The link holds no picture that Acetate can read.")
    try:
        body = unquote_to_bytes(text)
        if head.lower().endswith(";base64"):
            body = base64.b64decode(body, validate=False)
    except (binascii.Error, ValueError) as error:
        raise FormatError("The picture in the link is damaged.") from error
    return Encoded("", SUFFIXES[kind], body)
