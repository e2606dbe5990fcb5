import numpy as np

from editor.document.changes import changes
from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import LayerId, Mask, PixelLayer
from editor.document.pixels import Coverage, Pixels
from editor.edits.pixels import SetMaskTiles
from editor.render.composite import composite
from editor.render.mask_view import MaskView


def test_a_mask_is_seen_in_grey_and_followed_by_what_changes() -> None:
    values = np.arange(300 * 200, dtype=np.uint32).reshape(200, 300).astype(np.uint8)
    mask = Mask(Coverage.from_array(values, Point(0, 0), 255), Point(3, 40))
    layer = PixelLayer(id=LayerId("a"), name="a", pixels=Pixels.empty(), mask=mask)
    document = Document(size=Size(400, 300), layers=(layer,))
    view = MaskView()
    first = view.document(document, layer)
    shown = composite(first, Rect(0, 0, 400, 300))
    assert np.array_equal(shown[40:240, 3:303, 0], values)
    assert (shown[:40] == 255).all()
    tile = mask.coverage.tiles[0, 0].copy()
    tile[5, 5] = 7
    tile.flags.writeable = False
    after = SetMaskTiles(layer.id, {(0, 0): tile}).apply(document)
    changed = changes(first, view.document(after, after.layers[0]))
    assert changed.tiles == {(0, 0), (1, 0), (0, 1), (1, 1)}  # where that tile lies
