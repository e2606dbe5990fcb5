"""Brush and eraser: straight lines, smoothing, pressure, and what is not pixels."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from editor.document.geometry import Point, Rect
from editor.document.layer import LayerId, Mask, PixelLayer
from editor.document.pixels import Coverage
from editor.edits.edit import EditError
from editor.tools.brush import Brush
from editor.tools.eraser import Eraser
from editor.tools.tool import Modifier, PointerEvent, Target, Tool

FRONT = LayerId("front")


def at(x: float, y: float, pressure: float = 1.0, keys: Modifier = Modifier.NONE) -> PointerEvent:
    return PointerEvent(x, y, x, y, pressure, keys)


def drag(tool: Tool, context: Any, *places: PointerEvent) -> None:
    tool.press(places[0], context)
    for place in places[1:]:
        tool.move(place, context)
    tool.release(places[-1], context)


def alpha(context: Any, rect: Rect) -> np.ndarray:
    layer = context.document.find(FRONT)
    assert isinstance(layer, PixelLayer)
    return layer.pixels.read(rect.moved(-layer.offset.x, -layer.offset.y))[..., 3]


def brush(size: float = 10, **numbers: float) -> Brush:
    tool = Brush()
    for name, value in {"size": size, "hardness": 100, **numbers}.items():
        tool.options.numbers[name].value = value
    return tool


def test_shift_goes_on_straight_from_where_the_last_stroke_ended(context: Any) -> None:
    tool = brush()
    drag(tool, context, at(20, 20), at(30, 20))
    drag(tool, context, at(30, 80, keys=Modifier.SHIFT))
    assert (alpha(context, Rect(30, 20, 31, 80)) == 255).all()
    assert context.steps == ["Brush", "Brush"]


def test_pressure_sizes_and_fades(context: Any) -> None:
    tool = brush(40)
    drag(tool, context, at(30, 30, 0.5))
    assert (alpha(context, Rect(0, 30, 100, 31)) > 127).sum() == pytest.approx(20, abs=1)
    tool.options.switches["pressure_sizes"].value = False
    tool.options.switches["pressure_fades"].value = True
    drag(tool, context, at(30, 80, 0.5))
    assert (alpha(context, Rect(0, 80, 100, 81)) > 100).sum() == pytest.approx(40, abs=1)
    assert alpha(context, Rect(30, 80, 31, 81)) == pytest.approx(128, abs=1)


def test_spacing_sets_dabs_apart(context: Any) -> None:
    drag(brush(10, spacing=200), context, at(10, 50), at(90, 50))
    row = alpha(context, Rect(0, 50, 100, 51))[0] > 127
    assert np.count_nonzero(np.diff(row.astype(int)) == 1) == 5


def test_smoothing_lags_behind_and_ends_at_the_pointer(context: Any) -> None:
    tool = brush(4, smoothing=80)
    tool.press(at(20, 20), context)
    tool.move(at(60, 20), context)
    assert not alpha(context, Rect(58, 20, 62, 21)).any()
    tool.release(at(60, 20), context)
    assert alpha(context, Rect(58, 20, 61, 21)).all()


def test_the_quick_mask_is_painted_by_lightness(context: Any) -> None:
    context.target = Target.SELECTION
    context.foreground = (0, 0, 0)
    before = context.document.layers
    drag(brush(20), context, at(50, 50))
    assert context.document.layers is before
    region = context.document.selection
    assert region.read(Rect(50, 50, 51, 51)) == 0
    assert region.read(Rect(90, 50, 91, 51)) == 255
    assert region.rect.met(context.document.rect) == context.document.rect
    assert region.content == context.document.rect
    context.foreground, context.background = (255, 255, 255), (128, 128, 128)
    drag(brush(20), context, at(50, 50))
    drag(Eraser(), context, at(50, 50))
    assert context.document.selection.read(Rect(50, 50, 51, 51)) == 128


def test_all_may_be_painted_away_in_the_quick_mask(context: Any) -> None:
    context.target = Target.SELECTION
    context.foreground = (0, 0, 0)
    drag(brush(2000), context, at(150, 100))
    assert context.document.selection is not None
    assert not context.document.selection.read(context.document.rect).any()


def test_a_mask_is_painted_where_it_lies(context: Any) -> None:
    mask = Mask(Coverage.full(255), Point(7, -9))
    document = context.document.replaced(FRONT, lambda layer: replace(layer, mask=mask))
    context.document = context.kept = document
    context.target = Target.MASK
    context.foreground = (0, 0, 0)
    drag(brush(20), context, at(120, 120))
    layer = context.document.find(FRONT)
    assert layer.pixels is document.find(FRONT).pixels
    assert layer.mask.rect == pytest.approx((110, 110, 130, 130), abs=1)


def test_painting_respects_the_selection_on_a_shifted_layer(context: Any) -> None:
    region = Coverage.of_rect(Rect(0, 0, 128, 200))
    context.document = context.kept = replace(context.document, selection=region)
    drag(brush(30), context, at(100, 60), at(160, 60))
    row = alpha(context, Rect(90, 60, 180, 61))[0]
    assert row[:38].all()
    assert not row[38:].any()


def test_erasing_nothing_adds_no_tiles(context: Any) -> None:
    before = context.document.find(FRONT).pixels
    drag(Eraser(), context, at(20, 20), at(40, 20))
    assert context.document.find(FRONT).pixels is before
    assert context.steps == []


def test_without_a_layer_there_is_nothing_to_paint_on(context: Any) -> None:
    context.active = None
    with pytest.raises(EditError, match="no layer"):
        Brush().press(at(1, 1), context)
