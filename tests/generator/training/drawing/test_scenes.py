import numpy as np
import pytest

from generator.training.drawing.places import PLACES, place_named
from generator.training.drawing.scenes import cast, draw_scene, laid_over
from generator.training.words.captions import Subject

SIDE = 64
APPLE = Subject("apple", "red")


def scene_in(name: str, seed: int = 1):
    return draw_scene(APPLE, place_named(name), np.random.default_rng(seed), SIDE)


def test_the_same_chance_draws_the_same_scene() -> None:
    first, second = scene_in("beach"), scene_in("beach")
    assert np.array_equal(first.blended, second.blended)
    assert np.array_equal(first.foreground, second.foreground)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_subject_is_whole_and_inside(place) -> None:
    for seed in range(4):
        scene = draw_scene(APPLE, place, np.random.default_rng(seed), SIDE)
        alpha = scene.foreground[..., 3]
        assert alpha.max() > 0.9
        assert max(alpha[0].max(), alpha[-1].max(), alpha[:, 0].max(), alpha[:, -1].max()) == 0


def test_ground_is_darker_under_a_subject_and_air_is_not() -> None:
    beach, sky = scene_in("beach"), scene_in("sky")
    assert sky.shadow.min() == 1
    assert beach.shadow.min() < 0.7
    rows = np.flatnonzero(beach.foreground[..., 3].max(1) > 0.3)
    foot = beach.shadow[rows[-1]].mean()
    head = beach.shadow[rows[0]].mean()
    assert foot < 0.85
    assert head > 0.97


def test_the_light_of_a_place_falls_on_the_subject_alone() -> None:
    night = scene_in("night city")
    inside = night.foreground[..., 3] > 0.99
    ratio = night.lit[inside][:, :3].mean(0) / night.foreground[inside][:, :3].mean(0)
    assert np.allclose(ratio, place_named("night city").light, atol=0.02)
    assert np.array_equal(night.lit[..., 3], night.foreground[..., 3])


def test_nothing_blended_is_nothing_but_the_background() -> None:
    picture = np.full((4, 4, 3), 0.3, np.float32)
    assert np.array_equal(laid_over(np.zeros((4, 4, 4), np.float32), picture), picture)


def test_what_is_not_there_casts_no_shadow_and_glass_casts_less() -> None:
    assert not cast(np.zeros((SIDE, SIDE), np.float32)).any()
    square = np.zeros((SIDE, SIDE), np.float32)
    square[20:40, 20:40] = 1
    assert cast(square * 0.4).max() < 0.8 * cast(square).max()
