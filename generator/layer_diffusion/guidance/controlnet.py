"""ControlNets: a picture says where things go, in every task and beside whatever is worn.

Loads diffusers' folders and single files in the released or diffusers' names. A ControlNet sees the
plain latent, never the channels of joined conditions, and of shared attention only the frames that
its picture speaks of.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel, UNet2DConditionModel
from torch import Tensor, nn

from generator.layer_diffusion.patch_names import diffusers_name
from generator.layer_diffusion.text import Words
from generator.layer_diffusion.weight_file import WeightFile, load_strictly, unusable
from generator.request import Role, Task

ROOT = "control_model."  # of the released files
HINT, HINTS = "input_hint_block", "controlnet_cond_embedding"
DIFFUSERS_MARK = f"{HINTS}.conv_in.weight"
UNION_MARK = "task_embedding"
CLASS = ControlNetModel.__name__


def read_control(
    path: Path, unet: UNet2DConditionModel, device: torch.device, dtype: torch.dtype
) -> ControlNetModel:
    """Load a ControlNet for that UNet; `GenerationError` says in one sentence why it does not fit.

    A single file must be as large as the UNet's first half; a folder's config may say otherwise.
    """
    with torch.device("meta"):
        network = _described(path) if path.is_dir() else _like(unet)
    file = WeightFile(_weights_in(path) if path.is_dir() else path)
    if UNION_MARK in file.shapes:
        raise unusable(f"{file.name} is a union of several ControlNets, which is not known here.")
    if _widths(network) != _widths(unet):
        raise unusable(f"{path.name} is a ControlNet for another kind of model than this.")
    names = None if DIFFUSERS_MARK in file.shapes else _released_names(file)
    load_strictly(network, file, "a ControlNet for this kind of model", device, dtype, names)
    return network


def frames_under_control(makes: tuple[Role, ...], task: Task) -> tuple[bool, ...]:
    """Say for each frame of a stage whether a control picture speaks of it.

    A control picture shows what is asked for. A background that is made beside or after its
    foreground must not show that foreground's outlines once more, so it is left free, unless the
    background itself is what is asked for. The released web form gave all frames the same control.
    """
    return tuple(role is not Role.BACKGROUND or task is Task.BACKGROUND for role in makes)


@dataclass(frozen=True, slots=True, eq=False)
class ControlGuide:
    """One ControlNet with its picture (1, 3, h, w), 0..1, of the working size.

    `weight` scales what it adds; `frames` says which of a variant's frames hear it.
    """

    network: ControlNetModel
    picture: Tensor
    weight: float
    frames: tuple[bool, ...]

    def wearing(self, unet: nn.Module) -> AbstractContextManager[None]:
        """Change nothing: a ControlNet speaks through the call's arguments."""
        return nullcontext()

    def arguments(self, latent: Tensor, time: Tensor, words: Words) -> dict[str, Any]:
        """Return what is added to the UNet's way down and middle; zeros for the other frames."""
        rows = self._rows(len(latent)).to(latent.device)
        if not len(rows):
            return {}
        down, middle = self.network(
            latent[rows],
            time,
            words.tokens[rows],
            controlnet_cond=self.picture.to(latent).expand(len(rows), -1, -1, -1),
            conditioning_scale=self.weight,
            added_cond_kwargs=self._known(words, rows),
            return_dict=False,
        )
        return {
            "down_block_additional_residuals": tuple(
                _spread(one, rows, len(latent)) for one in down
            ),
            "mid_block_additional_residual": _spread(middle, rows, len(latent)),
        }

    def _rows(self, count: int) -> Tensor:
        return torch.tensor(self.frames).repeat(count // len(self.frames)).nonzero()[:, 0]

    def _known(self, words: Words, rows: Tensor) -> dict[str, Tensor] | None:
        """Return what SDXL is told besides: pooled text; original size, crop, target size."""
        if words.pooled is None:
            return None
        height, width = self.picture.shape[2:]
        sizes = torch.tensor([[height, width, 0, 0, height, width]]).to(words.pooled)
        return {"text_embeds": words.pooled[rows], "time_ids": sizes.expand(len(rows), -1)}


def _spread(heard: Tensor, rows: Tensor, count: int) -> Tensor:
    if len(rows) == count:
        return heard
    spread = heard.new_zeros((count, *heard.shape[1:]))
    spread[rows] = heard
    return spread


def _widths(network: ControlNetModel | UNet2DConditionModel) -> tuple[int, ...]:
    """Return the widths of the text and of the blocks; configs from files hold them as lists."""
    return (network.config.cross_attention_dim, *network.config.block_out_channels)


def _like(unet: UNet2DConditionModel) -> ControlNetModel:
    network: ControlNetModel = ControlNetModel.from_unet(unet, load_weights_from_unet=False)
    return network


def _described(folder: Path) -> ControlNetModel:
    """Build what a folder's config describes, without its weights."""
    try:
        config = json.loads((folder / "config.json").read_text())
        named = config.get("_class_name")
        if named == CLASS:
            network: ControlNetModel = ControlNetModel.from_config(config)
            return network
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise unusable(f"{folder.name} is no folder of a ControlNet: {error}.") from error
    raise unusable(f"{folder.name} holds a {named}, and only a {CLASS} is known here.")


def _weights_in(folder: Path) -> Path:
    """Return a folder's weights: in half precision where there are both."""
    for name in ("diffusion_pytorch_model.fp16", "diffusion_pytorch_model", "model"):
        if (folder / f"{name}.safetensors").is_file():
            return folder / f"{name}.safetensors"
    raise unusable(f"{folder.name} holds no ControlNet as .safetensors, and no others are read.")


def _released_names(file: WeightFile) -> dict[str, str]:
    """Return diffusers' names with the file's own; one that is neither is refused."""
    names = {}
    for key in file.shapes:
        bare = key.removeprefix(ROOT)
        # A whole checkpoint may lie around a released ControlNet.
        if bare != key or not any(other.startswith(ROOT) for other in file.shapes):
            try:
                names[control_name(bare)] = key
            except ValueError as error:
                raise unusable(f"{file.name} is no ControlNet: {error}.") from error
    return names


def control_name(released: str) -> str:
    """Translate a released ControlNet's name, without `control_model.`, to diffusers' name."""
    match released.split("."):
        case ["zero_convs", index, "0", end]:
            return f"controlnet_down_blocks.{index}.{end}"
        case ["middle_block_out", "0", end]:
            return f"controlnet_mid_block.{end}"
        case ["input_hint_block", "0", end]:
            return f"{HINTS}.conv_in.{end}"
        case ["input_hint_block", "14", end]:
            return f"{HINTS}.conv_out.{end}"
        case ["input_hint_block", index, end] if index.isdecimal():
            return f"{HINTS}.blocks.{int(index) // 2 - 1}.{end}"
    return diffusers_name(released)
