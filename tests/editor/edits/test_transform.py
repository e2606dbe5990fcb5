from dataclasses import replace
from math import cos, sin

import numpy as np
import pytest

from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, LayerId, Locks, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.canvas import Crop, ResizeCanvas
from editor.edits.edit import EditError
from editor.edits.transform import (
    Instead,
    TransformLayers,
    TransformSelected,
    transformable,
)
from editor.render.transforming import Interpolation

A, B, G = LayerId("a"), LayerId("b"), LayerId("g")
CUBIC, NEAREST = Interpolation.CUBIC, Interpolation.NEAREST


def layer(name: str, at: tuple[int, int] = (20, 10)) -> PixelLayer:
    array = np.random.default_rng(len(name)).integers(1, 256, (40, 60, 4), np.uint8)
    return PixelLayer(
        id=LayerId(name), name=name, pixels=Pixels.from_array(array), offset=Point(*at)
    )


GROUP = Group(id=G, name="g", children=(layer("b", (100, 50)),))
DOCUMENT = Document(size=Size(300, 200), layers=(layer("a"), GROUP))
SHIFT = (1.0, 0.0, 15.0, 0.0, 1.0, -7.0)
MIRROR = (-1.0, 0.0, 300.0, 0.0, 1.0, 0.0)
TURN = (cos(0.4), -sin(0.4), 90.0, sin(0.4), cos(0.4), 10.0)


def read(document: Document, name: LayerId, rect: Rect) -> np.ndarray:
    found = document.find(name)
    return found.pixels.read(rect.moved(-found.offset.x, -found.offset.y))


@pytest.mark.parametrize("how", list(Interpolation))
def test_whole_pixels_are_moved_exactly(how: Interpolation) -> None:
    after = TransformLayers((A, G), SHIFT, how).apply(DOCUMENT)
    for name, rect in ((A, Rect(20, 10, 80, 50)), (B, Rect(100, 50, 160, 90))):
        np.testing.assert_array_equal(
            read(after, name, rect.moved(15, -7)), read(DOCUMENT, name, rect)
        )
    assert after.find(A).rect == (35, 3, 95, 43)


def test_mirroring_twice_is_nothing() -> None:
    edit = TransformLayers((A,), MIRROR, CUBIC)
    once = edit.apply(DOCUMENT)
    rect = Rect(220, 10, 280, 50)
    wanted = read(DOCUMENT, A, Rect(20, 10, 80, 50))
    np.testing.assert_array_equal(read(once, A, rect), wanted[:, ::-1])
    np.testing.assert_array_equal(read(edit.apply(once), A, Rect(20, 10, 80, 50)), wanted)
    assert once.find(G) is DOCUMENT.find(G)


def test_a_linked_mask_goes_along_and_another_stays() -> None:
    values = np.full((20, 20), 9, np.uint8)
    mask = Mask(Coverage.from_array(values, outside=255), Point(30, 20))
    for linked in (True, False):
        masked = replace(layer("a"), mask=replace(mask, linked=linked))
        document = replace(DOCUMENT, layers=(masked,))
        after = TransformLayers((A,), SHIFT, CUBIC).apply(document).find(A).mask
        assert after.rect == ((45, 13, 65, 33) if linked else (30, 20, 50, 40))
        assert after.coverage.outside == 255


@pytest.mark.parametrize("locks", [Locks(position=True), Locks(pixels=True)])
def test_what_is_locked_is_not_transformed(locks: Locks) -> None:
    document = DOCUMENT.replaced(B, lambda each: replace(each, locks=locks))
    with pytest.raises(EditError, match="“b” is locked"):
        TransformLayers((G,), TURN, CUBIC).apply(document)


def test_sizes_that_cannot_be_are_refused() -> None:
    with pytest.raises(EditError, match="Nothing would be left"):
        TransformLayers((A,), (0, 0, 5, 0, 0, 5), CUBIC).apply(DOCUMENT)
    with pytest.raises(EditError, match="too many"):
        TransformLayers((A,), (900, 0, 0, 0, 900, 0), CUBIC).apply(DOCUMENT)


def test_selected_pixels_turn_with_the_selection() -> None:
    document = replace(DOCUMENT, selection=Coverage.of_rect(Rect(20, 10, 50, 30)))
    shifted = TransformSelected(A, SHIFT, CUBIC).apply(document)
    part = Rect(20, 10, 50, 30)
    np.testing.assert_array_equal(
        read(shifted, A, part.moved(15, -7))[:7], read(DOCUMENT, A, part)[:7]
    )
    assert not read(shifted, A, Rect(20, 24, 35, 30))[..., 3].any()
    assert shifted.selection.content == (35, 3, 65, 23)
    turned = TransformSelected(A, TURN, CUBIC).apply(document)
    assert turned.selection.content.width > 30
    assert not read(turned, A, Rect(22, 12, 40, 28))[..., 3].any()
    with pytest.raises(EditError, match="Nothing is selected"):
        TransformSelected(A, TURN, CUBIC).apply(DOCUMENT)


def test_a_preview_is_always_of_what_was_there_first() -> None:
    first = Instead(DOCUMENT, TransformLayers((A,), TURN, NEAREST)).apply(DOCUMENT)
    second = Instead(DOCUMENT, TransformLayers((A,), SHIFT, NEAREST)).apply(first)
    assert second.find(A).rect == (35, 3, 95, 43)


def test_layers_in_groups_can_be_transformed_too() -> None:
    assert [each.id for each in transformable(DOCUMENT, (G, B, A))] == [A, B]
    assert transformable(DOCUMENT, ()) == ()


@pytest.mark.parametrize("delete", [False, True])
def test_a_crop_takes_selection_guides_and_layers_along(delete: bool) -> None:
    document = replace(
        DOCUMENT,
        selection=Coverage.of_rect(Rect(0, 0, 100, 100)),
        guides=(Guide(Orientation.VERTICAL, 60), Guide(Orientation.HORIZONTAL, 25)),
    )
    after = Crop(Rect(50, 20, 150, 250), delete).apply(document)
    assert after.size == (100, 230)
    assert after.guides == (Guide(Orientation.VERTICAL, 10), Guide(Orientation.HORIZONTAL, 5))
    assert after.selection.content == (0, 0, 50, 80)
    assert after.find(A).rect == ((0, 0, 30, 30) if delete else (-30, -10, 30, 30))
    np.testing.assert_array_equal(
        read(after, A, Rect(0, 0, 30, 30)), read(DOCUMENT, A, Rect(50, 20, 80, 50))
    )


def test_a_smaller_canvas_cuts_the_selection() -> None:
    document = replace(DOCUMENT, selection=Coverage.of_rect(Rect(250, 150, 300, 200)))
    assert ResizeCanvas(Size(100, 100)).apply(document).selection is None
    with pytest.raises(EditError, match="nothing to crop"):
        Crop(Rect(5, 5, 5, 9)).apply(document)
