import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.client import GeneratorClient
from generator.models.catalogue import Model
from generator.models.store import find, models
from generator.request import (
    NEEDS,
    Condition,
    ErrorKind,
    GenerationError,
    GenerationRequest,
    Role,
    Task,
)

needs_pocket = pytest.mark.skipif(
    not any(model.name == "pocket" and model.is_installed for model in models()),
    reason="the pocket model's weights are not here",
)


@pytest.fixture(scope="module")
def real(
    tiny_models: Callable[[str], Model], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GeneratorClient]:
    """One worker of the real engine for all tests here, for it takes many seconds to start."""
    folders = {tiny_models(family).folder.parent for family in ("sd15", "sdxl")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACETATE_MODELS", str(*folders))
        log = tmp_path_factory.mktemp("worker") / "log"
        with GeneratorClient(device="cpu", threads=1, log_file=log) as client:
            yield client


@needs_pocket
def test_same_seed_gives_the_same_bytes_in_two_workers(
    real: GeneratorClient, tmp_path: Path
) -> None:
    request = GenerationRequest("glass ball", (256, 256), 7)
    made = real.generate(request).layers[0].pixels
    with GeneratorClient(device="cpu", threads=1, log_file=tmp_path / "log") as another:
        again = another.generate(request).layers[0].pixels
        assert another.worker_pid != real.worker_pid
    assert made.tobytes() == again.tobytes()


@needs_pocket
def test_client_names_the_device_and_what_the_model_can_do(real: GeneratorClient) -> None:
    assert real.describe().startswith("CPU, 1 threads, torch")
    card = find("pocket").card
    assert card is not None
    assert real.capabilities("pocket").native_size == card.native_size


@needs_pocket
def test_damaged_weights_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(find("pocket").folder, folder)
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**card, "name": "broken"}))
    weights = next(folder.glob("unet/*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path))
    backend = LayerDiffusionBackend("cpu")
    with pytest.raises(GenerationError, match="damaged") as caught:
        backend.generate(
            GenerationRequest("x", (64, 64), 1, model="broken"),
            lambda _progress: None,
            lambda: False,
        )
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING


def test_model_without_weights_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    card = {
        "name": "bare",
        "native_size": [64, 64],
        "steps": 2,
        "guidance": 1.0,
        "hash": "0",
        "files": {"unet/model.safetensors": "0"},
    }
    (folder / "model.json").write_text(json.dumps(card))
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path))
    backend = LayerDiffusionBackend("cpu")
    with pytest.raises(GenerationError, match="not installed completely") as caught:
        backend.generate(
            GenerationRequest("x", (64, 64), 1, model="bare"),
            lambda _progress: None,
            lambda: False,
        )
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING


@pytest.mark.parametrize(("family", "task"), [("sd15", Task.TOGETHER), ("sdxl", Task.EXTRACT)])
def test_a_worker_makes_layers_with_both_families(
    real: GeneratorClient, family: str, task: Task
) -> None:
    model = f"tiny-{family}"
    picture = np.full((64, 128, 4), 200, np.uint8)
    conditions = tuple(Condition(role, picture) for role in NEEDS[task])
    request = GenerationRequest("red", (128, 64), 7, task, model, conditions=conditions)
    assert task in real.capabilities(model).tasks
    result = real.generate(request)
    assert result.model_hash == f"tiny {family}"
    assert result.layers[0].role is Role.FOREGROUND
    assert {layer.pixels.shape for layer in result.layers} == {(64, 128, 4)}


def test_weights_that_a_task_lacks_are_named(tiny_models: Callable[[str], Model]) -> None:
    with pytest.raises(GenerationError, match="models get sd15-decoder sd15-together") as caught:
        _refused(_without(tiny_models("sd15"), "sd15-together", "sd15-decoder"), Task.TOGETHER)
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING


def test_a_task_that_a_family_lacks_names_those_that_have_it(
    tiny_models: Callable[[str], Model],
) -> None:
    with pytest.raises(GenerationError, match=r'cannot do "extract".* layer.*can: sdxl') as caught:
        _refused(tiny_models("sd15"), Task.EXTRACT)
    assert caught.value.kind is ErrorKind.UNSUPPORTED


def _refused(model: Model, task: Task) -> None:
    backend = LayerDiffusionBackend("cpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("generator.backends.layer_diffusion.find", lambda _name: model)
        backend.generate(
            GenerationRequest("x", (64, 64), 1, task, model.name), lambda _: None, lambda: False
        )


def _without(model: Model, *names: str) -> Model:
    return replace(model, parts={n: path for n, path in model.parts.items() if n not in names})
