"""The layers that are trained: a low-rank path beside each chosen layer of a frozen network.

A layer's output becomes W x + (alpha / rank) up(down(x)) (Hu et al. 2021). Nothing of the network
is replaced: paths are hooks, and without them it is bit for bit what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import torch
from torch import Tensor, nn

from generator.layer_diffusion.guidance.lora_names import released_name

ATTENTION = ".transformer_blocks."
Hook: TypeAlias = Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor]

FLAT = "lora_unet_"  # kohya's name of the network


class LowRank(nn.Module):
    """The path beside one linear layer or convolution; it begins as zero."""

    def __init__(self, layer: nn.Linear | nn.Conv2d, rank: int) -> None:
        """Take over the layer's shape; weights are float32 whatever the layer's are."""
        super().__init__()
        self.down: nn.Linear | nn.Conv2d
        self.up: nn.Linear | nn.Conv2d
        if isinstance(layer, nn.Conv2d):
            kernel = (layer.kernel_size[0], layer.kernel_size[1])
            stride = (layer.stride[0], layer.stride[1])
            assert not isinstance(layer.padding, str), "diffusers pads by numbers"
            padding = (layer.padding[0], layer.padding[1])
            self.down = nn.Conv2d(layer.in_channels, rank, kernel, stride, padding, bias=False)
            self.up = nn.Conv2d(rank, layer.out_channels, 1, bias=False)
        else:
            self.down = nn.Linear(layer.in_features, rank, bias=False)
            self.up = nn.Linear(rank, layer.out_features, bias=False)
        nn.init.normal_(self.down.weight, std=self.down.weight[0].numel() ** -0.5)
        nn.init.zeros_(self.up.weight)

    def forward(self, seen: Tensor) -> Tensor:
        """(n, ..., in) or (n, in, h, w) to what is added to the layer's output, float32."""
        added: Tensor = self.up(self.down(seen.to(self.down.weight.dtype)))
        return added


class Adapter(nn.Module):
    """All paths of one network, by the layers' names with "/" for "."."""

    def __init__(self, unet: nn.Module, rank: int, alpha: float, *, convolutions: bool) -> None:
        """Lay out a path for each chosen layer of a UNet.

        Chosen are the linear layers of its transformers, and with `convolutions` all linear layers
        and convolutions that there are.
        """
        super().__init__()
        self.rank, self.alpha = rank, alpha
        chosen = _chosen(unet, convolutions=convolutions)
        paths = {name.replace(".", "/"): LowRank(one, rank) for name, one in chosen.items()}
        self.paths = nn.ModuleDict(paths)

    @contextmanager
    def worn(self, unet: nn.Module) -> Iterator[None]:
        """Let the network heed the paths for as long as the block runs."""
        scale = self.alpha / self.rank
        hooks = []
        try:
            for name, path in self.paths.items():
                layer = unet.get_submodule(name.replace("/", "."))
                hooks.append(layer.register_forward_hook(_adding(path, scale)))
            yield
        finally:
            for hook in hooks:
                hook.remove()


def as_file(adapter: Adapter, weights: dict[str, Tensor], family: str) -> dict[str, Tensor]:
    """Return tensors under kohya's names, in half precision: what most programs read.

    `weights` is a state of the adapter. SDXL's blocks are counted as in released checkpoints, as
    its trainers do; those of the others as diffusers does.
    """
    tensors = {}
    for name in adapter.paths:
        layer = name.replace("/", ".")
        flat = FLAT + (released_name(layer) if family == "sdxl" else layer).replace(".", "_")
        tensors[f"{flat}.lora_down.weight"] = weights[f"paths.{name}.down.weight"]
        tensors[f"{flat}.lora_up.weight"] = weights[f"paths.{name}.up.weight"]
        tensors[f"{flat}.alpha"] = torch.tensor(adapter.alpha)
    return {name: one.detach().cpu().half().contiguous() for name, one in tensors.items()}


def _chosen(unet: nn.Module, *, convolutions: bool) -> dict[str, nn.Linear | nn.Conv2d]:
    return {
        name: one
        for name, one in unet.named_modules()
        if isinstance(one, nn.Linear | nn.Conv2d)
        and (convolutions or (ATTENTION in name and isinstance(one, nn.Linear)))
    }


def _adding(path: nn.Module, scale: float) -> Hook:
    def hook(_layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        added: Tensor = scale * path(inputs[0])
        return output + added.to(output.dtype)

    return hook
