import numpy as np
import pytest

from generator.training.drawing.places import PLACES, place_named
from generator.training.drawing.scenes import draw_scene, laid_over
from generator.training.pairs import figures
from generator.training.pairs.evaluate import recomposed
from generator.training.words.captions import Subject

APPLE = Subject("apple", "red")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_drawn_shadow_is_found_and_none_where_none_is(place) -> None:
    scene = draw_scene(APPLE, place, np.random.default_rng(2), 128)
    alpha = scene.foreground[..., 3]
    seen = figures.shadow_under(alpha, scene.background, scene.blended, place.ground)
    assert seen is not None
    assert seen.found == place.ground
    bare = laid_over(scene.foreground, scene.background)
    plain = figures.shadow_under(alpha, scene.background, bare, place.ground)
    assert plain is not None
    assert not plain.found


def test_shares_tell_shadows_in_the_air_apart() -> None:
    dark, bright = 0.5, 1.0
    shadows = [
        figures.Shadow(True, dark),
        figures.Shadow(True, bright),
        figures.Shadow(False, dark),
        figures.Shadow(False, bright),
        figures.Shadow(False, bright),
        figures.Shadow(False, bright),
    ]
    shares = figures.shadow_shares(shadows)
    assert shares == {"shadow_found": 0.5, "ground_minus_air": 0.25}


def test_the_right_light_is_nearer_than_all_others_and_the_wrong_one_is_not() -> None:
    neutral, night = np.array([0.8, 0.6, 0.5], np.float32), place_named("night city")
    right = neutral * np.array(night.light, np.float32)
    assert figures.tint_nearer(neutral, right, night) == 1
    assert figures.tint_nearer(neutral, neutral, night) < 0.3


def test_what_is_neither_subject_nor_shadow_counts_as_copied() -> None:
    alpha, shadow = np.zeros((8, 8), np.float32), np.ones((8, 8), np.float32)
    alpha[:, :4] = 1
    shadow[4:] = 0.5
    layers = np.zeros((8, 8, 3), np.float32)
    blended = layers.copy()
    blended[:, :4] = 1
    blended[4:] = 1
    assert figures.outside_change(alpha, shadow, layers, blended) == 0
    blended[:4, 4:] = 0.25
    assert figures.outside_change(alpha, shadow, layers, blended) == pytest.approx(0.25)


def test_a_drawn_scene_is_recomposed_from_its_layers() -> None:
    scene = draw_scene(APPLE, place_named("beach"), np.random.default_rng(2), 128)
    straight = scene.foreground.copy()
    straight[..., :3] /= np.maximum(scene.foreground[..., 3:], 1 / 255)
    page = recomposed(straight, scene.background, scene.blended)
    plain = laid_over(scene.foreground, scene.background)
    assert np.abs(page - scene.blended).mean() < 0.01
    assert np.abs(page - scene.blended).mean() < 0.5 * np.abs(plain - scene.blended).mean()
