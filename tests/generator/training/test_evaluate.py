import numpy as np
import pytest

from generator.training.evaluate import Answer, figures, lab, render
from generator.training.words.captions import Subject


def test_lab_of_white_and_of_primaries() -> None:
    white, red, blue = lab(np.array([[1, 1, 1], [1, 0, 0], [0, 0, 1]], np.float32))
    assert white == pytest.approx([100, 0, 0], abs=0.6)
    assert red == pytest.approx([53.2, 80.1, 67.2], abs=1)
    assert blue == pytest.approx([32.3, 79.2, -107.9], abs=1)


def test_a_render_is_straight_and_empty_in_the_corner() -> None:
    picture = render(Subject("apple", "red"), np.random.default_rng(2))
    assert picture.shape == (256, 256, 4)
    assert picture[0, 0, 3] == 0
    red, green, blue, alpha = picture[150, 100].tolist()
    assert alpha == 255
    assert red > 150 > max(green, blue)


def test_figures_count_right_answers() -> None:
    wanted = Subject("apple", "red")
    found = [
        Answer(wanted, 1, "apple", "red", corners_empty=True),
        Answer(wanted, 2, "ball", "red", corners_empty=False),
    ]
    shown = figures(found)
    assert (shown.count, shown.thing, shown.colour, shown.corners) == (2, 0.5, 1.0, 0.5)
