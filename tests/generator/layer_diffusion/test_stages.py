"""A stage against diffusers' own pipelines, and what a stage is told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
)
from torch import Tensor

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.roads import ROADS, Stage
from generator.layer_diffusion.scene import scene_for
from generator.layer_diffusion.stages import Manner, Stages, Take, prompts_of
from generator.models.catalogue import Model
from generator.request import GenerationRequest, Role, Task

# diffusers 0.42.1 makes an array of a tensor in the way that numpy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STEPS, SIZE = 4, (128, 64)


def _take(parts: Parts, stage: Stage, **changes: Any) -> Take:
    request = GenerationRequest("red", SIZE, 7, **changes)
    scene = scene_for(parts, request)
    return Take(stage, request, Manner(STEPS, 5.0), scene, seeds=(7,))


def _made(parts: Parts, take: Take) -> Tensor:
    with torch.inference_mode():
        return Stages(parts).made(take, lambda _step, _clean: None, lambda: False)


def _theirs(parts: Parts, algorithm: str) -> Any:
    """diffusers' pipeline of the same networks."""
    shared: dict[str, Any] = {
        "vae": parts.vae,
        "unet": parts.unet,
        "scheduler": DPMSolverMultistepScheduler.from_config(
            parts.sampler_config, algorithm_type=algorithm, use_karras_sigmas=True
        ),
        "text_encoder": parts.text.towers[0].encoder,
        "tokenizer": parts.text.towers[0].tokenizer,
    }
    if len(parts.text.towers) == 1:
        extras = {"safety_checker": None, "feature_extractor": None}
        return StableDiffusionPipeline(**shared, **extras, requires_safety_checker=False)
    second = parts.text.towers[1]
    return StableDiffusionXLPipeline(
        **shared,
        text_encoder_2=second.encoder,
        tokenizer_2=second.tokenizer,
        add_watermarker=False,
    )


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
def test_a_plain_stage_is_diffusers_own_pipeline(
    tiny_models: Callable[[str], Model], family: str
) -> None:
    parts = load(tiny_models(family))
    (stage,) = ROADS[family][Task.LAYER]
    ours = _made(parts, _take(parts, replace(stage, wears="")))
    pipeline = _theirs(parts, "dpmsolver++" if family == "sd15" else "sde-dpmsolver++")
    pipeline.set_progress_bar_config(disable=True)
    rng = torch.Generator("cpu").manual_seed(7)
    width, height = SIZE
    expected = pipeline(
        "red",
        width=width,
        height=height,
        num_inference_steps=STEPS,
        guidance_scale=5.0,
        generator=rng,
        output_type="latent",
    ).images
    assert (ours - expected).abs().max() < 1e-4


def test_guidance_of_one_needs_no_negative_half(tiny_models: Callable[[str], Model]) -> None:
    parts = load(tiny_models("sdxl"))
    (stage,) = ROADS["sdxl"][Task.LAYER]
    rows: list[int] = []
    hook = parts.unet.register_forward_pre_hook(lambda _, inputs: rows.append(len(inputs[0])))
    take = _take(parts, stage)
    plain = _made(parts, replace(take, manner=Manner(STEPS, 1.0)))
    assert set(rows) == {1}
    hook.remove()
    nearly = _made(parts, replace(take, manner=Manner(STEPS, 1.0 + 1e-6)))
    assert (plain - nearly).abs().max() < 1e-3


@pytest.mark.parametrize(("stop_at", "worn"), [(0.0, 0), (0.5, 9), (0.62, 11), (1.0, 20)])
def test_worn_weights_come_off_by_training_time(
    tiny_models: Callable[[str], Model], stop_at: float, worn: int
) -> None:
    parts = load(tiny_models("sd15"))
    (stage,) = ROADS["sd15"][Task.LAYER]
    take = _take(parts, stage)
    own = parts.unet.mid_block.attentions[0].transformer_blocks[0].attn1.processor
    seen: list[bool] = []
    hook = parts.unet.mid_block.register_forward_pre_hook(
        lambda module, _: seen.append(
            module.attentions[0].transformer_blocks[0].attn1.processor is not own
        )
    )
    _made(parts, replace(take, manner=Manner(20, 5.0, stop_at=stop_at)))
    hook.remove()
    assert (len(seen), sum(seen)) == (20, worn)
    assert seen == sorted(seen, reverse=True)


def test_prompts_are_those_of_the_layers() -> None:
    request = GenerationRequest(
        "a harbour", (64, 64), 0, foreground_prompt="a boat", background_prompt=""
    )
    alone = Stage((Role.FOREGROUND,))
    assert prompts_of(alone, request) == ("a boat", ("",))
    assert prompts_of(Stage((Role.BACKGROUND,)), request) == ("a harbour", ("",))
    together = Stage((Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED))
    assert prompts_of(together, request) == ("a harbour", ("a boat, a harbour", "", ""))
