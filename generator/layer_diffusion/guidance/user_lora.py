"""The user's LoRAs laid on a model's networks and taken off again, bit for bit.

Several at once, each with its weight. What they replace is kept, never computed back. Other kinds
of adapters are refused in one sentence; so is a LoRA of another family.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.layer_diffusion.guidance.lora_names import (
    UNET,
    LoraPart,
    Target,
    names_of,
    part_of,
)
from generator.layer_diffusion.weight_file import WeightFile, unusable

Networks = Mapping[str, nn.Module]  # by the names of lora_names: unet, text_encoder, ...

MOST_UNPLACED = 0.2  # of a LoRA's layers that may fit nothing, as some trainers' extras do
SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class UserLora:
    """An open LoRA that fits a model: for each layer, the file's names of the change's parts.

    Tensors stay in the file until they are laid on. `unplaced` are names that fit nothing here.
    """

    file: WeightFile
    changes: dict[Target, dict[LoraPart, str]]
    scales: dict[Target, float]  # where the file's metadata has them instead of its tensors
    unplaced: tuple[str, ...]

    @property
    def changes_text(self) -> bool:
        """Whether it changes how prompts are read, too."""
        return any(target.network != UNET for target in self.changes)

    def difference(self, target: Target, like: Tensor) -> Tensor:
        """Return the change of a layer's weight at weight 1, of `like`'s shape and device."""
        exact = torch.promote_types(like.dtype, torch.float32)
        parts = {
            part: self.file.tensor(key).to(like.device, exact)
            for part, key in self.changes[target].items()
        }
        if LoraPart.DIFFERENCE in parts:
            return parts[LoraPart.DIFFERENCE].reshape(like.shape)
        up, down = parts[LoraPart.UP], parts[LoraPart.DOWN]
        alpha = parts.get(LoraPart.ALPHA)
        scale = self.scales.get(target, 1.0) if alpha is None else float(alpha) / down.shape[0]
        return scale * _product(up, down, parts.get(LoraPart.MID)).reshape(like.shape)


class AppliedLoras:
    """LoRAs that lie on a model's networks; a patch laid on later must come off before."""

    def __init__(self, networks: Networks) -> None:
        """Begin with nothing replaced."""
        self._networks = networks
        self._kept: dict[Target, Tensor] = {}

    @property
    def kept_bytes(self) -> int:
        """Memory held by what they replaced; 0 once they are off."""
        return sum(kept.nbytes for kept in self._kept.values())

    @torch.inference_mode(False)  # networks may be used and moved outside the job's inference mode
    def lay(self, loras: Sequence[tuple[UserLora, float]]) -> None:
        """Replace every weight that any of them changes by the sum of all, rounded once."""
        targets = dict.fromkeys(
            target for lora, weight in loras if weight for target in lora.changes
        )
        for target in targets:
            parameter = self._weight(target)
            merged = parameter.data.to(torch.promote_types(parameter.dtype, torch.float32))
            for lora, weight in loras:
                if weight and target in lora.changes:
                    merged = merged + weight * lora.difference(target, parameter.data)
            self._kept[target] = parameter.data
            parameter.data = merged.to(parameter.dtype)

    @torch.inference_mode(False)
    def take_off(self) -> None:
        """Put back what was there, where the weights are now; a second call does nothing."""
        while self._kept:
            target, kept = self._kept.popitem()
            parameter = self._weight(target)
            parameter.data = kept.to(parameter.device)

    def _weight(self, target: Target) -> nn.Parameter:
        return self._networks[target.network].get_parameter(f"{target.layer}.weight")


def read_lora(path: Path, networks: Networks) -> UserLora:
    """Open a LoRA for these networks; `GenerationError` says why it does not fit."""
    file = WeightFile(path)
    names = _known_names(networks)
    changes: dict[Target, dict[LoraPart, str]] = {}
    unplaced: dict[str, None] = {}
    for key in file.shapes:
        layer, part = part_of(key) or (key, None)
        target = names.get(layer)
        if target is None or part is None:
            unplaced[layer] = None
        else:
            changes.setdefault(target, {})[part] = key
    if not changes:
        raise unusable(f"{file.name} is no LoRA that fits this model.")
    if len(unplaced) > MOST_UNPLACED * (len(unplaced) + len(changes)):
        shown = ", ".join(list(unplaced)[:SHOWN])
        raise unusable(f"{file.name} does not fit this model: it has no {shown}.")
    for target, parts in changes.items():
        weight = networks[target.network].get_parameter(f"{target.layer}.weight")
        if not _fits({part: file.shapes[key] for part, key in parts.items()}, tuple(weight.shape)):
            raise unusable(
                f"{file.name} does not fit this model: {target.layer} has another shape."
            )
    return UserLora(file, changes, _scales(file, changes), tuple(unplaced))


@contextmanager
def applied_loras(
    networks: Networks, loras: Sequence[tuple[UserLora, float]]
) -> Iterator[AppliedLoras]:
    """Lay LoRAs, each with its weight, on the networks for as long as the block runs.

    They were opened for these networks. Any failure leaves the networks as they were.
    """
    handle = AppliedLoras(networks)
    try:
        handle.lay(loras)
        yield handle
    finally:
        handle.take_off()


def _known_names(networks: Networks) -> dict[str, Target]:
    """Every name that a LoRA may use, with the layer that it means; the first network wins."""
    known: dict[str, Target] = {}
    for network, module in networks.items():
        layers = (name for name, one in module.named_modules() if _can_change(one))
        for name, target in names_of(network, layers):
            known.setdefault(name, target)
    return known


def _can_change(module: nn.Module) -> bool:
    return isinstance(module, nn.Linear | nn.Conv2d | nn.Embedding)


def _fits(shapes: dict[LoraPart, tuple[int, ...]], weight: tuple[int, ...]) -> bool:
    """Whether the parts are whole and make up a weight of that shape."""
    if LoraPart.DIFFERENCE in shapes:
        return math.prod(shapes[LoraPart.DIFFERENCE]) == math.prod(weight)
    up, down = shapes.get(LoraPart.UP), shapes.get(LoraPart.DOWN)
    if up is None or down is None or len(up) < 2 or len(down) < 2:
        return False
    mid = shapes.get(LoraPart.MID, (up[1], down[0]))
    if mid[0] != up[1] or mid[1] != down[0] or math.prod(shapes.get(LoraPart.ALPHA, ())) != 1:
        return False
    kernel = math.prod(mid[2:]) * math.prod(down[2:]) * math.prod(up[2:])
    return up[0] == weight[0] and down[1] * kernel == math.prod(weight[1:])


def _product(up: Tensor, down: Tensor, mid: Tensor | None) -> Tensor:
    """Multiply up (out, r, ...) by down (r, in, ...), through mid (r, r, kh, kw) where it is.

    Of convolutions only one of them has a kernel larger than a pixel.
    """
    if mid is not None:
        return torch.einsum("or,rshw,si->oihw", up.flatten(1), mid, down.flatten(1))
    if up.shape[2:].numel() > 1:
        return torch.einsum("orhw,ri->oihw", up, down.flatten(1))
    return up.flatten(1) @ down.flatten(1)


def _scales(file: WeightFile, changes: dict[Target, dict[LoraPart, str]]) -> dict[Target, float]:
    """Read alpha / rank from the metadata that diffusers writes with peft's LoRAs; else 1."""
    try:
        adapter = json.loads(file.metadata.get("lora_adapter_metadata", "{}"))
    except json.JSONDecodeError:
        return {}
    scales = {}
    for target, parts in changes.items():
        rank = file.shapes[parts[LoraPart.DOWN]][0] if LoraPart.DOWN in parts else 0
        patterns = adapter.get(f"{target.network}.alpha_pattern") or {}
        alpha = patterns.get(target.layer, adapter.get(f"{target.network}.lora_alpha"))
        if isinstance(alpha, int | float) and rank:
            scales[target] = alpha / rank
    return scales
