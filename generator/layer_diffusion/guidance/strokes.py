"""A control picture as a network's own slot was taught to see it: even white lines on black.

People draw with any pen, on anything and in any size; the network saw lines of two to six pixels.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import Tensor, nn

from generator.layer_diffusion.guidance.control_pictures import control_picture
from generator.layer_diffusion.resampling import RGBA8
from generator.request import Condition, ErrorKind, GenerationError, GenerationRequest, Role

WIDTH = 1 / 64  # of the working picture's shorter side: 4 pixels of 256
FAINT = 0.25  # of the strongest ink: what is fainter belongs to no stroke


def slot_picture(
    request: GenerationRequest, kinds: tuple[str, ...], fit: Callable[[RGBA8], Tensor]
) -> Tensor:
    """Return the request's one control picture as lines, (1, 3, h, w), 0 or 1, at working size.

    `fit` brings a picture of the whole layer there. Raises `GenerationError` for several pictures,
    for one of a kind that the network does not know, and where nothing is drawn.
    """
    controls = [each for each in request.conditions if each.role is Role.CONTROL and each.weight]
    if len(controls) > 1:
        raise _refused(f'The model "{request.model}" follows one control picture at a time.')
    (control,) = controls
    if control.kind not in kinds:
        raise _refused(
            f'The model "{request.model}" follows control pictures of the kinds '
            f'{" and ".join(kinds)}, not "{control.kind}".'
        )
    return even_lines(fit(_ink(control)))


def even_lines(planes: Tensor) -> Tensor:
    """Return lines (1, 4, h, w), the ink as their alpha, all about as wide as is known."""
    ink = planes[:, 3:]
    strongest = float(ink.max())
    if strongest < 1 / 510:
        raise _refused("The control picture is empty: there is nothing to follow.")
    lines = (ink >= FAINT * strongest).float()
    # A line of length l and width w covers l w, and l (w + 2) with a pixel more on either side.
    area, wider = float(lines.sum()), float(_grown(lines, 1).sum())
    width = 2 * area / max(1.0, wider - area)
    wanted = WIDTH * min(ink.shape[-2:])
    return _grown(lines, round((wanted - width) / 2)).expand(-1, 3, -1, -1)


def _ink(control: Condition) -> RGBA8:
    """Return the strokes, or the outlines of any other picture, as white ink on nothing."""
    lines = control_picture(control.kind, control.pixels)[..., 0]
    white = np.full_like(lines, 255)
    return np.dstack([white, white, white, lines])


def _grown(lines: Tensor, pixels: int) -> Tensor:
    """Return lines as many pixels wider on either side; below zero they are made thinner."""
    if not pixels:
        return lines
    side = 2 * abs(pixels) + 1
    if pixels > 0:
        return nn.functional.max_pool2d(lines, side, 1, pixels)
    thinner = -nn.functional.max_pool2d(-lines, side, 1, -pixels)
    return thinner if float(thinner.sum()) > 0 else lines


def _refused(message: str) -> GenerationError:
    return GenerationError(ErrorKind.BAD_REQUEST, message)
