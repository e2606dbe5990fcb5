"""The table of places: how to draw each, how to call it, its light, what stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from generator.training.drawing import indoors, outdoors
from generator.training.drawing.easel import Colour, Easel
from generator.training.drawing.outdoors import Picture

DrawPlace: TypeAlias = Callable[[Easel, float], Picture]


@dataclass(frozen=True, slots=True)
class Place:
    """One kind of place.

    `light` multiplies the colour of what is put there. `horizon` is the range of heights (-1..1, y
    down) at which ground and background meet. In a place without `ground` things hover and cast no
    shadow. `shadow` is how dark a shadow is where it is darkest.
    """

    draw: DrawPlace
    words: tuple[str, ...]
    where: str  # how a thing is said to be there
    light: Colour
    horizon: tuple[float, float] = (0.1, 0.4)
    ground: bool = True
    shadow: float = 0.5

    @property
    def name(self) -> str:
        return self.words[0]


PLACES: tuple[Place, ...] = (
    Place(outdoors.sky, ("sky", "heaven"), "in the sky", (1.0, 1.02, 1.06), ground=False),
    Place(
        outdoors.sea,
        ("sea", "ocean"),
        "above the sea",
        (0.86, 0.98, 1.08),
        (0.2, 0.5),
        ground=False,
    ),
    Place(outdoors.beach, ("beach", "shore", "seaside"), "on a beach", (1.08, 1.0, 0.84)),
    Place(outdoors.forest, ("forest", "woods"), "in a forest", (0.76, 0.92, 0.66)),
    Place(outdoors.mountains, ("mountains", "mountain", "hills"), "in the mountains", (0.97, 1, 1)),
    Place(outdoors.street, ("street", "road", "town"), "on a street", (0.88, 0.88, 0.92)),
    Place(indoors.room, ("room", "living room"), "in a room", (1.06, 0.95, 0.80)),
    Place(indoors.table, ("tabletop", "table top"), "on a tabletop", (0.98, 0.82, 0.66)),
    Place(outdoors.night_city, ("night city", "city at night"), "in a night city", (0.5, 0.5, 0.8)),
    Place(outdoors.snow, ("snow", "snowfield", "winter"), "in the snow", (0.88, 0.97, 1.12)),
    Place(
        outdoors.space,
        ("space", "outer space", "universe"),
        "in space",
        (0.62, 0.56, 0.82),
        ground=False,
    ),
    Place(indoors.studio, ("studio", "studio backdrop"), "in a studio", (1.0, 1.0, 1.0)),
)


def place_named(name: str) -> Place:
    """The place of this name; ValueError if there is none."""
    for place in PLACES:
        if place.name == name:
            return place
    raise ValueError(f"there is no place {name!r}")


def draw_place(place: Place, rng: np.random.Generator, horizon: float, side: int) -> Picture:
    """A fresh picture of the place, (side, side, 3) float32, sRGB 0..1."""
    return np.clip(place.draw(Easel(side, rng), horizon), 0, 1).astype(np.float32)
