"""Move with a selection, bucket and gradient."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from editor.document.changes import same
from editor.document.geometry import Point, Rect
from editor.document.layer import LayerId, Locks, Mask, PixelLayer
from editor.document.pixels import Coverage
from editor.edits.edit import EditError
from editor.tools.bucket import Bucket
from editor.tools.gradient import GradientTool
from editor.tools.move import Move
from editor.tools.tool import Key, Modifier, PointerEvent, Target, Tool

FRONT, BACK = LayerId("front"), LayerId("back")
NONE = Modifier.NONE


def at(x: float, y: float, modifiers: Modifier = NONE) -> PointerEvent:
    return PointerEvent(x, y, x, y, modifiers=modifiers)


def drag(tool: Tool, context: Any, *places: PointerEvent) -> None:
    tool.press(places[0], context)
    for place in places[1:]:
        tool.move(place, context)
    tool.release(places[-1], context)


def pixel(context: Any, x: int, y: int, layer: LayerId = FRONT) -> list[int]:
    found = context.document.find(layer)
    assert isinstance(found, PixelLayer)
    rect = Rect(x, y, x + 1, y + 1).moved(-found.offset.x, -found.offset.y)
    return found.pixels.read(rect)[0, 0].tolist()


def select(context: Any, rect: Rect) -> None:
    context.document = context.kept = replace(context.document, selection=Coverage.of_rect(rect))


def test_move_takes_the_selected_pixels_along_with_the_selection(context: Any) -> None:
    select(context, Rect(100, 100, 120, 140))
    drag(Move(), context, at(110, 110), at(50, 50), at(40, 30))
    assert pixel(context, 110, 110)[3] == 0
    assert pixel(context, 40, 30) == [200, 100, 50, 128]
    assert pixel(context, 125, 110) == [200, 100, 50, 128]
    assert context.document.selection.content == (30, 20, 50, 60)
    assert context.steps == ["Move"]


def test_many_small_steps_are_one_large_one(context: Any) -> None:
    """What floats does not dig into what it passes over."""
    context.active = BACK
    select(context, Rect(10, 10, 40, 40))
    start = context.document
    tool = Move()
    for _ in range(12):
        assert tool.key(Key.RIGHT, NONE, context)
    drag(tool, context, at(30, 30), at(30, 33))
    stepped = context.document
    context.document = context.kept = start
    drag(Move(), context, at(30, 30), at(42, 33))
    assert same(stepped, context.document)
    assert pixel(context, 15, 20, BACK)[3] == 0
    assert pixel(context, 60, 20, BACK)[3] == 255


def test_another_selection_is_lifted_anew(context: Any) -> None:
    context.active = BACK
    select(context, Rect(10, 10, 40, 40))
    tool = Move()
    tool.key(Key.DOWN, Modifier.SHIFT, context)
    select(context, Rect(100, 100, 110, 110))
    tool.key(Key.DOWN, Modifier.SHIFT, context)
    assert pixel(context, 105, 105, BACK)[3] == 0
    assert pixel(context, 20, 12, BACK)[3] == 0


def test_alt_leaves_the_original(context: Any) -> None:
    select(context, Rect(100, 100, 120, 140))
    drag(Move(), context, at(110, 110, Modifier.ALT), at(50, 110, Modifier.ALT))
    assert pixel(context, 110, 110) == pixel(context, 50, 110) == [200, 100, 50, 128]
    context.document = context.kept = replace(context.document, selection=None)
    drag(Move(), context, at(110, 110, Modifier.ALT), at(110, 60, Modifier.ALT))
    assert [layer.name for layer in context.document.layers] == ["back", "front", "front copy"]
    copy = context.document.layers[-1]
    assert copy.offset == Point(100, 50)
    assert context.active == copy.id
    assert context.steps == ["Move", "Move"]


def test_a_cancelled_move_puts_pixels_and_selection_back(context: Any) -> None:
    select(context, Rect(100, 100, 120, 140))
    before, tool = context.document, Move()
    tool.press(at(110, 110), context)
    tool.move(at(50, 50), context)
    tool.cancel(context)
    assert context.document is before


@pytest.mark.parametrize("locks", [Locks(alpha=True), Locks(position=True), Locks(pixels=True)])
def test_locked_pixels_are_not_lifted(context: Any, locks: Locks) -> None:
    select(context, Rect(100, 100, 120, 140))
    context.document = context.document.replaced(FRONT, lambda each: replace(each, locks=locks))
    with pytest.raises(EditError, match="locked"):
        Move().press(at(110, 110), context)


def test_where_nothing_is_selected_there_is_nothing_to_move(context: Any) -> None:
    select(context, Rect(0, 0, 20, 20))
    with pytest.raises(EditError, match="empty"):
        Move().press(at(10, 10), context)


def test_arrows_move_layers_without_a_selection(context: Any) -> None:
    tool = Move()
    assert tool.key(Key.LEFT, NONE, context)
    assert tool.key(Key.UP, Modifier.SHIFT, context)
    assert context.document.find(FRONT).offset == Point(99, 90)
    assert context.steps == ["Move", "Move"]


def test_the_bucket_fills_what_is_alike_within_the_selection(context: Any) -> None:
    drag(Bucket(), context, at(110, 110))
    assert pixel(context, 139, 139) == [255, 0, 0, 255]
    assert pixel(context, 99, 110)[3] == 0
    select(context, Rect(0, 0, 50, 50))
    context.active = BACK
    tool = Bucket()
    drag(tool, context, at(150, 150))
    assert pixel(context, 10, 10, BACK) == [255, 0, 0, 255]
    assert pixel(context, 60, 60, BACK) == [10, 20, 30, 255]
    assert context.steps == ["Fill", "Fill"]


def test_a_gradient_runs_between_the_colours(context: Any) -> None:
    context.active = BACK
    tool = GradientTool()
    drag(tool, context, at(50, 10), at(150, 10))
    row = [pixel(context, x, 50, BACK) for x in (10, 100, 250)]
    assert row[0] == [255, 0, 0, 255]
    assert row[2] == [255, 255, 255, 255]
    assert 110 < row[1][1] < 145
    assert tool.sketch is None


def test_a_gradient_to_nothing_lets_the_layer_through(context: Any) -> None:
    context.active = BACK
    tool = GradientTool()
    tool.options.picks["end"].value = "nothing"
    tool.options.picks["kind"].value = "radial"
    drag(tool, context, at(100, 100), at(140, 100))
    assert pixel(context, 100, 100, BACK)[0] > 245
    assert pixel(context, 150, 150, BACK) == [10, 20, 30, 255]


def test_a_gradient_on_a_mask_is_grey(context: Any) -> None:
    mask = Mask(Coverage.full(255))
    context.document = context.kept = context.document.replaced(
        FRONT, lambda layer: replace(layer, mask=mask)
    )
    context.target = Target.MASK
    context.foreground = (0, 0, 0)
    drag(GradientTool(), context, at(0, 0), at(300, 0))
    row = context.document.find(FRONT).mask.coverage.read(Rect(0, 5, 300, 6))[0]
    assert row[0] < 3
    assert row[299] > 252
    assert (np.diff(row.astype(int)) >= 0).all()


def test_a_click_makes_no_gradient(context: Any) -> None:
    drag(GradientTool(), context, at(50, 10))
    assert context.steps == []
