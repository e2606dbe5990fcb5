import numpy as np
import pytest

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import LayerId, Locks, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.edit import EditError
from editor.edits.filters import BlurMask, BlurPixels, DefringePixels, SharpenPixels

A = LayerId("a")


def document(**given: object) -> Document:
    pixels = Pixels.from_array(np.full((30, 30, 4), (10, 200, 30, 255), np.uint8))
    selection = given.pop("selection", None)
    layer = PixelLayer(id=A, name="a", pixels=pixels, offset=Point(25, 35), **given)  # type: ignore[arg-type]
    return Document(size=Size(90, 90), layers=(layer,), selection=selection)  # type: ignore[arg-type]


def alpha(shown: Document) -> np.ndarray:
    layer = shown.layers[0]
    assert isinstance(layer, PixelLayer)
    return layer.pixels.read(shown.rect.moved(-layer.offset.x, -layer.offset.y))[..., 3]


def test_blurred_edges_spread_unless_alpha_is_locked() -> None:
    after = alpha(BlurPixels(A, 3).apply(document()))
    assert after[50, 20] > 0
    assert 120 < after[50, 25] < 160
    locked = document(locks=Locks(alpha=True))
    assert np.array_equal(alpha(BlurPixels(A, 3).apply(locked)), alpha(locked))


def test_only_what_is_selected_is_blurred() -> None:
    chosen = document(selection=Coverage.of_rect(Rect(40, 0, 90, 90)))
    after = alpha(BlurPixels(A, 3).apply(chosen))
    assert np.array_equal(after[:, :40], alpha(chosen)[:, :40])
    assert 0 < after[50, 58] < 255


def test_sharpening_and_cleaning_keep_a_plain_layer() -> None:
    for edit in (SharpenPixels(A, 1.5, 2), DefringePixels(A, 3)):
        layer = edit.apply(document()).layers[0]
        assert isinstance(layer, PixelLayer)
        assert (layer.pixels.read(Rect(0, 0, 30, 30)) == (10, 200, 30, 255)).all()


@pytest.mark.parametrize("outside", [0, 255])
def test_a_mask_is_softened(outside: int) -> None:
    values = np.full((20, 20), 255 - outside, np.uint8)
    mask = Mask(Coverage.from_array(values, Point(40, 40), outside))
    after = BlurMask(A, 2).apply(document(mask=mask)).layers[0].mask
    assert after is not None
    assert 100 < after.coverage.read(Rect(40, 50, 41, 51))[0, 0] < 155
    assert after.coverage.outside == outside
    with pytest.raises(EditError, match="Deselect"):
        BlurMask(A, 2).apply(document(mask=mask, selection=Coverage.of_rect(Rect(0, 0, 9, 9))))


def test_an_empty_layer_says_so() -> None:
    empty = PixelLayer(id=A, name="a", pixels=Pixels.empty())
    with pytest.raises(EditError, match="empty"):
        BlurPixels(A, 2).apply(Document(size=Size(9, 9), layers=(empty,)))
