"""The only bridge between documents and the generator: document to request, result to edit.

Nothing else in the editor knows what a model wants, and the generator knows nothing of layers.
"""

import hashlib
from dataclasses import dataclass

from editor.document.document import Document, Place
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import LayerId, PixelLayer, Variant, new_layer_id
from editor.document.pixels import RGBA8, Pixels
from editor.document.recipe import Affine, Recipe
from editor.edits.edit import Edit
from editor.edits.layers import AddLayers, place_above
from editor.edits.pixels import AddVariants
from editor.render.resample import scaled
from generator.request import GeneratedLayer, GenerationRequest, GenerationResult, Task, checked

NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for, before a document gives it a place.

    `box` is where in the document the result goes; None means the middle of the canvas. `into`
    names a generated layer whose next variant this is; None makes a new layer.
    """

    prompt: str
    seed: int
    task: Task = Task.LAYER
    model: str = "pocket"
    negative_prompt: str = ""
    steps: int | None = None
    guidance: float | None = None
    strength: float | None = None
    count: int = 1
    box: Rect | None = None
    into: LayerId | None = None


def asked_again(recipe: Recipe, layer: LayerId, seed: int) -> Asked:
    """Return what to ask for another variant of a generated layer, in its place, by its recipe."""
    return Asked(
        prompt=recipe.prompt,
        seed=seed,
        task=Task(recipe.task),
        model=recipe.model,
        negative_prompt=recipe.negative_prompt,
        steps=recipe.steps or None,
        guidance=recipe.guidance,
        strength=recipe.strength,
        box=recipe.box,
        into=layer,
    )


def box_of(document: Document, asked: Asked) -> Rect:
    """Return where the result goes: as asked, or the largest centred square of the canvas."""
    if asked.box is not None and not asked.box.is_empty:
        return asked.box
    side = min(document.size)
    x, y = (document.size.width - side) // 2, (document.size.height - side) // 2
    return Rect(x, y, x + side, y + side)


def request_for(document: Document, asked: Asked) -> GenerationRequest:
    """Return the request for what was asked; raises `GenerationError` where it makes no sense."""
    box = box_of(document, asked)
    return checked(
        GenerationRequest(
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
        )
    )


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A result as an edit, with the layer that it makes or grows."""

    edit: Edit
    layer: LayerId


def placed(
    request: GenerationRequest,
    result: GenerationResult,
    asked: Asked,
    box: Rect,
    anchor: LayerId | None,
) -> Placed:
    """Return the edit that brings a result into the document of whenever it is applied.

    A new layer goes just above `anchor`, or on top if that is gone by then. Several pictures of
    one job are variants of one layer.
    """
    variants = tuple(_variant(request, result, made, box) for made in result.layers)
    if asked.into is not None:
        return Placed(AddVariants(asked.into, variants), asked.into)
    first = variants[0]
    layer = PixelLayer(
        id=new_layer_id(),
        name=layer_name(request.prompt),
        pixels=first.pixels,
        offset=first.offset,
        recipe=first.recipe,
        variants=variants,
    )
    return Placed(AddAbove(layer, anchor), layer.id)


@dataclass(frozen=True, slots=True, eq=False)
class AddAbove:
    """Put a layer just above another one, wherever that is by then."""

    layer: PixelLayer
    anchor: LayerId | None

    def apply(self, document: Document) -> Document:
        """Return the document with the layer in it."""
        place: Place = place_above(document, self.anchor)
        return AddLayers((self.layer,), place).apply(document)


def layer_name(prompt: str) -> str:
    """Return what a layer made from a prompt is called: the prompt, shortened where it is long."""
    name = " ".join(prompt.split())
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"


def pixels_hash(pixels: RGBA8) -> str:
    """Return the hash by which a recipe knows what the model saw: SHA-256 over size and bytes."""
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(f"{width}x{height} RGBA8 ".encode())
    digest.update(pixels.tobytes())
    return digest.hexdigest()


def _variant(
    request: GenerationRequest, result: GenerationResult, made: GeneratedLayer, box: Rect
) -> Variant:
    height, width = made.pixels.shape[:2]
    rect = _fitted(Size(width, height), box)
    recipe = Recipe(
        task=request.task.value,
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        seed=made.seed,
        model=result.model,
        model_hash=result.model_hash,
        steps=result.steps,
        guidance=result.guidance,
        strength=request.strength,
        box=box,
        affine=_affine(Size(width, height), rect),
        job=result.job,
    )
    pixels = scaled(made.pixels, rect.size)
    return Variant(Pixels.from_array(pixels), Point(rect.x0, rect.y0), recipe)


def _fitted(size: Size, box: Rect) -> Rect:
    """The largest rect of the picture's proportions in the middle of the box."""
    scale = min(box.width / size.width, box.height / size.height)
    width, height = max(1, round(size.width * scale)), max(1, round(size.height * scale))
    x, y = box.x0 + (box.width - width) // 2, box.y0 + (box.height - height) // 2
    return Rect(x, y, x + width, y + height)


def _affine(size: Size, rect: Rect) -> Affine:
    return (rect.width / size.width, 0.0, rect.x0, 0.0, rect.height / size.height, rect.y0)
