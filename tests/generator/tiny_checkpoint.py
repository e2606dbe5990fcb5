"""A tiny model as one file in the names of single-file checkpoints; no test of its own.

Source of the names: Stability's generative-models and OpenCLIP, as checkpoints in the field have
them.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from generator.models.catalogue import Model
from tests.generator.tiny_models import released_name

ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
OPEN_CLIP = {
    "text_model.embeddings.token_embedding.": "token_embedding.",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.encoder.layers.": "transformer.resblocks.",
    "text_model.final_layer_norm.": "ln_final.",
    ".self_attn.out_proj.": ".attn.out_proj.",
    ".layer_norm1.": ".ln_1.",
    ".layer_norm2.": ".ln_2.",
    ".mlp.fc1.": ".mlp.c_fc.",
    ".mlp.fc2.": ".mlp.c_proj.",
}


def write_checkpoint(model: Model, path: Path, *flags: str) -> Path:
    """Write the base of a tiny model as one file; `flags` are names of empty tensors in it."""
    assert model.card is not None
    family = model.card.family
    base = model.parts[f"{family}-base"]
    tensors = {
        f"model.diffusion_model.{released_name(name, family)}": one
        for name, one in _weights(base / "unet").items()
    }
    for name, one in _weights(base / "vae").items():
        is_map = ".attentions." in name and one.ndim == 2
        tensors[f"first_stage_model.{_vae_name(name)}"] = one[..., None, None] if is_map else one
    first = "cond_stage_model" if family == "sd15" else "conditioner.embedders.0"
    for name, one in _weights(base / "text_encoder").items():
        tensors[f"{first}.transformer.{_prefixed(name)}"] = one
    if family == "sdxl":
        for name, one in _open_clip(_weights(base / "text_encoder_2")).items():
            tensors[f"conditioner.embedders.1.model.{name}"] = one
    tensors |= {flag: torch.zeros(0) for flag in flags}
    save_file({name: one.contiguous() for name, one in tensors.items()}, path)
    return path


def _weights(folder: Path) -> dict[str, Tensor]:
    (path,) = folder.glob("*.safetensors")
    return load_file(path)


def _prefixed(name: str) -> str:
    """Name a weight as older files do, which put one more level in front."""
    is_whole = name.startswith(("text_model.", "text_projection."))
    return name if is_whole else f"text_model.{name}"


def _vae_name(name: str) -> str:
    side, *rest = name.split(".")
    match rest:
        case ["mid_block", "resnets", index, *last]:
            return _join(side, "mid", f"block_{int(index) + 1}", *_shortcut(last))
        case ["mid_block", "attentions", _, *last]:
            layer, _, kind = ".".join(last).rpartition(".")
            return _join(side, "mid", "attn_1", ATTENTION[layer], kind)
        case ["down_blocks", level, "resnets", index, *last]:
            return _join(side, "down", level, "block", index, *_shortcut(last))
        case ["down_blocks", level, "downsamplers", _, *last]:
            return _join(side, "down", level, "downsample", *last)
        case ["up_blocks", level, "resnets", index, *last]:
            return _join(side, "up", str(3 - int(level)), "block", index, *_shortcut(last))
        case ["up_blocks", level, "upsamplers", _, *last]:
            return _join(side, "up", str(3 - int(level)), "upsample", *last)
        case ["conv_norm_out", kind]:
            return _join(side, "norm_out", kind)
    return name


def _shortcut(rest: list[str]) -> list[str]:
    return ["nin_shortcut" if part == "conv_shortcut" else part for part in rest]


def _join(*parts: str) -> str:
    return ".".join(parts)


def _open_clip(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Join queries, keys and values to one map, and turn the projection round."""
    weights = {_prefixed(name): one for name, one in weights.items()}
    tensors = {}
    for name, one in weights.items():
        if ".k_proj." in name or ".v_proj." in name:
            continue
        if ".q_proj." in name:
            kind = name.rpartition(".")[2]
            rows = [weights[name.replace(".q_proj.", f".{each}_proj.")] for each in "qkv"]
            layer = name.replace(f".self_attn.q_proj.{kind}", f".attn.in_proj_{kind}")
            tensors[_open_clip_name(layer)] = torch.cat(rows)
        elif name == "text_projection.weight":
            tensors["text_projection"] = one.T
        else:
            tensors[_open_clip_name(name)] = one
    return tensors


def _open_clip_name(name: str) -> str:
    for ours, theirs in OPEN_CLIP.items():
        name = name.replace(ours, theirs)
    return name
