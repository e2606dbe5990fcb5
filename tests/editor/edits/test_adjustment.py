from dataclasses import replace

import numpy as np
import pytest

from editor.document.adjustment import BrightnessContrast, Invert
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import AdjustmentLayer, LayerId, Locks, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.adjustment import AddAdjustment, AdjustPixels, SetAdjustment
from editor.edits.edit import EditError
from editor.render.composite import composite

A, NEW = LayerId("a"), LayerId("new")


def document(selection: Coverage | None = None, locks: Locks = Locks()) -> Document:
    pixels = Pixels.from_array(np.full((40, 40, 4), (10, 200, 30, 128), np.uint8))
    layer = PixelLayer(id=A, name="a", pixels=pixels, offset=Point(5, 5), locks=locks)
    return Document(size=Size(60, 60), layers=(layer,), selection=selection)


def test_what_is_selected_becomes_the_mask() -> None:
    chosen = document(Coverage.of_rect(Rect(0, 0, 20, 60)))
    after = AddAdjustment(NEW, "Invert", Invert(), A).apply(chosen)
    assert after.selection is None
    seen = composite(after, after.rect)
    assert tuple(seen[10, 10]) == (245, 55, 225, 128)
    assert tuple(seen[10, 30]) == (10, 200, 30, 128)
    assert tuple(seen[50, 50]) == (0, 0, 0, 0)


def test_other_numbers_and_locks() -> None:
    added = AddAdjustment(NEW, "b", BrightnessContrast(), A).apply(document())
    after = SetAdjustment(NEW, BrightnessContrast(20)).apply(added)
    assert after.layers[0] is added.layers[0]
    layer = after.layers[1]
    assert isinstance(layer, AdjustmentLayer)
    assert layer.adjustment == BrightnessContrast(20)
    with pytest.raises(EditError, match="not an adjustment"):
        SetAdjustment(A, Invert()).apply(added)


def test_pixels_are_adjusted_where_they_are_selected() -> None:
    chosen = document(Coverage.of_rect(Rect(0, 0, 20, 60)))
    layer = AdjustPixels(A, Invert()).apply(chosen).layers[0]
    assert isinstance(layer, PixelLayer)
    made = layer.pixels.read(Rect(0, 0, 40, 40))
    assert (made[:, :15] == (245, 55, 225, 128)).all()
    assert (made[:, 15:] == (10, 200, 30, 128)).all()
    with pytest.raises(EditError, match="locked"):
        AdjustPixels(A, Invert()).apply(document(locks=Locks(pixels=True)))


def test_an_adjustment_between_clipped_layers_is_clipped_too() -> None:
    below = document().layers[0]
    above = replace(below, id=LayerId("above"), clipped=True)
    stack = Document(size=Size(60, 60), layers=(below, above))
    after = AddAdjustment(NEW, "Invert", Invert(), A).apply(stack)
    assert [layer.clipped for layer in after.layers] == [False, True, True]
