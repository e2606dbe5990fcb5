"""Crop and free transform: boxes with handles, whose work goes on until it is applied."""

from dataclasses import replace
from typing import Any

import pytest

from editor.document.geometry import Rect
from editor.document.layer import LayerId, Locks
from editor.document.pixels import Coverage
from editor.document.text import Text
from editor.edits.edit import EditError
from editor.tools.crop import CropTool
from editor.tools.tool import Key, Modifier, PointerEvent, Tool
from editor.tools.transform import Transform

FRONT = LayerId("front")  # 40 x 40 at (100, 100)
SHIFT, ALT, CONTROL, NONE = Modifier.SHIFT, Modifier.ALT, Modifier.CONTROL, Modifier.NONE


def at(x: float, y: float, modifiers: Modifier = NONE) -> PointerEvent:
    return PointerEvent(x, y, x, y, modifiers=modifiers)


def drag(tool: Tool, context: Any, *places: PointerEvent) -> None:
    tool.press(places[0], context)
    for place in places[1:]:
        tool.move(place, context)
    tool.release(places[-1], context)


def near(rect: Rect, wanted: tuple[int, ...], by: int = 1) -> bool:
    return all(abs(a - b) <= by for a, b in zip(rect, wanted, strict=True))


def front(context: Any) -> Rect:
    return context.document.find(FRONT).rect


def test_a_crop_box_is_set_right_and_applied(context: Any) -> None:
    tool = CropTool()
    drag(tool, context, at(50, 40), at(200, 160))
    assert tool.is_open
    assert tool.sketch is not None
    assert tool.sketch.kept == (50, 40, 200, 160)
    drag(tool, context, at(200, 160), at(180, 140))
    drag(tool, context, at(115, 40), at(115, 20))
    drag(tool, context, at(100, 100), at(110, 105))
    assert tool.key(Key.LEFT, SHIFT, context)
    assert context.steps == []
    assert tool.sketch.kept == (50, 25, 180, 145)
    tool.apply(context)
    assert context.document.size == (130, 120)
    assert context.steps == ["Crop"]
    assert not tool.is_open


def test_a_crop_keeps_chosen_proportions(context: Any) -> None:
    tool = CropTool()
    tool.options.picks["ratio"].value = "16:9"
    drag(tool, context, at(20, 20), at(180, 190))
    assert tool.sketch is not None
    assert tool.sketch.kept == (20, 20, 180, 110)
    tool.options.picks["ratio"].value = "1:1"
    tool.adjust(context)
    assert tool.sketch.kept == (20, 20, 180, 180)


def test_a_crop_is_forgotten_by_cancel_and_by_leaving(context: Any) -> None:
    tool, before = CropTool(), context.document
    for end in (tool.cancel, tool.leave):
        drag(tool, context, at(50, 40), at(200, 160))
        end(context)
        assert not tool.is_open
    assert context.document is before


def test_corners_scale_in_proportion_about_the_opposite_one(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(140, 140), at(180, 180))
    assert near(front(context), (100, 100, 180, 180))
    assert tool.options.numbers["width"].value == 200
    tool.apply(context)
    assert context.steps == ["Free transform"]
    assert context.put_aways == 1
    assert near(front(context), (100, 100, 180, 180))


def test_keys_free_the_proportions_and_pull_from_the_middle(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(140, 140), at(180, 160, SHIFT))
    assert near(front(context), (100, 100, 180, 160))
    tool.cancel(context)
    assert front(context) == (100, 100, 140, 140)
    tool.enter(context)
    drag(tool, context, at(140, 120), at(150, 120, ALT))
    assert near(front(context), (90, 100, 150, 140))


def test_a_side_scales_one_way_and_with_control_it_slants(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(120, 140), at(120, 160))
    assert near(front(context), (100, 100, 140, 160))
    drag(tool, context, at(120, 160), at(150, 160, CONTROL))
    assert near(front(context), (100, 100, 170, 160), 2)
    assert tool.options.numbers["slant"].value == pytest.approx(27, abs=1)


def test_from_outside_it_turns(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(180, 120), at(121, 178, SHIFT))
    assert tool.options.numbers["angle"].value == 90
    assert near(front(context), (100, 100, 140, 140))
    drag(tool, context, at(180, 120), at(163, 163))
    assert near(front(context), (92, 92, 148, 148), 2)


def test_inside_it_moves_and_arrows_nudge(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(120, 120), at(150.4, 110))
    assert front(context) == (130, 90, 170, 130)
    assert tool.key(Key.DOWN, SHIFT, context)
    assert front(context) == (130, 100, 170, 140)
    assert (tool.options.numbers["x"].value, tool.options.numbers["y"].value) == (150, 120)


def test_numbers_do_what_handles_do(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    for name, value in {"x": 150, "y": 100, "width": 50, "height": -200, "angle": 90}.items():
        tool.options.numbers[name].value = value
    tool.adjust(context)
    assert near(front(context), (110, 90, 190, 110))
    shown = {name: option.value for name, option in tool.options.numbers.items()}
    tool.release(at(0, 0), context)
    assert {name: option.value for name, option in tool.options.numbers.items()} == shown


def test_nothing_is_resampled_twice(context: Any) -> None:
    """There and back again is where it began, to the byte."""
    tool, before = Transform(), context.document.find(FRONT).pixels.content
    pixels = context.document.find(FRONT).pixels.read(before)
    tool.enter(context)
    drag(tool, context, at(140, 140), at(105, 105))
    tool.options.numbers["width"].value = tool.options.numbers["height"].value = 100
    tool.options.numbers["x"].value = tool.options.numbers["y"].value = 120
    tool.adjust(context)
    tool.apply(context)
    layer = context.document.find(FRONT)
    assert front(context) == (100, 100, 140, 140)
    assert (layer.pixels.read(layer.pixels.content) == pixels).all()


def test_what_is_selected_is_transformed_alone(context: Any) -> None:
    region = Coverage.of_rect(Rect(100, 100, 120, 140))
    context.document = context.kept = replace(context.document, selection=region)
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(110, 120), at(60, 120))
    assert context.document.selection.content == (50, 100, 70, 140)
    assert front(context) == (50, 100, 140, 140)
    tool.cancel(context)
    assert context.document.selection is region


def test_what_cannot_be_transformed_says_so(context: Any) -> None:
    context.document = context.document.replaced(
        FRONT, lambda each: replace(each, locks=Locks(position=True))
    )
    with pytest.raises(EditError, match="locked"):
        Transform().enter(context)
    context.active = None
    with pytest.raises(EditError, match="nothing to transform"):
        Transform().enter(context)


def test_what_another_hand_changed_meanwhile_is_not_lost(context: Any) -> None:
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(120, 120), at(130, 120))
    context.commit("Edit")
    renamed = context.document.replaced(FRONT, lambda each: replace(each, name="other"))
    context.document = context.kept = renamed
    drag(tool, context, at(130, 120), at(140, 120))
    assert context.document.find(FRONT).name == "other"
    assert front(context) == (120, 100, 160, 140)


@pytest.mark.parametrize("font", ["", "missing"])
def test_text_is_drawn_anew_where_there_is_its_font(context: Any, font: str) -> None:
    text = Text("Hello", font, colour=(1, 2, 3))
    lettered = context.document.replaced(
        FRONT, lambda each: replace(each, text=text, pixels=context.drawn(text))
    )
    context.document = context.kept = lettered
    tool = Transform()
    tool.enter(context)
    drag(tool, context, at(150, 100), at(200, 110))
    tool.apply(context)
    layer = context.document.find(FRONT)
    assert layer.text.linear == pytest.approx((2, 0, 0, 2))
    assert (layer.pixels.content == context.drawn(layer.text).content) == (font == "")
    assert context.steps == ["Free transform"]
