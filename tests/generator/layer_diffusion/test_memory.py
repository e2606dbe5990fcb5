from collections.abc import Callable

import pytest
import torch

from generator.layer_diffusion import memory
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.memory import (
    Plan,
    Tactic,
    Weighed,
    Working,
    bytes_of,
    free_for,
    networks_of,
    plan_for,
    weighed,
    working,
    worn_bytes,
)
from generator.models.catalogue import Model
from generator.request import Task

GB = 10**9
# About what SDXL weighs in half precision and needs at 1024 x 1024.
WEIGHTS = Weighed(text=1_600_000_000, unet=5_100_000_000, vae=330_000_000, transparency=210_000_000)
NEEDS = Working(
    row=420_000_000, vae=4_300_000_000, vae_tiled=1_100_000_000, transparency=800_000_000
)


@pytest.mark.parametrize(
    ("free", "tactic", "tiles"),
    [
        (24 * GB, Tactic.FULL, False),
        (10 * GB, Tactic.FULL, True),
        (7 * GB, Tactic.TURNS, True),
        (6 * GB, Tactic.PIECES, False),
        (3 * GB, Tactic.PIECES, True),
        (GB // 2, Tactic.PIECES, True),
    ],
)
def test_the_fastest_tactic_that_fits_is_taken(free: int, tactic: Tactic, tiles: bool) -> None:
    plan = plan_for(free, WEIGHTS, NEEDS, rows=2, wanted=1)
    assert (plan.tactic, plan.tiles_vae, plan.at_once) == (tactic, tiles, 1)


def test_more_free_memory_is_never_used_worse() -> None:
    order = list(Tactic)
    plans = [
        plan_for(int(free * GB / 4), WEIGHTS, NEEDS, rows=2, wanted=8) for free in range(1, 120)
    ]
    ranks = [(order.index(plan.tactic), plan.tiles_vae) for plan in plans]
    assert ranks == sorted(ranks, reverse=True)
    for plan, free in zip(plans, range(1, 120), strict=True):
        assert 1 <= plan.at_once <= 8
        if plan.at_once > 1:
            assert plan.tactic is not Tactic.FULL or (
                WEIGHTS.whole + plan.at_once * 2 * NEEDS.row <= free * GB / 4
            )


def test_what_a_patch_keeps_is_counted() -> None:
    free = 14 * GB
    assert plan_for(free, WEIGHTS, NEEDS, 2, 1).tactic is Tactic.FULL
    patched = Weighed(WEIGHTS.text, WEIGHTS.unet, WEIGHTS.vae, WEIGHTS.transparency, kept=5 * GB)
    assert patched.whole == WEIGHTS.whole + 5 * GB
    assert plan_for(free, patched, NEEDS, 2, 1).tactic is Tactic.TURNS


def test_a_device_that_does_not_tell_is_trusted_and_a_cpu_makes_one_at_a_time() -> None:
    assert plan_for(None, WEIGHTS, NEEDS, 2, 8) == Plan(Tactic.FULL)


def test_plans_are_told_in_words_and_end() -> None:
    plan: Plan | None = Plan(Tactic.FULL, at_once=4)
    told = []
    while plan is not None:
        told.append(plan.describe("GPU"))
        plan = plan.slower()
    assert told == [
        "The whole model stays on the GPU",
        "Model parts take turns on the GPU, and the picture is decoded in tiles",
        "The model visits the GPU piece by piece, and the picture is decoded in tiles",
    ]


def test_a_model_is_weighed_by_its_networks(tiny_models: Callable[[str], Model]) -> None:
    parts = load(tiny_models("sdxl"))
    found = weighed(parts)
    assert found.unet == sum(weight.nbytes for weight in parts.unet.parameters())
    everything = sum(bytes_of(network) for network in networks_of(parts))
    assert found.whole == everything
    assert found.text + found.unet + found.vae + found.transparency == everything
    assert bytes_of(parts.unet, torch.device("meta")) == 0
    assert free_for(parts) is None


def test_what_the_network_wears_is_weighed(tiny_models: Callable[[str], Model]) -> None:
    sdxl = load(tiny_models("sdxl"))
    layer = worn_bytes(sdxl, sdxl.roads[Task.LAYER])
    attentions = [
        weight.nbytes
        for name, weight in sdxl.unet.named_parameters()
        if ".attn" in name and name.endswith(("q.weight", "k.weight", "v.weight", "out.0.weight"))
    ]
    assert layer == sum(attentions)
    assert worn_bytes(sdxl, sdxl.roads[Task.FOREGROUND]) > layer
    sd15 = load(tiny_models("sd15"))
    file = sd15.weights["layer"]
    assert worn_bytes(sd15, sd15.roads[Task.LAYER]) == file.stat().st_size


def test_needs_grow_with_the_picture_and_tiles_do_not(tiny_models: Callable[[str], Model]) -> None:
    parts = load(tiny_models("sdxl"))
    small, large = working(parts, (512, 512)), working(parts, (1024, 2048))
    assert large.row == 8 * small.row
    assert large.vae == 8 * small.vae
    assert large.vae_tiled == small.vae_tiled == small.vae
    assert large.transparency == 8 * small.transparency


def test_what_the_model_takes_now_counts_as_free(
    tiny_models: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = load(tiny_models("sd15"))
    monkeypatch.setattr(memory, "free_bytes", lambda _device: 1000)
    assert free_for(parts) == 1000 + weighed(parts).whole
