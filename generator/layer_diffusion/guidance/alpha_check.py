"""Whether a layer's alpha came out: opaque all over, empty, or not where the subject is.

Gives one sentence for the person who asked, or nothing; never changes or refuses a result. numpy
alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generator.layer_diffusion.guidance.edges import canny, widened
from generator.request import ANOTHER_SEED as AGAIN

RGB8 = NDArray[np.uint8]  # (h, w, 3)
RGBA8 = NDArray[np.uint8]  # (h, w, 4), straight

OPAQUE, EMPTY = 250, 5  # levels of 255 that nobody can tell from all and nothing
MOSTLY = 0.98  # of the pixels
LEAST_COVERAGE = 0.003  # of the picture, all alphas added up

# Edges of the picture in the middle of nothing. Of 90 good layers of the model that ships the worst
# had 4 % there, most none; subject and alpha of different layers have 34 % on average.
WEAK, STRONG = 60, 150
LOOKED_AT = 512  # pixels of the longer side; more tells no more and takes seconds
UNSEEN = 16  # of 255: below, edges are not seen
REACH = 1 / 64  # of the shorter side: so near to what is seen, an edge is its outline
LOST = 0.12  # of the picture's edges
FEWEST = 1 / 4  # edge pixels, of the shorter side; a soft glow has none


def alpha_warning(layer: RGBA8, picture: RGB8 | None) -> str | None:
    """Return a sentence where a transparent layer failed, or None.

    `picture` is what the VAE decoded before alpha was found, of the layer's size: the subject on
    plain grey where all went well. Without it only the first two failures are seen.
    """
    alpha = layer[..., 3]
    if np.mean(alpha >= OPAQUE) >= MOSTLY:
        return f"The layer is opaque nearly everywhere: its background was not left out. {AGAIN}"
    if np.mean(alpha <= EMPTY) >= 1 - LEAST_COVERAGE or alpha.mean() < 255 * LEAST_COVERAGE:
        return f"The layer is empty nearly everywhere: nothing can be seen of it. {AGAIN}"
    if picture is not None and _lost_share(alpha, picture) >= LOST:
        return f"The transparency does not follow what the layer shows. {AGAIN}"
    return None


def _lost_share(alpha: NDArray[np.uint8], picture: RGB8) -> float:
    """Share of the picture's edges that lie where the layer is empty, 0..1."""
    step = -(-max(alpha.shape) // LOOKED_AT)
    picture, alpha = _smaller(picture, step), _smaller(alpha[..., None], step)[..., 0]
    side = min(alpha.shape)
    edges = canny(picture, WEAK, STRONG)
    if edges.sum() < side * FEWEST:
        return 0.0
    near = widened(alpha >= UNSEEN, max(2, round(side * REACH)))
    return float((edges & ~near).sum() / edges.sum())


def _smaller(picture: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return the means of squares of `step` pixels; what is left over at the ends is cut."""
    height, width = (side // step for side in picture.shape[:2])
    cut = picture[: height * step, : width * step]
    means = cut.reshape(height, step, width, step, -1).mean(axis=(1, 3))
    smaller: NDArray[np.uint8] = np.rint(means).astype(np.uint8)
    return smaller
