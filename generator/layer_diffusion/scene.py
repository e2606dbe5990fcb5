"""What a request gives a model to see and to start from, at working size, and the way back.

Nothing here samples: pictures go in as latents, and come out as the layers that were asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from generator.layer_diffusion.fitting import (
    Native,
    Working,
    cropped,
    fitted,
    fitted_rgba,
    made_opaque,
    over_mid_grey,
    working_for,
)
from generator.layer_diffusion.given import (
    bounds_of,
    check_can_be_enlarged,
    check_not_empty,
    kept_cells,
    raw_latent,
    repainted_in,
    seen_box,
    selection_of,
)
from generator.layer_diffusion.guidance.strokes import slot_picture
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.resampling import (
    RGBA8,
    planes_from_rgba,
    resampled,
    resampled_coverage,
)
from generator.layer_diffusion.roads import control_kinds
from generator.layer_diffusion.sampling import Predict, Start
from generator.layer_diffusion.upscale import STRENGTH as UPSCALE_STRENGTH
from generator.layer_diffusion.upscale import finished, plan_for, start_latent, windowed
from generator.layer_diffusion.wearing import Seen
from generator.request import GenerationRequest, Role, Task

VARY_STRENGTH = 0.7  # what the method's author uses for pictures to start from
REPAINT_STRENGTH = 1.0

Decode = Callable[[Tensor], Tensor]  # scaled latent (1, c, h', w') to (1, 4, h, w), alpha first
Develop = Callable[[Tensor, Decode], RGBA8]  # one scaled latent to the layer that was asked for


def _as_it_is(predict: Predict) -> Predict:
    return predict


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A request at working size.

    `size` is that of what is sampled, (width, height), and `seen_size` of what the network sees of
    it at once, through `through`. `pictures` are those given, by role; `fit` brings a further
    picture of the whole layer to where the model works, as premultiplied planes (1, 4, h, w).
    """

    size: tuple[int, int]
    seen_size: tuple[int, int]
    pictures: dict[Role, Seen]
    start: Start | None
    develop: Develop
    fit: Callable[[RGBA8], Tensor]
    through: Callable[[Predict], Predict] = _as_it_is


def scene_for(parts: Parts, request: GenerationRequest) -> Scene:
    """Bring a request's pictures to where the model works.

    Raises `GenerationError` where one of them has nothing to see or to change.
    """
    given = {condition.role: condition.pixels for condition in request.conditions}
    if request.task is Task.REPAINT:
        return _repainting(parts, request, given[Role.IMAGE], given[Role.MASK])
    if request.task is Task.UPSCALE:
        return _enlarging(parts, request, given[Role.IMAGE])
    is_free = given.keys() <= {Role.STYLE}
    working = working_for(request.size, native_of(parts), is_free)
    start = None
    if Role.IMAGE in given:
        check_not_empty(given[Role.IMAGE], "start from")
        planes = fitted_rgba(given[Role.IMAGE], working).to(parts.device)
        start = Start(_latent(parts, planes), _strength(request, VARY_STRENGTH))
    roles: tuple[Role, ...] = (Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED)
    seen = {role: _seen(parts, given[role], role, working) for role in roles if role in given}

    def develop(latent: Tensor, decode: Decode) -> RGBA8:
        return parts.transparency.rgba(cropped(decode(latent), working)[0])

    def fit(pixels: RGBA8) -> Tensor:
        return fitted_rgba(pixels, working)

    kinds = control_kinds(parts.road_for(request) or ())
    if kinds:
        lines = slot_picture(request, kinds, fit).to(parts.device)
        seen[Role.CONTROL] = Seen(parts.latents(lines), lines)
    return Scene(working.size, working.size, seen, start, develop, fit)


def native_of(parts: Parts) -> Native:
    """Return what a model says of sizes."""
    return Native(parts.card.native_size, parts.card.any_size, parts.multiple)


def _repainting(parts: Parts, request: GenerationRequest, image: RGBA8, mask: RGBA8) -> Scene:
    """Let the model see the selection with what is around it, and change the selection alone."""
    height, width = image.shape[:2]
    selection = selection_of(mask, (width, height))
    box = seen_box(bounds_of(selection), (width, height), native_of(parts))
    x0, y0, x1, y1 = box
    working = working_for((x1 - x0, y1 - y0), native_of(parts))
    planes = fitted_rgba(image[y0:y1, x0:x1], working).to(parts.device)
    inner = resampled_coverage(selection[:, :, y0:y1, x0:x1], working.crop_size)
    left, top, right, bottom = working.crop
    around = (left, working.size[0] - right, top, working.size[1] - bottom)
    keep = kept_cells(nn.functional.pad(inner, around), parts.card.latent_scale)
    strength = _strength(request, REPAINT_STRENGTH)

    def develop(latent: Tensor, decode: Decode) -> RGBA8:
        argb = cropped(decode(latent), working).cpu()
        made = torch.cat([argb[:, 1:] * argb[:, :1], argb[:, :1]], dim=1)
        return repainted_in(image, made, selection, box)

    def fit(pixels: RGBA8) -> Tensor:
        whole = resampled(planes_from_rgba(pixels), (width, height))
        return fitted(whole[:, :, y0:y1, x0:x1], working)

    start = Start(_latent(parts, planes), strength, keep)
    return Scene(working.size, working.size, {}, start, develop, fit)


def _enlarging(parts: Parts, request: GenerationRequest, image: RGBA8) -> Scene:
    """Let the model add to an enlarged picture what is finer than its pixels, in windows."""
    check_can_be_enlarged(image, request.scale)
    height, width = image.shape[:2]
    plan = plan_for((width, height), request.scale, native_of(parts), parts.card.latent_scale)

    def encode(planes: Tensor) -> Tensor:
        return _latent(parts, planes.to(parts.device))

    start = Start(start_latent(plan, image, encode), _strength(request, UPSCALE_STRENGTH))
    return Scene(
        size=plan.working.size,
        seen_size=plan.window_size,
        pictures={},
        start=start,
        develop=lambda latent, decode: finished(plan, image, latent, lambda one, _: decode(one)),
        fit=lambda pixels: fitted_rgba(pixels, plan.working),
        through=lambda predict: windowed(predict, plan),
    )


def _latent(parts: Parts, planes: Tensor) -> Tensor:
    def encode(fresh: Tensor) -> Tensor:
        return raw_latent(fresh, parts.vae, parts.transparency) * parts.scaling

    return parts.encodings.of("with alpha", planes, encode)


def _seen(parts: Parts, pixels: RGBA8, role: Role, working: Working) -> Seen:
    """Encode a picture over mid grey; only a foreground may have holes."""
    planes = fitted_rgba(pixels, working).to(parts.device)
    has_holes = role is Role.FOREGROUND
    if not has_holes:
        planes = made_opaque(planes)
    picture = over_mid_grey(planes)
    with_alpha = has_holes and parts.alpha_is_apart
    latent = _latent(parts, planes) if with_alpha else parts.latents(picture)
    return Seen(latent, picture, planes)


def _strength(request: GenerationRequest, default: float) -> float:
    return default if request.strength is None else request.strength
