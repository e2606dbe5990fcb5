"""Tools that select: what they select, how it combines, how it is moved and taken back."""

from dataclasses import replace
from typing import Any

import pytest

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.edit import EditError
from editor.tools.lasso import Lasso
from editor.tools.polygon import PolygonLasso
from editor.tools.select_ellipse import SelectEllipse
from editor.tools.select_rectangle import SelectRectangle
from editor.tools.tool import Key, Modifier, PointerEvent, Tool
from editor.tools.wand import Wand

SHIFT, ALT, NONE = Modifier.SHIFT, Modifier.ALT, Modifier.NONE


def at(x: float, y: float, modifiers: Modifier = NONE) -> PointerEvent:
    return PointerEvent(x, y, x, y, modifiers=modifiers)


def drag(tool: Tool, context: Any, *places: PointerEvent) -> None:
    tool.press(places[0], context)
    for place in places[1:]:
        tool.move(place, context)
    tool.release(places[-1], context)


def selected(context: Any) -> Rect | None:
    region = context.document.selection
    return None if region is None else region.content


def value(context: Any, x: int, y: int) -> int:
    return int(context.document.selection.read(Rect(x, y, x + 1, y + 1))[0, 0])


def test_a_rectangle_is_of_whole_pixels_on_the_canvas(context: Any) -> None:
    tool = SelectRectangle()
    drag(tool, context, at(20.4, 30.6), at(100.2, 80.1))
    assert selected(context) == (20, 31, 100, 80)
    assert context.steps == ["Select"]
    drag(tool, context, at(250, 150), at(900, 900))
    assert selected(context) == (250, 150, 300, 200)


def test_keys_held_at_the_press_combine(context: Any) -> None:
    tool = SelectRectangle()
    drag(tool, context, at(10, 10), at(50, 50))
    drag(tool, context, at(40, 40, SHIFT), at(80, 80))
    assert selected(context) == (10, 10, 80, 80)
    drag(tool, context, at(0, 0, ALT), at(45, 200))
    assert selected(context) == (45, 10, 80, 80)
    drag(tool, context, at(45, 45, SHIFT | ALT), at(60, 60))
    assert selected(context) == (45, 45, 60, 60)


def test_the_option_combines_without_keys(context: Any) -> None:
    tool = SelectRectangle()
    tool.options.picks["mode"].value = "add"
    drag(tool, context, at(10, 10), at(50, 50))
    drag(tool, context, at(20, 20), at(80, 80))
    assert selected(context) == (10, 10, 80, 80)


def test_shift_makes_a_square_once_it_means_no_other_thing(context: Any) -> None:
    tool = SelectRectangle()
    drag(tool, context, at(10, 10), at(50, 30, SHIFT))
    assert selected(context) == (10, 10, 50, 50)
    drag(tool, context, at(100, 100), at(120, 110, ALT))
    assert selected(context) == (80, 90, 120, 110)
    drag(tool, context, at(200, 100, SHIFT), at(220, 110, SHIFT))
    assert selected(context) == (80, 90, 220, 110)


def test_a_click_outside_ends_the_selection(context: Any) -> None:
    tool = SelectRectangle()
    drag(tool, context, at(10, 10), at(50, 50))
    drag(tool, context, at(100, 100))
    assert selected(context) is None
    drag(tool, context, at(100, 100))
    assert context.steps == ["Select", "Deselect"]


def test_a_drag_inside_moves_the_selection_and_no_pixel(context: Any) -> None:
    tool = SelectEllipse()
    drag(tool, context, at(100, 100), at(140, 140))
    layers = context.document.layers
    drag(tool, context, at(120, 120), at(300, 120), at(60, 110))
    assert selected(context) == (40, 90, 80, 130)
    assert context.document.layers is layers
    assert tool.key(Key.RIGHT, SHIFT, context)
    assert selected(context) == (50, 90, 90, 130)
    assert context.steps == ["Select", "Move selection", "Move selection"]


def test_without_a_selection_arrows_are_for_others(context: Any) -> None:
    assert not SelectRectangle().key(Key.LEFT, NONE, context)


def test_an_ellipse_has_a_smooth_edge(context: Any) -> None:
    drag(SelectEllipse(), context, at(100, 100), at(140, 120))
    assert value(context, 120, 110) == 255
    assert value(context, 101, 101) == 0
    assert 0 < value(context, 106, 102) < 255


def test_feather_softens_what_is_selected(context: Any) -> None:
    tool = SelectRectangle()
    tool.options.numbers["feather"].value = 5
    drag(tool, context, at(50, 50), at(150, 150))
    assert 80 < value(context, 50, 100) < 175
    assert value(context, 100, 100) == 255


def test_a_lasso_closes_itself(context: Any) -> None:
    tool = Lasso()
    drag(tool, context, at(20, 20), at(80, 20), at(80, 80), at(20, 80))
    assert selected(context) == (20, 20, 80, 80)
    assert tool.sketch is None


def test_a_polygon_goes_on_from_click_to_click(context: Any) -> None:
    tool = PolygonLasso()
    for x, y in ((20, 20), (80, 20), (81, 79), (99, 99)):
        drag(tool, context, at(x, y))
    assert tool.is_open
    assert tool.key(Key.BACKSPACE, NONE, context)
    tool.hover(at(20, 80), context)
    assert tool.sketch is not None
    assert tool.sketch.lines[0][-1] == (20, 80)
    assert context.steps == []
    drag(tool, context, at(20, 80))
    drag(tool, context, at(22, 21))
    assert not tool.is_open
    assert selected(context) == (20, 20, 81, 80)


def test_a_polygon_is_closed_by_a_double_click_and_forgotten_by_cancel(context: Any) -> None:
    tool = PolygonLasso()
    for x, y in ((20, 20), (80, 20), (80, 80)):
        drag(tool, context, at(x, y))
    tool.double_press(at(80, 80), context)
    assert selected(context) == (20, 20, 80, 80)
    drag(tool, context, at(5, 5))
    tool.cancel(context)
    assert not tool.is_open
    assert context.steps == ["Select"]


def test_shift_keeps_a_polygon_to_steps_of_45_degrees(context: Any) -> None:
    tool = PolygonLasso()
    drag(tool, context, at(20, 20))
    tool.hover(at(100, 27, SHIFT), context)
    assert tool.sketch is not None
    assert tool.sketch.lines[0][-1][1] == pytest.approx(20)


def test_the_wand_takes_what_hangs_together(context: Any) -> None:
    tool = Wand()
    drag(tool, context, at(110, 110))
    assert selected(context) == (100, 100, 140, 140)
    tool.options.switches["sample_all"].value = True
    drag(tool, context, at(10, 10))
    assert selected(context) == (0, 0, 200, 200)
    assert value(context, 110, 110) == 0
    context.active = None
    tool.options.switches["sample_all"].value = False
    with pytest.raises(EditError, match="layer"):
        drag(tool, context, at(5, 5))


def test_the_wand_can_be_cancelled(context: Any) -> None:
    region = Coverage.of_rect(Rect(0, 0, 9, 9))
    context.document = context.kept = replace(context.document, selection=region)
    tool = Wand()
    tool.press(at(110, 110), context)
    tool.cancel(context)
    assert context.document.selection is region
