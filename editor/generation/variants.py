"""One picture that was made becomes one variant: scaled to its place, with its recipe."""

import numpy as np
from numpy.typing import NDArray

from editor.document.geometry import Point, Rect, Size
from editor.document.layer import PixelLayer, Variant
from editor.document.pixels import RGBA8, Pixels
from editor.document.recipe import Adapter, Affine, Cast, Recipe
from editor.generation.order import Order
from editor.generation.seen import own_pixels
from editor.render.resample import scaled
from generator.request import GeneratedLayer, GenerationResult, Role, Task

NEARLY_SAME = 0.02  # a picture whose proportions differ less from its box's fills it
SOLID = 128  # alpha from which a pixel belongs to what stands there
LEAST_SCALE, MOST_SCALE = 0.5, 2.0  # by which a new subject may be made as tall as the old one
SAME_HEIGHT = 0.01


def variant_of(order: Order, result: GenerationResult, made: GeneratedLayer) -> Variant:
    """Return a picture as a variant that lies where it belongs in the document."""
    size = Size(made.pixels.shape[1], made.pixels.shape[0])
    rect = _rect_of(order, made, size)
    pixels, offset = scaled(made.pixels, rect.size), Point(rect.x0, rect.y0)
    if order.request.task is Task.REPAINT and order.source is not None:
        tiled = _repainted(order, order.source, pixels)
    else:
        tiled = Pixels.from_array(pixels)
    content = tiled.content.moved(*offset)
    recipe = _recipe(order, result, made, content, _affine(size, rect))
    return Variant(tiled, offset, recipe)


def nothing(order: Order, result: GenerationResult, role: Role, seed: int) -> Variant:
    """Return the variant of a role that a job had nothing for: a shadow that is not there."""
    made = GeneratedLayer(role, np.zeros((1, 1, 4), np.uint8), seed)
    offset = Point(order.box.x0, order.box.y0)
    content = Rect(*offset, *offset)
    affine = _affine(order.box.size, order.box)
    return Variant(Pixels.empty(), offset, _recipe(order, result, made, content, affine))


def _rect_of(order: Order, made: GeneratedLayer, size: Size) -> Rect:
    if order.request.task is Task.UPSCALE:
        return _enlarged(order.box, order.request.scale)
    rect = _fitted(size, order.box)
    if order.request.task is Task.LAYER and order.targets and order.source is not None:
        return _anchored(made.pixels, rect, order.source)
    return rect


def _enlarged(box: Rect, scale: int) -> Rect:
    """The box made larger around its middle."""
    width, height = box.width * scale, box.height * scale
    x, y = box.x0 - (width - box.width) // 2, box.y0 - (height - box.height) // 2
    return Rect(x, y, x + width, y + height)


def _fitted(size: Size, box: Rect) -> Rect:
    """The largest rect of the picture's proportions in the middle of the box."""
    ratio = (size.width / size.height) / (box.width / box.height)
    if abs(ratio - 1) <= NEARLY_SAME:
        return box
    scale = min(box.width / size.width, box.height / size.height)
    width, height = max(1, round(size.width * scale)), max(1, round(size.height * scale))
    x, y = box.x0 + (box.width - width) // 2, box.y0 + (box.height - height) // 2
    return Rect(x, y, x + width, y + height)


def _anchored(pixels: RGBA8, rect: Rect, old: PixelLayer) -> Rect:
    """Move and scale the picture's rect, so that what stands in it stands where the old one did.

    The middle of the foot and the height stay; both are those of what is solid.
    """
    before = _solid(own_pixels(old, old.rect)).moved(old.rect.x0, old.rect.y0)
    now = _solid(pixels)
    if before.is_empty or now.is_empty:
        return rect
    unit_x, unit_y = rect.width / pixels.shape[1], rect.height / pixels.shape[0]
    scale = float(np.clip(before.height / (now.height * unit_y), LEAST_SCALE, MOST_SCALE))
    if abs(scale - 1) < SAME_HEIGHT:
        scale = 1.0
    foot_x = (now.x0 + now.x1) / 2 * unit_x * scale
    foot_y = now.y1 * unit_y * scale
    x, y = round((before.x0 + before.x1) / 2 - foot_x), round(before.y1 - foot_y)
    width, height = max(1, round(rect.width * scale)), max(1, round(rect.height * scale))
    return Rect(x, y, x + width, y + height)


def _solid(pixels: RGBA8) -> Rect:
    """Return the rect around what is solid, or around all there is where nothing is."""
    alpha = pixels[..., 3]
    if not alpha.any():
        return Rect(0, 0, 0, 0)
    solid = alpha >= min(SOLID, int(alpha.max()))
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _repainted(order: Order, source: PixelLayer, pixels: RGBA8) -> Pixels:
    """Return the whole layer with the new pixels inside the selection, tiled from the box's corner.

    Mixed premultiplied by the selection; where that is 0 the bytes are those of the layer.
    """
    box = order.box
    mask = next(each for each in order.request.conditions if each.role is Role.MASK)
    cover = scaled(mask.pixels, box.size)[..., 3:].astype(np.float32) / np.float32(255)
    start = next(each for each in order.request.conditions if each.role is Role.IMAGE)
    old = scaled(start.pixels, box.size)
    mixed = _mixed(old, pixels, cover)
    whole = source.pixels.rect.moved(*source.offset).united(box)  # hidden colour, too
    around = own_pixels(source, whole)
    x, y = box.x0 - whole.x0, box.y0 - whole.y0
    around[y : y + box.height, x : x + box.width] = mixed
    return Pixels.from_array(around, Point(-x, -y))


def _mixed(old: RGBA8, new: RGBA8, cover: NDArray[np.float32]) -> RGBA8:
    first, second = old.astype(np.float32), new.astype(np.float32)
    old_weight, new_weight = first[..., 3:] * (1 - cover), second[..., 3:] * cover
    alpha = old_weight + new_weight
    colour = (first[..., :3] * old_weight + second[..., :3] * new_weight) / np.maximum(alpha, 1e-6)
    mixed = np.rint(np.concatenate([colour, alpha], axis=2))
    rounded: RGBA8 = np.clip(mixed, 0, 255).astype(np.uint8)
    return np.where(cover == 0, old, np.where(cover == 1, new, rounded))


def _affine(size: Size, rect: Rect) -> Affine:
    return (rect.width / size.width, 0.0, rect.x0, 0.0, rect.height / size.height, rect.y0)


def _recipe(
    order: Order, result: GenerationResult, made: GeneratedLayer, content: Rect, affine: Affine
) -> Recipe:
    request = order.request
    own = {lora.name for lora in request.loras}
    cast = request.cast
    return Recipe(
        task=request.task.value,
        prompt=request.prompt,
        seed=made.seed,
        model=result.model,
        negative_prompt=request.negative_prompt,
        foreground_prompt=request.foreground_prompt,
        background_prompt=request.background_prompt,
        steps=result.steps,
        guidance=result.guidance,
        strength=request.strength,
        patch_weight=request.patch_weight,
        stop_at=request.stop_at,
        scale=request.scale,
        is_draft=request.is_draft,
        cast=Cast(cast.direction, cast.length, cast.softness, cast.contact, cast.opacity)
        if request.task is Task.SHADOW
        else None,
        model_hash=result.model_hash,
        adapters=tuple(
            Adapter(each.name, each.hash, each.weight, each.name in own) for each in result.adapters
        ),
        inputs=order.inputs,
        role=made.role.value,
        box=order.box,
        content=content,
        affine=affine,
        job=result.job,
    )
