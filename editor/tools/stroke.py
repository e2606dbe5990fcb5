"""A stroke: dabs along a path into one coverage, and that coverage laid onto the layer it began on.

The stroke's coverage builds up by flow and never exceeds opacity, so crossing one's own path does
not darken it. Each movement returns edits for what it touched alone.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.document.document import Document
from editor.document.geometry import EMPTY, Point, Rect
from editor.document.layer import LayerId
from editor.document.pixels import RGBA8, Coverage, Pixels
from editor.edits.edit import found_pixels
from editor.edits.pixels import PaintPixels

# (base RGBA8, coverage 0..1 of shape (h, w, 1)) -> painted RGBA8
Paint = Callable[[RGBA8, NDArray[np.float32]], RGBA8]

SPACING = 0.12  # of the diameter, between dabs


@dataclass(frozen=True, slots=True)
class Tip:
    """A round brush: diameter in pixels, hardness and flow from 0 to 1."""

    diameter: float
    hardness: float
    flow: float

    def dab(self, x: float, y: float, pressure: float) -> tuple[Rect, NDArray[np.float32]]:
        """Return the rect that a dab touches and its coverage there, 0 to 1."""
        radius = max(0.5, self.diameter * pressure / 2)
        rect = Rect(
            math.floor(x - radius - 1),
            math.floor(y - radius - 1),
            math.ceil(x + radius + 1),
            math.ceil(y + radius + 1),
        )
        dx = np.arange(rect.x0, rect.x1, dtype=np.float32) + np.float32(0.5 - x)
        dy = np.arange(rect.y0, rect.y1, dtype=np.float32) + np.float32(0.5 - y)
        distance = np.sqrt(dx[None, :] ** 2 + dy[:, None] ** 2)
        edge = max(1.0, radius * (1 - self.hardness))  # one pixel at least, against jagged edges
        ramp = np.clip((radius + 0.5 - distance) / edge, 0, 1)
        return rect, (ramp * ramp * (3 - 2 * ramp) * self.flow).astype(np.float32)


class Stroke:
    """One stroke on one layer, from press to release."""

    def __init__(self, document: Document, layer: LayerId, tip: Tip, paint: Paint) -> None:
        """Begin on a layer; raises `EditError` where it cannot be painted on."""
        found = found_pixels(document, layer)
        self._layer = layer
        self._base: Pixels = found.pixels
        self._offset = found.offset
        self._selection = document.selection
        self._tip = tip
        self._paint = paint
        self._coverage = Coverage.full(0)
        self._last: tuple[float, float, float] | None = None
        self._to_next = 0.0

    def to(self, x: float, y: float, pressure: float) -> PaintPixels | None:
        """Go on to a place and return what changed, or None where no dab fell."""
        touched = EMPTY
        for at_x, at_y, at_pressure in self._dabs(x, y, pressure):
            rect, dab = self._tip.dab(at_x, at_y, at_pressure)
            before = self._coverage.read(rect).astype(np.float32) / 255
            after = before + dab * (1 - before)
            grown = np.rint(after * 255).astype(np.uint8)
            self._coverage = self._coverage.written(grown, Point(rect.x0, rect.y0))
            touched = touched.united(rect)
        return None if touched.is_empty else self._painted(touched)

    def _painted(self, rect: Rect) -> PaintPixels:
        base = self._base.read(rect.moved(-self._offset.x, -self._offset.y))
        coverage = self._coverage.read(rect).astype(np.float32) / 255
        if self._selection is not None:
            coverage = coverage * self._selection.read(rect) / 255
        painted = self._paint(base, coverage[..., None].astype(np.float32))
        return PaintPixels(self._layer, Point(rect.x0, rect.y0), painted)

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
        return max(0.5, self._tip.diameter * pressure * SPACING)


def over(colour: tuple[int, int, int], opacity: float, *, keep_alpha: bool) -> Paint:
    """Return the paint that lays a colour over the base, straight alpha (Porter-Duff source over).

    With `keep_alpha` the base's alpha stays and only its colour changes.
    """
    source = np.asarray(colour, np.float32)

    def paint(base: RGBA8, coverage: NDArray[np.float32]) -> RGBA8:
        alpha = base[..., 3:].astype(np.float32) / 255
        strength = np.multiply(coverage, opacity, dtype=np.float32)
        out_alpha = alpha if keep_alpha else alpha + strength * (1 - alpha)
        share = strength if keep_alpha else strength / np.maximum(out_alpha, 1e-6)
        backdrop = base[..., :3].astype(np.float32)
        colours = backdrop + (source - backdrop) * share
        return _rgba8(colours, out_alpha, base)

    return paint


def away(opacity: float) -> Paint:
    """Return the paint that takes alpha away and leaves the colour as it is."""

    def paint(base: RGBA8, coverage: NDArray[np.float32]) -> RGBA8:
        alpha = base[..., 3:].astype(np.float32) / 255
        strength = np.multiply(coverage, opacity, dtype=np.float32)
        return _rgba8(base[..., :3].astype(np.float32), alpha * (1 - strength), base)

    return paint


def _rgba8(colours: NDArray[np.floating], alpha: NDArray[np.floating], base: RGBA8) -> RGBA8:
    """Round to 8 bit; what is still fully transparent keeps the colour it had."""
    painted = np.rint(np.concatenate([colours, alpha * 255], axis=2))
    rounded = np.clip(painted, 0, 255).astype(np.uint8)
    return np.where(rounded[..., 3:] > 0, rounded, np.where(base[..., 3:] > 0, rounded, base))
