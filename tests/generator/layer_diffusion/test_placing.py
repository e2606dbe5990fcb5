from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook

from generator.layer_diffusion import placing
from generator.layer_diffusion.loading import load
from generator.layer_diffusion.memory import PIECES, Plan, Tactic, bytes_of, networks_of
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.placing import Arrangement, is_out_of_memory, pieces, tried
from generator.models.catalogue import Model
from generator.request import ErrorKind, GenerationError, Progress, Task
from tests.generator.modes import MODES, Engine, Mode, asked, run

FULL = Plan(Tactic.FULL)
Tiny = Callable[[str], Model]
SOME_MODES = [
    mode for mode in MODES if mode.task in (Task.LAYER, Task.FOREGROUND, Task.TOGETHER, Task.VARY)
]


@contextmanager
def watched(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Pretend that weights move, and assert that every module that runs is on the device.

    Yields the bytes on the device after each move. A module's weights may be used without calling
    it, so each network that is called as a whole must be there as a whole.
    """
    there = {
        id(one): _own_bytes(one) for network in networks_of(parts) for one in network.modules()
    }
    known = set(there)
    peak: list[int] = []

    def move(network: nn.Module, device: torch.device) -> None:
        for one in network.modules():
            if device == placing.CPU:
                there.pop(id(one), None)
            else:
                there[id(one)] = _own_bytes(one)
        peak.append(sum(there.values()))

    def check(module: nn.Module, _args: Any, _output: Any) -> None:
        if id(module) in known and list(module.parameters(recurse=False)):
            assert id(module) in there, type(module).__name__

    monkeypatch.setattr(placing, "move", move)
    monkeypatch.setattr(placing, "CPU", torch.device("meta"))  # a place that is not the device
    handle = register_module_forward_hook(check)
    try:
        yield peak
    finally:
        handle.remove()


def _own_bytes(module: nn.Module) -> int:
    return sum(weight.nbytes for weight in module.parameters(recurse=False))


def _all_weights(parts: Parts) -> int:
    return sum(_own_bytes(one) for network in networks_of(parts) for one in network.modules())


def _hooks(parts: Parts) -> int:
    every = (one for network in networks_of(parts) for one in network.modules())
    return sum(len(one._forward_pre_hooks) + len(one._forward_hooks) for one in every)


@pytest.fixture(scope="module")
def engine(tiny_models: Tiny) -> Engine:
    return Engine(tiny_models)


@pytest.mark.parametrize("mode", SOME_MODES, ids=lambda mode: mode.name)
@pytest.mark.parametrize("tactic", [Tactic.TURNS, Tactic.PIECES], ids=["turns", "pieces"])
def test_a_mode_runs_with_its_networks_away(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, mode: Mode, tactic: Tactic
) -> None:
    expected = engine.layers(mode)
    parts = engine.pipeline(mode).parts
    hooks = _hooks(parts)  # transformers leaves its own behind
    parts.encodings.forget()
    parts.text.forget()
    with watched(parts, monkeypatch) as there:
        pipeline = LayerDiffusionPipeline(parts, Plan(tactic))
        told: list[Progress] = []
        found = run(pipeline, asked(mode), told.append).layers
        assert told[0].stage == pipeline.describe() == f"{tactic.format(device='CPU')}"
        away = there.index(0)
        largest = max(bytes_of(network) for network in networks_of(parts))
        assert 0 < max(there[away:]) <= 1.05 * largest  # a patch may widen its door
        pipeline._arrangement.arrange(FULL)
        assert there[-1] == _all_weights(parts)
    assert _hooks(parts) == hooks
    for one, other in zip(expected, found, strict=True):
        assert np.array_equal(one.pixels, other.pixels)


def test_the_next_job_finds_the_whole_model_there_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = engine.pipeline(SOME_MODES[0]).parts
    with watched(parts, monkeypatch) as there:
        pipeline = LayerDiffusionPipeline(parts, Plan(Tactic.PIECES))
        run(pipeline, asked(SOME_MODES[0]))
        pipeline.plan = None
        run(pipeline, asked(SOME_MODES[0]))
        assert there[-1] == _all_weights(parts)


def test_pieces_are_small_and_are_all_of_it(tiny_models: Tiny) -> None:
    unet = load(tiny_models("sdxl")).unet
    most = bytes_of(unet) // PIECES
    found = list(pieces(unet, most))
    assert sum(bytes_of(piece) for piece in found) == bytes_of(unet)
    assert len(found) > PIECES / 2
    assert all(bytes_of(piece) <= most or not list(piece.children()) for piece in found)


def test_networks_really_move(tiny_models: Tiny) -> None:
    parts = load(tiny_models("sd15"))
    before = {name: weight.clone() for name, weight in parts.unet.state_dict().items()}
    placing.move(parts.unet, torch.device("cpu"))
    after = parts.unet.state_dict()
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())


def test_a_vae_in_tiles_still_shows_the_picture(tiny_models: Tiny) -> None:
    parts = load(tiny_models("sd15"))
    latent = torch.randn(1, 4, 16, 96, generator=torch.Generator().manual_seed(2))
    whole = parts.picture(latent)
    arrangement = Arrangement(parts)
    arrangement.arrange(Plan(Tactic.FULL, tiles_vae=True))
    tiled = parts.picture(latent)
    assert tiled.shape == whole.shape
    assert not torch.equal(tiled, whole)
    assert (tiled - whole).abs().mean() < 0.1
    arrangement.arrange(Plan(Tactic.FULL))
    assert torch.equal(parts.picture(latent), whole)


@pytest.mark.parametrize(
    ("error", "is_memory"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"), True),
        (RuntimeError("Native API failed: UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (MemoryError(), True),
        (RuntimeError("shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_errors_of_memory_are_known_on_every_device(error: Exception, is_memory: bool) -> None:
    assert is_out_of_memory(error) is is_memory


def _failing(times: int, error: Exception) -> Callable[[], str]:
    left = [error] * times

    def run_() -> str:
        if left:
            raise left.pop()
        return "made"

    return run_


@pytest.fixture
def elsewhere(tiny_models: Tiny, monkeypatch: pytest.MonkeyPatch) -> Arrangement:
    """An arrangement that takes itself to be on an accelerator, where nothing is moved."""
    parts = replace(load(tiny_models("sd15")), device=torch.device("mps"))
    monkeypatch.setattr(placing, "move", lambda _network, _device: None)
    monkeypatch.setattr(placing, "release_cached", lambda _kind: None)
    return Arrangement(parts)


def test_the_next_tactic_is_tried_once_and_told(elsewhere: Arrangement) -> None:
    told: list[str] = []
    failing = _failing(1, torch.OutOfMemoryError("no"))
    assert tried(failing, elsewhere, FULL, told.append) == "made"
    assert told == ["Model parts take turns on the GPU, and the picture is decoded in tiles"]
    assert elsewhere.plan.tactic is Tactic.TURNS


def test_after_the_second_time_there_is_one_sentence(elsewhere: Arrangement) -> None:
    told: list[str] = []
    with pytest.raises(GenerationError) as caught:
        tried(_failing(2, RuntimeError("MPS backend out of memory")), elsewhere, FULL, told.append)
    assert caught.value.kind is ErrorKind.OUT_OF_MEMORY
    assert str(caught.value).count(".") == 1
    assert len(told) == 1


def test_nothing_slower_is_left_after_the_slowest(elsewhere: Arrangement) -> None:
    last = Plan(Tactic.PIECES, tiles_vae=True)
    with pytest.raises(GenerationError) as caught:
        tried(_failing(1, torch.OutOfMemoryError("no")), elsewhere, last, lambda _words: None)
    assert caught.value.kind is ErrorKind.OUT_OF_MEMORY


def test_other_errors_pass_and_change_nothing(elsewhere: Arrangement) -> None:
    with pytest.raises(RuntimeError, match="shapes"):
        tried(_failing(1, RuntimeError("shapes")), elsewhere, FULL, lambda _words: None)
    assert elsewhere.plan.tactic is Tactic.FULL


def test_on_a_cpu_there_is_nowhere_else_to_go(tiny_models: Tiny) -> None:
    arrangement = Arrangement(load(tiny_models("sd15")))
    with pytest.raises(GenerationError, match="on the CPU") as caught:
        tried(_failing(1, MemoryError()), arrangement, FULL, lambda _words: None)
    assert caught.value.kind is ErrorKind.OUT_OF_MEMORY
