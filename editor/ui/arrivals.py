"""What is dropped or lies on the clipboard, found in its mime data; nothing is decoded here.

The best that there is of one thing is taken: our own layers before a PNG, whose alpha is whole,
before files, before the platform's bitmap, before links.
"""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QImage

from editor.document.layer import Layer
from editor.edits.edit import EditError
from editor.ui.offer import PNG_MIME, PROJECT_MIME, Offer

SVG_MIMES = ("image/svg+xml", "image/svg")
LINK_SCHEMES = ("http", "https", "data")


@dataclass(frozen=True, slots=True, eq=False)
class Sheets:
    """Layers of this program, at their places."""

    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The bytes of a file that has no place on disk; `suffix` says what they should be."""

    name: str
    suffix: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A picture elsewhere, or within the link itself (`data:`)."""

    url: str


Source = Sheets | Encoded | Link | Path | QImage
Arrival = tuple[Source, ...]  # bottom first


def arrival_of(data: QMimeData | None) -> Arrival:
    """Return what arrives; raises `EditError` where there is nothing that can become a layer."""
    if data is None:  # a clipboard that nothing was ever put on
        raise EditError(_tr("There is no picture in it that Acetate can take."))
    for find in (_own, _png, _files, _image, _links):
        found = find(data)
        if found:
            return found
    if any(data.hasFormat(each) for each in SVG_MIMES):
        raise EditError(_tr("That is an SVG drawing, which Acetate cannot take: use a PNG of it."))
    raise EditError(_tr("There is no picture in it that Acetate can take."))


def is_taken(data: QMimeData) -> bool:
    """Whether what is dragged over a part of the window may become a layer."""
    if any(data.hasFormat(each) for each in (PROJECT_MIME, PNG_MIME, *SVG_MIMES)):
        return True
    return data.hasImage() or bool(_files(data) or _links(data))


def _own(data: QMimeData) -> Arrival:
    if isinstance(data, Offer):
        return (Sheets(data.layers),)
    body = bytes(data.data(PROJECT_MIME).data()) if data.hasFormat(PROJECT_MIME) else b""
    return (Encoded("", ".acetate", body),) if body else ()


def _png(data: QMimeData) -> Arrival:
    body = bytes(data.data(PNG_MIME).data()) if data.hasFormat(PNG_MIME) else b""
    return (Encoded("", ".png", body),) if body else ()


def _files(data: QMimeData) -> Arrival:
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def _image(data: QMimeData) -> Arrival:
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    return () if image.isNull() else (image,)


def _links(data: QMimeData) -> Arrival:
    """Return the picture of a page that is dragged rather than the page that it leads to."""
    found = _sources(data.html()) if data.hasHtml() else []
    if not found:
        found = [url.toString(url.ComponentFormattingOption.FullyEncoded) for url in data.urls()]
    if not found and data.hasText() and data.text().startswith("data:image/"):
        found = [data.text().strip()]
    return tuple(Link(each) for each in found if each.split(":", 1)[0].lower() in LINK_SCHEMES)


class _Images(HTMLParser):
    """Collects where the pictures of a piece of a page come from."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src")
        if tag == "img" and source:
            self.sources.append(source)


def _sources(html: str) -> list[str]:
    images = _Images()
    images.feed(html)
    return images.sources[:1]  # browsers drag one


def _tr(text: str) -> str:
    return QCoreApplication.translate("Arrivals", text)
