"""The network that enlarges layers: what it may never do, whatever its weights are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.layer_diffusion import enlargement
from generator.layer_diffusion.enlargement import enlarged, scale_towards
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.resampling import RGBA8, planes_from_rgba, resampled
from generator.layer_diffusion.sampling import Cancelled
from generator.layer_diffusion.upscaler import Upscaler, UpscalerConfig, upscaler_from
from generator.models.catalogue import model_in
from generator.request import Condition, GenerationError, GenerationRequest, Role, Task
from generator.training.upscaler.learning import write

CPU = torch.device("cpu")
POCKET = Path(__file__).parents[3] / "resources" / "models" / "pocket"
needs_pocket = pytest.mark.skipif(
    not (POCKET / "model.json").exists(), reason="resources/models/pocket holds no weights"
)


@pytest.fixture(scope="module")
def wild() -> Upscaler:
    """A small network with weights of chance, which draws nonsense wherever it may."""
    torch.manual_seed(3)
    network = Upscaler(UpscalerConfig(width=8, blocks=2)).requires_grad_(False).eval()
    for weight in network.parameters():
        weight.normal_(std=0.4)
    return network


def cut_out(height: int = 40, width: int = 56) -> RGBA8:
    """Coloured noise in a disc, with other colours hidden where it is transparent."""
    rng = np.random.default_rng(4)
    rgba = rng.integers(0, 256, (height, width, 4), np.uint8)
    y, x = np.mgrid[:height, :width]
    away = np.hypot(y - height / 2, x - width / 2)
    rgba[..., 3] = np.clip((14 - away) * 90, 0, 255)
    return rgba


def test_untrained_it_is_lanczos() -> None:
    planes = torch.rand(1, 4, 20, 24)
    planes[:, 3:] = 1
    found = Upscaler(UpscalerConfig())(planes)
    assert (found - resampled(planes, (48, 40))).abs().max() < 1e-5


@pytest.mark.parametrize("scale", [2, 4])
def test_nothing_stays_nothing_and_solid_stays_solid(wild: Upscaler, scale: int) -> None:
    small = cut_out()
    large = enlarged(small, scale, wild)
    alpha = torch.from_numpy(small[..., 3].astype(np.float32))[None, None]
    most = torch.nn.functional.max_pool2d(alpha, 5, 1, 2)[0, 0].numpy().repeat(scale, 0)
    least = -torch.nn.functional.max_pool2d(-alpha, 5, 1, 2)[0, 0].numpy().repeat(scale, 0)
    empty, solid = most.repeat(scale, 1) == 0, least.repeat(scale, 1) == 255
    assert empty.any()
    assert solid.any()
    assert not large[empty].any()
    assert (large[solid, 3] == 255).all()
    assert np.ptp(large[~empty & ~solid, 3].astype(int)) > 100  # elsewhere it did draw


def test_colour_under_no_alpha_is_not_seen(wild: Upscaler) -> None:
    small = cut_out()
    other = small.copy()
    other[small[..., 3] == 0, :3] = (255, 0, 255)
    assert np.array_equal(enlarged(small, 2, wild), enlarged(other, 2, wild))


@pytest.mark.parametrize("scale", [2, 4])
def test_parts_are_parts_of_the_whole(
    wild: Upscaler, scale: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = cut_out(70, 90)
    at_once = enlarged(given, scale, wild).astype(int)
    monkeypatch.setattr(enlargement, "PART", 64)
    in_parts = enlarged(given, scale, wild).astype(int)
    assert np.abs(at_once[..., 3] - in_parts[..., 3]).max() <= 1
    seen = at_once[..., 3] > 16
    assert np.abs(at_once - in_parts)[seen].max() <= 2


def test_work_can_be_ended_between_parts(wild: Upscaler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enlargement, "PART", 32)
    told = []

    def on_part(done: int, parts: int) -> None:
        told.append((done, parts))
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        enlarged(cut_out(), 2, wild, on_part)
    assert told == [(0, 12), (1, 12), (2, 12)]


def test_it_is_read_as_it_was_written_and_small(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Upscaler(UpscalerConfig()).eval()
    torch.nn.init.normal_(network.last.weight, std=0.02)
    write(network, tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 150_000
    again = upscaler_from(tmp_path, CPU)
    assert again is not None
    planes = planes_from_rgba(cut_out())
    assert (again(planes) - network(planes)).abs().max() < 0.02
    assert upscaler_from(tmp_path / "elsewhere", CPU) is None


def test_weights_of_another_shape_are_refused(tmp_path: Path, wild: Upscaler) -> None:
    write(wild, tmp_path)
    (tmp_path / "config.json").write_text('{"width": 16, "blocks": 2}')
    with pytest.raises(GenerationError, match="not an upscaler"):
        upscaler_from(tmp_path, CPU)


@pytest.mark.parametrize(
    ("made", "wanted", "scale"),
    [((256, 256), (300, 300), 1), ((256, 256), (512, 512), 2), ((256, 64), (900, 200), 2)],
)
def test_a_layer_is_enlarged_towards_what_was_wanted(
    made: tuple[int, int], wanted: tuple[int, int], scale: int
) -> None:
    assert scale_towards(made, wanted) == scale


@needs_pocket
def test_a_model_with_the_part_makes_and_enlarges_layers_with_it(wild: Upscaler) -> None:
    parts = load(model_in(POCKET), CPU, torch.float32)
    stages: list[str] = []

    def run(request: GenerationRequest, network: Upscaler | None) -> RGBA8:
        pipeline = LayerDiffusionPipeline(replace(parts, upscaler=network))
        outcome = pipeline.run(request, lambda told: stages.append(told.stage), lambda: False)
        return outcome.layers[0].pixels

    larger = GenerationRequest("red apple", (512, 512), 7, steps=2)
    assert run(larger, None).shape == (256, 256, 4)
    assert np.array_equal(run(larger, wild), enlarged(run(larger, None), 2, wild))
    assert run(replace(larger, size=(256, 256)), wild).shape == (256, 256, 4)
    image = cut_out()
    given = (Condition(Role.IMAGE, image),)
    asked = GenerationRequest("", (56, 40), 1, Task.UPSCALE, scale=2, conditions=given)
    assert np.array_equal(run(asked, wild), enlarged(image, 2, wild))
    assert np.array_equal(run(asked, None), enlarged(image, 2))
    pipeline = LayerDiffusionPipeline(replace(parts, upscaler=wild))
    with pytest.raises(Cancelled):
        pipeline.run(asked, lambda _told: None, lambda: True)
