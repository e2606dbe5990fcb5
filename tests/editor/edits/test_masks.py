from dataclasses import replace

import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import LayerId, Locks, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.masks import AddMask, ApplyMask, EnableMask, InvertMask, LinkMask, RemoveMask
from editor.render.by_reference import run
from editor.render.program import plan, steps_for

A = LayerId("a")


def document(mask: Mask | None = None, **given: object) -> Document:
    pixels = Pixels.from_array(np.full((20, 20, 4), (10, 200, 30, 200), np.uint8))
    layer = PixelLayer(id=A, name="a", pixels=pixels, offset=Point(5, 7), mask=mask)
    return Document(size=Size(60, 60), layers=(replace(layer, **given),))


def half_mask(outside: int = 0) -> Mask:
    values = np.full((30, 10), 255 - outside, np.uint8)
    values[:, 5:] = 100
    return Mask(Coverage.from_array(values, Point(0, 0), outside), Point(8, 3))


def seen(shown: Document) -> np.ndarray:
    return run(steps_for(plan(shown.layers), (0, 0)), (0, 0))


def mask_of(shown: Document) -> Mask:
    mask = shown.layers[0].mask
    assert mask is not None
    return mask


def test_a_new_mask_shows_all_or_hides_all() -> None:
    before = document()
    assert np.array_equal(seen(AddMask(A).apply(before)), seen(before))
    assert not seen(AddMask(A, hide=True).apply(before)).any()
    with pytest.raises(EditError, match="already"):
        AddMask(A).apply(AddMask(A).apply(before))


def test_on_off_and_linked() -> None:
    masked = document(half_mask())
    off = EnableMask(A, enabled=False).apply(masked)
    assert np.array_equal(seen(off), seen(document()))
    assert not mask_of(LinkMask(A, linked=False).apply(masked)).linked
    assert RemoveMask(A).apply(masked).layers[0].mask is None


@pytest.mark.parametrize("outside", [0, 255])
def test_inverted_twice_is_the_same(outside: int) -> None:
    masked = document(half_mask(outside))
    once = InvertMask(A).apply(masked)
    both = seen(once)[..., 3] + seen(masked)[..., 3]
    assert np.allclose(both, seen(document())[..., 3])
    assert np.array_equal(seen(InvertMask(A).apply(once)), seen(masked))


@pytest.mark.parametrize("outside", [0, 255])
def test_an_applied_mask_looks_the_same(outside: int) -> None:
    masked = document(half_mask(outside))
    applied = ApplyMask(A).apply(masked)
    assert applied.layers[0].mask is None
    assert np.abs(seen(applied) - seen(masked)).max() < 0.51 / 255


def test_locked_transparency_is_not_masked_away() -> None:
    masked = document(half_mask(), locks=Locks(alpha=True))
    with pytest.raises(EditError, match="transparency"):
        ApplyMask(A).apply(masked)


def test_without_a_mask_it_says_so() -> None:
    for edit in (EnableMask(A, enabled=False), InvertMask(A), ApplyMask(A), RemoveMask(A)):
        with pytest.raises(EditError, match="no mask"):
            edit.apply(document())
