from collections.abc import Callable

import pytest

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import (
    BlendMode,
    Group,
    Label,
    Locks,
    Mask,
    PixelLayer,
    new_layer_id,
)
from editor.document.pixels import Coverage, Pixels
from editor.edits import properties
from editor.edits.edit import EditError

LOW = PixelLayer(id=new_layer_id(), name="low", pixels=Pixels.empty())
HIGH = PixelLayer(id=new_layer_id(), name="high", pixels=Pixels.empty())
GROUP = Group(id=new_layer_id(), name="group", children=(HIGH,))
DOCUMENT = Document(size=Size(8, 8), layers=(LOW, GROUP))
MASK = Mask(Coverage.full(255))


@pytest.mark.parametrize(
    ("edit", "field", "value"),
    [
        (properties.SetName(HIGH.id, " new "), "name", "new"),
        (properties.SetName(HIGH.id, "  "), "name", "high"),
        (properties.SetOpacity(HIGH.id, 0.5), "opacity", 128 / 255),
        (properties.SetOpacity(HIGH.id, 7), "opacity", 1.0),
        (properties.SetBlendMode(HIGH.id, BlendMode.HUE), "blend_mode", BlendMode.HUE),
        (properties.SetVisible(HIGH.id, False), "visible", False),
        (properties.SetModelVisible(HIGH.id, False), "model_visible", False),
        (properties.SetLocks(HIGH.id, Locks(alpha=True)), "locks", Locks(alpha=True)),
        (properties.SetLabel(HIGH.id, Label.BLUE), "label", Label.BLUE),
        (properties.SetMask(HIGH.id, MASK), "mask", MASK),
    ],
)
def test_one_property_is_set_and_other_layers_are_the_same(
    edit: properties.SetName, field: str, value: object
) -> None:
    after = edit.apply(DOCUMENT)
    assert getattr(after.find(HIGH.id), field) == value
    assert after.layers[0] is LOW


@pytest.mark.parametrize(
    "edit",
    [
        lambda: properties.SetBlendMode(LOW.id, BlendMode.PASS_THROUGH),
        lambda: properties.SetClipped(LOW.id, True),
        lambda: properties.SetOpen(LOW.id, True),
        lambda: properties.SetName(new_layer_id(), "gone"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(edit: Callable[[], properties.SetName]) -> None:
    with pytest.raises(EditError, match=r"\.$"):
        edit().apply(DOCUMENT)
