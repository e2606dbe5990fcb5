"""How far a whole picture has slipped against another, in parts of a pixel, and setting it back.

Only a common displacement of up to two pixels, as resizing and a model's coding leave behind.
"""

import numpy as np
from numpy.typing import NDArray

from generator.light.planes import Planes, blurred, mean_channel, widest

FINE, COARSE = 1.0, 4.0  # sigmas between which details are compared; light is smoother
FARTHEST = 2.0  # pixels
LEAST = 0.1  # pixels; less is left as it is, since moving by parts of a pixel softens
GAIN = 0.7  # the residual's energy must fall to this, or the details are not the same
STEPS = 4
LEAST_KNOWN = 64  # pixels
MARGIN = 8  # pixels beside what hides the details, and at the borders, that are not compared


def set_back(seen: Planes, still: Planes, known: Planes) -> Planes:
    """Return `seen` moved to lie on `still`, both (h, w, 3), by details where `known` (h, w, 1).

    Gauss-Newton on the squared difference of band-passed grey (Lucas and Kanade, "An iterative
    image registration technique", 1981), which neither a drift nor a soft shadow has a part in.
    """
    weight = _inner(known)
    if np.count_nonzero(weight) < LEAST_KNOWN:
        return seen
    wanted = _details(still)
    slopes = np.stack(
        [np.gradient(wanted, axis=axis) for axis in (0, 1)], axis=2
    )  # (h, w, 2): down, right
    normal = np.einsum("hwi,hwj,hw->ij", slopes, slopes, weight) + 1e-9 * np.eye(2)
    place = np.zeros(2)
    energies = []
    for _ in range(STEPS):
        differs = _details(_moved(seen, place)) - wanted
        energies.append(float((weight * differs**2).sum()))
        step = np.linalg.solve(normal, np.einsum("hwi,hw,hw->i", slopes, differs, weight))
        place = np.clip(place - step, -FARTHEST, FARTHEST)
    agrees = energies[-1] < GAIN * energies[0]
    return _moved(seen, place) if agrees and np.abs(place).max() > LEAST else seen


def _inner(known: Planes) -> NDArray[np.float32]:
    """Return `known` (h, w) without a margin beside what is unknown and along the borders."""
    hidden = np.pad((known <= 0).astype(np.float32), ((1, 1), (1, 1), (0, 0)), constant_values=1)
    inner: NDArray[np.float32] = (known * (widest(hidden, MARGIN)[1:-1, 1:-1] == 0))[..., 0]
    return inner


def _details(planes: Planes) -> NDArray[np.float32]:
    grey = mean_channel(planes)
    details: NDArray[np.float32] = (blurred(grey, FINE) - blurred(grey, COARSE))[..., 0]
    return details


def _moved(planes: Planes, place: NDArray[np.float64]) -> Planes:
    """Return planes(y + place[0], x + place[1]), bilinearly; the borders are repeated."""
    for axis in (0, 1):
        size = planes.shape[axis]
        at = np.clip(np.arange(size) + place[axis], 0, size - 1)
        low = at.astype(np.intp)
        part = (at - low).astype(np.float32).reshape((-1, 1, 1) if axis == 0 else (1, -1, 1))
        first = planes.take(low, axis)
        planes = first + part * (planes.take(np.minimum(low + 1, size - 1), axis) - first)
    return planes
