from dataclasses import replace

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import TILE, Pixels
from editor.history import History, bytes_not_shared

TILE_BYTES = TILE * TILE * 4
LAYER = PixelLayer(
    id=new_layer_id(), name="a", pixels=Pixels.from_array(np.full((512, 512, 4), 9, np.uint8))
)
DOCUMENT = Document(size=Size(512, 512), layers=(LAYER,))


def painted(document: Document, value: int) -> Document:
    layer = document.layers[0]
    assert isinstance(layer, PixelLayer)
    pixels = layer.pixels.written(np.full((3, 3, 4), value, np.uint8), Point(0, 0))
    return replace(document, layers=(replace(layer, pixels=pixels),))


def test_a_step_costs_the_tiles_it_does_not_share() -> None:
    after = painted(DOCUMENT, 1)
    assert bytes_not_shared(DOCUMENT, after) == TILE_BYTES
    history = History.started(DOCUMENT, "Open").pushed(after, "Brush")
    assert history.kept_bytes == TILE_BYTES


def test_going_back_and_on_shows_the_very_documents() -> None:
    first, second = painted(DOCUMENT, 1), painted(DOCUMENT, 2)
    history = History.started(DOCUMENT, "Open").pushed(first, "Brush").pushed(second, "Brush")
    assert history.at(0).document is DOCUMENT
    assert history.at(0).can_redo
    assert history.at(2).document is second
    assert not history.at(2).can_redo


def test_a_new_step_drops_the_later_ones() -> None:
    history = History.started(DOCUMENT, "Open").pushed(painted(DOCUMENT, 1), "One")
    again = history.at(0).pushed(painted(DOCUMENT, 2), "Two")
    assert [step.label for step in again.steps] == ["Open", "Two"]


def test_the_budget_forgets_the_oldest_but_never_the_last_step_back() -> None:
    history = replace(History.started(DOCUMENT, "Open"), budget_bytes=3 * TILE_BYTES)
    document = DOCUMENT
    for value in range(1, 9):
        document = painted(document, value)
        history = history.pushed(document, str(value))
    assert history.kept_bytes <= 3 * TILE_BYTES
    assert history.document is document
    assert [step.label for step in history.steps] == ["5", "6", "7", "8"]
    tight = replace(history, budget_bytes=0).pushed(painted(document, 99), "99")
    assert [step.label for step in tight.steps] == ["8", "99"]
