"""A model's files to its loaded parts: a folder of its own, a published family, or one checkpoint.

Nothing is fetched, and no code from a model's folder is run: configs are read as data, weights from
safetensors alone.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import create_diffusers_clip_model_from_ldm
from diffusers.utils import logging as diffusers_logging
from safetensors.torch import load_file
from transformers import (
    AutoConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    PreTrainedTokenizerFast,
)
from transformers.utils import logging as transformers_logging

from generator.layer_diffusion.parts import ModelCard, Parts
from generator.layer_diffusion.patch_autoencoder import PatchAutoencoder, PatchAutoencoderConfig
from generator.layer_diffusion.roads import roads_with, small_files, traced_with, worn_files
from generator.layer_diffusion.text import TextReader, Tower
from generator.layer_diffusion.transparency import (
    Transparency,
    pocket_transparency,
    published_transparency,
)
from generator.layer_diffusion.upscaler import upscaler_from
from generator.layer_diffusion.weight_file import WeightFile, load_strictly
from generator.models.catalogue import Card, Model
from generator.models.published import at, without_family

LATENT_SCALE = 8  # of both published families' VAEs
HALF = (torch.float16, torch.bfloat16)
V_PREDICTION, ZERO_SNR = "v_pred", "ztsnr"  # empty tensors by which checkpoints say so


def load(
    model: Model, device: torch.device | str = "cpu", dtype: torch.dtype | None = None
) -> Parts:
    """Load an installed model. `dtype` is the denoiser's, None what suits the device.

    A small model always runs in float32.
    Raises `GenerationError` for LayerDiffusion files, OSError, ValueError or SafetensorError for
    others that are missing or damaged.
    """
    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()
    assert model.card is not None, "only installed models are loaded"
    device = torch.device(device)
    dtype = dtype or dtype_for(device)
    if not model.parts:
        return _small(model.folder, model.card, device)
    family = model.card.family
    entries = without_family(model.parts, family)
    if model.checkpoint is not None:
        parts = _from_checkpoint(model.checkpoint, entries["configuration"], dtype)
    else:
        parts = _from_folder(entries["base"], dtype)
    unet, vae, text, sampler_config = parts
    if "vae" in entries:
        vae = _published_vae(entries["vae"], dtype)
    weights = worn_files(entries)
    return Parts(
        card=_card(model.card),
        text=replace(text, towers=tuple(_moved(tower, device) for tower in text.towers)),
        unet=_still(unet, device),
        vae=_still(vae, device),
        transparency=_transparency(entries, device, dtype),
        sampler_config=sampler_config,
        roads=roads_with(family, weights.keys(), has_encoder=at(entries, "encoder") is not None),
        traced=traced_with(family, weights.keys()),
        weights=weights,
        device=device,
        dtype=dtype,
    )


def dtype_for(device: torch.device) -> torch.dtype:
    """Return the denoiser's type: half precision on an accelerator, single on a CPU."""
    return torch.float32 if device.type == "cpu" else torch.float16


def _small(folder: Path, card: Card, device: torch.device) -> Parts:
    """Load a model folder of this program's own making; stored in halves to be small."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer")
    encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32)
    unet = _small_unet(folder / "unet", device)
    entries = json.loads((folder / "vae" / "config.json").read_text())
    if entries.pop("_class_name") != "PatchAutoencoder":
        raise ValueError(f"{folder}: its autoencoder is none that this program knows")
    vae = PatchAutoencoder(PatchAutoencoderConfig(**entries))
    tensors = WeightFile(folder / "vae" / "model.safetensors")
    load_strictly(vae, tensors, "a small autoencoder", device, torch.float32)
    weights = small_files(folder)
    return Parts(
        card=ModelCard.read(folder),
        text=TextReader((_moved(Tower(tokenizer, encoder), device),), is_chunked=False),
        unet=_still(unet, device),
        vae=_still(vae, device),
        transparency=pocket_transparency(folder / "transparency", device),
        sampler_config=_read(folder / "scheduler" / "scheduler_config.json"),
        roads=roads_with(card.family or "pocket", weights, has_encoder=True),
        traced=traced_with(card.family or "pocket", weights),
        weights=weights,
        device=device,
        dtype=torch.float32,
        upscaler=upscaler_from(folder / "upscaler", device),
    )


def _small_unet(folder: Path, device: torch.device) -> UNet2DConditionModel:
    """Load the denoiser of a small model, in halves as diffusers writes it or in eight bits."""
    packed = folder / "model.safetensors"
    if not packed.is_file():
        return UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32)
    unet: UNet2DConditionModel = UNet2DConditionModel.from_config(_read(folder / "config.json"))
    load_strictly(unet, WeightFile(packed), "a small denoiser", device, torch.float32)
    return unet


_Networks = tuple[UNet2DConditionModel, AutoencoderKL, TextReader, dict[str, Any]]


def _from_folder(base: Path, dtype: torch.dtype) -> _Networks:
    """Load a published base: subfolders as diffusers lays them out, in half or full precision."""

    def part(kind: Any, name: str, **arguments: Any) -> Any:
        is_half = any((base / name).glob("*.fp16.safetensors"))
        return kind.from_pretrained(
            base / name,
            variant="fp16" if is_half else None,
            use_safetensors=True,
            local_files_only=True,
            **arguments,
        )

    texts = [part(kind, name, dtype=dtype) for kind, name in _text_parts(base)]
    unet = part(UNet2DConditionModel, "unet", torch_dtype=dtype)
    vae = part(AutoencoderKL, "vae", torch_dtype=_vae_dtype(base / "vae", dtype))
    schedule = _read(base / "scheduler" / "scheduler_config.json")
    return unet, vae, _reader(base, texts), schedule


def _from_checkpoint(path: Path, configuration: Path, dtype: torch.dtype) -> _Networks:
    """Load a single file in the released names; configs and tokenizers are the family's."""
    shapes = WeightFile(path).shapes  # refuses pickles and giant headers
    tensors = load_file(path)

    def part(kind: Any, name: str, to: torch.dtype) -> Any:
        return kind.from_single_file(
            dict(tensors),  # emptied by the reading
            config=str(configuration),
            subfolder=name,
            torch_dtype=to,
            local_files_only=True,
        )

    texts = [
        create_diffusers_clip_model_from_ldm(
            kind,
            dict(tensors),
            subfolder=name,
            config=str(configuration),
            torch_dtype=dtype,
            local_files_only=True,
        )
        for kind, name in _text_parts(configuration)
    ]
    unet = part(UNet2DConditionModel, "unet", dtype)
    vae = part(AutoencoderKL, "vae", _vae_dtype(configuration / "vae", dtype))
    schedule = _read(configuration / "scheduler" / "scheduler_config.json")
    if V_PREDICTION in shapes:
        schedule["prediction_type"] = "v_prediction"
    if ZERO_SNR in shapes:
        schedule["rescale_betas_zero_snr"] = True
    return unet, vae, _reader(configuration, texts), schedule


def _text_parts(folder: Path) -> list[tuple[Any, str]]:
    """Return the class and the name of each text encoder that a folder describes."""
    found: list[tuple[Any, str]] = []
    for name in ("text_encoder", "text_encoder_2"):
        if not (folder / name / "config.json").is_file():
            continue
        named = AutoConfig.from_pretrained(folder / name, local_files_only=True).architectures
        pools = bool(named) and named[0] == CLIPTextModelWithProjection.__name__
        found.append((CLIPTextModelWithProjection if pools else CLIPTextModel, name))
    return found


def _reader(folder: Path, encoders: list[Any]) -> TextReader:
    """Put tokenizers beside their encoders; two of them are read before their last layer."""
    tokenizers = [
        CLIPTokenizer.from_pretrained(folder / name, local_files_only=True)
        for name in ("tokenizer", "tokenizer_2")[: len(encoders)]
    ]
    is_double = len(encoders) > 1
    towers = (
        Tower(tokenizer, encoder, is_penultimate=is_double)
        for tokenizer, encoder in zip(tokenizers, encoders, strict=True)
    )
    index = _read(folder / "model_index.json")
    return TextReader(
        tuple(towers), ignores_empty=bool(index.get("force_zeros_for_empty_prompt", is_double))
    )


def _published_vae(folder: Path, dtype: torch.dtype) -> AutoencoderKL:
    return AutoencoderKL.from_pretrained(
        folder,
        use_safetensors=True,
        local_files_only=True,
        torch_dtype=_vae_dtype(folder, dtype),
    )


def _vae_dtype(folder: Path, dtype: torch.dtype) -> torch.dtype:
    """Return float32 where half precision would overflow: SDXL's own VAE says so in its config."""
    needs_full = _read(folder / "config.json").get("force_upcast", False)
    return torch.float32 if needs_full and dtype in HALF else dtype


def _transparency(
    entries: dict[str, Path], device: torch.device, dtype: torch.dtype
) -> Transparency:
    decoder = at(entries, "decoder")
    if decoder is None:
        raise ValueError("the weights that read transparency are missing")
    return published_transparency(decoder, at(entries, "encoder"), device, dtype)


def _card(card: Card) -> ModelCard:
    return ModelCard(
        name=card.name,
        version=card.version,
        native_size=card.native_size,
        any_size=True,
        latent_scale=LATENT_SCALE,
        steps=card.steps,
        guidance=card.guidance,
        hash=card.hash,
        family=card.family,
    )


def _moved(tower: Tower, device: torch.device) -> Tower:
    return replace(tower, encoder=_still(tower.encoder, device))


def _still(network: Any, device: torch.device) -> Any:
    """Bring a network to its device, where nothing trains it any more."""
    return network.to(device).requires_grad_(False).eval()


def _read(path: Path) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(path.read_text())
    return entries
