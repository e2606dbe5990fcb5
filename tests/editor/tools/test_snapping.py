"""What things snap to, and how far."""

import numpy as np

from editor.document.document import Document, Guide, Orientation
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import Group, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.tools.snapping import Lines, lines_of, places, snapped

ACROSS, DOWN = Orientation.HORIZONTAL, Orientation.VERTICAL


def layer(rect: Rect, **more) -> PixelLayer:
    pixels = Pixels.from_array(np.full((rect.height, rect.width, 4), 255, np.uint8))
    offset = Point(rect.x0, rect.y0)
    return PixelLayer(id=new_layer_id(), name="a", pixels=pixels, offset=offset, **more)


def test_lines_are_those_of_canvas_guides_and_shown_layers() -> None:
    shown, hidden = layer(Rect(10, 20, 30, 60)), layer(Rect(77, 77, 78, 78), visible=False)
    moved = layer(Rect(1, 1, 2, 2))
    document = Document(
        size=Size(100, 50),
        layers=(shown, hidden, moved),
        guides=(Guide(DOWN, 12.5), Guide(ACROSS, 7)),
    )
    lines = lines_of(document, frozenset({moved.id}))
    assert set(lines.xs) == {0, 50, 100, 10, 20, 30, 12.5}
    assert set(lines.ys) == {0, 25, 50, 20, 40, 60, 7}
    assert 12.5 not in lines_of(document, guides=False).xs


def test_a_group_counts_as_one() -> None:
    group = Group(
        id=new_layer_id(), name="g", children=(layer(Rect(0, 0, 10, 10)), layer(Rect(40, 0, 60, 5)))
    )
    assert set(lines_of(Document(size=Size(100, 100), layers=(group,))).xs) == {0, 50, 100, 30, 60}


def test_the_nearest_within_reach_wins_each_way_alone() -> None:
    lines = Lines((0.0, 50.0, 100.0), (0.0, 25.0, 50.0))
    snap = snapped(*places(Rect(47, 3, 67, 9)), lines, 4)
    assert (snap.dx, snap.dy) == (3, -3)
    assert set(snap.met) == {Guide(DOWN, 50.0), Guide(ACROSS, 0.0)}
    assert snapped((55.0,), (12.0,), lines, 4).met == ()


def test_the_middle_snaps_to_the_middle_and_every_line_that_is_met_is_named() -> None:
    lines = Lines((0.0, 50.0, 100.0), ())
    snap = snapped(*places(Rect(2, 0, 102, 10)), lines, 4)
    assert snap.dx == -2
    assert {guide.position for guide in snap.met} == {0.0, 50.0, 100.0}


def test_nothing_to_meet() -> None:
    assert snapped((5.0,), (5.0,), Lines(), 10).met == ()
