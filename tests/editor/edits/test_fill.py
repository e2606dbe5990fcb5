from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, LayerId, Locks, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.fill import ClearPixels, FillMask, FillPixels, FillSelection
from editor.render.fills import Plain

A, B = LayerId("a"), LayerId("b")
LAYER = PixelLayer(
    id=A,
    name="a",
    pixels=Pixels.from_array(np.full((60, 60, 4), (10, 20, 30, 200), np.uint8)),
    offset=Point(20, 10),
    mask=Mask(Coverage.full(255), Point(3, 4)),
)
DOCUMENT = Document(size=Size(300, 200), layers=(LAYER, replace(LAYER, id=B, name="b")))
BOX = Coverage.of_rect(Rect(50, 30, 150, 120))
RED, BLACK = Plain((255, 0, 0, 255)), Plain((0, 0, 0, 255))


def at(document: Document, x: int, y: int, layer: LayerId = A) -> list[int]:
    found = document.find(layer)
    rect = Rect(x, y, x + 1, y + 1).moved(-found.offset.x, -found.offset.y)
    return found.pixels.read(rect)[0, 0].tolist()


def test_without_a_selection_the_canvas_is_filled() -> None:
    after = FillPixels(A, RED).apply(DOCUMENT)
    assert after.find(A).rect == DOCUMENT.rect
    assert after.find(B) is DOCUMENT.find(B)


def test_a_fill_keeps_to_region_selection_and_locked_alpha() -> None:
    document = replace(DOCUMENT, selection=BOX)
    region = Coverage.of_rect(Rect(0, 0, 60, 200))
    after = FillPixels(A, RED, region).apply(document)
    assert at(after, 55, 40) == [255, 0, 0, 255]
    assert at(after, 65, 40) == at(after, 45, 40) == [10, 20, 30, 200]
    locked = document.replaced(A, lambda layer: replace(layer, locks=Locks(alpha=True)))
    after = FillPixels(A, RED).apply(locked)
    assert at(after, 55, 40) == [255, 0, 0, 200]
    assert at(after, 140, 110)[3] == 0


def test_masks_and_selections_are_filled_too() -> None:
    document = replace(DOCUMENT, selection=BOX)
    after = FillMask(A, BLACK).apply(document)
    assert after.find(A).mask.rect == (50, 30, 150, 120)
    assert after.find(A).pixels is DOCUMENT.find(A).pixels
    emptied = FillSelection(BLACK).apply(document)
    assert emptied.selection is not None
    assert emptied.selection.content.is_empty


def test_clearing_takes_what_is_selected_out_of_each_layer() -> None:
    document = replace(DOCUMENT, selection=BOX)
    after = ClearPixels((A, B)).apply(document)
    for layer in (A, B):
        assert at(after, 55, 40, layer)[3] == 0
        assert at(after, 45, 40, layer) == [10, 20, 30, 200]


@pytest.mark.parametrize("locks", [Locks(alpha=True), Locks(pixels=True)])
def test_what_is_locked_is_not_cleared(locks: Locks) -> None:
    document = DOCUMENT.replaced(A, lambda layer: replace(layer, locks=locks))
    with pytest.raises(EditError, match="locked"):
        ClearPixels((B, A)).apply(document)


def test_a_group_has_nothing_to_fill() -> None:
    document = replace(DOCUMENT, layers=(Group(id=A, name="g"),))
    with pytest.raises(EditError, match="group"):
        FillPixels(A, RED).apply(document)
    with pytest.raises(EditError, match="no mask"):
        FillMask(A, RED).apply(document)
