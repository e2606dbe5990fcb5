"""The last stage: the averaged weights as a model folder that the pipeline loads.

The denoiser, what it wears for pairs and the autoencoder are in eight bits, the rest in half
precision: every file is small enough for a plain repository.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from diffusers import DPMSolverMultistepScheduler
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from generator.layer_diffusion.eight_bit import in_eight_bits
from generator.layer_diffusion.parts import ModelCard, Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.layer_diffusion.roads import ROADS
from generator.layer_diffusion.text import TextReader, Tower
from generator.layer_diffusion.transparency import PocketTransparency
from generator.layer_diffusion.upscaler import Upscaler
from generator.layer_diffusion.weight_file import WeightFile
from generator.layer_diffusion.weight_patch import SLOTS, WIDENED
from generator.request import Task
from generator.training.codec import Codec
from generator.training.denoiser import Denoiser
from generator.training.pairs import tasks as pair_tasks
from generator.training.pairs.denoiser import PairDenoiser
from generator.training.pictures import SIDE
from generator.training.upscaler.learning import write as write_upscaler

STEPS, GUIDANCE = 12, 2.0
NAME, VERSION = "pocket", "3.0"
ABOUT = {
    "title": "Pocket",
    "family": "pocket",
    "licence": "Apache-2.0; trained in part on Noto emoji (SIL OFL 1.1)",
}
PARTS = (
    "unet", "text_encoder", "tokenizer", "scheduler", "vae", "transparency", "pairs", "upscaler",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trained:
    """All networks of the model; without `pairs` it makes single layers alone.

    Without `upscaler`, what is to be larger is enlarged by Lanczos. `tasks` are those
    whose figures are reached, `preview` those that work, but below them.
    """

    codec: Codec
    denoiser: Denoiser
    pairs: PairDenoiser | None = None
    tasks: tuple[Task, ...] = (Task.LAYER,)
    preview: tuple[Task, ...] = ()
    upscaler: Upscaler | None = None


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


def export(trained: Trained, tokenizer: PreTrainedTokenizerFast, folder: Path) -> ModelCard:
    """Write the model folder anew; what else stands in it (the card) is left alone."""
    codec, unet = trained.codec, trained.denoiser.unet
    # The words of the pairs came later; those of single objects are the same in both.
    words = trained.denoiser.text if trained.pairs is None else trained.pairs.base.text
    for part in PARTS:
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    unet.save_config(folder / "unet")
    stored = in_eight_bits(unet.state_dict())
    save_file(stored, folder / "unet" / "model.safetensors")
    deepcopy(words).half().save_pretrained(folder / "text_encoder")
    tokenizer.save_pretrained(folder / "tokenizer")
    schedule().save_pretrained(folder / "scheduler")
    config = {"_class_name": "PatchAutoencoder", **asdict(codec.autoencoder.config)}
    _write_json(folder / "vae" / "config.json", config)
    save_file(in_eight_bits(codec.autoencoder.state_dict()), folder / "vae" / "model.safetensors")
    _write_json(folder / "transparency" / "config.json", asdict(codec.decoder.config))
    _write_half(codec.encoder, folder / "transparency" / "encoder.safetensors")
    _write_half(codec.decoder, folder / "transparency" / "decoder.safetensors")
    if trained.pairs is None:
        (folder / "pairs").rmdir()
    else:
        change = pair_difference(trained.pairs, WeightFile(folder / "unet" / "model.safetensors"))
        metadata = {SLOTS: " ".join(role.value for role in pair_tasks.SLOTS)}
        save_file(in_eight_bits(change), folder / "pairs" / "model.safetensors", metadata)
    if trained.upscaler is None:
        (folder / "upscaler").rmdir()
    else:
        write_upscaler(trained.upscaler, folder / "upscaler")
    for path in folder.glob("*/*"):
        path.chmod(0o644)  # safetensors writes files that only their owner can read
    files = {
        str(path.relative_to(folder).as_posix()): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*/*"))
    }
    card = _card(hashlib.sha256(json.dumps(files).encode()).hexdigest())
    lists = {"tasks": [*trained.tasks, *trained.preview], "preview": list(trained.preview)}
    _write_json(folder / "model.json", {**card.entries(), **ABOUT, **lists, "files": files})
    return card


def pair_difference(pairs: PairDenoiser, single: WeightFile) -> dict[str, Tensor]:
    """What is to be added to the stored denoiser's weights so that it does the pairs' tasks.

    The first convolution's is wider: what it is for the slots has nothing to be added to.
    """
    learned = dict(pairs.base.unet.state_dict())
    learned[WIDENED] = pairs.widened()
    change = {}
    for name, weight in learned.items():
        before = single.tensor(name).float()
        if name == WIDENED:
            missing = weight.shape[1] - before.shape[1]
            before = nn.functional.pad(before, (0, 0, 0, 0, 0, missing))
        change[name] = (weight - before).detach()
    return change


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
