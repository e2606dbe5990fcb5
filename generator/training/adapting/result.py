"""What a run ends in: one LoRA file that says where it comes from, and what it looks like."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor

from generator.layer_diffusion.parts import ModelCard, Parts
from generator.layer_diffusion.pipeline import LayerDiffusionPipeline
from generator.training.adapting.files import write_whole
from generator.training.adapting.low_rank import Adapter, as_file
from generator.training.sheets import samples, sheet

SHEET_SEED = 7
# What other programs ask of a LoRA's notes; the last is theirs for nothing.
BASES = {"sd15": "sd_v1", "sdxl": "sdxl_base_v1-0"}


@dataclass(frozen=True, slots=True)
class Origin:
    """What the file says of itself."""

    name: str
    base: ModelCard
    data_hash: str
    steps: int
    word: str
    licence: str

    def notes(self, rank: int, alpha: float) -> dict[str, str]:
        """Return the file's metadata: what trainers commonly write, then what only we do."""
        return {
            "format": "pt",
            "ss_network_module": "networks.lora",
            "ss_network_dim": str(rank),
            "ss_network_alpha": f"{alpha:g}",
            "ss_base_model_version": BASES.get(self.base.family, self.base.family),
            "ss_output_name": self.name,
            "ss_steps": str(self.steps),
            "modelspec.title": self.name,
            "modelspec.license": self.licence,
            "modelspec.trigger_phrase": self.word,
            "acetate.base_model": f"{self.base.name} {self.base.version}".strip(),
            "acetate.base_hash": self.base.hash,
            "acetate.data_hash": self.data_hash,
        }


def write_adapter(
    path: Path, adapter: Adapter, weights: Mapping[str, Tensor], origin: Origin
) -> None:
    """Write the averaged weights as a LoRA; raises `GenerationError` where it cannot be written."""
    tensors = as_file(adapter, dict(weights), origin.base.family)
    write_whole(path, save(tensors, origin.notes(adapter.rank, adapter.alpha)))


def pictured(
    parts: Parts, adapter: Adapter, weights: Mapping[str, Tensor], prompts: Sequence[str]
) -> Image.Image:
    """Make one picture a prompt with the averaged weights on, as a sheet."""
    learning = {name: one.clone() for name, one in adapter.state_dict().items()}
    adapter.load_state_dict(dict(weights))
    try:
        with torch.no_grad(), adapter.worn(parts.unet):
            made = samples(LayerDiffusionPipeline(parts), prompts, SHEET_SEED)
    finally:
        adapter.load_state_dict(learning)
    return sheet(made, columns=math.ceil(len(made) ** 0.5))
