"""Documents of a few discs and washes, and jobs done by drawn shapes in this process."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Pixels
from editor.generation import Asked, Order, Placed, order_for, placed
from generator.backends.drawn import drawn
from generator.request import GeneratedLayer, GenerationResult, Role

SIDE = 64


def filled(name: str, colour: tuple[int, int, int, int], size: int = SIDE, at: int = 0):
    pixels = np.full((size, size, 4), colour, np.uint8)
    return PixelLayer(
        id=LayerId(name), name=name, pixels=Pixels.from_array(pixels), offset=Point(at, at)
    )


@pytest.fixture
def ground() -> PixelLayer:
    """An opaque grey layer of the whole canvas."""
    return filled("ground", (90, 90, 90, 255))


@pytest.fixture
def subject() -> PixelLayer:
    """A red square of 16 pixels in the middle."""
    return filled("subject", (200, 0, 0, 255), 16, 24)


@pytest.fixture
def document(ground: PixelLayer, subject: PixelLayer) -> Document:
    """The subject on the ground."""
    return Document(size=Size(SIDE, SIDE), layers=(ground, subject))


def result_of(order: Order, **extra: np.ndarray) -> GenerationResult:
    """Draw what was ordered; `extra` are pictures by role that every seed gets besides."""
    request = order.request
    layers = tuple(
        GeneratedLayer(role, pixels, request.seed + index)
        for index in range(request.count)
        for role, pixels in (
            *drawn(request, request.seed + index),
            *((Role(role), pixels) for role, pixels in extra.items()),
        )
    )
    return GenerationResult(request.job, layers, request.model, "abc", 8, 3.0, 0.1)


@dataclass(frozen=True)
class Done:
    """A document after a job, and what was placed."""

    document: Document
    placed: Placed
    order: Order

    def layer(self, role: Role | None = None) -> PixelLayer:
        """Return the main layer, or that of a role."""
        wanted = self.placed.layer if role is None else dict(self.placed.layers)[role]
        layer = self.document.find(wanted)
        assert isinstance(layer, PixelLayer)
        return layer

    def changed(self, layer_id: LayerId, **fields: object) -> Document:
        """Return the document with one layer changed."""
        return self.document.replaced(layer_id, lambda each: replace(each, **fields))


Do = Callable[..., Done]


@pytest.fixture
def do() -> Do:
    """Order, draw and place in one call."""

    def done(document: Document, active: tuple[str, ...], asked: Asked, **extra: np.ndarray):
        order = order_for(document, tuple(LayerId(each) for each in active), asked)
        what = placed(order, result_of(order, **extra))
        return Done(what.edit.apply(document), what, order)

    return done
