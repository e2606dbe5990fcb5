"""Where layers land when those they were meant for have moved, are grouped, or are gone."""

import pytest

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import BlendMode, Group, LayerId, PixelLayer
from editor.document.pixels import Pixels
from editor.edits.placing import AddAbove, AddBeneath, GroupBeneath


def layer(name: str, clipped: bool = False) -> PixelLayer:
    return PixelLayer(id=LayerId(name), name=name, pixels=Pixels.empty(), clipped=clipped)


def ids(layers: tuple) -> list:
    return [
        [each.id, ids(each.children)] if isinstance(each, Group) else each.id for each in layers
    ]


NEW = layer("new")
INSIDE = Group(id=LayerId("g"), name="g", children=(layer("c"), layer("d", clipped=True)))
DOCUMENT = Document(
    size=Size(8, 8), layers=(layer("a"), layer("b", clipped=True), INSIDE, layer("e"))
)


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("a", ["a", "b", "new", ["g", ["c", "d"]], "e"]),
        ("b", ["a", "b", "new", ["g", ["c", "d"]], "e"]),
        ("c", ["a", "b", ["g", ["c", "d", "new"]], "e"]),
        ("gone", ["a", "b", ["g", ["c", "d"]], "e", "new"]),
        (None, ["a", "b", ["g", ["c", "d"]], "e", "new"]),
    ],
)
def test_above(anchor: LayerId | None, expected: list) -> None:
    assert ids(AddAbove((NEW,), anchor).apply(DOCUMENT).layers) == expected


@pytest.mark.parametrize(
    ("subjects", "below_groups", "expected"),
    [
        (("b",), False, ["new", "a", "b", ["g", ["c", "d"]], "e"]),
        (("e", "d"), False, ["a", "b", ["g", ["new", "c", "d"]], "e"]),
        (("e", "d"), True, ["a", "b", "new", ["g", ["c", "d"]], "e"]),
        (("gone", "e"), False, ["a", "b", ["g", ["c", "d"]], "new", "e"]),
        (("gone",), False, ["new", "a", "b", ["g", ["c", "d"]], "e"]),
    ],
)
def test_beneath(subjects: tuple, below_groups: bool, expected: list) -> None:
    edit = AddBeneath((NEW,), subjects, below_groups=below_groups)
    assert ids(edit.apply(DOCUMENT).layers) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("e", ["a", "b", ["g", ["c", "d"]], ["own", ["new", "e"]]]),
        ("a", ["new", "a", "b", ["g", ["c", "d"]], "e"]),
        ("b", ["new", "a", "b", ["g", ["c", "d"]], "e"]),
        ("c", ["a", "b", ["g", ["new", "c", "d"]], "e"]),
        ("gone", ["a", "b", ["g", ["c", "d"]], "e", "new"]),
    ],
)
def test_grouped_where_nothing_is_seen_to_change(subject: LayerId, expected: list) -> None:
    after = GroupBeneath((NEW,), subject, LayerId("own")).apply(DOCUMENT)
    assert ids(after.layers) == expected
    group = after.find(LayerId("own"))
    if group is not None:
        assert (group.name, group.blend_mode) == ("e", BlendMode.PASS_THROUGH)
