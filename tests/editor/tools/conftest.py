"""A tool's surroundings without a window: a document, its previews, and what the tool asked for."""

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Pixels
from editor.document.text import Text
from editor.edits.edit import Edit
from editor.tools.tool import Colour, Target

BACK = PixelLayer(
    id=LayerId("back"),
    name="back",
    pixels=Pixels.from_array(np.full((200, 200, 4), (10, 20, 30, 255), np.uint8)),
)
FRONT = PixelLayer(
    id=LayerId("front"),
    name="front",
    pixels=Pixels.from_array(np.full((40, 40, 4), (200, 100, 50, 128), np.uint8)),
    offset=Point(100, 100),
)


class Recorder:
    def __init__(self, document: Document, active: LayerId | None) -> None:
        self.document = self.kept = document
        self.active = active
        self.foreground: Colour = (255, 0, 0)
        self.background: Colour = (255, 255, 255)
        self.target = Target.PIXELS
        self.steps: list[str] = []
        self.scrolled = (0.0, 0.0)
        self.zoom = 1.0
        self.typing: str | None = None
        self.refreshed = self.put_aways = 0

    @property
    def selected(self) -> tuple[LayerId, ...]:
        return () if self.active is None else (self.active,)

    def preview(self, edit: Edit) -> None:
        self.document = edit.apply(self.document)

    def commit(self, label: str) -> None:
        if self.document is not self.kept:
            self.kept = self.document
            self.steps.append(label)

    def do(self, edit: Edit, label: str) -> None:
        self.preview(edit)
        self.commit(label)

    def cancel(self) -> None:
        self.document = self.kept

    def select(self, layer: LayerId) -> None:
        self.active = layer

    def pick(self, colour: Colour, *, background: bool) -> None:
        if background:
            self.background = colour
        else:
            self.foreground = colour

    def refresh_options(self) -> None:
        self.refreshed += 1

    def put_away(self) -> None:
        self.put_aways += 1

    def drawn(self, text: Text) -> Pixels:
        """A square a letter, in the colour of the text."""
        width = max(1, 10 * len(text.content))
        array = np.full((10, width, 4), (*text.colour, 255), np.uint8)
        return Pixels.from_array(array, Point(0, -10)) if text.content else Pixels.empty()

    def has_font(self, family: str) -> bool:
        return family != "missing"

    def begin_typing(self, content: str) -> None:
        self.typing = content

    def end_typing(self) -> None:
        self.typing = None

    def scroll_by(self, dx: float, dy: float) -> None:
        self.scrolled = (self.scrolled[0] + dx, self.scrolled[1] + dy)

    def zoom_by(self, factor: float, view_x: float, view_y: float) -> None:
        self.zoom *= factor


@pytest.fixture
def context() -> Recorder:
    return Recorder(Document(size=Size(300, 200), layers=(BACK, FRONT)), FRONT.id)
