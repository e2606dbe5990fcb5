import json
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.models.catalogue import model_in
from generator.request import Condition, GenerationRequest, Role, Task
from generator.training.codec import Codec, blank
from generator.training.denoiser import Denoiser
from generator.training.export import Trained, export
from generator.training.pairs.denoiser import PairDenoiser
from generator.training.words.vocabulary import build_tokenizer

TOKENIZER = build_tokenizer()
CHANNELS = 96
CPU = torch.device("cpu")
LIMIT = 32_000_000  # bytes that the shipped model may have


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model of the shipped shapes, with what pairs wear."""
    torch.manual_seed(0)
    codec: Codec = blank(1.0)
    with torch.no_grad():
        for network in (codec.autoencoder, codec.encoder, codec.decoder):
            for parameter in network.parameters():
                parameter.normal_(std=0.02)
    pairs = PairDenoiser(CHANNELS, TOKENIZER)
    folder = tmp_path_factory.mktemp("model")
    trained = Trained(
        codec,
        Denoiser(CHANNELS, TOKENIZER),
        pairs,
        (Task.LAYER, Task.BACKGROUND),
        (Task.FOREGROUND, Task.TOGETHER, Task.EXTRACT),
    )
    export(trained, TOKENIZER, folder)
    return folder


def test_all_together_is_small_enough_to_ship(folder: Path) -> None:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    assert sum(sizes) < LIMIT
    assert max(sizes) < 16 * 2**20


def test_the_card_says_what_is_good_and_what_is_not_yet(folder: Path) -> None:
    card = model_in(folder).card
    assert card is not None
    assert set(card.preview) == {Task.FOREGROUND, Task.TOGETHER, Task.EXTRACT}
    assert set(card.tasks) == {Task.LAYER, Task.BACKGROUND, *card.preview}
    assert "pairs/model.safetensors" in json.loads((folder / "model.json").read_text())["files"]


def rgba(alpha: int) -> np.ndarray:
    return np.full((256, 256, 4), (200, 40, 40, alpha), np.uint8)


@pytest.mark.parametrize(
    ("task", "given", "made"),
    [
        (Task.BACKGROUND, (Role.FOREGROUND,), (Role.BACKGROUND, Role.BLENDED)),
        (Task.FOREGROUND, (Role.BACKGROUND,), (Role.FOREGROUND, Role.BLENDED)),
        (Task.TOGETHER, (), (Role.BACKGROUND, Role.FOREGROUND, Role.BLENDED)),
        (Task.EXTRACT, (Role.BACKGROUND, Role.BLENDED), (Role.FOREGROUND,)),
    ],
)
def test_the_written_folder_does_every_task_and_is_as_before(
    folder: Path, task: Task, given: tuple[Role, ...], made: tuple[Role, ...]
) -> None:
    parts = load(model_in(folder), CPU, torch.float32)
    before = {name: value.clone() for name, value in parts.unet.state_dict().items()}
    conditions = tuple(Condition(role, rgba(255)) for role in given)
    request = GenerationRequest(
        "red apple on a beach", (256, 256), 1, task=task, conditions=conditions, steps=2
    )
    outcome = LayerDiffusionPipeline(parts).run(request, lambda _told: None, lambda: False)
    assert tuple(layer.role for layer in outcome.layers) == made
    assert all(layer.pixels.shape == (256, 256, 4) for layer in outcome.layers)
    for name, value in parts.unet.state_dict().items():
        assert torch.equal(value, before[name]), name
