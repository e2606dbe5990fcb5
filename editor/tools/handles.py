"""Handles on a box: where they are, and which one is under the pointer."""

from math import hypot

from editor.document.geometry import Rect
from editor.tools.tool import Place

REACH_VIEW_PIXELS = 9.0
# Each handle's place in its box, from 0 to 1: corners and the middles of sides, clockwise.
SPOTS: tuple[Place, ...] = (
    (0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (0.5, 1), (0, 1), (0, 0.5),
)  # fmt: skip


def spots_of(rect: Rect) -> tuple[Place, ...]:
    """Return the places of the eight handles of a rect."""
    return tuple((rect.x0 + x * rect.width, rect.y0 + y * rect.height) for x, y in SPOTS)


def nearest(places: tuple[Place, ...], x: float, y: float, zoom: float) -> int | None:
    """Return which place the pointer is on, by index, None where it is on none."""
    distances = [hypot(x - px, y - py) * zoom for px, py in places]
    index = min(range(len(places)), key=distances.__getitem__)
    return index if distances[index] <= REACH_VIEW_PIXELS else None
