"""Tasks that begin with a picture, on tiny models of both families and on the shipped one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline, Outcome
from generator.layer_diffusion.resampling import planes_from_rgba, resampled, rgba_from_planes
from generator.layer_diffusion.sampling import Cancelled
from generator.layer_diffusion.scene import scene_for
from generator.models.catalogue import Model, model_in
from generator.request import RGBA8, Condition, GenerationError, GenerationRequest, Role, Task

POCKET = Path(__file__).parents[3] / "resources" / "models" / "pocket"
needs_pocket = pytest.mark.skipif(
    not (POCKET / "model.json").exists(), reason="resources/models/pocket holds no weights"
)
FAMILIES = ("sd15", "sdxl", pytest.param("pocket", marks=needs_pocket))
Pipelines = Callable[[str], LayerDiffusionPipeline]


@pytest.fixture(scope="module")
def pipelines(tiny_models: Callable[[str], Model]) -> Pipelines:
    """Return the loaded pipeline of a family, kept."""
    made: dict[str, LayerDiffusionPipeline] = {}

    def pipeline(family: str) -> LayerDiffusionPipeline:
        if family not in made:
            model = model_in(POCKET) if family == "pocket" else tiny_models(family)
            made[family] = LayerDiffusionPipeline(load(model, torch.device("cpu"), torch.float32))
        return made[family]

    return pipeline


def picture(height: int, width: int, seed: int = 1) -> RGBA8:
    """Soft colours in a soft shape that stands free."""
    rng = torch.Generator().manual_seed(seed)
    colour = resampled(torch.rand(1, 4, 4, 4, generator=rng).clamp(0.02), (width, height))
    y, x = np.mgrid[:height, :width]
    away = np.hypot(y / height - 0.5, x / width - 0.5)
    alpha = torch.from_numpy(np.clip((0.42 - away) * 12, 0, 1).astype(np.float32))
    straight = colour[:, :3] / colour[:, 3:].clamp_min(1e-3)
    return rgba_from_planes(torch.cat([straight.clamp(0, 1) * alpha, alpha[None, None]], dim=1))


def box_mask(height: int, width: int, box: tuple[int, int, int, int]) -> RGBA8:
    mask = np.zeros((height, width, 4), np.uint8)
    x0, y0, x1, y1 = box
    mask[y0:y1, x0:x1, 3] = 255
    mask[y0, x0:x1, 3] = 128
    return mask


def request_of(
    task: Task, image: RGBA8, mask: RGBA8 | None = None, **wishes: object
) -> GenerationRequest:
    conditions = [Condition(Role.IMAGE, image)]
    if mask is not None:
        conditions.append(Condition(Role.MASK, mask))
    height, width = image.shape[:2]
    return GenerationRequest(
        "a red apple", (width, height), 7, task, conditions=tuple(conditions), **wishes
    )


def run(pipeline: LayerDiffusionPipeline, request: GenerationRequest) -> Outcome:
    before = [condition.pixels.copy() for condition in request.conditions]
    outcome = pipeline.run(request, lambda _: None, lambda: False)
    for condition, pixels in zip(request.conditions, before, strict=True):
        assert np.array_equal(condition.pixels, pixels)
    return outcome


def only(outcome: Outcome) -> RGBA8:
    (layer,) = outcome.layers
    assert layer.role is Role.FOREGROUND
    assert layer.pixels.dtype == np.uint8
    return layer.pixels


@pytest.mark.parametrize("family", FAMILIES)
def test_a_varied_layer_has_its_box_and_depends_on_picture_and_strength(
    pipelines: Pipelines, family: str
) -> None:
    pipeline = pipelines(family)
    image = picture(100, 150)
    made = {
        strength: only(run(pipeline, request_of(Task.VARY, image, steps=3, strength=strength)))
        for strength in (0.4, 1.0)
    }
    size = (171, 256) if family == "pocket" else (100, 150)
    assert made[0.4].shape == made[1.0].shape == (*size, 4)
    assert not np.array_equal(made[0.4], made[1.0])
    other = only(run(pipeline, request_of(Task.VARY, picture(100, 150, 2), steps=3, strength=0.4)))
    assert not np.array_equal(other, made[0.4])


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [(100, 150), (300, 260)])
def test_a_repainted_layer_is_the_given_one_to_the_byte_outside_the_selection(
    pipelines: Pipelines, family: str, size: tuple[int, int]
) -> None:
    image = picture(*size)
    image[..., :3][image[..., 3] == 0] = (9, 80, 7)  # hidden colour is given, too
    mask = box_mask(*size, (60, 40, 110, 90))
    result = only(run(pipelines(family), request_of(Task.REPAINT, image, mask, steps=2)))
    outside = mask[..., 3] == 0
    assert result.shape == image.shape
    assert np.array_equal(result[outside], image[outside])
    assert not np.array_equal(result[~outside], image[~outside])


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
@pytest.mark.parametrize(("size", "scale"), [((50, 40), 2), ((96, 70), 4)])
def test_an_enlarged_layer_is_the_same_picture(
    pipelines: Pipelines, family: str, size: tuple[int, int], scale: int
) -> None:
    image = picture(*size)
    request = request_of(Task.UPSCALE, image, steps=4, scale=scale, is_draft=True)
    outcome = run(pipelines(family), request)
    large = only(outcome)
    height, width = (side * scale for side in size)
    assert large.shape == (height, width, 4)
    assert not outcome.warnings
    # Random networks draw noise; what is coarse is the given picture's all the same.
    again = resampled(planes_from_rgba(large), (width // scale // 4, height // scale // 4))
    coarse = resampled(planes_from_rgba(image), (width // scale // 4, height // scale // 4))
    assert (again - coarse).abs().mean() < 0.03
    assert not large[:scale, :scale].any()
    assert (large[height // 2, width // 2 - 8 : width // 2 + 8, 3] == 255).all()


def steps_at(large: RGBA8, border: int, cell: int) -> tuple[float, float]:
    """Return the mean step across a column's border, and the usual one between a codec's cells."""
    steps = planes_from_rgba(large).diff(dim=3).abs().mean((0, 1, 2))
    near = steps[border - 2 * cell - 1 : border + 2 * cell : cell]
    return float(steps[border - 1]), float(near.median())


@pytest.mark.parametrize("family", FAMILIES)
def test_windows_of_a_network_leave_no_seam(pipelines: Pipelines, family: str) -> None:
    # The shipped model, which is told here that it knows any size, has a codec that makes sense.
    parts = pipelines(family).parts
    parts = replace(parts, card=replace(parts.card, any_size=True))
    side = parts.card.native_size[0]
    image = picture(side, side)
    request = request_of(Task.UPSCALE, image, steps=8, strength=0.25, is_draft=True)
    scene = scene_for(parts, request)
    assert (scene.size, scene.seen_size) == ((2 * side, 2 * side), (side, side))
    large = only(run(LayerDiffusionPipeline(parts), request))
    for border in (side // 2, side, 3 * side // 2):
        for turned in (large, np.ascontiguousarray(large.transpose(1, 0, 2))):
            across, around = steps_at(turned, border, parts.card.latent_scale)
            assert across < 1.6 * around


@needs_pocket
def test_a_model_of_one_size_enlarges_without_drawing_and_says_so(pipelines: Pipelines) -> None:
    image = picture(64, 80)
    outcome = run(pipelines("pocket"), request_of(Task.UPSCALE, image, scale=4))
    large = only(outcome)
    assert large.shape == (256, 320, 4)
    assert any("without new detail" in warning for warning in outcome.warnings)
    plain = resampled(planes_from_rgba(image), (320, 256))
    assert (planes_from_rgba(large) - plain).abs().mean() < 0.01


@needs_pocket
def test_a_red_apple_varies_to_a_red_apple_and_turns_green_when_asked(
    pipelines: Pipelines,
) -> None:
    pipeline = pipelines("pocket")
    apple = only(pipeline.run(GenerationRequest("red apple", (256, 256), 7), lambda _: None, never))
    weak = only(run(pipeline, request_of(Task.VARY, apple, strength=0.3)))
    change = (planes_from_rgba(weak) - planes_from_rgba(apple)).abs().mean()
    assert change < 0.03
    green = GenerationRequest(
        "green apple",
        (256, 256),
        7,
        Task.VARY,
        strength=0.95,
        conditions=(Condition(Role.IMAGE, apple),),
    )
    red, leaf, _blue, alpha = np.median(only(run(pipeline, green))[120:170, 100:150], axis=(0, 1))
    assert leaf > 1.5 * red
    assert alpha > 240


def never() -> bool:
    return False


def test_a_selection_in_a_large_layer_is_worked_near_it(pipelines: Pipelines) -> None:
    parts: Parts = pipelines("sd15").parts
    image = picture(600, 500)
    mask = box_mask(600, 500, (200, 300, 240, 330))
    scene = scene_for(parts, request_of(Task.REPAINT, image, mask))
    assert scene.size == (128, 128)
    assert scene.start is not None
    assert scene.start.keep is not None
    assert 0.5 < float(scene.start.keep.mean()) < 0.95


@needs_pocket
def test_a_model_of_whole_pictures_sees_the_whole_layer_to_repaint(pipelines: Pipelines) -> None:
    image = picture(600, 500)
    mask = box_mask(600, 500, (200, 320, 203, 323))
    scene = scene_for(pipelines("pocket").parts, request_of(Task.REPAINT, image, mask))
    assert scene.start is not None
    assert scene.start.keep is not None
    assert int((scene.start.keep == 0).sum()) == 1


@pytest.mark.parametrize(
    ("task", "sentence"),
    [(Task.VARY, "nothing to start from"), (Task.UPSCALE, "nothing to enlarge")],
)
def test_an_empty_layer_is_refused(pipelines: Pipelines, task: Task, sentence: str) -> None:
    image = np.zeros((64, 64, 4), np.uint8)
    for family in ("sd15", "pocket"):
        with pytest.raises(GenerationError, match=sentence):
            run(pipelines(family), request_of(task, image))


def test_an_upscale_ends_between_two_windows(pipelines: Pipelines) -> None:
    calls: list[int] = []
    pipeline = pipelines("sd15")
    hook = pipeline.parts.unet.register_forward_hook(lambda *_: calls.append(1))
    with pytest.raises(Cancelled):
        pipeline.run(
            request_of(Task.UPSCALE, picture(96, 96), steps=4, scale=4),
            lambda _: None,
            lambda: len(calls) >= 3,
        )
    hook.remove()
    assert len(calls) == 3
