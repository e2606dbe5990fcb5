from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.aligning import AlignLayers, DistributeLayers, Edge
from editor.edits.edit import EditError

A, B, C = LayerId("a"), LayerId("b"), LayerId("c")


def square(name: LayerId, side: int, at: tuple[int, int]) -> PixelLayer:
    pixels = Pixels.from_array(np.full((side, side, 4), 255, np.uint8))
    return PixelLayer(id=name, name=name, pixels=pixels, offset=Point(*at))


DOCUMENT = Document(
    size=Size(200, 100),
    layers=(square(A, 10, (0, 0)), square(B, 20, (30, 40)), square(C, 30, (100, 60))),
)


def rects(document: Document) -> list[Rect]:
    return [layer.rect for layer in document.layers]


def test_edges_of_several_lie_on_one_line() -> None:
    right = rects(AlignLayers((A, B, C), Edge.RIGHT).apply(DOCUMENT))
    assert [rect.x1 for rect in right] == [130] * 3
    assert [rect.y0 for rect in right] == [0, 40, 60]
    middle = rects(AlignLayers((A, B), Edge.MIDDLE).apply(DOCUMENT))
    assert [(rect.y0, rect.y1) for rect in middle[:2]] == [(25, 35), (20, 40)]


def test_one_aligns_with_the_canvas_and_all_with_the_selection() -> None:
    assert rects(AlignLayers((B,), Edge.CENTRE).apply(DOCUMENT))[1].x0 == 90
    chosen = replace(DOCUMENT, selection=Coverage.of_rect(Rect(50, 10, 150, 90)))
    assert [rect.y1 for rect in rects(AlignLayers((A, B), Edge.BOTTOM).apply(chosen))] == [
        90, 90, 90,
    ]  # fmt: skip


def test_middles_are_evenly_apart() -> None:
    shown = rects(DistributeLayers((A, B, C), across=True).apply(DOCUMENT))
    assert [(rect.x0 + rect.x1) / 2 for rect in shown] == [5, 60, 115]
    with pytest.raises(EditError, match="three"):
        DistributeLayers((A, B), across=True).apply(DOCUMENT)
