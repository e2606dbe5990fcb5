"""Shadow and light as a job: with a blended picture, without one, and after a job's pictures."""

import numpy as np
import pytest

from generator.light.resize import resized
from generator.light.task import shadow_layers, shadow_result, with_light
from generator.request import (
    CastShadow,
    Condition,
    GeneratedLayer,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
)


def opaque(colour: np.ndarray) -> np.ndarray:
    return np.dstack([colour, np.full(colour.shape[:2], 255, np.uint8)])


def request(task: Task, seed: int = 7, **pictures: np.ndarray) -> GenerationRequest:
    conditions = tuple(Condition(Role(role), pixels) for role, pixels in pictures.items())
    return GenerationRequest("x", (144, 144), seed, task, conditions=conditions)


@pytest.fixture
def shaded(scene, ellipse):
    """A scene, the shadow planted in it, and its blended picture."""
    plain = scene(0)
    shade = 1 - 0.5 * ellipse(0.55, 0.72, 0.3, 0.1, 0.15)
    return plain, shade, opaque(plain.blended(shade))


def test_the_task_finds_the_shadow_of_a_blended_picture(shaded, judge) -> None:
    plain, shade, blended = shaded
    asked = request(
        Task.SHADOW, foreground=plain.subject, background=opaque(plain.background), blended=blended
    )
    (layer,) = shadow_layers(asked)
    assert (layer.role, layer.seed) == (Role.SHADOW, 7)
    assert judge.psnr(shade, judge.left_by_multiply(layer.pixels), plain.visible) > 40


def test_without_a_blended_picture_the_shadow_is_cast_as_asked(shaded) -> None:
    plain, _, _ = shaded
    right = request(Task.SHADOW, foreground=plain.subject)
    (layer,) = shadow_result(right).layers
    assert layer.role is Role.SHADOW
    columns = np.arange(144) * layer.pixels[..., 3].astype(float)
    middle = columns.sum() / layer.pixels[..., 3].sum()
    left = GenerationRequest(
        "", (144, 144), 7, Task.SHADOW, conditions=right.conditions, cast=CastShadow(180.0)
    )
    (other,) = shadow_layers(left)
    columns = np.arange(144) * other.pixels[..., 3].astype(float)
    assert columns.sum() / other.pixels[..., 3].sum() < middle - 10


def test_a_blended_picture_without_shadow_is_said_to_have_none(scene) -> None:
    plain = scene(0)
    asked = request(
        Task.SHADOW,
        foreground=plain.subject,
        background=opaque(plain.background),
        blended=opaque(plain.blended()),
    )
    with pytest.raises(GenerationError, match=r"no shadow and no light .*\.$"):
        shadow_layers(asked)


def test_after_a_background_its_shadow_is_a_layer_and_the_given_subject_none(shaded) -> None:
    plain, _, blended = shaded
    made = tuple(
        GeneratedLayer(role, pixels, seed)
        for seed in (3, 4)
        for role, pixels in (
            (Role.BACKGROUND, opaque(plain.background)),
            (Role.BLENDED, blended if seed == 3 else opaque(plain.blended())),
        )
    )
    lit = with_light(request(Task.BACKGROUND, foreground=plain.subject), made)
    assert lit[:2] == made[:2]
    assert [(layer.role, layer.seed) for layer in lit if layer.role is Role.SHADOW] == [
        (Role.SHADOW, 3)
    ]
    assert not any(layer.role is Role.FOREGROUND for layer in lit)


def test_a_subject_that_was_made_takes_the_blended_pictures_colour(scene) -> None:
    plain = scene(0)
    blended = opaque(plain.blended(subject=lambda colour: colour * 0.8))
    made = (
        GeneratedLayer(Role.FOREGROUND, plain.subject, 1),
        GeneratedLayer(Role.BLENDED, blended, 1),
    )
    lit = with_light(request(Task.FOREGROUND, background=opaque(plain.background)), made)
    (subject,) = [layer.pixels for layer in lit if layer.role is Role.FOREGROUND]
    assert np.array_equal(subject[..., 3], plain.subject[..., 3])
    solid = subject[..., 3] == 255
    ratio = subject[solid][:, :3].mean() / plain.subject[solid][:, :3].mean()
    assert ratio == pytest.approx(0.8, abs=0.03)


def test_pictures_of_other_sizes_are_brought_to_that_of_the_blended_one(shaded) -> None:
    plain, _, blended = shaded
    large = plain.subject.repeat(2, 0).repeat(2, 1)
    made = (
        GeneratedLayer(Role.BACKGROUND, opaque(plain.background), 1),
        GeneratedLayer(Role.BLENDED, blended, 1),
    )
    lit = with_light(request(Task.BACKGROUND, foreground=large), made)
    assert [layer.role for layer in lit] == [Role.BACKGROUND, Role.BLENDED, Role.SHADOW]


def test_other_tasks_come_back_as_they_are(shaded) -> None:
    plain, _, _ = shaded
    made = (GeneratedLayer(Role.FOREGROUND, plain.subject, 1),)
    assert with_light(request(Task.LAYER), made) == made


@pytest.mark.parametrize("size", [(30, 20), (7, 33), (60, 10)])
def test_resizing_keeps_flat_colour_and_lets_no_hidden_colour_in(size: tuple[int, int]) -> None:
    rgba = np.zeros((20, 30, 4), np.uint8)
    rgba[...] = (0, 255, 0, 0)
    rgba[:, 10:20] = (200, 10, 30, 255)
    out = resized(rgba, size)
    assert out.shape == (size[1], size[0], 4)
    assert (out[out[..., 3] > 0][:, :3] == (200, 10, 30)).all()
    assert out[..., 3].mean() == pytest.approx(85, abs=3)
