"""From a document and what is asked of it to a request, and what is kept to place its result."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import LayerId, PixelLayer
from editor.document.pixels import RGBA8, Pixels
from editor.document.recipe import RecipeInput
from editor.edits.layers import outermost
from editor.generation.asked import Asked, Given, made_together, recipe_of
from editor.generation.found import found_pictures, mask_in
from editor.generation.seen import (
    box_of_layer,
    input_of,
    own_pixels,
    picture_of,
    pixels_hash,
)
from generator.request import (
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
    check_words_and_numbers,
    checked,
)

# The tasks whose result is as large as the picture, where nobody says otherwise.
WHOLE_CANVAS: Final = frozenset(
    {Task.TOGETHER, Task.BACKGROUND, Task.FOREGROUND, Task.EXTRACT, Task.SHADOW}
)
OF_A_LAYER: Final = frozenset({Task.VARY, Task.REPAINT, Task.UPSCALE})
CLOSE_UP = 4  # a selection smaller than this part of its layer is repainted from near
MARGIN = 8  # part of the longer side around a layer of one's own that is varied
CONTEXT = 0.75  # of the selection's longer side, seen around it then

EMPTY: Final = {
    Role.FOREGROUND: "There is nothing in the box that the model may see as the subject.",
    Role.BACKGROUND: "There is nothing in the box that the model may see as the background.",
    Role.BLENDED: "There is nothing in the box that the model may see as the blended picture.",
    Role.IMAGE: "The layer is empty: there is nothing to begin with.",
    Role.CONTROL: "The control picture is empty within the box.",
    Role.STYLE: "The style picture is empty.",
    Role.MASK: "The selection does not meet the layer: select the part to repaint.",
}


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A request on its way, and all that is needed to bring its result into the document.

    `subjects` are the layers that it was asked of, bottom first. `targets` are the layers that get
    new variants, by what each holds; without any, new layers are made. `source` is the layer as it
    was whose pixels are repainted, or whose place a new variant keeps.
    """

    request: GenerationRequest
    asked: Asked
    box: Rect
    inputs: tuple[RecipeInput, ...]
    subjects: tuple[LayerId, ...]
    source: PixelLayer | None
    targets: tuple[tuple[Role, LayerId], ...]

    def as_new(self) -> "Order":
        """Return the same, its result to be laid into new layers: for when the targets are gone."""
        return replace(self, targets=())


def order_for(document: Document, active: Iterable[LayerId], asked: Asked) -> Order:
    """Return the order for what was asked of the active layers; slow for large boxes.

    Raises `GenerationError` with one sentence where it makes no sense.
    """
    subjects = outermost(document, (asked.into,) if asked.into else tuple(active))
    source = _source(document, subjects, asked)
    box = box_of(document, subjects, asked)
    bare = bare_request(asked, box)
    check_words_and_numbers(bare)
    given = found_pictures(document, subjects, asked, box)
    pictures = [_pixels(document, each, box, source if asked.into else None) for each in given]
    conditions = tuple(
        Condition(each.role, _filled(pixels, each.role), each.kind, each.weight)
        for each, pixels in zip(given, pictures, strict=True)
    )
    inputs = tuple(
        entry
        for each, pixels in zip(given, pictures, strict=True)
        for entry in _inputs(document, each, box, pixels)
    )
    if asked.task is Task.REPAINT and not any(each.role is Role.MASK for each in given):
        mask = mask_in(document, box)
        conditions = (*conditions, Condition(Role.MASK, _filled(mask, Role.MASK)))
        inputs = (*inputs, RecipeInput("", Role.MASK.value, pixels_hash(mask)))
    return Order(
        request=checked(replace(bare, conditions=conditions)),
        asked=asked,
        box=box,
        inputs=inputs,
        subjects=subjects,
        source=source,
        targets=_targets(document, source, asked),
    )


def box_of(document: Document, active: Iterable[LayerId], asked: Asked) -> Rect:
    """Return where the result goes: as asked, as the task has it, or the largest centred square."""
    if asked.box is not None and not asked.box.is_empty:
        return asked.box
    if asked.task in WHOLE_CANVAS:
        return document.rect
    if asked.task in OF_A_LAYER:
        layer = _source(document, outermost(document, tuple(active)), asked)
        if layer is not None:
            return _box_in(document, layer, asked)
    side = min(document.size)
    x, y = (document.size.width - side) // 2, (document.size.height - side) // 2
    return Rect(x, y, x + side, y + side)


def _box_in(document: Document, layer: PixelLayer, asked: Asked) -> Rect:
    box = box_of_layer(layer)
    if asked.task is Task.VARY and recipe_of(layer) is None:
        box = box.grown(max(box.size) // MARGIN)  # a new shape may be larger than the old one
    selection = document.selection
    if asked.task is not Task.REPAINT or selection is None or selection.outside:
        return box
    part = selection.content
    if part.is_empty or CLOSE_UP * max(part.size) >= max(box.size):
        return box.united(part.met(document.rect))
    near = part.grown(round(CONTEXT * max(part.size)))
    return near.met(box.united(part))


def bare_request(asked: Asked, box: Rect) -> GenerationRequest:
    """Return the request without its pictures: enough to know whether its words make sense."""
    return GenerationRequest(
        prompt=asked.prompt.strip(),
        size=(box.width, box.height),
        seed=asked.seed,
        task=asked.task,
        model=asked.model,
        negative_prompt=asked.negative_prompt.strip(),
        steps=asked.steps,
        guidance=asked.guidance,
        strength=asked.strength,
        count=asked.count,
        foreground_prompt=asked.foreground_prompt.strip(),
        background_prompt=asked.background_prompt.strip(),
        loras=asked.loras,
        patch_weight=asked.patch_weight,
        stop_at=asked.stop_at,
        scale=asked.scale,
        is_draft=asked.is_draft,
        cast=asked.cast,
    )


def _source(document: Document, subjects: Collection[LayerId], asked: Asked) -> PixelLayer | None:
    """Return the layer that the task is about, where it is about one."""
    if asked.into is None and asked.task not in OF_A_LAYER:
        return None
    named = [each.layers for each in asked.given if each.role is Role.IMAGE and each.layers]
    chosen = (asked.into,) if asked.into else named[0] if named else tuple(subjects)
    layers = [document.find(each) for each in chosen]
    if len(layers) == 1 and isinstance(layers[0], PixelLayer):
        return layers[0]
    if any(each.role is Role.IMAGE and each.pixels is not None for each in asked.given):
        return None
    raise GenerationError(
        ErrorKind.BAD_REQUEST, f'Choose one layer with pixels for the task "{asked.task}".'
    )


def _targets(
    document: Document, source: PixelLayer | None, asked: Asked
) -> tuple[tuple[Role, LayerId], ...]:
    """Say which layers get new variants; a layer of one's own is varied into a new one."""
    if source is None:
        return ()
    if asked.task in (Task.VARY, Task.REPAINT) and (
        asked.into is None or recipe_of(source) is None
    ):
        is_own = source.recipe is None and asked.task is Task.VARY
        return () if is_own else ((Role.FOREGROUND, source.id),)
    if asked.into is None or source.recipe is None:
        return ()
    together = made_together(document, source.id)
    return tuple(
        (Role(each.recipe.role), each.id)
        for each in together
        if each.recipe is not None and (each.id == source.id or not each.locks.any)
    )


def _pixels(document: Document, given: Given, box: Rect, again: PixelLayer | None) -> RGBA8:
    if given.pixels is not None:
        return given.pixels if given.role is Role.STYLE else _shaped(given.pixels, box, given.role)
    if given.role is Role.IMAGE and again is not None and given.layers == (again.id,):
        return _image(again, box)
    return picture_of(document, given.layers, given.role, box)


def _shaped(pixels: RGBA8, box: Rect, role: Role) -> RGBA8:
    """Give a picture from a file the box's proportions: a subject gets margins, others are cut."""
    height, width = pixels.shape[:2]
    pick = max if role is Role.FOREGROUND else min
    scale = pick(width / box.width, height / box.height)
    x1, y1 = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    x0, y0 = (width - x1) // 2, (height - y1) // 2
    if (x0, y0, x1, y1) == (0, 0, width, height):
        return pixels
    return Pixels.from_array(pixels).read(Rect(x0, y0, x0 + x1, y0 + y1))


def _image(source: PixelLayer, box: Rect) -> RGBA8:
    """Return what a layer was varied from: what its recipe names, or what is shown now."""
    wanted = {
        each.pixels_hash
        for each in (source.recipe.inputs if source.recipe else ())
        if each.role == Role.IMAGE and each.layer == source.id
    }
    for variant in source.variants if wanted else ():
        pixels = own_pixels(replace(source, pixels=variant.pixels, offset=variant.offset), box)
        if pixels_hash(pixels) in wanted:
            return pixels
    return own_pixels(source, box)


def _inputs(document: Document, given: Given, box: Rect, pixels: RGBA8) -> tuple[RecipeInput, ...]:
    entry = RecipeInput("", given.role.value, "", given.kind, given.weight)
    if given.pixels is not None:
        return (replace(entry, pixels_hash=pixels_hash(pixels)),)
    if len(given.layers) == 1:
        return (replace(entry, layer=given.layers[0], pixels_hash=pixels_hash(pixels)),)
    return tuple(input_of(document, each, entry, box) for each in given.layers)


def _filled(pixels: RGBA8, role: Role) -> RGBA8:
    if not pixels[..., 3].any():
        raise GenerationError(ErrorKind.BAD_REQUEST, EMPTY[role])
    return np.ascontiguousarray(pixels)
