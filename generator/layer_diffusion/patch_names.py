"""Tensor names of SDXL patches, in the released grammar or diffusers', to diffusers' names.

Names only; nothing here sees a tensor. Source: sd-forge-layerdiffuse b1e6651.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

# Entries of a block in the released numbering: two layers and a resampler, or three layers.
BLOCK_SIZE = 3

RESNET = {
    "in_layers.0": "norm1",
    "in_layers.2": "conv1",
    "out_layers.0": "norm2",
    "out_layers.3": "conv2",
    "emb_layers.1": "time_emb_proj",
    "skip_connection": "conv_shortcut",
}
OUTSIDE_BLOCKS = {
    "input_blocks.0.0": "conv_in",
    "time_embed.0": "time_embedding.linear_1",
    "time_embed.2": "time_embedding.linear_2",
    "label_emb.0.0": "add_embedding.linear_1",
    "label_emb.0.2": "add_embedding.linear_2",
    "out.0": "conv_norm_out",
    "out.2": "conv_out",
}
MIDDLE = {"0": "mid_block.resnets.0", "1": "mid_block.attentions.0", "2": "mid_block.resnets.1"}


class Part(Enum):
    """What one tensor of a patch is to the weight that it changes."""

    DIFFERENCE = "difference"
    UP = "up"  # (out, rank)
    DOWN = "down"  # (rank, in)
    ALPHA = "alpha"  # one number: up x down counts alpha / rank


class PatchName(NamedTuple):
    """A weight of diffusers' UNet, and the part of its change that a tensor holds."""

    weight: str
    part: Part


# <type>::<index> of the released grammar.
PARTS = {
    "diff::0": Part.DIFFERENCE,
    "lora::0": Part.UP,
    "lora::1": Part.DOWN,
    "lora::2": Part.ALPHA,
}
PEFT_PARTS = {".lora_B.weight": Part.UP, ".lora_A.weight": Part.DOWN, ".alpha": Part.ALPHA}


def patch_name(key: str) -> PatchName:
    """Read one tensor's name; a name that follows neither grammar is a ValueError."""
    path, separator, kind = key.partition("::")
    if separator:
        if kind not in PARTS or not path.startswith("diffusion_model."):
            raise ValueError(f"{key} is no name of a patch")
        return PatchName(diffusers_name(path.removeprefix("diffusion_model.")), PARTS[kind])
    path = path.removeprefix("unet.")
    for ending, part in PEFT_PARTS.items():
        if path.endswith(ending):
            return PatchName(f"{path.removesuffix(ending)}.weight", part)
    return PatchName(path, Part.DIFFERENCE)


def diffusers_name(name: str) -> str:
    """Translate a released SDXL name, as `input_blocks.4.1.proj_in.bias`, to diffusers' name."""
    for released, ours in OUTSIDE_BLOCKS.items():
        if name.startswith(f"{released}."):
            return ours + name.removeprefix(released)
    parts = name.split(".")
    match parts:
        case ["middle_block", place, *rest] if place in MIDDLE:
            return _inside(MIDDLE[place], rest)
        case ["input_blocks", number, "0", "op", *rest] if number.isdecimal():
            block = (int(number) - 1) // BLOCK_SIZE
            return ".".join([f"down_blocks.{block}.downsamplers.0.conv", *rest])
        case ["input_blocks", number, ("0" | "1") as place, *rest] if number.isdecimal():
            block, layer = divmod(int(number) - 1, BLOCK_SIZE)
            return _inside(f"down_blocks.{block}.{_kind(place)}.{layer}", rest)
        case ["output_blocks", number, "2", "conv", *rest] if number.isdecimal():
            return ".".join([f"up_blocks.{int(number) // BLOCK_SIZE}.upsamplers.0.conv", *rest])
        case ["output_blocks", number, ("0" | "1") as place, *rest] if number.isdecimal():
            block, layer = divmod(int(number), BLOCK_SIZE)
            return _inside(f"up_blocks.{block}.{_kind(place)}.{layer}", rest)
    raise ValueError(f"{name} is no weight of an SDXL network")


def _kind(place: str) -> str:
    return "resnets" if place == "0" else "attentions"


def _inside(block: str, rest: list[str]) -> str:
    """Name what lies inside a block: only residual blocks' layers are called differently."""
    path = ".".join(rest)
    if ".resnets." in block:
        for released, ours in RESNET.items():
            if path.startswith(f"{released}."):
                return f"{block}.{ours}{path.removeprefix(released)}"
        raise ValueError(f"{path} is no layer of a residual block")
    return f"{block}.{path}"
