"""Which layer is under the pointer: the topmost that shows something there."""

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import Group, Layer, PixelLayer

NEAR_TEXT = 4  # pixels around its letters that are a text's too
PICKABLE_ALPHA = 26  # a tenth; fainter pixels are clicked through


def layer_at(document: Document, x: float, y: float) -> Layer | None:
    """Return the topmost layer that shows something at a place of the document, or None."""
    return _topmost(document.layers, int(x // 1), int(y // 1))


def _topmost(layers: tuple[Layer, ...], x: int, y: int) -> Layer | None:
    for layer in reversed(layers):
        if not layer.visible or layer.opacity == 0 or not layer.rect.holds(x, y):
            continue
        if isinstance(layer, Group):
            inner = _topmost(layer.children, x, y)
            if inner is not None:
                return inner
        elif isinstance(layer, PixelLayer) and _alpha_at(layer, x, y) >= PICKABLE_ALPHA:
            return layer
    return None


def _alpha_at(layer: PixelLayer, x: int, y: int) -> int:
    px, py = x - layer.offset.x, y - layer.offset.y
    alpha = int(layer.pixels.read(Rect(px, py, px + 1, py + 1))[0, 0, 3])
    if layer.mask is not None and layer.mask.enabled:
        mx, my = x - layer.mask.offset.x, y - layer.mask.offset.y
        alpha = alpha * int(layer.mask.coverage.read(Rect(mx, my, mx + 1, my + 1))[0, 0]) // 255
    return alpha


def text_at(document: Document, x: float, y: float) -> PixelLayer | None:
    """Return the topmost text layer whose box is under a place of the document, or None."""
    for layer in reversed(tuple(document.walk())):
        if not isinstance(layer, PixelLayer) or layer.text is None or not layer.visible:
            continue
        if layer.rect.grown(NEAR_TEXT).holds(x, y):
            return layer
    return None
