"""Tiny random models of both families, on disk as they are published; no test of its own.

Same classes, block types and tensor names as the real ones; widths of 16 and 32. Weights are random
but seeded, so pictures mean nothing and are the same every time.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, PNDMScheduler, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from generator.layer_diffusion.attention_sharing import AttentionSharing, Widths, unit_sizes
from generator.layer_diffusion.latent_transparency import (
    DecoderConfig,
    EncoderConfig,
    LatentTransparencyDecoder,
    LatentTransparencyEncoder,
)
from generator.layer_diffusion.patch_names import MIDDLE, OUTSIDE_BLOCKS, RESNET
from generator.models.catalogue import Model, model_in
from generator.models.published import published

SIDE = 128  # of the native size, in pixels
STEPS = 2
RANK = 4
TEXT_WIDTH, SECOND_TEXT_WIDTH = 32, 48
DECODER = DecoderConfig(channels=(8, 8, 8, 8, 16, 16, 16), attention_levels=3)
ENCODER = EncoderConfig(channels=(4, 4, 8, 8, 12, 12, 16, 16))
CONTROL = (4, 4, 8, 8, 12, 12, 16, 16)

UNETS: dict[str, dict[str, Any]] = {
    "sd15": {
        "sample_size": 16,
        "block_out_channels": (16, 32, 32, 32),
        "attention_head_dim": 8,
        "cross_attention_dim": TEXT_WIDTH,
        "norm_num_groups": 8,
    },
    "sdxl": {
        "sample_size": 16,
        "block_out_channels": (16, 32, 32),
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        "transformer_layers_per_block": (1, 2, 3),
        "attention_head_dim": (2, 4, 4),
        "cross_attention_dim": TEXT_WIDTH + SECOND_TEXT_WIDTH,
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 6 * 8 + SECOND_TEXT_WIDTH,
        "norm_num_groups": 8,
    },
}
SHARING = {  # frames, and whether a picture is seen
    "sd15-layer": (1, False),
    "sd15-together": (3, False),
    "sd15-background": (2, True),
    "sd15-foreground": (2, True),
}
CONDITIONAL = {  # conv_in's channels, and whether attention's outputs and the like change, too
    "sdxl-foreground-to-blended": (8, False),
    "sdxl-background-to-blended": (8, False),
    "sdxl-blended-to-background": (12, False),
    "sdxl-blended-to-foreground": (12, True),
}


def write_model(family: str, folder: Path) -> Model:
    """Write a whole family into a folder, with its card, and return it as the store finds it."""
    torch.manual_seed(0)
    base = folder / "base"
    unet = _write_base(family, base)
    shutil.copytree(base, folder / "configuration", ignore=shutil.ignore_patterns("*.safetensors"))
    parts = {f"{family}-base": "base", f"{family}-configuration": "configuration"}
    for name, tensors in _entries(family, unet):
        parts[name] = published(name)[0].files[0].path
        save_file({key: one.contiguous() for key, one in tensors.items()}, folder / parts[name])
    if family == "sdxl":
        _vae(family, force_upcast=False).save_pretrained(folder / "vae")
        parts["sdxl-vae"] = "vae"
    card = {
        "name": folder.name,
        "family": family,
        "native_size": [SIDE, SIDE],
        "steps": STEPS,
        "guidance": 5.0,
        "hash": f"tiny {family}",
        "files": {},
        "parts": parts,
        "tasks": ["layer", "together", "background", "foreground", "vary", "repaint", "upscale"]
        + (["extract"] if family == "sdxl" else []),
    }
    (folder / "model.json").write_text(json.dumps(card))
    return model_in(folder)


def released_name(name: str, family: str = "sdxl") -> str:
    """Name a weight of diffusers' UNet as the released files and single-file checkpoints do."""
    for released, ours in OUTSIDE_BLOCKS.items():
        if name.startswith(f"{ours}."):
            return released + name.removeprefix(ours)
    for place, ours in MIDDLE.items():
        if name.startswith(f"{ours}."):
            return f"middle_block.{place}.{_inside(ours, name.removeprefix(f'{ours}.'))}"
    direction, block, kind, layer, *rest = name.split(".")
    start = 3 * int(block) + (direction == "down_blocks")
    path = "input_blocks" if direction == "down_blocks" else "output_blocks"
    match kind:
        case "downsamplers":
            return ".".join([path, str(start + 2), "0", "op", *rest[1:]])
        case "upsamplers":
            # Behind the attentions; SD 1.5's first block has none.
            place = "1" if family == "sd15" and block == "0" else "2"
            return ".".join([path, str(start + 2), place, *rest])
    place = "0" if kind == "resnets" else "1"
    return f"{path}.{start + int(layer)}.{place}.{_inside(kind, '.'.join(rest))}"


def _inside(block: str, rest: str) -> str:
    if "resnets" not in block:
        return rest
    return next(
        released + rest.removeprefix(ours)
        for released, ours in RESNET.items()
        if rest.startswith(f"{ours}.")
    )


def _write_base(family: str, folder: Path) -> UNet2DConditionModel:
    unet = UNet2DConditionModel(**UNETS[family]).half()
    unet.save_pretrained(folder / "unet", variant="fp16")
    vae = _vae(family, force_upcast=family == "sdxl").half()
    vae.save_pretrained(folder / "vae", variant="fp16")
    _write_tokenizer(folder / "tokenizer", pad="<|endoftext|>")
    _text(CLIPTextModel, TEXT_WIDTH, "quick_gelu").save_pretrained(
        folder / "text_encoder", variant="fp16"
    )
    schedule = {
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "steps_offset": 1,
    }
    if family == "sd15":
        PNDMScheduler(skip_prk_steps=True, **schedule).save_pretrained(folder / "scheduler")
    else:
        EulerDiscreteScheduler(**schedule).save_pretrained(folder / "scheduler")
        _write_tokenizer(folder / "tokenizer_2", pad="!")
        second = _text(CLIPTextModelWithProjection, SECOND_TEXT_WIDTH, "gelu")
        second.save_pretrained(folder / "text_encoder_2", variant="fp16")
    kind = "StableDiffusionPipeline" if family == "sd15" else "StableDiffusionXLPipeline"
    (folder / "model_index.json").write_text(
        json.dumps({"_class_name": kind, "force_zeros_for_empty_prompt": family == "sdxl"})
    )
    return unet


def _vae(family: str, force_upcast: bool) -> AutoencoderKL:
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 8, 16),
        layers_per_block=2,
        latent_channels=4,
        norm_num_groups=4,
        scaling_factor=0.18215 if family == "sd15" else 0.13025,
        force_upcast=force_upcast,
        sample_size=SIDE,
    )


def _text(kind: type[Any], width: int, activation: str) -> Any:
    config = CLIPTextConfig(
        vocab_size=len(_vocabulary()),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=3,
        num_attention_heads=4,
        projection_dim=width,
        hidden_act=activation,
        bos_token_id=0,
        eos_token_id=2,
    )
    return kind(config).half()


def _vocabulary() -> dict[str, int]:
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters), "re", "red</w>"]
    return {word: index for index, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}


def _write_tokenizer(folder: Path, pad: str) -> None:
    """Write the four files that the published tokenizers have, and no others."""
    folder.mkdir(parents=True)
    (folder / "vocab.json").write_text(json.dumps(_vocabulary()))
    (folder / "merges.txt").write_text("#version: 0.2\nr e\nre d</w>\n")
    special = {
        "bos_token": "<|startoftext|>",
        "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>",
        "pad_token": pad,
    }
    (folder / "special_tokens_map.json").write_text(json.dumps(special))
    config = {**special, "model_max_length": 77, "tokenizer_class": CLIPTokenizer.__name__}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def _entries(family: str, unet: UNet2DConditionModel) -> Iterator[tuple[str, dict[str, Tensor]]]:
    """Yield every single file of the catalogue for a family, by its entry's name."""
    yield f"{family}-decoder", LatentTransparencyDecoder(DECODER).state_dict()
    yield f"{family}-encoder", _shaken(LatentTransparencyEncoder(ENCODER)).state_dict()
    if family == "sd15":
        for name, (frames, control) in SHARING.items():
            widths = Widths(RANK, CONTROL)
            sharing = AttentionSharing(unit_sizes(unet), frames, control, widths)
            _loud(sharing)
            yield name, sharing.half().state_dict()
        return
    yield "sdxl-decoder-second", LatentTransparencyDecoder(DECODER).state_dict()
    yield "sdxl-encoder-second", _shaken(LatentTransparencyEncoder(ENCODER)).state_dict()
    yield from _sdxl_patches(unet.state_dict())


def _sdxl_patches(weights: dict[str, Tensor]) -> Iterator[tuple[str, dict[str, Tensor]]]:
    attention = {name: one for name, one in weights.items() if _is_projection(name)}
    yield "sdxl-layer", _low_rank(attention)
    yield "sdxl-layer-full", _differences(attention)
    rest = {name: one for name, one in weights.items() if not _is_kept_by_convolution(name)}
    yield "sdxl-layer-convolution", _released(_differences(rest))
    yield "sdxl-layer-convolution-full", _differences(rest)
    for name, (channels, is_whole) in CONDITIONAL.items():
        changed = rest if is_whole else {n: one for n, one in rest.items() if _is_residual(n)}
        yield name, _released(_differences(changed, channels))


def _is_projection(name: str) -> bool:
    ends = ("to_q.weight", "to_k.weight", "to_v.weight", "to_out.0.weight")
    return ".attn" in name and name.endswith(ends)


def _is_kept_by_convolution(name: str) -> bool:
    kept = ("to_q.weight", "to_k.weight", "to_v.weight")
    return name.endswith(kept) or name.startswith(("time_embedding.", "add_embedding."))


def _is_residual(name: str) -> bool:
    kinds = (".resnets.", "samplers.", "conv_in.", "conv_norm_out.", "conv_out.")
    return any(kind in name for kind in kinds)


def _differences(weights: dict[str, Tensor], channels: int = 4) -> dict[str, Tensor]:
    def like(name: str, weight: Tensor) -> Tensor:
        shape = list(weight.shape)
        if name == "conv_in.weight":
            shape[1] = channels
        return (0.02 * torch.randn(shape)).half()

    return {name: like(name, weight) for name, weight in weights.items()}


def _released(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"diffusion_model.{released_name(name)}::diff::0": one for name, one in tensors.items()}


def _low_rank(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    tensors = {}
    for name, weight in weights.items():
        path = f"diffusion_model.{released_name(name)}::lora::"
        tensors[f"{path}0"] = (0.1 * torch.randn(weight.shape[0], RANK)).half()
        tensors[f"{path}1"] = (0.1 * torch.randn(RANK, weight.shape[1])).half()
    return tensors


def _loud(sharing: AttentionSharing) -> None:
    """Let a picture still be heard behind the many convolutions that it goes through."""
    for name, parameter in sharing.named_parameters():
        if parameter.ndim == 4 and name.startswith("kwargs_encoder."):
            parameter.data *= 3


def _shaken(module: nn.Module) -> nn.Module:
    """Give small random values to what starts at zero, so that it has an effect."""
    for parameter in module.parameters():
        parameter.data += 0.02 * torch.randn_like(parameter)
    return module
