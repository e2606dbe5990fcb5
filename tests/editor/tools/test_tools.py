"""Events in, edits out, for each tool of the bar; and what every tool must hold to."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.layer import LayerId, Locks, PixelLayer
from editor.document.pixels import Coverage
from editor.edits.edit import EditError
from editor.tools import TOOLS, Row, made
from editor.tools.brush import Brush
from editor.tools.eraser import Eraser
from editor.tools.eyedropper import Eyedropper
from editor.tools.hand import Hand
from editor.tools.move import Move
from editor.tools.tool import Modifier, PointerEvent, Tool
from editor.tools.zoom import Zoom

FRONT = LayerId("front")


def at(x: float, y: float, modifiers: Modifier = Modifier.NONE) -> PointerEvent:
    return PointerEvent(x, y, x, y, modifiers=modifiers)


def drag(tool: Tool, context: Any, *places: PointerEvent) -> None:
    tool.press(places[0], context)
    for place in places[1:]:
        tool.move(place, context)
    tool.release(places[-1], context)


def front(context: Any) -> PixelLayer:
    layer = context.document.find(FRONT)
    assert isinstance(layer, PixelLayer)
    return layer


def pixel(context: Any, x: int, y: int) -> list[int]:
    offset = front(context).offset
    rect = Rect(x, y, x + 1, y + 1).moved(-offset.x, -offset.y)
    return front(context).pixels.read(rect)[0, 0].tolist()


@pytest.mark.parametrize("row", TOOLS)
def test_a_tool_is_what_its_row_says(row: Row) -> None:
    tool = made(row.id)
    assert (tool.id, tool.title) == (row.id, row.title)


@pytest.mark.parametrize("row", TOOLS)
def test_every_tool_can_be_cancelled_and_leaves_nothing(row: Row, context: Any) -> None:
    before, tool = context.document, made(row.id)
    tool.cancel(context)
    tool.press(at(110, 110), context)
    tool.move(at(130, 120), context)
    tool.cancel(context)
    tool.move(at(150, 120), context)
    assert context.document is before
    assert context.steps == []


def test_brush_paints_where_it_goes_and_nowhere_else(context: Any) -> None:
    tool = Brush()
    tool.options.numbers["size"].value = 10
    drag(tool, context, at(50, 50), at(80, 50))
    assert context.steps == ["Brush"]
    for x in range(50, 80, 3):
        assert pixel(context, x, 50) == [255, 0, 0, 255]
    assert pixel(context, 65, 58) == [0, 0, 0, 0]
    assert pixel(context, 110, 110) == [200, 100, 50, 128]


def test_crossing_ones_own_path_does_not_darken_it(context: Any) -> None:
    tool = Brush()
    tool.options.numbers["size"].value = 12
    tool.options.numbers["opacity"].value = 50
    drag(tool, context, at(20, 50), at(60, 50), at(20, 50))
    assert pixel(context, 40, 50) == [255, 0, 0, 128]


def test_brush_keeps_locked_alpha_and_the_selection(context: Any) -> None:
    selection = Coverage.from_array(np.full((200, 120), 255, np.uint8))
    locked = replace(front(context), locks=Locks(alpha=True))
    document = context.document.replaced(FRONT, lambda _: locked)
    context.document = context.kept = replace(document, selection=selection)
    tool = Brush()
    tool.options.numbers["size"].value = 10
    drag(tool, context, at(90, 110), at(135, 110))
    assert pixel(context, 95, 110) == [0, 0, 0, 0]
    assert pixel(context, 110, 110) == [255, 0, 0, 128]
    assert pixel(context, 130, 110) == [200, 100, 50, 128]


def test_a_soft_edge_over_transparency_keeps_the_colour_pure(context: Any) -> None:
    tool = Brush()
    tool.options.numbers["size"].value = 40
    tool.options.numbers["hardness"].value = 0
    drag(tool, context, at(40, 40))
    alphas = [pixel(context, x, 40)[3] for x in range(40, 62)]
    assert alphas == sorted(alphas, reverse=True)
    assert 0 < alphas[10] < 255
    assert pixel(context, 50, 40)[:3] == [255, 0, 0]


def test_eraser_takes_alpha_and_leaves_colour(context: Any) -> None:
    tool = Eraser()
    drag(tool, context, at(120, 120), at(121, 120))
    assert pixel(context, 120, 120) == [200, 100, 50, 0]
    locked = replace(front(context), locks=Locks(alpha=True))
    context.document = context.document.replaced(FRONT, lambda _: locked)
    with pytest.raises(EditError, match="locked"):
        tool.press(at(120, 120), context)


def test_move_takes_what_is_under_the_pointer(context: Any) -> None:
    drag(Move(), context, at(10, 10), at(15.4, 8.6))
    assert context.active == LayerId("back")
    assert context.document.find(LayerId("back")).offset == Point(5, -1)
    drag(Move(), context, at(120, 120), at(150, 124, Modifier.SHIFT))
    assert front(context).offset == Point(130, 100)
    assert context.steps == ["Move", "Move"]


def test_a_click_without_a_drag_moves_nothing(context: Any) -> None:
    drag(Move(), context, at(120, 120))
    assert context.steps == []


def test_eyedropper_takes_what_is_seen(context: Any) -> None:
    drag(Eyedropper(), context, at(5, 5))
    assert context.foreground == (10, 20, 30)
    drag(Eyedropper(), context, at(110, 110, Modifier.ALT))
    assert context.background == pytest.approx((105, 60, 40), abs=1)
    drag(Eyedropper(), context, at(250, 10))
    assert context.foreground == (10, 20, 30)


def test_hand_scrolls_and_zoom_enlarges_about_the_pointer(context: Any) -> None:
    drag(Hand(), context, at(10, 10), at(14, 30), at(20, 25))
    assert context.scrolled == (10, 15)
    drag(Zoom(), context, at(10, 10))
    assert context.zoom == 2
    drag(Zoom(), context, at(10, 10, Modifier.ALT))
    assert context.zoom == 1
    drag(Zoom(), context, at(10, 10), at(170, 10))
    assert context.zoom == pytest.approx(2)


def test_without_a_layer_the_brush_says_so(context: Any) -> None:
    context.active = None
    with pytest.raises(EditError, match="no layer"):
        Brush().press(at(1, 1), context)
