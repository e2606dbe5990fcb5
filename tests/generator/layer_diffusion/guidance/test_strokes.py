"""Control pictures for a network's own slot: whatever the pen, lines come in one width."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from generator.layer_diffusion.fitting import Native, fitted_rgba, working_for
from generator.layer_diffusion.guidance.strokes import even_lines, slot_picture
from generator.request import RGBA8, Condition, GenerationError, GenerationRequest, Role

SIDE = 256


def ring(side: int, pen: float, radius: float = 0.35) -> np.ndarray:
    """The coverage of a hand's circle, 0..1, drawn with a pen so many pixels wide."""
    y, x = np.mgrid[:side, :side] + 0.5 - side / 2
    return np.clip(pen / 2 + 0.5 - np.abs(np.hypot(y, x) - radius * side), 0, 1)


def on_white(ink: np.ndarray) -> RGBA8:
    grey = np.round(255 * (1 - ink)).astype(np.uint8)
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def on_black(ink: np.ndarray) -> RGBA8:
    grey = np.round(255 * ink).astype(np.uint8)
    return np.dstack([grey, grey, grey, np.full_like(grey, 255)])


def on_nothing(ink: np.ndarray) -> RGBA8:
    alpha = np.round(255 * ink).astype(np.uint8)
    return np.dstack([np.zeros((*ink.shape, 3), np.uint8), alpha])


def asked(*controls: Condition) -> GenerationRequest:
    return GenerationRequest("red ball", (SIDE, SIDE), 1, conditions=controls)


def fit(pixels: RGBA8) -> Tensor:
    return fitted_rgba(pixels, working_for((SIDE, SIDE), Native((SIDE, SIDE), False, 1)))


def lines_of(picture: RGBA8, kind: str = "scribble") -> Tensor:
    request = asked(Condition(Role.CONTROL, picture, kind))
    return slot_picture(request, ("scribble", "canny"), fit)


@pytest.mark.parametrize("paper", [on_white, on_black, on_nothing])
@pytest.mark.parametrize(("side", "pen"), [(256, 1.5), (256, 8), (1024, 3), (1024, 20), (90, 2)])
def test_any_pen_on_any_paper_gives_lines_of_the_width_that_is_known(
    paper: Callable[[np.ndarray], RGBA8], side: int, pen: float
) -> None:
    lines = lines_of(paper(ring(side, pen)))
    assert lines.shape == (1, 3, SIDE, SIDE)
    assert set(lines.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(lines[:, 0], lines[:, 2])
    length = 2 * np.pi * 0.35 * SIDE
    assert 2.5 <= float(lines[0, 0].sum()) / length <= 6.5
    assert float(lines[0, 0, SIDE // 2, SIDE // 2]) == 0  # a ring, not a disc


def test_a_filled_shape_is_followed_by_its_outline() -> None:
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    disc = (np.hypot(y, x) < 80).astype(np.float64)
    lines = lines_of(on_white(disc))[0, 0]
    assert float(lines[SIDE // 2, SIDE // 2]) == 0
    assert float(lines[SIDE // 2, SIDE // 2 - 84 : SIDE // 2 - 76].max()) == 1


def test_lines_that_cannot_become_thinner_are_not_lost() -> None:
    planes = torch.zeros(1, 4, SIDE, SIDE)
    planes[..., 40:200, 128] = 1
    assert float(even_lines(planes)[0, 0].sum()) >= 160


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        (
            (Condition(Role.CONTROL, on_white(ring(SIDE, 4)), "depth"),),
            'scribble and canny, not "d',
        ),
        ((Condition(Role.CONTROL, on_white(ring(SIDE, 4)), "scribble"),) * 2, "one control pict"),
        ((Condition(Role.CONTROL, on_nothing(np.zeros((8, 8))), "canny"),), "nothing to follow"),
    ],
)
def test_what_cannot_be_followed_is_refused(conditions: tuple[Condition, ...], words: str) -> None:
    with pytest.raises(GenerationError, match=words):
        slot_picture(asked(*conditions), ("scribble", "canny"), fit)
