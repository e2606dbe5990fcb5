"""Tensor names of users' LoRAs, in the grammars of their trainers, to weights of our networks.

Knows kohya's flat names, diffusers' and peft's dotted ones, each with diffusers' or the released
numbering of blocks. Names only; nothing here sees a tensor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from generator.layer_diffusion.patch_names import BLOCK_SIZE, MIDDLE, OUTSIDE_BLOCKS, RESNET

UNET, TEXT, TEXT_2 = "unet", "text_encoder", "text_encoder_2"


class LoraPart(Enum):
    """What one tensor of a LoRA is to the weight that it changes: difference = up x mid x down."""

    UP = "up"
    DOWN = "down"
    MID = "mid"  # of a convolution taken apart: its kernel alone
    ALPHA = "alpha"  # one number: the difference counts alpha / rank
    DIFFERENCE = "difference"


class Target(NamedTuple):
    """A layer of one of a model's networks, whose weight is changed."""

    network: str
    layer: str  # its path in the network


ENDINGS = {
    ".lora_down.weight": LoraPart.DOWN,
    ".lora_up.weight": LoraPart.UP,
    ".lora_mid.weight": LoraPart.MID,
    ".alpha": LoraPart.ALPHA,
    ".diff": LoraPart.DIFFERENCE,
    ".lora_A.weight": LoraPart.DOWN,
    ".lora_B.weight": LoraPart.UP,
    ".lora_A.default.weight": LoraPart.DOWN,
    ".lora_B.default.weight": LoraPart.UP,
    ".lora.down.weight": LoraPart.DOWN,
    ".lora.up.weight": LoraPart.UP,
    ".lora_linear_layer.down.weight": LoraPart.DOWN,
    ".lora_linear_layer.up.weight": LoraPart.UP,
    "_lora.down.weight": LoraPart.DOWN,
    "_lora.up.weight": LoraPart.UP,
}
FLAT = {UNET: ("lora_unet_",), TEXT: ("lora_te_", "lora_te1_"), TEXT_2: ("lora_te2_",)}
DOTTED = {
    UNET: ("unet.", "base_model.model.", "diffusion_model.", "model.diffusion_model.", ""),
    TEXT: ("text_encoder.",),
    TEXT_2: ("text_encoder_2.",),
}
TEXT_ROOT = "text_model."


def part_of(key: str) -> tuple[str, LoraPart] | None:
    """Split a tensor's name into its layer's name and the part that it is; None for neither."""
    for ending, part in ENDINGS.items():
        if key.endswith(ending):
            layer = key.removesuffix(ending)
            if ending.startswith("_lora"):  # diffusers' first grammar named the processor
                layer = layer.replace(".processor.", ".").replace(".to_out", ".to_out.0")
            return layer, part
    return None


def names_of(network: str, layers: Iterable[str]) -> Iterator[tuple[str, Target]]:
    """Yield every name under which a LoRA may know these layers of a network, with the layer."""
    for layer in layers:
        target = Target(network, layer)
        for name in _dotted(network, layer):
            for prefix in DOTTED[network]:
                yield prefix + name, target
            for prefix in FLAT[network]:
                yield prefix + name.replace(".", "_"), target


def released_name(layer: str) -> str:
    """Name a layer of diffusers' UNet in the released numbering, `conv_in` as `input_blocks.0.0`.

    The inverse of `patch_names.diffusers_name`; a ValueError for what is in no block.
    """
    for released, ours in OUTSIDE_BLOCKS.items():
        if layer == ours:
            return released
    for place, ours in MIDDLE.items():
        if layer.startswith(f"{ours}."):
            return f"middle_block.{place}.{_inside(ours, layer.removeprefix(f'{ours}.'))}"
    match layer.split("."):
        case ["down_blocks", block, "downsamplers", "0", "conv"]:
            return f"input_blocks.{BLOCK_SIZE * (int(block) + 1)}.0.op"
        case ["up_blocks", block, "upsamplers", "0", "conv"]:
            return f"output_blocks.{BLOCK_SIZE * int(block) + 2}.2.conv"
        case [("down_blocks" | "up_blocks") as side, block, kind, index, *rest] if rest:
            is_down = side == "down_blocks"
            number = BLOCK_SIZE * int(block) + int(index) + is_down
            place = "0" if kind == "resnets" else "1"
            inside = _inside(kind, ".".join(rest))
            return f"{'input' if is_down else 'output'}_blocks.{number}.{place}.{inside}"
    raise ValueError(f"{layer} is in no block")


def _dotted(network: str, layer: str) -> Iterator[str]:
    if network != UNET:
        # transformers has left the root out since version 5, where there is no projection.
        bare = layer.removeprefix(TEXT_ROOT)
        yield from (bare, TEXT_ROOT + bare)
        return
    yield layer
    try:
        released = released_name(layer)
    except ValueError:
        return
    yield released
    if released == "output_blocks.2.2.conv":  # SD 1.5's first upsampler has no attention before it
        yield "output_blocks.2.1.conv"


def _inside(block: str, rest: str) -> str:
    """Name what lies inside a block: only residual blocks' layers are called differently."""
    if "resnets" not in block:
        return rest
    for released, ours in RESNET.items():
        if rest == ours:
            return released
    raise ValueError(f"{rest} is no layer of a residual block")
