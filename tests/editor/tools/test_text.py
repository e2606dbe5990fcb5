"""Typing into text layers."""

from dataclasses import replace
from typing import Any

import pytest

from editor.document.geometry import Point
from editor.document.layer import Locks, PixelLayer
from editor.edits.edit import EditError
from editor.edits.pixels import PaintPixels
from editor.edits.transform import TransformLayers
from editor.render.transforming import Interpolation
from editor.tools.text import TextTool
from editor.tools.tool import PointerEvent


def at(x: float, y: float) -> PointerEvent:
    return PointerEvent(x, y, x, y)


def click(tool: TextTool, context: Any, x: float, y: float) -> None:
    tool.press(at(x, y), context)
    tool.release(at(x, y), context)


def write(tool: TextTool, context: Any, x: float, y: float, content: str) -> PixelLayer:
    click(tool, context, x, y)
    tool.typed(content, context)
    tool.apply(context)
    layer = context.document.find(context.active)
    assert isinstance(layer, PixelLayer)
    return layer


def test_what_is_typed_becomes_a_layer_above_the_active_one(context: Any) -> None:
    tool = TextTool()
    click(tool, context, 50.4, 60)
    assert context.typing == ""
    tool.typed("He", context)
    tool.typed("Hello", context)
    assert context.steps == []
    tool.apply(context)
    assert context.steps == ["Text"]
    layer = context.document.layers[-1]
    assert (layer.name, layer.text.content, layer.text.colour) == ("Hello", "Hello", (255, 0, 0))
    assert layer.rect == (50, 50, 100, 60)
    assert context.active == layer.id
    assert context.typing is None


def test_text_is_taken_up_again_with_its_settings(context: Any) -> None:
    tool = TextTool()
    tool.options.numbers["size"].value = 99
    first = write(tool, context, 50, 60, "Hello")
    tool.options.numbers["size"].value = 12
    context.foreground = (9, 9, 9)
    click(tool, context, 70, 55)
    assert context.typing == "Hello"
    assert tool.options.numbers["size"].value == 99
    assert context.foreground == (255, 0, 0)
    tool.options.switches["bold"].value = True
    tool.adjust(context)
    tool.typed("Bye", context)
    tool.leave(context)
    after = context.document.find(first.id)
    assert (after.name, after.text.content, after.text.bold) == ("Bye", "Bye", True)
    assert after.offset == first.offset
    assert context.steps == ["Text", "Text"]


def test_a_name_that_was_given_stays(context: Any) -> None:
    tool = TextTool()
    layer = write(tool, context, 50, 60, "Hello")
    named = context.document.replaced(layer.id, lambda each: replace(each, name="title"))
    context.document = context.kept = named
    click(tool, context, 70, 55)
    tool.typed("Bye", context)
    tool.apply(context)
    assert context.document.find(layer.id).name == "title"


def test_nothing_typed_leaves_no_layer(context: Any) -> None:
    tool, before = TextTool(), context.document
    click(tool, context, 50, 60)
    tool.apply(context)
    assert context.document is before
    click(tool, context, 50, 60)
    tool.typed("gone", context)
    tool.cancel(context)
    assert context.document is before
    layer = write(tool, context, 50, 60, "Hello")
    click(tool, context, 70, 55)
    tool.typed(" ", context)
    tool.apply(context)
    assert context.document.find(layer.id) is None


def test_text_cannot_be_painted_on_but_transformed(context: Any) -> None:
    layer = write(TextTool(), context, 50, 60, "Hello")
    with pytest.raises(EditError, match="text"):
        PaintPixels(layer.id, Point(0, 0), layer.pixels.read(layer.pixels.content)).apply(
            context.document
        )
    twice = TransformLayers((layer.id,), (2, 0, 0, 0, 2, 0), Interpolation.CUBIC)
    after = twice.apply(context.document).find(layer.id)
    assert after.rect == (100, 100, 200, 120)
    assert after.offset == (100, 120)
    assert after.text.linear == (2, 0, 0, 2)


def test_locked_text_is_not_taken_up(context: Any) -> None:
    tool = TextTool()
    layer = write(tool, context, 50, 60, "Hello")
    context.document = context.document.replaced(
        layer.id, lambda each: replace(each, locks=Locks(pixels=True))
    )
    with pytest.raises(EditError, match="locked"):
        tool.press(at(70, 55), context)
    assert not tool.is_open
