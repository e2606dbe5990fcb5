"""A stroke: dabs along a path into one coverage, and that coverage laid onto what was there before.

The stroke's coverage builds up by flow and never exceeds opacity, so crossing one's own path does
not darken it. Each movement returns an edit of the tiles that it touched alone.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from editor.document.geometry import Rect, cells
from editor.document.pixels import TILE, TileKey
from editor.edits.edit import Edit
from editor.render.painting import Cover, Dabs, stamp
from editor.tools.surface import Surface

LEAST_DIAMETER = 1.0
LEAST_SPACING = 0.5  # pixels


@dataclass(frozen=True, slots=True)
class Tip:
    """A round brush: diameter in pixels, all else from 0 to 1; `spacing` in diameters."""

    diameter: float
    hardness: float
    flow: float
    spacing: float = 0.12
    pressure_sizes: bool = True
    pressure_fades: bool = False

    def diameter_at(self, pressure: float) -> float:
        """Return how large a dab is."""
        return max(LEAST_DIAMETER, self.diameter * (pressure if self.pressure_sizes else 1.0))

    def dab(self, x: float, y: float, pressure: float) -> tuple[float, float, float, float, float]:
        """Return a dab as `painting.stamp` wants it: place, radius, width of its edge, flow."""
        radius = self.diameter_at(pressure) / 2
        edge = max(1.0, radius * (1 - self.hardness))  # one pixel at least, against jagged edges
        return x, y, radius, edge, self.flow * (pressure if self.pressure_fades else 1.0)


class Stroke:
    """One stroke on one surface, from press to release."""

    def __init__(self, surface: Surface, tip: Tip) -> None:
        """Begin with nothing painted."""
        self._surface = surface
        self._tip = tip
        self._covers: dict[TileKey, Cover] = {}
        self._last: tuple[float, float, float] | None = None
        self._to_next = 0.0

    def to(self, x: float, y: float, pressure: float) -> Edit | None:
        """Go on to a place of the document; returns what changed, None where no dab fell."""
        offset = self._surface.offset
        found = [self._tip.dab(*each) for each in self._dabs(x - offset.x, y - offset.y, pressure)]
        if not found:
            return None
        dabs: Dabs = np.array(found, np.float32)
        tiles = {}
        for key in _touched(dabs):
            cover = self._covers.get(key)
            if cover is None:
                cover = self._covers[key] = np.zeros((TILE, TILE), np.float32)
            stamp(cover, (key[0] * TILE, key[1] * TILE), dabs)
            tile = self._surface.painted(key, cover)
            if tile is not None:
                tile.flags.writeable = False
                tiles[key] = tile
        return self._surface.edit(tiles) if tiles else None

    def _dabs(self, x: float, y: float, pressure: float) -> Iterator[tuple[float, float, float]]:
        """Places and pressures of the dabs from the last place to this one, evenly spaced."""
        if self._last is None:
            self._last = (x, y, pressure)
            self._to_next = self._spacing(pressure)
            yield x, y, pressure
            return
        from_x, from_y, from_pressure = self._last
        length = math.hypot(x - from_x, y - from_y)
        along = self._to_next
        while along <= length:
            share = along / length
            now = from_pressure + (pressure - from_pressure) * share
            yield from_x + (x - from_x) * share, from_y + (y - from_y) * share, now
            along += self._spacing(now)
        self._to_next = along - length
        self._last = (x, y, pressure)

    def _spacing(self, pressure: float) -> float:
        return max(LEAST_SPACING, self._tip.diameter_at(pressure) * self._tip.spacing)


def _touched(dabs: Dabs) -> set[TileKey]:
    keys: set[TileKey] = set()
    for x, y, radius, _, _ in dabs.tolist():
        reach = radius + 1
        rect = Rect(
            math.floor(x - reach),
            math.floor(y - reach),
            math.ceil(x + reach),
            math.ceil(y + reach),
        )
        keys.update(cells(rect, TILE))
    return keys
