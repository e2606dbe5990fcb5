from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, Locks, PixelLayer, Variant, new_layer_id
from editor.document.pixels import Pixels
from editor.document.recipe import Recipe
from editor.edits.edit import EditError
from editor.edits.pixels import AddVariants, PaintPixels, ShowVariant

RED = np.full((2, 2, 4), (255, 0, 0, 255), np.uint8)


def variant(value: int) -> Variant:
    array = np.full((4, 4, 4), value, np.uint8)
    return Variant(Pixels.from_array(array), Point(value, 0), Recipe("layer", "ball", value, "m"))


FIRST, SECOND = variant(10), variant(20)
MADE = PixelLayer(
    id=new_layer_id(),
    name="ball",
    pixels=FIRST.pixels,
    offset=FIRST.offset,
    recipe=FIRST.recipe,
    variants=(FIRST,),
)
DOCUMENT = Document(size=Size(64, 64), layers=(MADE,))


def layer_of(document: Document) -> PixelLayer:
    layer = document.find(MADE.id)
    assert isinstance(layer, PixelLayer)
    return layer


def test_painting_is_in_document_coordinates() -> None:
    after = PaintPixels(MADE.id, Point(12, 1), RED).apply(DOCUMENT)
    assert layer_of(after).pixels.read(Rect(2, 1, 3, 2))[0, 0].tolist() == [255, 0, 0, 255]


def test_locked_pixels_and_groups_are_not_painted_on() -> None:
    group = Group(id=new_layer_id(), name="g")
    locked = replace(MADE, locks=Locks(pixels=True))
    document = Document(size=Size(64, 64), layers=(locked, group))
    for layer_id in (MADE.id, group.id):
        with pytest.raises(EditError):
            PaintPixels(layer_id, Point(0, 0), RED).apply(document)


def test_more_variants_show_the_first_new_one() -> None:
    after = layer_of(AddVariants(MADE.id, (SECOND,)).apply(DOCUMENT))
    assert after.variants == (FIRST, SECOND)
    assert (after.pixels, after.offset, after.variant) == (SECOND.pixels, SECOND.offset, 1)


def test_what_was_painted_on_a_generated_layer_becomes_a_variant_first() -> None:
    painted = PaintPixels(MADE.id, Point(12, 1), RED).apply(DOCUMENT)
    pixels = layer_of(painted).pixels
    after = layer_of(ShowVariant(MADE.id, 0).apply(painted))
    assert after.pixels is FIRST.pixels
    assert [each.pixels for each in after.variants] == [FIRST.pixels, pixels]


def test_a_variant_that_is_not_there_is_refused() -> None:
    with pytest.raises(EditError, match="no such variant"):
        ShowVariant(MADE.id, 3).apply(DOCUMENT)
