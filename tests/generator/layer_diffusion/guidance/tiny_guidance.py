"""Tiny control models, a style adapter with its encoder, and LoRAs, on disk; no test of its own."""

from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

from generator.layer_diffusion.attention_sharing import unit_sizes
from generator.layer_diffusion.parts import Parts
from tests.generator.tiny_models import released_name

SIDE = 32  # of the pictures that the tiny image encoder sees
WIDTH, SUMMARY = 16, 12  # of the encoder's layers and of its summary
QUERIES, HIDDEN = 6, 64


def tiny_control(unet: UNet2DConditionModel) -> ControlNetModel:
    """Make a ControlNet for that UNet whose zero convolutions are not zero."""
    torch.manual_seed(3)
    network = ControlNetModel.from_unet(unet)
    for name, parameter in network.named_parameters():
        if name.startswith(("controlnet_down", "controlnet_mid", "controlnet_cond_embedding")):
            parameter.data = 0.1 * torch.randn_like(parameter)
    return network.requires_grad_(False).eval()


def released_control(network: ControlNetModel, family: str) -> dict[str, Tensor]:
    """Name a ControlNet's tensors as the released single files do."""
    return {f"control_model.{_control(n, family)}": t for n, t in network.state_dict().items()}


def write_guidance(parts: Parts, folder: Path) -> dict[str, Path]:
    """Write all of it for a loaded model; return it by the names of the catalogue."""
    folder.mkdir(parents=True, exist_ok=True)
    family = parts.card.family
    network = tiny_control(parts.unet)
    places = {f"{family}-control-canny": folder / "canny"}
    network.save_pretrained(places[f"{family}-control-canny"])
    scribble = places[f"{family}-control-scribble"] = folder / "scribble.safetensors"
    save_file(_whole(released_control(network, family)), scribble)
    for name in ("style", "style-plus"):
        places[f"{family}-{name}"] = write_style(parts.unet, name, folder)
    places["image-encoder"] = folder
    config = CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2,
        projection_dim=SUMMARY, image_size=SIDE, patch_size=8,
    )  # fmt: skip
    encoder: Any = CLIPVisionModelWithProjection(config)
    encoder.save_pretrained(folder / "models" / "image_encoder")
    lora = places[f"{family}-lcm"] = folder / "lcm.safetensors"
    save_file(_lora(parts), lora)
    return places


def write_style(unet: nn.Module, kind: str, folder: Path) -> Path:
    """Write a style adapter for that UNet: "style" or "style-plus"."""
    projection = _plus(unet) if kind == "style-plus" else _standard(unet)
    path = folder / f"{kind}.safetensors"
    save_file(_whole(projection | _maps(unet)), path)
    return path


def _control(name: str, family: str) -> str:
    kind, _, rest = name.partition(".")
    match kind, rest.split("."):
        case "controlnet_down_blocks", [index, end]:
            return f"zero_convs.{index}.0.{end}"
        case "controlnet_mid_block", [end]:
            return f"middle_block_out.0.{end}"
        case "controlnet_cond_embedding", ["conv_in", end]:
            return f"input_hint_block.0.{end}"
        case "controlnet_cond_embedding", ["conv_out", end]:
            return f"input_hint_block.14.{end}"
        case "controlnet_cond_embedding", ["blocks", index, end]:
            return f"input_hint_block.{2 * int(index) + 2}.{end}"
    return released_name(name, family)


def _standard(unet: nn.Module) -> dict[str, Tensor]:
    context = unit_sizes(unet)[1].context
    return {
        "image_proj.proj.weight": torch.randn(4 * context, SUMMARY),
        "image_proj.proj.bias": torch.randn(4 * context),
        "image_proj.norm.weight": torch.ones(context),
        "image_proj.norm.bias": torch.zeros(context),
    }


def _plus(unet: nn.Module) -> dict[str, Tensor]:
    context = unit_sizes(unet)[1].context
    shapes: dict[str, tuple[int, ...]] = {
        "latents": (1, QUERIES, HIDDEN),
        "proj_in.weight": (HIDDEN, WIDTH), "proj_in.bias": (HIDDEN,),
        "proj_out.weight": (context, HIDDEN), "proj_out.bias": (context,),
        "norm_out.weight": (context,), "norm_out.bias": (context,),
    }  # fmt: skip
    for layer in range(4):  # diffusers knows no other depth
        shapes |= {
            f"layers.{layer}.0.norm1.weight": (HIDDEN,), f"layers.{layer}.0.norm1.bias": (HIDDEN,),
            f"layers.{layer}.0.norm2.weight": (HIDDEN,), f"layers.{layer}.0.norm2.bias": (HIDDEN,),
            f"layers.{layer}.0.to_q.weight": (64, HIDDEN),
            f"layers.{layer}.0.to_kv.weight": (128, HIDDEN),
            f"layers.{layer}.0.to_out.weight": (HIDDEN, 64),
            f"layers.{layer}.1.0.weight": (HIDDEN,), f"layers.{layer}.1.0.bias": (HIDDEN,),
            f"layers.{layer}.1.1.weight": (4 * HIDDEN, HIDDEN),
            f"layers.{layer}.1.3.weight": (HIDDEN, 4 * HIDDEN),
        }  # fmt: skip
    return {f"image_proj.{name}": 0.3 * torch.randn(shape) for name, shape in shapes.items()}


def _maps(unet: nn.Module) -> dict[str, Tensor]:
    return {
        f"ip_adapter.{2 * index + 1}.{which}.weight": torch.randn(size.width, size.context)
        for index, size in enumerate(unit_sizes(unet)[1::2])
        for which in ("to_k_ip", "to_v_ip")
    }


def _lora(parts: Parts) -> dict[str, Tensor]:
    """Change attentions and convolutions of the UNet, and a text encoder."""
    tensors = {}
    layers = [
        ("unet", "lora_unet_", "mid_block.attentions.0.transformer_blocks.0.attn2.to_v"),
        ("unet", "lora_unet_", "mid_block.resnets.0.conv1"),
        ("unet", "lora_unet_", "conv_in"),
        ("text_encoder", "lora_te1_", "encoder.layers.0.mlp.fc1"),
    ]
    for network, prefix, layer in layers:
        module = parts.networks[network]
        path = next(n for n, _ in module.named_modules() if n.endswith(layer))
        weight = module.get_parameter(f"{path}.weight")
        name = path if network == "unet" else f"text_model.{path.removeprefix('text_model.')}"
        flat = prefix + name.replace(".", "_")
        tensors[f"{flat}.lora_up.weight"] = torch.randn(len(weight), 2, *[1] * (weight.ndim - 2))
        tensors[f"{flat}.lora_down.weight"] = 0.3 * torch.randn(2, *weight.shape[1:])
    return tensors


def _whole(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.contiguous() for name, tensor in tensors.items()}
