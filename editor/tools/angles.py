"""Directions kept to steps, as Shift does."""

from math import atan2, cos, hypot, sin

from editor.tools.tool import Place


def turned_to(start: Place, end: Place, step: float) -> Place:
    """Return the end turned about the start to the nearest multiple of `step`, in radians."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    angle = round(atan2(dy, dx) / step) * step
    length = hypot(dx, dy)
    return start[0] + length * cos(angle), start[1] + length * sin(angle)
