"""Every way to make pictures that the method's authors published, and what must hold of each run.

A test adds to a mode what it combines it with (a control, a LoRA, a style) through the request or
the pipeline, and runs it under `untouched`. No test of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from generator.layer_diffusion.attention_sharing import sharable_attentions
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.memory import Plan, Tactic
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline, Outcome
from generator.models.catalogue import Model
from generator.models.published import ALTERNATIVES
from generator.request import (
    NEEDS,
    RGBA8,
    Condition,
    GeneratedLayer,
    GenerationRequest,
    Progress,
    Role,
    Task,
)

FG, BG, BLENDED = Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED
SIZE = (128, 64)  # width, height


@dataclass(frozen=True)
class Mode:
    """A task on a family, and which form of the layer's weights is installed for it."""

    family: str
    task: Task
    makes: tuple[Role, ...]
    layer: str = "layer"

    @property
    def name(self) -> str:
        return f"{self.family}-{self.task}" + self.layer.removeprefix("layer")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what comes back."""
        return (2 * SIZE[0], 2 * SIZE[1]) if self.task is Task.UPSCALE else SIZE


MODES = (
    Mode("sd15", Task.LAYER, (FG,)),
    Mode("sd15", Task.BACKGROUND, (BG, BLENDED)),
    Mode("sd15", Task.FOREGROUND, (FG, BLENDED)),
    Mode("sd15", Task.TOGETHER, (FG, BG, BLENDED)),
    Mode("sdxl", Task.LAYER, (FG,)),
    Mode("sdxl", Task.LAYER, (FG,), "layer-full"),
    Mode("sdxl", Task.LAYER, (FG,), "layer-convolution"),
    Mode("sdxl", Task.LAYER, (FG,), "layer-convolution-full"),
    Mode("sdxl", Task.BACKGROUND, (BLENDED, BG)),
    Mode("sdxl", Task.FOREGROUND, (BLENDED, FG)),
    Mode("sdxl", Task.TOGETHER, (FG, BLENDED, BG)),
    Mode("sdxl", Task.EXTRACT, (FG,)),
    *(
        Mode(family, task, (FG,))
        for family in ("sd15", "sdxl")
        for task in (Task.VARY, Task.REPAINT, Task.UPSCALE)
    ),
)


class Engine:
    """Loads each tiny model once, and keeps its pipelines, as a worker does."""

    def __init__(self, tiny_models: Callable[[str], Model]) -> None:
        self._tiny_models = tiny_models
        self._loaded: dict[str, Parts] = {}
        self._made: dict[tuple[str, str, int | None], LayerDiffusionPipeline] = {}
        self._plain: dict[Mode, tuple[GeneratedLayer, ...]] = {}

    def pipeline(self, mode: Mode, most_at_once: int | None = None) -> LayerDiffusionPipeline:
        key = (mode.family, mode.layer, most_at_once)
        if key not in self._made:
            model = self._tiny_models(mode.family)
            if mode.family not in self._loaded:
                self._loaded[mode.family] = load(model)
            parts = self._loaded[mode.family]
            assert mode.layer in ALTERNATIVES["layer"]
            weights = {**parts.weights, "layer": model.parts[f"{mode.family}-{mode.layer}"]}
            plan = None if most_at_once is None else Plan(Tactic.FULL, at_once=most_at_once)
            self._made[key] = LayerDiffusionPipeline(replace(parts, weights=weights), plan)
        return self._made[key]

    def layers(self, mode: Mode) -> tuple[GeneratedLayer, ...]:
        """What a mode makes of its plain request, made once."""
        if mode not in self._plain:
            self._plain[mode] = run(self.pipeline(mode), asked(mode)).layers
        return self._plain[mode]


def picture(seed: int) -> RGBA8:
    """A straight picture with a soft-edged hole on each side of a blob."""
    rng = np.random.default_rng(seed)
    width, height = SIZE
    pixels = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = np.clip(np.hypot(*np.ogrid[-32:32, -64:64]) * -8 + 320, 0, 255)
    return pixels


def opaque(seed: int) -> RGBA8:
    pixels = picture(seed)
    pixels[..., 3] = 255
    return pixels


def mask() -> RGBA8:
    pixels = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
    pixels[8:40, 48:96] = 255
    return pixels


GIVEN: dict[Role, Callable[[], RGBA8]] = {
    Role.FOREGROUND: lambda: picture(1),
    Role.BACKGROUND: lambda: opaque(2),
    Role.BLENDED: lambda: opaque(3),
    Role.IMAGE: lambda: picture(4),
    Role.MASK: mask,
}


def asked(mode: Mode, **changes: Any) -> GenerationRequest:
    """A request for a mode with all pictures that it needs; `changes` are other fields."""
    conditions = tuple(Condition(role, GIVEN[role]()) for role in NEEDS[mode.task])
    fields: dict[str, Any] = {"task": mode.task, "conditions": conditions, "is_draft": True}
    return GenerationRequest(**{"prompt": "red", "size": SIZE, "seed": 7, **fields, **changes})


def run(
    pipeline: LayerDiffusionPipeline,
    request: GenerationRequest,
    on_progress: Callable[[Progress], None] = lambda _progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    return pipeline.run(request, on_progress, is_cancelled)


@contextmanager
def untouched(pipeline: LayerDiffusionPipeline, request: GenerationRequest) -> Iterator[None]:
    """Assert that a run, however it ends, leaves networks and given pictures as they were.

    The networks' weights bit for bit and in the same objects, their attentions' processors the very
    objects, no hook left behind, and the given pictures byte for byte.
    """
    parts = pipeline.parts
    networks = [parts.unet, parts.vae, *(tower.encoder for tower in parts.text.towers)]
    weights = [{n: (t, t.clone()) for n, t in each.state_dict().items()} for each in networks]
    pointers = [p.data_ptr() for p in parts.unet.parameters()]
    processors = [each.processor for each in sharable_attentions(parts.unet)]
    given = [condition.pixels.copy() for condition in request.conditions]
    config = dict(parts.unet.config)
    try:
        yield
    finally:
        for network, before in zip(networks, weights, strict=True):
            after = network.state_dict()
            assert list(after) == list(before)
            for name, (_, value) in before.items():
                assert torch.equal(after[name], value), name
        assert [p.data_ptr() for p in parts.unet.parameters()] == pointers
        assert all(
            each.processor is own
            for each, own in zip(sharable_attentions(parts.unet), processors, strict=True)
        )
        assert not any(module._forward_pre_hooks for module in parts.unet.modules())
        assert parts.unet.conv_in.in_channels == parts.unet.config.in_channels == 4
        assert dict(parts.unet.config) == config
        for condition, pixels in zip(request.conditions, given, strict=True):
            assert np.array_equal(condition.pixels, pixels), condition.role


def check_layers(mode: Mode, outcome: Outcome, seeds: tuple[int, ...] = (7,)) -> None:
    """Assert that a run made the right layers, of the right size, opaque but for the subject."""
    layers = outcome.layers
    assert [layer.role for layer in layers] == list(mode.makes) * len(seeds)
    assert [layer.seed for layer in layers] == [seed for seed in seeds for _ in mode.makes]
    for layer in layers:
        assert layer.pixels.shape == (mode.size[1], mode.size[0], 4)
        assert layer.pixels.dtype == np.uint8
        if layer.role is not Role.FOREGROUND:
            assert (layer.pixels[..., 3] == 255).all()
        else:
            assert len(np.unique(layer.pixels[..., 3])) > 1
