import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from generator.layer_diffusion.loading import load
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.roads import tasks_with
from generator.models.catalogue import Model, model_in
from generator.models.store import find
from generator.request import GenerationError, Task
from tests.generator.tiny_checkpoint import write_checkpoint

Tiny = Callable[[str], Model]
FAMILIES = ("sd15", "sdxl")


def _only(model: Model, *names: str) -> Model:
    return replace(model, parts={name: model.parts[name] for name in names})


def _same(ours: nn.Module, theirs: nn.Module) -> bool:
    first, second = ours.state_dict(), theirs.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[n], second[n]) for n in first)


def _from_checkpoint(model: Model, path: Path, *flags: str) -> Parts:
    assert model.card is not None
    without_base = {name: one for name, one in model.parts.items() if not name.endswith("-base")}
    checkpoint = write_checkpoint(model, path, *flags)
    return load(replace(model, parts=without_base, checkpoint=checkpoint))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_of_one_file_is_its_model(
    tiny_models: Tiny, tmp_path: Path, family: str
) -> None:
    model = tiny_models(family)
    folder = load(model)
    single = _from_checkpoint(model, tmp_path / "own.safetensors")
    assert _same(single.unet, folder.unet)
    assert _same(single.vae, folder.vae)
    for ours, theirs in zip(single.text.towers, folder.text.towers, strict=True):
        assert _same(ours.encoder, theirs.encoder)
    words = (parts.text.read("a red apple") for parts in (single, folder))
    first, second = words
    assert torch.equal(first.tokens, second.tokens)
    assert single.sampler_config["prediction_type"] == "epsilon"


def test_a_checkpoint_says_that_it_predicts_v_down_to_pure_noise(
    tiny_models: Tiny, tmp_path: Path
) -> None:
    flags = ("v_pred", "ztsnr")
    parts = _from_checkpoint(tiny_models("sdxl"), tmp_path / "v.safetensors", *flags)
    assert parts.sampler_config["prediction_type"] == "v_prediction"
    assert parts.sampler_config["rescale_betas_zero_snr"] is True


@pytest.mark.parametrize(
    ("family", "has_vae", "expected"),
    [
        ("sd15", False, torch.float16),
        ("sdxl", False, torch.float32),  # its own VAE overflows in half precision
        ("sdxl", True, torch.float16),
    ],
)
def test_half_precision_spares_a_vae_that_cannot_bear_it(
    tiny_models: Tiny, family: str, has_vae: bool, expected: torch.dtype
) -> None:
    names = [f"{family}-base", f"{family}-decoder", f"{family}-layer"]
    model = _only(tiny_models(family), *names, *(["sdxl-vae"] if has_vae else []))
    parts = load(model, "cpu", torch.float16)
    assert next(parts.vae.parameters()).dtype is expected
    assert {each.dtype for each in parts.unet.parameters()} == {torch.float16}
    assert next(parts.text.towers[0].encoder.parameters()).dtype is torch.float16


def test_the_decoder_never_runs_in_bfloat16(tiny_models: Tiny) -> None:
    parts = load(tiny_models("sd15"), "cpu", torch.bfloat16)
    decoder = getattr(parts.transparency, "decoder", None)
    assert isinstance(decoder, nn.Module)
    assert {each.dtype for each in decoder.parameters()} == {torch.float16}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_can_be_done_is_what_there_are_weights_for(tiny_models: Tiny, family: str) -> None:
    model = tiny_models(family)
    assert load(model).roads.keys() == tasks_with(model)
    assert tasks_with(model) - {Task.EXTRACT} == {
        Task.LAYER,
        Task.TOGETHER,
        Task.BACKGROUND,
        Task.FOREGROUND,
        Task.VARY,
        Task.REPAINT,
        Task.UPSCALE,
    }
    least = _only(model, f"{family}-base", f"{family}-decoder", f"{family}-layer")
    assert tasks_with(least) == {Task.LAYER}
    assert tasks_with(_only(model, f"{family}-base", f"{family}-layer")) == set()


def test_other_forms_of_the_same_weights_serve(tiny_models: Tiny) -> None:
    model = _only(
        tiny_models("sdxl"), "sdxl-base", "sdxl-decoder-second", "sdxl-layer-convolution-full"
    )
    parts = load(model)
    assert parts.roads.keys() == {Task.LAYER}
    assert parts.weights["layer"] == model.parts["sdxl-layer-convolution-full"]


def test_a_damaged_layer_diffusion_file_is_one_sentence(tiny_models: Tiny, tmp_path: Path) -> None:
    model = tiny_models("sd15")
    bad = tmp_path / "layer_sd15_vae_transparent_decoder.safetensors"
    bad.write_bytes(model.parts["sd15-decoder"].read_bytes()[:1000])
    with pytest.raises(GenerationError, match="damaged"):
        load(replace(model, parts={**model.parts, "sd15-decoder": bad}))


def test_a_folder_with_a_family_of_its_own_is_found_by_name(
    tiny_models: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_models("sdxl")
    monkeypatch.setenv("ACETATE_MODELS", str(model.folder.parent))
    assert find("tiny-sdxl") == model


def test_a_card_cannot_name_files_outside_its_folder(tiny_models: Tiny, tmp_path: Path) -> None:
    model = tiny_models("sd15")
    folder = tmp_path / "sly"
    shutil.copytree(model.folder, folder)
    card = json.loads((folder / "model.json").read_text())
    card["parts"]["sd15-decoder"] = "../secret.safetensors"
    (folder / "model.json").write_text(json.dumps(card))
    with pytest.raises(ValueError, match="outside its folder"):
        model_in(folder)
