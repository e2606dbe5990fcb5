import numpy as np
import pytest

from generator.light.cast import cast_shadow
from generator.light.extract import shadow_and_light

SEEDS = range(4)  # one of each kind of background


@pytest.fixture(params=SEEDS)
def planted(request, scene):
    return scene(request.param)


@pytest.fixture
def soft(ellipse):
    return 1 - 0.5 * ellipse(0.55, 0.72, 0.3, 0.1, 0.15)


@pytest.fixture
def drift(grid):
    x, _ = grid

    def seen(colour):
        gained = colour * np.array([1.05, 0.97, 1.02]) + np.array([-0.02, 0.02, 0.01])
        return gained + 0.015 * (x - 0.5)[..., None]

    return seen


def slipped(colour):
    return np.concatenate([colour[:1], colour[:-1]])


def test_a_soft_shadow(planted, soft, judge):
    blended = planted.blended(soft)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert found.light is None
    assert judge.psnr(soft, judge.left_by_multiply(found.shadow), planted.visible) > 48
    assert judge.off(planted.background, found, blended) < 0.3


def test_a_cast_shadow_up_to_the_soft_edge_of_the_subject(planted, judge):
    shade = judge.left_by_multiply(cast_shadow(planted.subject[..., 3], 40, 0.7))
    blended = planted.blended(shade)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert found.light is None
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 34
    assert judge.off(planted.background, found, blended) < 0.3
    alpha = planted.subject[..., 3]
    assert judge.off(planted.background, found, blended, (alpha > 0) & (alpha < 255)) < 1.5


def test_a_coloured_shadow(planted, ellipse, judge):
    shade = 1 - np.array([0.3, 0.45, 0.6]) * ellipse(0.55, 0.72, 0.3, 0.1, 0.15)
    blended = planted.blended(shade)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert found.light is None
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 48
    assert judge.off(planted.background, found, blended) < 0.3
    red, _, blue = found.shadow[found.shadow[..., 3] > 100][:, :3].mean(0)
    assert red > blue + 40


def test_a_grey_shadow_has_one_grey(planted, soft):
    found = shadow_and_light(planted.subject, planted.background, planted.blended(soft))
    colours = found.shadow.reshape(-1, 4)[:, :3]
    assert (colours == colours[0]).all()
    assert colours[0].max() == colours[0].min()
    assert found.shadow[:15, :, 3].max() <= 4, "far from the shadow there is next to nothing"
    assert found.shadow[..., 3].max() > 240


def test_a_glow(planted, ellipse, judge):
    glow = 1 - np.array([0.5, 0.35, 0.1]) * ellipse(0.4, 0.3, 0.3, 0.25, 0.2)
    blended = planted.blended(glow=glow)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert found.shadow is None
    assert judge.psnr(glow, judge.left_by_screen(found.light), planted.visible) > 40
    assert judge.off(planted.background, found, blended) < 1


def test_a_shadow_on_one_side_and_a_glow_on_the_other(planted, ellipse, judge):
    shade = 1 - 0.5 * ellipse(0.75, 0.75, 0.14, 0.08, 0.1)
    glow = 1 - np.array([0.5, 0.4, 0.2]) * ellipse(0.2, 0.3, 0.12, 0.12, 0.1)
    blended = planted.blended(shade, glow)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 45
    assert judge.psnr(glow, judge.left_by_screen(found.light), planted.visible) > 45
    assert judge.off(planted.background, found, blended) < 0.3


def test_no_layer_where_there_was_none(planted, drift):
    noise = planted.noise(3)
    seen_as = (
        lambda colour: colour,
        drift,
        lambda colour: drift(colour) + noise,
        lambda colour: slipped(colour) + noise,
        lambda colour: 0.5 * (slipped(drift(colour)) + drift(colour)),
    )
    for seen in seen_as:
        blended = planted.blended(seen_as=seen)
        found = shadow_and_light(planted.subject, planted.background, blended)
        assert found.shadow is None
        assert found.light is None


def test_a_shadow_in_a_picture_that_drifted_slipped_and_is_noisy(planted, drift, judge):
    shade = judge.left_by_multiply(cast_shadow(planted.subject[..., 3], 40, 0.7))
    noise = planted.noise(3)
    blended = planted.blended(shade, seen_as=lambda colour: slipped(drift(colour)) + noise)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 30
    assert judge.off(planted.background, found, planted.blended(shade)) < 2


@pytest.mark.parametrize("softness", [0.15, 0.25])
def test_a_broad_shadow_is_not_taken_for_drift(planted, ellipse, softness, judge):
    # The softer one leaves a third of the background within one level of what it was.
    shade = 1 - 0.35 * ellipse(0.6, 0.7, 0.38, 0.24, softness)
    blended = planted.blended(shade)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert found.light is None
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 50
    assert judge.off(planted.background, found, blended) < 0.3


def test_a_broad_shadow_is_told_from_a_drift(planted, ellipse, drift, judge):
    shade = 1 - 0.35 * ellipse(0.6, 0.7, 0.38, 0.24, 0.15)
    blended = planted.blended(shade, seen_as=drift)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert judge.psnr(shade, judge.left_by_multiply(found.shadow), planted.visible) > 36
    assert judge.off(planted.background, found, planted.blended(shade)) < 2


def test_the_subject_takes_on_the_light_of_the_blended_picture(planted, soft, judge):
    def tinted(colour):
        return colour * np.array([0.85, 0.9, 1.0]) + 0.02

    blended = planted.blended(soft, subject=tinted)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert np.array_equal(found.subject[..., 3], planted.subject[..., 3])
    inside = planted.subject[..., 3] > 128
    off = found.subject[..., :3] / 255 - np.clip(tinted(planted.subject[..., :3] / 255), 0, 1)
    assert np.abs(off[inside]).mean() * 255 < 1
    assert judge.off(planted.background, found, blended) < 0.3


def test_glass_lets_the_shadow_through(scene, soft, judge):
    planted = scene(1)
    planted.subject[..., 3] = planted.subject[..., 3] * 0.4
    blended = planted.blended(soft)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert judge.psnr(soft, judge.left_by_multiply(found.shadow), planted.visible) > 45
    assert judge.off(planted.background, found, blended) < 0.5


def test_a_correction_has_limits(scene):
    planted = scene(0)
    blended = planted.blended(subject=lambda colour: colour * 0)
    found = shadow_and_light(planted.subject, planted.background, blended)
    inside = planted.subject[..., 3] == 255
    # 0.7 times, less 0.15, at most: another subject is not painted over this one.
    least = np.floor(planted.subject[..., :3] * 0.7 - 0.15 * 255)
    assert (found.subject[inside][:, :3] >= np.maximum(least, 0)[inside]).all()


def test_an_unchanged_subject_is_returned_bit_by_bit(planted):
    found = shadow_and_light(planted.subject, planted.background, planted.blended())
    assert np.array_equal(found.subject, planted.subject)


def test_inputs_stay_as_they_were(scene, soft):
    planted = scene(2)
    pictures = (planted.subject, planted.background, planted.blended(soft))
    before = [picture.copy() for picture in pictures]
    shadow_and_light(*pictures)
    for picture, copy in zip(pictures, before, strict=True):
        assert np.array_equal(picture, copy)


def test_where_the_background_ends_there_is_no_layer(scene, soft):
    planted = scene(0)
    alpha = np.full((*planted.background.shape[:2], 1), 255, np.uint8)
    alpha[:, 110:] = 0
    background = np.concatenate([planted.background, alpha], axis=2)
    blended = np.concatenate([planted.blended(soft), alpha], axis=2)
    found = shadow_and_light(planted.subject, background, blended)
    assert found.shadow[:, 110:, 3].max() == 0
    assert found.shadow[..., 3].max() > 240


def test_a_subject_that_covers_everything_leaves_no_layers(scene, soft):
    planted = scene(1)
    planted.subject[..., 3] = 255
    found = shadow_and_light(planted.subject, planted.background, planted.blended(soft))
    assert found.shadow is None
    assert found.light is None
    assert np.array_equal(found.subject, planted.subject)


def test_without_a_subject_all_light_is_found(scene, soft, judge):
    planted = scene(1)
    planted.subject[..., 3] = 0
    blended = planted.blended(soft)
    found = shadow_and_light(planted.subject, planted.background, blended)
    assert judge.psnr(soft, judge.left_by_multiply(found.shadow), planted.visible) > 48
    assert np.array_equal(found.subject, planted.subject)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3), (9, 17), (300, 3)])
@pytest.mark.parametrize("alpha", [0, 100, 255])
def test_tiny_pictures(shape, alpha):
    rng = np.random.default_rng(3)
    subject = rng.integers(0, 256, (*shape, 4)).astype(np.uint8)
    subject[..., 3] = alpha
    background, blended = rng.integers(0, 256, (2, *shape, 3)).astype(np.uint8)
    found = shadow_and_light(subject, background, blended)
    assert found.subject.shape == subject.shape
    assert np.array_equal(found.subject[..., 3], subject[..., 3])
    for layer in (found.shadow, found.light):
        assert layer is None or (layer.shape == subject.shape and layer.dtype == np.uint8)


@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_backgrounds(level):
    background = np.full((64, 64, 3), level, np.uint8)
    subject = np.zeros((64, 64, 4), np.uint8)
    blended = background.copy()
    blended[20:40, 20:40] = 128
    found = shadow_and_light(subject, background, blended)
    assert (found.light is None, found.shadow is None) == (level == 255, level == 0)
    layer = found.shadow if level else found.light
    assert layer[30, 30, 3] > 200
    assert layer[5, 5, 3] == 0


def test_pictures_that_do_not_fit_are_refused():
    subject = np.zeros((8, 9, 4), np.uint8)
    picture = np.zeros((8, 9, 3), np.uint8)
    with pytest.raises(ValueError, match="The background and the subject differ in size"):
        shadow_and_light(subject, picture[:7], picture)
    with pytest.raises(ValueError, match="The blended picture and the subject differ in size"):
        shadow_and_light(subject, picture, picture[:, :3])
    with pytest.raises(ValueError, match="The subject is not a picture of 8-bit colour"):
        shadow_and_light(picture, picture, picture)
    with pytest.raises(ValueError, match="The background is not a picture of 8-bit colour"):
        shadow_and_light(subject, picture.astype(np.float32), picture)
    with pytest.raises(ValueError, match="The subject has no pixels"):
        shadow_and_light(subject[:0], picture[:0], picture[:0])
