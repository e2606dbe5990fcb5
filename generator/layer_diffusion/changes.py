"""Stages that make a difference from the layers already there, and the picture which that gives.

A small network that made the whole picture would have to copy layers through itself and would blur
them. Making only what light does to them, it copies exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.roads import Stage
from generator.layer_diffusion.wearing import Seen
from generator.request import Role


def changing(parts: Parts, stage: Stage, there: Mapping[Role, Seen]) -> Callable[[Tensor], Tensor]:
    """Return what brings a stage's scaled latents (n, c, h', w') to those of pictures.

    Only a stage with a `change_gain` needs it: o + d / gain, with o the latents of the foreground
    over the background.
    """
    if not stage.change_gain:
        return lambda latents: latents
    layer = _layer(parts, there[Role.FOREGROUND])
    below = there[Role.BACKGROUND].picture
    over = parts.latents(layer[:, :3] + below * (1 - layer[:, 3:]))
    return lambda latents: over + latents / stage.change_gain


def _layer(parts: Parts, seen: Seen) -> Tensor:
    """Return a layer with its alpha, (1 | n, 4, h, w), premultiplied: as given, or as decoded."""
    if seen.layer is not None:
        return seen.layer
    raw = seen.latent / parts.scaling
    argb = parts.transparency.decode(seen.picture, raw, True, lambda _done, _passes: None)
    alpha = argb[:, :1].clamp(0, 1)
    layer: Tensor = argb.roll(-1, 1).clamp(0, 1) * alpha
    layer[:, 3:] = alpha
    return layer
