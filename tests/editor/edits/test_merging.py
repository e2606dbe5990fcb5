from dataclasses import replace

import numpy as np
import pytest

from editor.document.adjustment import Invert
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import AdjustmentLayer, BlendMode, Group, LayerId, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.merging import (
    Flatten,
    MergeDown,
    MergeLayers,
    MergeVisible,
    Rasterise,
    StampVisible,
)
from editor.render.composite import composite

NEW = LayerId("new")
ALL = Rect(-10, -10, 90, 70)


def layer(name: str, colour: tuple[int, ...], at: tuple[int, int], **given: object) -> PixelLayer:
    pixels = Pixels.from_array(np.full((30, 30, 4), colour, np.uint8))
    made = PixelLayer(id=LayerId(name), name=name, pixels=pixels, offset=Point(*at))
    return replace(made, **given)


def document(*layers: PixelLayer | Group) -> Document:
    return Document(size=Size(80, 60), layers=layers)


BELOW = layer("below", (255, 0, 0, 255), (0, 0), opacity=204 / 255)
MASK = Mask(Coverage.from_array(np.full((10, 40), 128, np.uint8), Point(10, 10)))
ABOVE = layer("above", (0, 90, 255, 130), (15, 5), mask=MASK, blend_mode=BlendMode.SCREEN)
TOP = layer("top", (20, 255, 20, 255), (-5, 20))
HIDDEN = layer("hidden", (9, 9, 9, 255), (2, 2), visible=False)


def near(a: Document, b: Document) -> bool:
    first, second = (composite(each, ALL).astype(np.int16) for each in (a, b))
    return bool(np.abs(first * (first[..., 3:] > 0) - second).max() <= 1)


def names(shown: Document) -> list[str]:
    return [each.name for each in shown.walk()]


def test_merged_down_it_looks_the_same() -> None:
    before = document(BELOW, ABOVE, TOP)
    after = MergeDown(ABOVE.id, NEW).apply(before)
    assert names(after) == ["below", "top"]
    assert after.layers[1] is TOP
    assert near(after, before)


def test_several_merge_into_the_lowest_and_keep_its_mode() -> None:
    low = replace(ABOVE, blend_mode=BlendMode.MULTIPLY, mask=None)
    after = MergeLayers((low.id, TOP.id), NEW).apply(document(BELOW, low, TOP))
    assert names(after) == ["below", "above"]
    assert after.layers[1].blend_mode is BlendMode.MULTIPLY


def test_a_clipped_layer_stays_within_its_base() -> None:
    before = document(BELOW, replace(ABOVE, clipped=True, mask=None))
    assert near(MergeDown(ABOVE.id, NEW).apply(before), before)


def test_what_cannot_be_merged_down_says_why() -> None:
    with pytest.raises(EditError, match="no layer below"):
        MergeDown(BELOW.id, NEW).apply(document(BELOW, TOP))
    with pytest.raises(EditError, match="shown"):
        MergeDown(TOP.id, NEW).apply(document(HIDDEN, TOP))
    with pytest.raises(EditError, match="two layers"):
        MergeLayers((TOP.id,), NEW).apply(document(BELOW, TOP))


def test_a_group_becomes_a_layer() -> None:
    group = Group(id=LayerId("g"), name="g", children=(ABOVE, HIDDEN), opacity=100 / 255,
                  blend_mode=BlendMode.NORMAL)  # fmt: skip
    before = document(BELOW, group)
    for edit in (Rasterise(group.id, NEW), MergeDown(group.id, NEW)):
        after = edit.apply(before)
        assert names(after) == ["below", "g"]
        assert near(after, before)


def test_an_adjustment_does_not_become_pixels() -> None:
    adjustment = AdjustmentLayer(id=LayerId("x"), name="x", adjustment=Invert())
    with pytest.raises(EditError, match="not a group"):
        Rasterise(adjustment.id, NEW).apply(document(BELOW, adjustment))


def test_an_adjustment_merged_down_changes_the_pixels() -> None:
    adjustment = AdjustmentLayer(id=LayerId("x"), name="x", adjustment=Invert(), opacity=0.6)
    plain = replace(BELOW, opacity=1.0)
    after = MergeDown(adjustment.id, NEW).apply(document(plain, adjustment))
    assert names(after) == ["below"]
    assert near(after, document(plain, adjustment))


def test_merged_visible_keeps_what_is_hidden() -> None:
    group = Group(id=LayerId("g"), name="g", children=(ABOVE, HIDDEN))
    before = document(HIDDEN_BELOW, BELOW, group, TOP)
    after = MergeVisible(NEW, "all").apply(before)
    assert names(after) == ["low", "all", "g", "hidden"]
    assert near(after, before)


HIDDEN_BELOW = replace(HIDDEN, id=LayerId("low"), name="low")


def test_a_stamp_leaves_every_layer() -> None:
    before = document(BELOW, ABOVE)
    after = StampVisible(BELOW.id, NEW, "stamp").apply(before)
    assert names(after) == ["below", "stamp", "above"]
    assert (after.layers[0], after.layers[2]) == (BELOW, ABOVE)
    alone = document(after.layers[1])
    assert near(alone, before)


def test_flat_is_opaque_and_on_white() -> None:
    flat = Flatten(NEW, "Background").apply(document(BELOW, ABOVE, HIDDEN))
    pixels = composite(flat, flat.rect)
    assert (pixels[..., 3] == 255).all()
    assert tuple(pixels[50, 70]) == (255, 255, 255, 255)
    assert tuple(pixels[1, 1]) == (255, 51, 51, 255)
