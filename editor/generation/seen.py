"""What a model sees of a document: pictures of some of its layers within a box, and their hashes.

The hash of what was seen is how a recipe knows later whether it has changed.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import Group, Layer, LayerId, PixelLayer
from editor.document.pixels import RGBA8
from editor.document.recipe import RecipeInput
from editor.render.composite import composite_layers, seen_by_model
from generator.request import Role

UNMASKED = (Role.CONTROL, Role.STYLE)  # chosen by hand for the model, whatever its eye says


def picture_of(document: Document, layers: Collection[LayerId], role: Role, box: Rect) -> RGBA8:
    """Return (h, w, 4) of some layers as they lie in the box, groups and clipping as they are.

    An image is a layer's own pixels, without mask and opacity; a style is the whole of its layers,
    wherever they lie.
    """
    if role is Role.IMAGE:
        (layer_id,) = layers
        layer = document.find(layer_id)
        return own_pixels(layer, box) if isinstance(layer, PixelLayer) else _nothing(box)
    chosen = only(document.layers, layers)
    if role not in UNMASKED:
        chosen = seen_by_model(chosen)
    if role is Role.STYLE:
        box = _around(chosen, box)
    return composite_layers(chosen, box)


def own_pixels(layer: PixelLayer, box: Rect) -> RGBA8:
    """Return (h, w, 4) of a layer's own pixels within a box of the document."""
    return layer.pixels.read(box.moved(-layer.offset.x, -layer.offset.y))


def only(layers: tuple[Layer, ...], wanted: Collection[LayerId]) -> tuple[Layer, ...]:
    """Return the wanted layers, shown, with what is clipped to them, in the groups they are in.

    A clipped layer that is wanted without its base is shown whole.
    """
    kept: list[Layer] = []
    has_base = False
    for layer in layers:
        is_clipped = layer.clipped and has_base
        found: Layer | None = None
        if layer.id in wanted:
            found = replace(layer, visible=True, clipped=is_clipped)
        elif is_clipped:
            found = layer
        elif isinstance(layer, Group) and (children := only(layer.children, wanted)):
            found = replace(layer, children=children, visible=True, clipped=False)
        if not layer.clipped:
            has_base = found is not None
        if found is not None:
            kept.append(found)
    return tuple(kept)


def up_to(document: Document, anchor: LayerId | None) -> tuple[Layer, ...]:
    """Return a layer, what is clipped to it and all that lies below them; for None everything."""
    if anchor is None or document.find(anchor) is None:
        return document.layers
    path = {group.id for group in document.parents_of(anchor)}
    return _up_to(document.layers, anchor, path)


def below(document: Document, layer_id: LayerId) -> tuple[Layer, ...]:
    """Return all that lies below a layer, in the groups around it too."""
    path = {group.id for group in document.parents_of(layer_id)}
    return _below(document.layers, layer_id, path)


def shown_leaves(layers: tuple[Layer, ...], box: Rect) -> Iterator[LayerId]:
    """Yield the pixel layers in a box that both eyes are open for, their groups' too."""
    is_base_shown = False
    for layer in layers:
        is_shown = layer.visible and layer.model_visible
        if layer.clipped:
            is_shown = is_shown and is_base_shown
        else:
            is_base_shown = is_shown
        if not is_shown:
            continue
        if isinstance(layer, Group):
            yield from shown_leaves(layer.children, box)
        elif not layer.rect.met(box).is_empty:
            yield layer.id


def input_of(document: Document, layer_id: LayerId, given: RecipeInput, box: Rect) -> RecipeInput:
    """Return the entry by which a recipe remembers a layer of one picture."""
    return replace(given, layer=layer_id, pixels_hash=seen_hash(document, layer_id, given, box))


def seen_hash(document: Document, layer_id: LayerId, given: RecipeInput, box: Rect) -> str:
    """Return the hash of one layer of a picture as the model sees it, alone, within the box."""
    return pixels_hash(picture_of(document, (layer_id,), Role(given.role), box))


def pixels_hash(pixels: RGBA8) -> str:
    """Return the hash by which a recipe knows what the model saw: SHA-256 over size and bytes."""
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(f"{width}x{height} RGBA8 ".encode())
    digest.update(pixels.tobytes())
    return digest.hexdigest()


def box_of_layer(layer: PixelLayer) -> Rect:
    """Return the box that a layer was made in, moved as far as the layer was since.

    A layer that was not generated, or that lies elsewhere altogether, has its own rect as its box.
    """
    recipe = layer.recipe
    if recipe is None or recipe.box is None:
        return layer.rect
    box = recipe.box
    if recipe.content is not None and recipe.content.size == layer.rect.size:
        box = box.moved(layer.rect.x0 - recipe.content.x0, layer.rect.y0 - recipe.content.y0)
    return layer.rect if box.met(layer.rect).is_empty and not layer.rect.is_empty else box


def _up_to(layers: tuple[Layer, ...], anchor: LayerId, path: set[LayerId]) -> tuple[Layer, ...]:
    kept: list[Layer] = []
    is_past = False
    for layer in layers:
        if is_past and not layer.clipped:
            break
        if isinstance(layer, Group) and layer.id in path:
            children = _up_to(layer.children, anchor, path)
            kept.append(replace(layer, children=children))
            break
        kept.append(layer)
        is_past = is_past or layer.id == anchor
    return tuple(kept)


def _below(layers: tuple[Layer, ...], layer_id: LayerId, path: set[LayerId]) -> tuple[Layer, ...]:
    kept: list[Layer] = []
    for layer in layers:
        if layer.id == layer_id:
            break
        if isinstance(layer, Group) and layer.id in path:
            kept.append(replace(layer, children=_below(layer.children, layer_id, path)))
            break
        kept.append(layer)
    return tuple(kept)


def _around(layers: tuple[Layer, ...], box: Rect) -> Rect:
    rect = Group(id=LayerId(""), name="", children=layers).rect
    return box if rect.is_empty else rect


def _nothing(box: Rect) -> RGBA8:
    return composite_layers((), box)
