"""Several of a thing, and a thing of glass or metal: made from any thing's own drawing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.training.drawing.easel import Colour, Easel, Layer, Pose, premultiplied, stacked

COUNT_WORDS = {2: "two", 3: "three"}
MATERIALS = ("glass", "metal")
# Scale of each copy, then where their middles are.
_PLACES: dict[int, tuple[float, tuple[tuple[float, float], ...]]] = {
    2: (0.52, ((-0.44, 0.10), (0.44, -0.06))),
    3: (0.46, ((0.0, -0.44), (-0.45, 0.42), (0.45, 0.40))),
}
STEEL: Colour = (0.80, 0.84, 0.90)

Draw = Callable[[Easel, Colour], Layer]


def several(draw: Draw, count: int, easel: Easel, colour: Colour) -> Layer:
    """Two or three small ones beside each other, each a little different."""
    scale, middles = _PLACES[count]
    pose = easel.pose
    layers = []
    for right, down in middles:
        place = Pose(
            scale=pose.scale * scale * easel.rng.uniform(0.94, 1.04),
            turn=pose.turn + easel.rng.normal(0, 0.05),
            right=pose.right + pose.scale * right,
            down=pose.down + pose.scale * down,
        )
        layers.append(draw(Easel(easel.side, easel.rng, place), colour))
    return stacked(*layers)


def made_of(material: str, layer: Layer, easel: Easel) -> Layer:
    """The same outline in another material, one of MATERIALS."""
    return _as_glass(layer, easel) if material == "glass" else _as_metal(layer, easel)


def _as_glass(layer: Layer, easel: Easel) -> Layer:
    """Thin where the thing is flat, dense and dark where it turns away, with a highlight."""
    mask = layer[..., 3]
    lit = easel.relief(mask, 0.9)
    away = np.clip(np.abs(lit - 0.643) / 0.4, 0, 1)
    shine = np.clip((lit - 0.88) / 0.1, 0, 1) ** 2
    straight = layer[..., :3] / np.maximum(mask, 1 / 255)[..., None]
    rgb = straight * (1.05 - 0.35 * away)[..., None] + shine[..., None]
    return premultiplied(rgb, mask * np.clip(0.30 + 0.5 * away + shine, 0, 0.97))


def _as_metal(layer: Layer, easel: Easel) -> Layer:
    """Steel: bright and dark bands that follow the relief, as surroundings do in a mirror."""
    mask = layer[..., 3]
    lit = easel.relief(mask, 0.8)
    grey = (layer[..., :3] / np.maximum(mask, 1 / 255)[..., None]).mean(2)
    detail = 0.75 + 0.35 * grey / max(float(grey[mask > 0.5].mean()), 0.05)
    bands = 0.52 + 0.40 * np.sin(lit * 9.0 + 1.6 * easel.y - 3.2) * np.clip(detail, 0.5, 1.3)
    shine = np.clip((lit - 0.9) / 0.1, 0, 1) ** 2
    rgb = np.array(STEEL, np.float32) * (bands * np.clip(detail, 0.4, 1.2))[..., None]
    return premultiplied(rgb + shine[..., None], mask)
