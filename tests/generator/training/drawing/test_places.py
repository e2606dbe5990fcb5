import numpy as np
import pytest

from generator.training.drawing.places import PLACES, Place, draw_place, place_named


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_place_is_opaque_paint_that_differs_from_another_seed(place: Place) -> None:
    first, again, other = (
        draw_place(place, np.random.default_rng(seed), 0.3, 64) for seed in (1, 1, 2)
    )
    assert first.shape == (64, 64, 3)
    assert first.dtype == np.float32
    assert 0 <= first.min() < first.max() <= 1
    assert np.array_equal(first, again)
    assert np.abs(first - other).mean() > 0.001


def test_places_look_unlike_each_other() -> None:
    small = [
        draw_place(place, np.random.default_rng(3), 0.3, 64).reshape(8, 8, 8, 8, 3).mean((1, 3))
        for place in PLACES
    ]
    for number, picture in enumerate(small):
        for other in small[:number]:
            assert np.abs(picture - other).mean() > 0.02


def test_a_place_is_found_by_its_name_only() -> None:
    assert place_named("beach").ground
    assert not place_named("space").ground
    with pytest.raises(ValueError, match="no place 'attic'"):
        place_named("attic")
