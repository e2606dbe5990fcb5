"""IP-Adapter files and the image encoder that they need, loaded strictly; safetensors alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.embeddings import ImageProjection, IPAdapterPlusImageProjection
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from transformers import CLIPVisionModelWithProjection

from generator.layer_diffusion.attention_sharing import unit_sizes
from generator.layer_diffusion.weight_file import WeightFile, unusable

RGBA8 = NDArray[np.uint8]  # (h, w, 4), straight

TOKENS = 4  # that a standard adapter makes of a picture
HEAD_WIDTH = 64  # of the plus kind's attention
BACKING = (127, 127, 127)  # as the VAE sees cut-outs: a style must not pick up black or white
# CLIP's means and deviations of red, green and blue, 0..1. Source: Radford et al. 2021, released.
MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)

RESAMPLER = {
    "0.norm1": "ln0",
    "0.norm2": "ln1",
    "0.to_q": "attn.to_q",
    "0.to_out": "attn.to_out.0",
    "1.0": "ff.0",
    "1.1": "ff.1.net.0.proj",
    "1.3": "ff.1.net.2",
}
BOTH = "0.to_kv"  # keys and values in one map


@dataclass(frozen=True, slots=True, eq=False)
class StyleAdapter:
    """A loaded adapter: a picture's features to tokens, and two maps for each attention to text.

    `is_plus` says that it reads the encoder's last but one layer instead of its summary.
    """

    projection: nn.Module
    maps: tuple[tuple[nn.Linear, nn.Linear], ...]
    is_plus: bool
    reads: int  # width of the features


def read_style(
    path: Path, unet: nn.Module, device: torch.device, dtype: torch.dtype
) -> StyleAdapter:
    """Load an adapter for that UNet; `GenerationError` says why a file does not fit."""
    file = WeightFile(path)
    shapes = {key.removeprefix("image_proj."): shape for key, shape in file.shapes.items()}
    if "latents" in shapes:
        projection, is_plus, reads = _resampler(shapes), True, shapes["proj_in.weight"][1]
    elif "proj.weight" in shapes and "norm.weight" in shapes:
        projection, is_plus, reads = _standard(shapes), False, shapes["proj.weight"][1]
    else:
        raise unusable(f"{file.name} is no IP-Adapter that is known here: standard and plus are.")
    state = dict(_projection_state(file))
    wanted = {name: tuple(one.shape) for name, one in projection.state_dict().items()}
    if {name: tuple(one.shape) for name, one in state.items()} != wanted:
        raise unusable(f"{file.name} is damaged, or an IP-Adapter of a kind that is not known.")
    projection.load_state_dict(
        {name: one.to(device, dtype, copy=True) for name, one in state.items()}, assign=True
    )
    maps = tuple(_maps(file, unet, device, dtype))
    return StyleAdapter(projection.requires_grad_(False).eval(), maps, is_plus, reads)


class PictureReader:
    """The image encoder: pictures to the features that adapters read."""

    def __init__(self, folder: Path, device: torch.device, dtype: torch.dtype) -> None:
        """Load it from a folder with its config; OSError where it is missing or damaged."""
        self._encoder: Any = CLIPVisionModelWithProjection.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=dtype
        )
        self._encoder.to(device).requires_grad_(False).eval()

    def width(self, is_plus: bool) -> int:
        """Return the width of the features that the plus kind reads, or of the summary."""
        config = self._encoder.config
        width: int = config.hidden_size if is_plus else config.projection_dim
        return width

    @torch.inference_mode()
    def tokens(self, picture: RGBA8, adapter: StyleAdapter) -> tuple[Tensor, Tensor]:
        """Return the adapter's tokens (1, n, c) of a picture, and those of none."""
        seen = self._seen(picture)
        if adapter.is_plus:
            features, nothing = (
                self._encoder(one, output_hidden_states=True).hidden_states[-2]
                for one in (seen, torch.zeros_like(seen))
            )
        else:
            features = self._encoder(seen).image_embeds
            nothing = torch.zeros_like(features)
        like = next(adapter.projection.parameters())
        return adapter.projection(features.to(like)), adapter.projection(nothing.to(like))

    def _seen(self, picture: RGBA8) -> Tensor:
        """Bring the middle of a picture to the encoder's size, (1, 3, s, s), as it was trained."""
        side: int = self._encoder.config.image_size
        cut_out = Image.fromarray(np.ascontiguousarray(picture), "RGBA")
        backed = Image.new("RGBA", cut_out.size, (*BACKING, 255))
        backed.alpha_composite(cut_out)
        scale = side / min(backed.size)
        width, height = (max(side, round(length * scale)) for length in backed.size)
        fitted = backed.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
        left, top = (width - side) // 2, (height - side) // 2
        middle = np.array(fitted.crop((left, top, left + side, top + side)), np.float32) / 255
        planes = (middle - np.array(MEAN, np.float32)) / np.array(DEVIATION, np.float32)
        like = next(self._encoder.parameters())
        return torch.from_numpy(planes).permute(2, 0, 1)[None].to(like)


def _standard(shapes: dict[str, tuple[int, ...]]) -> nn.Module:
    out, reads = shapes["proj.weight"]
    with torch.device("meta"):
        projection: nn.Module = ImageProjection(reads, out // TOKENS, TOKENS)
    return projection


def _resampler(shapes: dict[str, tuple[int, ...]]) -> nn.Module:
    _, queries, hidden = shapes["latents"]
    depth = len({key.split(".")[1] for key in shapes if key.startswith("layers.")})
    with torch.device("meta"):
        projection: nn.Module = IPAdapterPlusImageProjection(
            embed_dims=shapes["proj_in.weight"][1],
            output_dims=shapes["proj_out.weight"][0],
            hidden_dims=hidden,
            depth=depth,
            dim_head=HEAD_WIDTH,
            heads=shapes["layers.0.0.to_q.weight"][0] // HEAD_WIDTH,
            num_queries=queries,
            ffn_ratio=shapes["layers.0.1.1.weight"][0] // hidden,
        )
    return projection


def _projection_state(file: WeightFile) -> Iterator[tuple[str, Tensor]]:
    """Yield the projection's tensors under diffusers' names."""
    for key in file.shapes:
        if not key.startswith("image_proj."):
            continue
        name = key.removeprefix("image_proj.")
        root, _, rest = name.partition(".")
        if root == "proj":
            yield f"image_embeds.{rest}", file.tensor(key)
        elif root == "layers":
            yield from _layer(name, file.tensor(key))
        else:
            yield name, file.tensor(key)


def _layer(name: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    _, index, rest = name.split(".", 2)
    path, _, end = rest.rpartition(".")
    if path == BOTH:
        for which, half in zip(("to_k", "to_v"), tensor.chunk(2), strict=True):
            yield f"layers.{index}.attn.{which}.{end}", half
    else:
        yield f"layers.{index}.{RESAMPLER.get(path, path)}.{end}", tensor


def _maps(
    file: WeightFile, unet: nn.Module, device: torch.device, dtype: torch.dtype
) -> Iterator[tuple[nn.Linear, nn.Linear]]:
    """Yield keys' and values' maps of each attention to text: down, up, the middle last.

    The files count all attentions, to text or not, so theirs have odd numbers.
    """
    sizes = unit_sizes(unet)[1::2]
    for index, size in enumerate(sizes):
        pair = []
        for which in ("to_k_ip", "to_v_ip"):
            key = f"ip_adapter.{2 * index + 1}.{which}.weight"
            if file.shapes.get(key) != (size.width, size.context):
                raise unusable(f"{file.name} is an IP-Adapter for another kind of model than this.")
            with torch.device("meta"):
                linear = nn.Linear(size.context, size.width, bias=False)
            linear.weight = nn.Parameter(
                file.tensor(key).to(device, dtype, copy=True), requires_grad=False
            )
            pair.append(linear)
        yield pair[0], pair[1]
    if f"ip_adapter.{2 * len(sizes) + 1}.to_k_ip.weight" in file.shapes:
        raise unusable(f"{file.name} is an IP-Adapter for another kind of model than this.")
