import numpy as np
import pytest

from editor.document.document import Document, Place
from editor.document.geometry import Point, Size
from editor.document.layer import Group, Locks, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.edit import EditError, Together
from editor.edits.layers import (
    AddLayers,
    GroupLayers,
    MoveLayers,
    OffsetLayers,
    RemoveLayers,
    Ungroup,
    duplicate,
)
from editor.edits.properties import SetLocks


def layer(name: str) -> PixelLayer:
    pixels = Pixels.from_array(np.full((4, 4, 4), 255, np.uint8))
    return PixelLayer(id=new_layer_id(), name=name, pixels=pixels)


A, B, C, D = (layer(name) for name in "ABCD")
GROUP = Group(id=new_layer_id(), name="G", children=(C, D))
DOCUMENT = Document(size=Size(64, 64), layers=(A, B, GROUP))


def names(document: Document) -> str:
    def of(layers: tuple) -> str:  # type: ignore[type-arg]
        return "".join(
            f"({of(each.children)})" if isinstance(each, Group) else each.name for each in layers
        )

    return of(document.layers)


@pytest.mark.parametrize(
    ("ids", "place", "expected"),
    [
        ((A.id,), Place(None, 2), "BA(CD)"),
        ((A.id,), Place(None, 3), "B(CD)A"),
        ((B.id,), Place(None, 0), "BA(CD)"),
        ((A.id, B.id), Place(GROUP.id, 1), "(CABD)"),
        ((D.id, A.id), Place(None, 2), "BAD(C)"),
        ((C.id,), Place(GROUP.id, 2), "AB(DC)"),
        ((GROUP.id, C.id), Place(None, 0), "(CD)AB"),
    ],
)
def test_layers_move_in_the_tree(ids: tuple, place: Place, expected: str) -> None:  # type: ignore[type-arg]
    assert names(MoveLayers(ids, place).apply(DOCUMENT)) == expected


def test_a_group_cannot_go_into_itself() -> None:
    with pytest.raises(EditError, match="into itself"):
        MoveLayers((GROUP.id,), Place(GROUP.id, 0)).apply(DOCUMENT)


def test_grouping_keeps_order_and_place() -> None:
    group = Group(id=new_layer_id(), name="N")
    grouped = GroupLayers((B.id, A.id), group).apply(DOCUMENT)
    assert names(grouped) == "(AB)(CD)"
    assert names(Ungroup(group.id).apply(grouped)) == "AB(CD)"


def test_removing_takes_children_along_and_leaves_the_rest_alone() -> None:
    after = RemoveLayers((GROUP.id, C.id)).apply(DOCUMENT)
    assert names(after) == "AB"
    assert after.layers[0] is A


def test_copies_stand_above_their_originals_under_new_ids() -> None:
    edit, ids = duplicate(DOCUMENT, (A.id, C.id))
    after = edit.apply(DOCUMENT)
    assert names(after) == "AA copyB(CC copyD)"
    assert len({each.id for each in after.walk()}) == 7
    assert [after.find(each).pixels is A.pixels for each in ids[:1]] == [True]  # type: ignore[union-attr]


def test_adding_into_a_group_that_is_gone_adds_on_top() -> None:
    new = layer("N")
    after = AddLayers((new,), Place(new_layer_id(), 0)).apply(DOCUMENT)
    assert names(after) == "AB(CD)N"


def test_a_locked_position_stays() -> None:
    lock = SetLocks(A.id, Locks(position=True))
    with pytest.raises(EditError, match="locked"):
        Together((lock, OffsetLayers((A.id,), 1, 1))).apply(DOCUMENT)
    shifted = OffsetLayers((GROUP.id, C.id), 3, -2).apply(DOCUMENT)
    assert shifted.find(C.id).offset == Point(3, -2)  # type: ignore[union-attr]
