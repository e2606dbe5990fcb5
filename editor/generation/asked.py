"""What a person asks for, and what to ask to have a generated layer once more.

Values only: nothing here composites, and nothing here knows models beyond their names.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import Layer, LayerId, PixelLayer
from editor.document.pixels import RGBA8
from editor.document.recipe import Recipe, RecipeInput
from editor.generation.seen import box_of_layer
from generator.models.store import loras, models
from generator.request import (
    CastShadow,
    ErrorKind,
    GenerationError,
    Lora,
    Role,
    Task,
)


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A picture that the result is to agree with: layers of the document, or pixels from a file.

    Layers are seen as they lie in the box, whether their eyes are open or not; one whose eye for
    the model is closed can be a control or a style only. Pixels are taken to cover the box.
    """

    role: Role
    layers: tuple[LayerId, ...] = ()
    pixels: RGBA8 | None = None
    kind: str = ""  # of a control: scribble, canny, depth, pose, or a control model's name
    weight: float = 1.0  # of a control or a style


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for, before a document gives it a place.

    `box` is where in the document the result goes; None lets task and layers decide. `into` names a
    generated layer that is made again in its place, with the layers that were made with it. What
    the task needs and `given` does not name is found in the document, from the active layers.
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
    foreground_prompt: str = ""
    background_prompt: str = ""
    patch_weight: float = 1.0
    stop_at: float | None = None
    scale: int = 2
    loras: tuple[Lora, ...] = ()
    given: tuple[Given, ...] = ()
    cast: CastShadow = field(default_factory=CastShadow)
    is_draft: bool = False


def asked_again(document: Document, layer_id: LayerId, seed: int | None = None) -> Asked:
    """Return what to ask for another variant of a generated layer, in its place, by its recipe.

    Without a seed it is the recipe's own, which makes the same again where nothing has changed.
    Raises `GenerationError` where the recipe names what is not to be had here.
    """
    layer = document.find(layer_id)
    if not isinstance(layer, PixelLayer) or layer.recipe is None:
        raise _bad("That layer was not generated, so there is no recipe to make it again by.")
    recipe = layer.recipe
    if recipe.task not in set(Task):
        raise _bad(f"“{layer.name}” was made by “{recipe.task}”, which this version does not know.")
    return Asked(
        prompt=recipe.prompt,
        seed=recipe.seed if seed is None else seed,
        task=Task(recipe.task),
        model=_model_of(recipe),
        negative_prompt=recipe.negative_prompt,
        steps=recipe.steps or None,
        guidance=recipe.guidance,
        strength=recipe.strength,
        box=box_of_layer(layer),
        into=layer.id,
        foreground_prompt=recipe.foreground_prompt,
        background_prompt=recipe.background_prompt,
        patch_weight=recipe.patch_weight,
        stop_at=recipe.stop_at,
        scale=recipe.scale,
        loras=tuple(_loras_of(recipe)),
        given=tuple(_given_of(document, layer, recipe)),
        cast=_cast_of(recipe),
        is_draft=recipe.is_draft,
    )


def made_together(document: Document, layer_id: LayerId) -> tuple[PixelLayer, ...]:
    """Return the layers of the same job, bottom first, that layer among them; one of each role."""
    layer = document.find(layer_id)
    if not isinstance(layer, PixelLayer):
        return ()
    if layer.recipe is None or not layer.recipe.job:
        return (layer,)
    found = {layer.recipe.role: layer}
    for each in document.walk():
        recipe = recipe_of(each)
        if isinstance(each, PixelLayer) and recipe is not None and recipe.job == layer.recipe.job:
            found.setdefault(recipe.role, each)
    return tuple(each for each in document.walk() if any(each is kept for kept in found.values()))  # type: ignore[misc]  # those found are pixel layers


def recipe_of(layer: Layer | None) -> Recipe | None:
    """Return how a layer was made, None where it was not generated."""
    return layer.recipe if isinstance(layer, PixelLayer) else None


def _model_of(recipe: Recipe) -> str:
    """Return what the recipe's model is called here: the same weights may have another name."""
    for model in models():
        if model.is_installed and model.card is not None and model.card.hash == recipe.model_hash:
            return model.name
    return recipe.model


def _loras_of(recipe: Recipe) -> Iterator[Lora]:
    """Find each LoRA among those the user has added, by its hash first: a recipe has no paths."""
    known = loras()
    for adapter in recipe.adapters:
        if not adapter.is_lora:
            continue
        found = next((each.name for each in known if each.sha256 == adapter.hash), None)
        if found is None and any(each.name == adapter.name for each in known):
            found = adapter.name
        if found is None:
            raise GenerationError(
                ErrorKind.WEIGHTS_MISSING,
                f"The LoRA “{adapter.name}” is not known here; add its file by “models add” first.",
            )
        yield Lora(found, adapter.weight)


def _given_of(document: Document, layer: PixelLayer, recipe: Recipe) -> Iterator[Given]:
    """Gather the inputs of each picture; those of the layer itself are found when it is asked."""
    pictures: dict[tuple[str, str, float], list[RecipeInput]] = {}
    # Found anew when it is asked: the selection, and whether a blended picture still holds.
    anew = {Role.MASK, Role.BLENDED} if recipe.task == Task.SHADOW else {Role.MASK}
    for each in recipe.inputs:
        if each.role in anew:
            continue
        pictures.setdefault((each.role, each.kind, each.weight), []).append(each)
    for (role, kind, weight), inputs in pictures.items():
        if any(each.layer == layer.id for each in inputs):
            continue
        there = tuple(
            LayerId(each.layer) for each in inputs if document.find(LayerId(each.layer)) is not None
        )
        if not there:
            raise _bad(
                f"“{layer.name}” was made with a picture, its {role}, that is not in the document."
            )
        yield Given(Role(role), there, kind=kind, weight=weight)


def _cast_of(recipe: Recipe) -> CastShadow:
    cast = recipe.cast
    if cast is None:
        return CastShadow()
    return CastShadow(cast.direction, cast.length, cast.softness, cast.contact, cast.opacity)


def _bad(sentence: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, sentence)
