import json
import shutil
from pathlib import Path

import pytest

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.client import GeneratorClient
from generator.models.catalogue import Card, Model
from generator.models.store import find, models
from generator.request import ErrorKind, GenerationError, GenerationRequest

needs_pocket = pytest.mark.skipif(
    not any(model.name == "pocket" and model.is_installed for model in models()),
    reason="the pocket model's weights are not here",
)


@needs_pocket
def test_same_seed_gives_the_same_bytes_in_two_workers(tmp_path: Path) -> None:
    request = GenerationRequest("glass ball", (256, 256), 7)
    made = []
    for _ in range(2):
        with GeneratorClient(device="cpu", log_file=tmp_path / "log") as client:
            made.append(client.generate(request).layers[0].pixels.tobytes())
    assert made[0] == made[1]


@needs_pocket
def test_client_names_the_device_and_what_the_model_can_do(tmp_path: Path) -> None:
    with GeneratorClient(device="cpu", threads=1, log_file=tmp_path / "log") as client:
        assert client.describe().startswith("CPU, 1 threads, torch")
        card = find("pocket").card
        assert card is not None
        assert client.capabilities("pocket").native_size == card.native_size


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


def test_published_weights_that_cannot_run_yet_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = Card("sdxl", (1024, 1024), steps=25, guidance=6.0, hash="0", files={})
    fetched = Model("sdxl", tmp_path, card, True, 1, parts={"sdxl-base": tmp_path})
    monkeypatch.setattr("generator.backends.layer_diffusion.find", lambda _name: fetched)
    with pytest.raises(GenerationError, match="cannot generate with") as caught:
        LayerDiffusionBackend("cpu").capabilities("sdxl")
    assert caught.value.kind is ErrorKind.UNSUPPORTED
