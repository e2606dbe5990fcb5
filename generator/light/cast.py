"""A shadow cast on the ground by a subject's alpha, where no picture shows the true one.

A drawing, not a measurement: one light, a flat ground, and the subject as a sheet that stands on
its lowest row.
"""

import math

import numpy as np
from numpy.typing import NDArray

from generator.light.planes import Planes, blurred
from generator.request import RGBA8

SOLID = 128  # alpha from which a pixel can stand on the ground
FLATTEST = 0.05  # of the height: a ground seen on edge would have no shadow
EDGE = 0.7  # sigma in pixels of the shadow's edge at the foot
FOOT = 0.06  # part of the subject's height that is near enough to the ground to darken it
CONTACT_SPREAD = 0.02  # sigma of that darkening, in parts of the subject's height
BLURS = 6  # softness levels between which rows are mixed


def cast_shadow(
    alpha: NDArray[np.uint8],
    direction: float = 60.0,
    length: float = 0.6,
    softness: float = 0.06,
    contact: float = 0.5,
    opacity: float = 0.5,
) -> RGBA8:
    """Return a black layer (h, w, 4) for Multiply, to lie beneath the subject of that alpha (h, w).

    `direction` is where the shadow falls in degrees, anticlockwise: 0 to the right, 90 away from
    the viewer (upwards in the picture), 270 towards the viewer. What is z pixels above the foot
    falls `length` x z pixels away. The edge is a Gaussian of sigma `softness` x z, as a lamp's
    penumbra grows with the distance from what casts it. `contact` (0..1) is how dark the ground is
    where it is touched, `opacity` (0..1) the shadow itself. What falls beyond the canvas is lost.
    Raises ValueError for numbers out of range.
    """
    _check(alpha, direction, length, softness, (contact, opacity))
    height = alpha.shape[0]
    solid = np.flatnonzero((alpha >= min(SOLID, max(1, int(alpha.max())))).any(1))
    layer = np.zeros((*alpha.shape, 4), np.uint8)
    if not solid.size:
        return layer
    foot, tall = float(solid[-1]) + 0.5, float(solid[-1] - solid[0] + 1)
    planes = alpha[..., None].astype(np.float32) / np.float32(255)
    across = length * math.cos(math.radians(direction))
    up = length * math.sin(math.radians(direction))
    up = math.copysign(max(abs(up), FLATTEST), up)
    # z of each row of the ground, negative where no shadow can fall
    z = (foot - np.arange(height)) / up
    fallen = _softened(_projected(planes, z, across, foot), z * softness)
    touched = _touched(planes, foot, tall)
    light = (1 - opacity * fallen[..., 0]) * (1 - contact * touched)
    layer[..., 3] = np.round(np.clip(1 - light, 0, 1) * 255)
    return layer


def _check(
    alpha: NDArray[np.uint8],
    direction: float,
    length: float,
    softness: float,
    shares: tuple[float, float],
) -> None:
    if alpha.ndim != 2 or alpha.dtype != np.uint8 or 0 in alpha.shape:
        raise ValueError("The alpha is not a plane of 8-bit values.")
    if not math.isfinite(direction):
        raise ValueError("The direction of a shadow must be a number of degrees.")
    if not 0 < length <= 10:
        raise ValueError("The length of a shadow must be above 0 and at most 10.")
    if not 0 <= softness <= 1:
        raise ValueError("The softness of a shadow must be between 0 and 1.")
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError("Contact and opacity of a shadow must be between 0 and 1.")


def _projected(planes: Planes, z: NDArray[np.floating], across: float, foot: float) -> Planes:
    """Lay the sheet on the ground: ground (x, row) is in the shade of (x - across z, foot - z).

    A row of the ground takes the mean of all rows of the sheet that fall on it, so that a short
    shadow of a tall subject has no gaps.
    """
    height, width, _ = planes.shape
    summed = np.concatenate([np.zeros((1, width), np.float32), planes[..., 0].cumsum(0)])
    step = abs(float(z[0] - z[1])) if height > 1 else 1.0
    span = max(step, 1.0)
    columns = np.arange(width)
    fallen = np.zeros_like(planes)
    for row in np.flatnonzero((z >= 0) & (z <= height + span)):
        middle = foot - z[row] + 0.5
        top, bottom = np.clip([middle - span / 2, middle + span / 2], 0, height)
        if bottom > top:
            line = (_at(summed, bottom) - _at(summed, top)) / span
            fallen[row, :, 0] = np.interp(columns - across * z[row], columns, line, 0, 0)
    return fallen


def _at(summed: NDArray[np.float32], row: float) -> NDArray[np.float32]:
    """Return the sum of all rows above a fractional row."""
    low = min(int(row), summed.shape[0] - 2)
    line: NDArray[np.float32] = summed[low] + np.float32(row - low) * (
        summed[low + 1] - summed[low]
    )
    return line


def _softened(planes: Planes, sigmas: NDArray[np.floating]) -> Planes:
    """Blur each row with its own sigma in pixels, mixed from the two nearest of a few blurs."""
    sigmas = np.maximum(sigmas, EDGE)
    stack = np.geomspace(EDGE, max(float(sigmas.max()), 2 * EDGE), BLURS)
    place = np.interp(sigmas, stack, np.arange(BLURS))
    soft = np.zeros_like(planes)
    for index, sigma in enumerate(stack):
        share = np.clip(1 - np.abs(place - index), 0, 1).astype(np.float32)
        if share.any():
            soft += share[:, None, None] * blurred(planes, float(sigma))
    return soft


def _touched(planes: Planes, foot: float, tall: float) -> NDArray[np.float32]:
    """Return how near the subject is to the ground, (h, w) in 0..1, as a soft line at its foot."""
    sigma = max(CONTACT_SPREAD * tall, EDGE)
    bottom = int(foot) + 1
    band = planes[max(0, bottom - max(1, round(FOOT * tall))) : bottom]
    reach = math.ceil(3 * sigma)
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    line = np.convolve(band.max(0)[:, 0], taps / taps.sum())[reach : reach + planes.shape[1]]
    away = (np.arange(planes.shape[0]) - (foot - 0.5)) / sigma
    nearness: NDArray[np.float32] = (np.exp(-0.5 * away[:, None] ** 2) * line).astype(np.float32)
    return nearness
