"""A result becomes one edit: new layers where each task has them, or new variants in their place.

What was given is never changed; one undo takes all of it back.
"""

from dataclasses import dataclass
from typing import Final

from editor.document.layer import (
    BlendMode,
    Group,
    Layer,
    LayerId,
    PixelLayer,
    Variant,
    new_layer_id,
)
from editor.edits.edit import Edit, Together
from editor.edits.pixels import AddVariants
from editor.edits.placing import AddAbove, AddBeneath, GroupBeneath
from editor.generation.order import Order
from editor.generation.variants import nothing, variant_of
from generator.request import GeneratedLayer, GenerationResult, Role, Task

NAME_LENGTH = 60
LIT: Final = (Role.SHADOW, Role.LIGHT)  # in the order in which they are laid
MODES: Final = {Role.SHADOW: BlendMode.MULTIPLY, Role.LIGHT: BlendMode.SCREEN}
NAMES: Final = {Role.SHADOW: "Shadow", Role.LIGHT: "Light", Role.BLENDED: "Blended"}
NAMELESS: Final = {Task.EXTRACT: "Extracted", Task.UPSCALE: "Enlarged", Task.SHADOW: "Shadow"}

Variants = dict[Role, tuple[Variant, ...]]  # of each role one a seed, in the same order
Layers = dict[Role, PixelLayer]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A result as an edit, with the layer that it makes or grows and all of them by role."""

    edit: Edit
    layer: LayerId
    layers: tuple[tuple[Role, LayerId], ...]


def placed(order: Order, result: GenerationResult) -> Placed:
    """Return the edit that brings a result into the document of whenever it is applied.

    Several pictures of one role are variants of one layer.
    """
    variants = _variants(order, result)
    if order.targets:
        return _into_targets(order, variants)
    layers = {role: _layer(order, role, variants[role]) for role in _kept(order, variants)}
    edit = _EDITS.get(order.request.task, _above)(order, layers)
    main = _main(order, layers)
    return Placed(edit, main, tuple((role, layer.id) for role, layer in layers.items()))


def layer_name(prompt: str) -> str:
    """Return what a layer made from a prompt is called: the prompt, shortened where it is long."""
    name = " ".join(prompt.split())
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1].rstrip() + "…"


def title_of(order: Order) -> str:
    """Return what a job is called: its prompt, or what it does."""
    task = order.request.task
    return layer_name(order.request.prompt) or NAMELESS.get(task, task.value.capitalize())


def _variants(order: Order, result: GenerationResult) -> Variants:
    pictures: dict[Role, dict[int, GeneratedLayer]] = {}
    for each in result.layers:
        pictures.setdefault(each.role, {})[each.seed] = each
    seeds = tuple(dict.fromkeys(each.seed for each in result.layers))
    roles = dict.fromkeys([*pictures, *(role for role, _ in order.targets if role in LIT)])
    return {
        role: tuple(
            variant_of(order, result, pictures[role][seed])
            if seed in pictures.get(role, {})
            else nothing(order, result, role, seed)
            for seed in seeds
        )
        for role in roles
    }


def _kept(order: Order, variants: Variants) -> tuple[Role, ...]:
    """Choose what becomes a layer: a blended picture is one only where all was made together."""
    if order.request.task is Task.BACKGROUND:
        wanted: tuple[Role, ...] = (Role.BACKGROUND, *LIT)
    elif order.request.task is Task.TOGETHER:
        wanted = (Role.BACKGROUND, *LIT, Role.FOREGROUND, Role.BLENDED)
    else:
        wanted = (*LIT, Role.FOREGROUND)
    kept = tuple(role for role in wanted if role in variants)
    return kept or tuple(variants)


def _layer(order: Order, role: Role, variants: tuple[Variant, ...]) -> PixelLayer:
    first = variants[0]
    return PixelLayer(
        id=new_layer_id(),
        name=_name(order, role),
        blend_mode=MODES.get(role, BlendMode.NORMAL),
        visible=role is not Role.BLENDED,
        pixels=first.pixels,
        offset=first.offset,
        recipe=first.recipe,
        variants=variants,
    )


def _name(order: Order, role: Role) -> str:
    request = order.request
    if role in NAMES:
        return NAMES[role]
    if request.task is Task.UPSCALE and order.source is not None:
        return layer_name(f"{order.source.name} {request.scale}x")
    if role is Role.BACKGROUND and request.task is Task.TOGETHER:
        return layer_name(request.background_prompt) or "Background"
    if role is Role.FOREGROUND and request.foreground_prompt:
        return layer_name(request.foreground_prompt)
    return title_of(order)


def _into_targets(order: Order, variants: Variants) -> Placed:
    targets = dict(order.targets)
    if len(targets) == 1 and len(variants) == 1:  # whatever the engine calls the one picture
        variants = dict(zip(targets, variants.values(), strict=True))
    edits: list[Edit] = [
        AddVariants(layer, variants[role]) for role, layer in targets.items() if role in variants
    ]
    fresh = {
        role: _layer(order, role, variants[role])
        for role in LIT
        if role in variants and role not in targets
    }
    if fresh:
        edits.append(AddBeneath(tuple(fresh.values()), _lit_subjects(order, targets)))
    assert order.source is not None
    layers = (*targets.items(), *((role, layer.id) for role, layer in fresh.items()))
    return Placed(Together(tuple(edits)), order.source.id, layers)


def _lit_subjects(order: Order, targets: dict[Role, LayerId]) -> tuple[LayerId, ...]:
    """Return what a shadow lies beneath: the subject that was made, or the one that was given."""
    if Role.FOREGROUND in targets:
        return (targets[Role.FOREGROUND],)
    return tuple(LayerId(each.layer) for each in order.inputs if each.role == Role.FOREGROUND)


def _above(order: Order, layers: Layers) -> Edit:
    """A subject above what it was asked of, in a group with its shadow and light."""
    return AddAbove((_with_light(order, layers),), _anchor(order))


def _together(order: Order, layers: Layers) -> Edit:
    subject = _with_light(order, layers)
    stack = (layers.get(Role.BACKGROUND), subject, layers.get(Role.BLENDED))
    return AddAbove(tuple(each for each in stack if each is not None), _anchor(order))


def _beneath(order: Order, layers: Layers) -> Edit:
    """A background beneath all of the subject's groups, its shadow and light right beneath it."""
    below = AddBeneath((layers[Role.BACKGROUND],), order.subjects, below_groups=True)
    lit = tuple(layers[role] for role in LIT if role in layers)
    if not lit:
        return below
    if not order.subjects:
        return Together((below, AddAbove(lit, layers[Role.BACKGROUND].id)))
    return Together((below, AddBeneath(lit, order.subjects)))


def _shadow(order: Order, layers: Layers) -> Edit:
    lit = tuple(layers.values())
    if len(order.subjects) != 1:
        return AddBeneath(lit, order.subjects)
    return GroupBeneath(lit, order.subjects[0], new_layer_id())


def _with_light(order: Order, layers: Layers) -> Layer:
    subject = layers[Role.FOREGROUND]
    lit = tuple(layers[role] for role in LIT if role in layers)
    if not lit:
        return subject
    return Group(id=new_layer_id(), name=subject.name, children=(*lit, subject))


def _anchor(order: Order) -> LayerId | None:
    return order.subjects[-1] if order.subjects else None


def _main(order: Order, layers: Layers) -> LayerId:
    wanted = Role.BACKGROUND if order.request.task is Task.BACKGROUND else Role.FOREGROUND
    chosen = layers.get(wanted) or next(iter(layers.values()))
    return chosen.id


_EDITS: Final = {
    Task.TOGETHER: _together,
    Task.BACKGROUND: _beneath,
    Task.SHADOW: _shadow,
}
