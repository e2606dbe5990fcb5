"""The same call trains every family for two steps, and the engine wears what comes out."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders import StableDiffusionLoraLoaderMixin, StableDiffusionXLLoraLoaderMixin
from PIL import Image

from generator.backends.layer_diffusion import LayerDiffusionBackend
from generator.layer_diffusion.guidance.user_lora import applied_loras, read_lora
from generator.layer_diffusion.loading import load
from generator.models.catalogue import Model
from generator.models.header import read_notes
from generator.models.store import find
from generator.request import GenerationError, GenerationRequest, Lora
from generator.training.adapting import run as running
from generator.training.adapting.run import Asked, adapt
from generator.training.loop import load_checkpoint

FAMILIES = ("sd15", "sdxl")
LOADERS = {"sd15": StableDiffusionLoraLoaderMixin, "sdxl": StableDiffusionXLLoraLoaderMixin}
FEW = {"steps": 2, "batch": 2, "at_once": 1, "rank": 4, "placements": 2, "learning_rate": 0.05}


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """Three soft discs, as a studio's folder."""
    folder = tmp_path / "assets"
    folder.mkdir()
    y, x = np.mgrid[:96, :64]
    for number, colour in enumerate(((220, 40, 40), (40, 200, 60), (40, 60, 220))):
        alpha = np.clip(255 * (1.2 - np.hypot(x - 32, y - 48) / 30), 0, 255)
        rgba = np.dstack([*(np.full_like(alpha, c) for c in colour), alpha]).astype(np.uint8)
        Image.fromarray(rgba).save(folder / f"red disc {number}.png")
    return folder


@pytest.fixture
def tiny(
    tiny_models: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], str]:
    """Make a tiny model known on this machine; returns its name."""

    def known(family: str) -> str:
        model = tiny_models(family)
        monkeypatch.setenv("ACETATE_MODELS", str(model.folder.parent))
        return model.name

    return known


def files_of(folder: Path) -> dict[str, str]:
    """The hash of every file."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_a_tiny_model_learns_and_the_engine_wears_it(
    family: str, tiny: Callable[[str], str], assets: Path, tmp_path: Path
) -> None:
    name = tiny(family)
    before = files_of(find(name).folder)
    path = adapt(Asked(name, assets, tmp_path / "disc", prompts=("red",), given=FEW))
    assert path == tmp_path / "disc" / "disc.safetensors"
    assert files_of(find(name).folder) == before
    assert (tmp_path / "disc" / "sheet-000002.png").is_file()
    notes = read_notes(path)
    assert notes["acetate.base_hash"] == f"tiny {family}"
    assert notes["ss_steps"] == "2"

    backend = LayerDiffusionBackend("cpu")

    def made(*loras: Lora) -> np.ndarray[Any, Any]:
        request = GenerationRequest("red", (64, 64), 3, model=name, loras=loras)
        return backend.generate(request, lambda _: None, lambda: False).layers[0].pixels

    plain = made()
    worn = made(Lora("disc", 1.0, str(path)))
    assert (worn != plain).any()
    assert (made() == plain).all()  # bit for bit, once it is off


@pytest.mark.parametrize("family", FAMILIES)
def test_diffusers_reads_the_file_as_we_do(
    family: str, tiny: Callable[[str], str], assets: Path, tmp_path: Path
) -> None:
    name = tiny(family)
    path = adapt(Asked(name, assets, tmp_path / "disc", prompts=("red",), given=FEW))
    ours, theirs = load(find(name)), load(find(name)).unet
    assert isinstance(theirs, UNet2DConditionModel)
    state, alphas = LOADERS[family].lora_state_dict(
        str(path), unet_config=theirs.config, local_files_only=True
    )
    LOADERS[family].load_lora_into_unet(state, alphas, theirs)
    rng = torch.Generator().manual_seed(0)
    latent = torch.randn((1, 4, 8, 8), generator=rng)
    width = ours.unet.config.cross_attention_dim
    words = torch.randn((1, 5, width), generator=rng)
    known: dict[str, Any] = {}
    if family == "sdxl":
        pooled = torch.randn((1, 48), generator=rng)
        known = {"added_cond_kwargs": {"text_embeds": pooled, "time_ids": torch.ones(1, 6)}}
    lora = read_lora(path, ours.networks)
    assert not lora.unplaced
    with torch.no_grad():
        bare = ours.unet(latent, 500, words, **known).sample
        with applied_loras(ours.networks, [(lora, 1.0)]):
            worn = ours.unet(latent, 500, words, **known).sample
        read = theirs(latent, 500, words, **known).sample
    assert (worn - bare).abs().max() > 1e-4
    assert torch.allclose(worn, read, atol=1e-5)


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(
    tiny: Callable[[str], str], assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = tiny("sd15")

    def asked(folder: str, **more: Any) -> Asked:
        return Asked(name, assets, tmp_path / folder, prompts=("red",), every=1, given=FEW, **more)

    whole = adapt(asked("whole")).read_bytes()
    written = running.write_adapter

    def stop(path: Path, *others: Any) -> None:
        written(path, *others)
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "write_adapter", stop)
    with pytest.raises(KeyboardInterrupt):
        adapt(asked("parts"))
    monkeypatch.setattr(running, "write_adapter", written)
    with pytest.raises(GenerationError, match="holds an earlier run: give --resume"):
        adapt(asked("parts"))
    adapt(asked("parts", resume=True))
    first = load_checkpoint(tmp_path / "whole" / "checkpoint.pt")
    other = load_checkpoint(tmp_path / "parts" / "checkpoint.pt")
    assert first is not None
    assert other is not None
    assert all((one == other["average"][n]).all() for n, one in first["average"].items())
    assert len(whole) == (tmp_path / "parts" / "parts.safetensors").stat().st_size


def test_a_run_goes_on_with_the_same_alone(
    tiny: Callable[[str], str], assets: Path, tmp_path: Path
) -> None:
    name, out = tiny("sd15"), tmp_path / "out"
    adapt(Asked(name, assets, out, prompts=("red",), given=FEW))
    with pytest.raises(GenerationError, match="begun with another rank"):
        adapt(Asked(name, assets, out, resume=True, given=FEW | {"rank": 8}))
    (assets / "red disc 0.txt").write_text("something else")
    with pytest.raises(GenerationError, match="begun with another set of pictures"):
        adapt(Asked(name, assets, out, resume=True, given=FEW))


def test_a_model_that_is_not_there_is_named(assets: Path, tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match='There is no model "none"'):
        adapt(Asked("none", assets, tmp_path / "out"))


@pytest.fixture(autouse=True)
def _few_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
