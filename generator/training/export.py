"""The last stage: the averaged weights as a model folder that the pipeline loads.

Half precision on disk, every file small enough for a plain repository.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import torch
from diffusers import DPMSolverMultistepScheduler
from safetensors.torch import save_file
from torch import nn
from transformers import PreTrainedTokenizerFast

from generator.layer_diffusion.parts import ModelCard, Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.roads import ROADS
from generator.layer_diffusion.text import TextReader, Tower
from generator.layer_diffusion.transparency import PocketTransparency
from generator.training.codec import Codec
from generator.training.denoiser import Denoiser
from generator.training.pictures import SIDE

SHARD = "15MB"
STEPS, GUIDANCE = 12, 2.0
NAME, VERSION = "pocket", "1.0"
ABOUT = {
    "title": "Pocket",
    "family": "pocket",
    "licence": "Apache-2.0; trained in part on Noto emoji (SIL OFL 1.1)",
    "tasks": ["layer"],
}


def schedule() -> DPMSolverMultistepScheduler:
    """The sampler of a flow-matching model in the class that other families use, too."""
    return DPMSolverMultistepScheduler(
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=3.0,
        solver_order=2,
        algorithm_type="dpmsolver++",
        final_sigmas_type="zero",
    )


def assembled(
    codec: Codec, denoiser: Denoiser, tokenizer: PreTrainedTokenizerFast
) -> LayerDiffusionPipeline:
    """A pipeline of the networks in memory: for sheets while training."""
    parts = Parts(
        card=_card(""),
        text=TextReader((Tower(tokenizer, denoiser.text.eval()),), is_chunked=False),
        unet=denoiser.unet.eval(),
        vae=codec.autoencoder.eval(),
        transparency=PocketTransparency(codec.decoder.eval(), codec.encoder.eval()),
        sampler_config=dict(schedule().config),
        roads=ROADS["pocket"],
        weights={},
        device=torch.device("cpu"),
        dtype=torch.float32,
    )
    return LayerDiffusionPipeline(parts)


def export(
    codec: Codec, denoiser: Denoiser, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> ModelCard:
    """Write the model folder anew; what else stands in it (the card) is left alone."""
    for part in ("unet", "text_encoder", "tokenizer", "scheduler", "vae", "transparency"):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    deepcopy(denoiser.unet).half().save_pretrained(folder / "unet", max_shard_size=SHARD)
    deepcopy(denoiser.text).half().save_pretrained(folder / "text_encoder")
    tokenizer.save_pretrained(folder / "tokenizer")
    schedule().save_pretrained(folder / "scheduler")
    config = {"_class_name": "PatchAutoencoder", **asdict(codec.autoencoder.config)}
    _write_json(folder / "vae" / "config.json", config)
    _write_half(codec.autoencoder, folder / "vae" / "model.safetensors")
    _write_json(folder / "transparency" / "config.json", asdict(codec.decoder.config))
    _write_half(codec.encoder, folder / "transparency" / "encoder.safetensors")
    _write_half(codec.decoder, folder / "transparency" / "decoder.safetensors")
    for path in folder.glob("*/*"):
        path.chmod(0o644)  # safetensors writes files that only their owner can read
    files = {
        str(path.relative_to(folder).as_posix()): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*"))
    }
    card = _card(hashlib.sha256(json.dumps(files).encode()).hexdigest())
    _write_json(folder / "model.json", {**card.entries(), **ABOUT, "files": files})
    return card


def _card(weights_hash: str) -> ModelCard:
    return ModelCard(
        name=NAME,
        version=VERSION,
        native_size=(SIDE, SIDE),
        any_size=False,
        latent_scale=32,
        steps=STEPS,
        guidance=GUIDANCE,
        hash=weights_hash,
    )


def _write_json(path: Path, entries: object) -> None:
    path.write_text(json.dumps(entries, indent=2) + "\n")


def _write_half(module: nn.Module, path: Path) -> None:
    save_file(
        {name: value.half().contiguous() for name, value in module.state_dict().items()}, path
    )
