from dataclasses import replace

import numpy as np
import pytest

from editor.document.changes import changes
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, Mask, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.selection import (
    BorderSelection,
    CombineSelection,
    FeatherSelection,
    GrowSelection,
    InvertSelection,
    MaskFromSelection,
    MoveSelection,
    SelectAll,
    SetSelection,
    region_of_layer,
    region_of_mask,
)
from editor.history import History, last_selection
from editor.render.regions import Combine

LAYER = PixelLayer(
    id=new_layer_id(),
    name="ball",
    pixels=Pixels.from_array(np.full((30, 40, 4), (9, 9, 9, 128), np.uint8)),
    offset=Point(20, 10),
)
DOCUMENT = Document(size=Size(300, 200), layers=(LAYER,))
BOX = Coverage.of_rect(Rect(50, 60, 150, 120))


def selected(document: Document) -> Rect | None:
    return None if document.selection is None else document.selection.content


def test_a_selection_is_cut_to_the_canvas_and_never_empty() -> None:
    after = SetSelection(Coverage.of_rect(Rect(-20, 150, 500, 900))).apply(DOCUMENT)
    assert selected(after) == (0, 150, 300, 200)
    assert SetSelection(Coverage.of_rect(Rect(400, 0, 500, 9))).apply(after).selection is None
    assert after.layers is DOCUMENT.layers
    assert changes(DOCUMENT, after).selection
    assert not changes(DOCUMENT, after).tiles


def test_taking_away_from_no_selection_takes_from_all() -> None:
    after = CombineSelection(BOX, Combine.SUBTRACT).apply(DOCUMENT)
    assert selected(after) == DOCUMENT.rect
    assert not after.selection.read(Rect(50, 60, 150, 120)).any()
    assert selected(CombineSelection(BOX, Combine.ADD).apply(DOCUMENT)) == (50, 60, 150, 120)
    assert selected(CombineSelection(BOX, Combine.INTERSECT).apply(after)) is None


@pytest.mark.parametrize(
    ("edit", "rect"),
    [
        (SelectAll(), (0, 0, 300, 200)),
        (GrowSelection(10), (40, 50, 160, 130)),
        (GrowSelection(-10), (60, 70, 140, 110)),
        (BorderSelection(4), (48, 58, 152, 122)),
        (InvertSelection(), (0, 0, 300, 200)),
        (MoveSelection(-60, 100), (0, 160, 90, 200)),
        (SetSelection(None), None),
        (GrowSelection(-40), None),
    ],
)
def test_edits_of_a_selection(edit, rect) -> None:
    before = replace(DOCUMENT, selection=BOX)
    assert selected(edit.apply(before)) == rect
    assert before.selection is BOX


def test_feathering_softens_both_ways() -> None:
    region = FeatherSelection(4).apply(replace(DOCUMENT, selection=BOX)).selection
    row = region.read(Rect(0, 90, 300, 91))[0]
    assert row[100] == 255
    assert 90 < row[50] < 165
    assert 0 < row[45] < row[55] < 255


@pytest.mark.parametrize("edit", [GrowSelection(3), FeatherSelection(2), MoveSelection(1, 1)])
def test_without_a_selection_there_is_nothing_to_change(edit) -> None:
    with pytest.raises(EditError, match="Nothing is selected"):
        edit.apply(DOCUMENT)
    with pytest.raises(EditError, match="500"):
        GrowSelection(501).apply(replace(DOCUMENT, selection=BOX))


def test_a_layer_as_a_region_lies_where_the_layer_does() -> None:
    region = region_of_layer(LAYER)
    assert region.content == (20, 10, 60, 40)
    assert set(np.unique(region.read(region.content))) == {128}
    away = replace(LAYER, id=new_layer_id(), offset=Point(100, 100))
    group = Group(id=new_layer_id(), name="g", children=(LAYER, away))
    assert region_of_layer(group).content == (20, 10, 140, 130)


@pytest.mark.parametrize("hide", [False, True])
def test_selection_to_mask_and_back(hide: bool) -> None:
    after = MaskFromSelection(LAYER.id, hide).apply(replace(DOCUMENT, selection=BOX))
    assert after.selection is None
    region = region_of_mask(after, LAYER.id).read(DOCUMENT.rect)
    wanted = BOX.read(DOCUMENT.rect)
    np.testing.assert_array_equal(region, 255 - wanted if hide else wanted)


def test_a_mask_without_a_selection_shows_or_hides_all() -> None:
    for hide, value in ((False, 255), (True, 0)):
        layer = MaskFromSelection(LAYER.id, hide).apply(DOCUMENT).find(LAYER.id)
        assert isinstance(layer.mask, Mask)
        assert layer.mask.coverage.outside == value
    with pytest.raises(EditError, match="no mask"):
        region_of_mask(DOCUMENT, LAYER.id)


def test_what_was_selected_last_is_found_again() -> None:
    history = History.started(DOCUMENT, "Open")
    assert last_selection(history) is None
    with_box = SetSelection(BOX).apply(DOCUMENT)
    history = history.pushed(with_box, "Select").pushed(DOCUMENT, "Deselect")
    assert last_selection(history) is BOX
    assert history.steps[1].kept_bytes == sum(
        {id(t): t.nbytes for t in BOX.tiles.values()}.values()
    )
