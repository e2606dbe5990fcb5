import numpy as np
import pytest
import torch

from generator.layer_diffusion.fitting import Native
from generator.layer_diffusion.given import (
    bounds_of,
    check_can_be_enlarged,
    check_not_empty,
    kept_cells,
    repainted,
    repainted_in,
    seen_box,
    selection_of,
)
from generator.layer_diffusion.resampling import RGBA8, planes_from_rgba
from generator.request import GenerationError


def picture(seed: int = 1, height: int = 40, width: int = 60) -> RGBA8:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def mask(height: int = 40, width: int = 60) -> RGBA8:
    made = np.zeros((height, width, 4), np.uint8)
    made[10:20, 20:45, 3] = 255
    made[20, 20:45, 3] = 100
    return made


def test_outside_the_selection_every_byte_is_the_given_one() -> None:
    given, made = picture(1), picture(2)
    selection = selection_of(mask(), (60, 40))
    before = given.copy()
    result = repainted(given, planes_from_rgba(made), selection)
    outside = mask()[..., 3] == 0
    assert np.array_equal(result[outside], given[outside])
    assert np.array_equal(given, before)
    inside = (mask()[..., 3] == 255) & (made[..., 3] > 0)
    assert np.array_equal(result[inside], made[inside])


def test_between_its_ends_a_selection_mixes_colour_by_alpha() -> None:
    given, made = np.zeros((1, 1, 4), np.uint8), np.zeros((1, 1, 4), np.uint8)
    given[0, 0] = (255, 0, 0, 255)
    made[0, 0] = (0, 255, 0, 0)
    half = torch.full((1, 1, 1, 1), 0.5)
    assert repainted(given, planes_from_rgba(made), half)[0, 0].tolist() == [255, 0, 0, 128]
    made[0, 0] = (0, 0, 255, 255)
    assert repainted(given, planes_from_rgba(made), half)[0, 0].tolist() == [128, 0, 128, 255]


def test_what_was_made_in_a_box_and_another_size_stays_in_the_selection() -> None:
    given = picture()
    selection = selection_of(mask(), (60, 40))
    made = torch.ones(1, 4, 64, 64)
    result = repainted_in(given, made, selection, (15, 5, 50, 25))
    outside = mask()[..., 3] == 0
    assert np.array_equal(result[outside], given[outside])
    assert (result[10:20, 20:45] == 255).all()


def test_a_cell_is_kept_only_where_nothing_of_it_is_selected() -> None:
    selection = torch.zeros(1, 1, 32, 32)
    selection[0, 0, 15, 8:17] = 0.01
    kept = kept_cells(selection, 8)
    assert kept[0, 0].tolist() == [[1, 1, 1, 1], [1, 0, 0, 1], [1, 1, 1, 1], [1, 1, 1, 1]]


@pytest.mark.parametrize(
    ("selection", "box"),
    [
        ((500, 500, 600, 560), (294, 274, 806, 786)),
        ((0, 0, 10, 10), (0, 0, 512, 512)),
        ((1990, 990, 2000, 1000), (1488, 488, 2000, 1000)),
        ((100, 100, 1100, 700), (0, 0, 2000, 1000)),
    ],
)
def test_a_model_sees_what_is_around_the_selection(
    selection: tuple[int, int, int, int], box: tuple[int, int, int, int]
) -> None:
    native = Native((512, 512), any_size=True, multiple=64)
    assert seen_box(selection, (2000, 1000), native) == box
    whole = Native((512, 512), any_size=False, multiple=64)
    assert seen_box(selection, (2000, 1000), whole) == (0, 0, 2000, 1000)


def test_a_selection_is_read_from_alpha_in_any_size() -> None:
    selection = selection_of(mask(), (120, 80))
    assert bounds_of(selection_of(mask(), (60, 40))) == (20, 10, 45, 21)
    assert (selection[0, 0, 22:38, 42:88] == 1).all()
    assert float(selection[..., :18, :].max()) == 0
    with pytest.raises(GenerationError, match="Nothing is selected"):
        selection_of(np.zeros((4, 4, 4), np.uint8), (4, 4))


def test_a_layer_that_would_be_too_large_is_refused_in_a_sentence() -> None:
    check_can_be_enlarged(picture(1, 40, 2048), 4)
    with pytest.raises(GenerationError, match="would have 8196x160 pixels: the limit is 8192"):
        check_can_be_enlarged(picture(1, 40, 2049), 4)


def test_an_empty_layer_is_refused_in_a_sentence() -> None:
    empty = picture()
    check_not_empty(empty, "vary")
    empty[..., 3] = 0
    with pytest.raises(GenerationError, match="The layer is empty: there is nothing to vary"):
        check_not_empty(empty, "vary")
