"""A published SDXL patch laid on a UNet's weights and taken off again, bit for bit.

What a patch replaces is kept, never computed back, and told in bytes. Patches come as low-rank
pairs or as full differences, under the released or diffusers' names. Source:
sd-forge-layerdiffuse b1e6651.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.layer_diffusion.patch_names import Part, patch_name
from generator.layer_diffusion.weight_file import WeightFile, unusable

SLOTS = "slots"  # in a file's metadata: the roles that it can see, with spaces between
WIDENED = "conv_in.weight"  # the one weight that a patch may give more input channels


@dataclass(frozen=True, slots=True, eq=False)
class WeightPatch:
    """An open patch: for each weight of the UNet, the file's names of the parts of its change.

    Tensors stay in the file until they are laid on, so an open patch costs no memory.
    """

    file: WeightFile
    changes: dict[str, dict[Part, str]]

    @property
    def input_channels(self) -> int:
        """Channels that the UNet takes with the patch on it; 0 where it takes what it took."""
        names = self.changes.get(WIDENED)
        return self.file.shapes[names[Part.DIFFERENCE]][1] if names else 0

    @property
    def slots(self) -> tuple[str, ...]:
        """The roles of the pictures it can see, in the order in which they are joined.

        A file that names none takes pictures in the order of the stage that wears it. One that
        names them takes zeros for those that are not there.
        """
        return tuple(self.file.metadata.get(SLOTS, "").split())

    def merged(self, name: str, weight: Tensor, strength: float) -> Tensor:
        """Return the weight with its change added, rounded once to the weight's own type."""
        exact = torch.promote_types(weight.dtype, torch.float32)
        parts = {
            part: self.file.tensor(key).to(weight.device, exact)
            for part, key in self.changes[name].items()
        }
        if Part.DIFFERENCE in parts:
            difference = parts[Part.DIFFERENCE]
        else:
            difference = low_rank_difference(
                parts[Part.UP], parts[Part.DOWN], parts.get(Part.ALPHA)
            )
        return with_difference(weight.to(exact), difference, strength).to(weight.dtype)


class AppliedPatch:
    """A patch that lies on a UNet. Of several, the last laid on comes off first."""

    def __init__(self, unet: nn.Module) -> None:
        """Begin with nothing replaced."""
        self._unet = unet
        self._kept: dict[str, Tensor] = {}

    @property
    def kept_bytes(self) -> int:
        """Memory held by what the patch replaced; 0 once it is off."""
        return sum(kept.nbytes for kept in self._kept.values())

    @torch.inference_mode(False)  # a UNet may be used and moved outside the job's inference mode
    def lay(self, patch: WeightPatch, strength: float) -> None:
        """Replace every weight that the patch changes, keeping the former one."""
        parameters = _parameters(self._unet)
        _check_fit(patch, parameters)
        for name in patch.changes:
            parameter = parameters[name]
            merged = patch.merged(name, parameter.data, strength)
            self._kept[name] = parameter.data
            parameter.data = merged
        _set_input_channels(self._unet)

    @torch.inference_mode(False)
    def take_off(self) -> None:
        """Put back what was there, where the weight is now; a second call does nothing."""
        parameters = _parameters(self._unet)
        while self._kept:
            name, kept = self._kept.popitem()
            parameters[name].data = kept.to(parameters[name].device)
        _set_input_channels(self._unet)


def read_patch(path: Path) -> WeightPatch:
    """Open a patch file of either grammar; `GenerationError` says what is wrong with it."""
    file = WeightFile(path)
    changes: dict[str, dict[Part, str]] = {}
    for key in file.shapes:
        try:
            weight, part = patch_name(key)
        except ValueError as error:
            raise unusable(f"{file.name} is not an SDXL patch: {error}.") from error
        changes.setdefault(weight, {})[part] = key
    for weight, parts in changes.items():
        whole = Part.DIFFERENCE in parts and len(parts) == 1
        pair = Part.UP in parts and Part.DOWN in parts and Part.DIFFERENCE not in parts
        if not whole and not pair:
            raise unusable(
                f"{file.name} is not an SDXL patch: the change of {weight} is not whole."
            )
    if not changes:
        raise unusable(f"{file.name} is not an SDXL patch: it has no tensors.")
    kernel = changes.get(WIDENED, {}).get(Part.DIFFERENCE)
    if WIDENED in changes and (kernel is None or len(file.shapes[kernel]) != 4):
        raise unusable(f"{file.name} is not an SDXL patch: {WIDENED} is no convolution.")
    return WeightPatch(file, changes)


@contextmanager
def applied(unet: nn.Module, patch: WeightPatch, strength: float) -> Iterator[AppliedPatch]:
    """Lay the patch on the UNet for as long as the block runs, or until its handle takes it off.

    A patch that does not fit the UNet is a `GenerationError` before anything is changed; any
    failure leaves the UNet as it was.
    """
    handle = AppliedPatch(unet)
    try:
        handle.lay(patch, strength)
        yield handle
    finally:
        handle.take_off()


@contextmanager
def conditioned(unet: nn.Module, condition: Tensor) -> Iterator[None]:
    """Show a widened UNet the condition latents at its door, for as long as the block runs.

    `condition` (1 | n, 4 | 8, h, w) is already times the VAE's scaling factor and is repeated over
    the batch, alike for both halves of guidance. It joins behind the UNet's own input, which keeps
    its four channels: a ControlNet or a scheduler never sees it. While no patch widens the UNet, as
    after stop-at, it is left out.
    """

    def join(module: nn.Module, inputs: tuple[Tensor]) -> tuple[Tensor] | None:
        if module.get_parameter("weight").shape[1] == inputs[0].shape[1]:
            return None
        return (with_condition(inputs[0], condition),)

    hook = _first_convolution(unet).register_forward_pre_hook(join)
    try:
        yield
    finally:
        hook.remove()


def with_condition(sample: Tensor, condition: Tensor) -> Tensor:
    """Put the condition (1 | m, c, h, w), repeated, behind the sample (n, 4, h, w)."""
    times, rest = divmod(sample.shape[0], condition.shape[0])
    if rest:
        raise ValueError(f"{condition.shape[0]} conditions for a batch of {sample.shape[0]}")
    return torch.cat([sample, condition.to(sample).repeat(times, 1, 1, 1)], dim=1)


def low_rank_difference(up: Tensor, down: Tensor, alpha: Tensor | None) -> Tensor:
    """Return up (out, rank) x down (rank, in), times alpha / rank where there is an alpha."""
    difference = up @ down
    return difference if alpha is None else difference * (alpha / down.shape[0])


def with_difference(weight: Tensor, difference: Tensor, strength: float) -> Tensor:
    """Return weight + strength x difference; a narrower convolution is filled with zeros."""
    if weight.ndim == 4:
        channels = max(weight.shape[1], difference.shape[1])
        weight, difference = _widened(weight, channels), _widened(difference, channels)
    return weight + strength * difference


def _widened(kernel: Tensor, channels: int) -> Tensor:
    """Give a convolution's kernel (out, in, h, w) so many input channels, the new ones zero."""
    missing = channels - kernel.shape[1]
    return nn.functional.pad(kernel, (0, 0, 0, 0, 0, missing)) if missing else kernel


def _parameters(unet: nn.Module) -> dict[str, nn.Parameter]:
    """Return the UNet's weights by name; peft moves them into a `base_layer` beside a LoRA."""
    return {name.replace(".base_layer.", "."): weight for name, weight in unet.named_parameters()}


def _check_fit(patch: WeightPatch, parameters: dict[str, nn.Parameter]) -> None:
    for name in patch.changes:
        shape = _changed_shape(patch, name)
        there = tuple(parameters[name].shape) if name in parameters else None
        if name == WIDENED and shape and there and shape[1] > there[1]:
            shape = (shape[0], there[1], *shape[2:])
        if shape != there or shape is None:
            raise unusable(
                f"{patch.file.name} is for SDXL and does not fit this model: "
                f"{name} is not there or has another shape."
            )


def _changed_shape(patch: WeightPatch, name: str) -> tuple[int, ...] | None:
    """Return the shape of the change of one weight; None where its parts do not go together."""
    shapes = {part: patch.file.shapes[key] for part, key in patch.changes[name].items()}
    if Part.DIFFERENCE in shapes:
        return shapes[Part.DIFFERENCE]
    up, down, alpha = shapes[Part.UP], shapes[Part.DOWN], shapes.get(Part.ALPHA, ())
    if len(up) != 2 or len(down) != 2 or up[1] != down[0] or math.prod(alpha) != 1:
        return None
    return (up[0], down[1])


def _set_input_channels(unet: nn.Module) -> None:
    """Let conv_in say what its weight takes; `unet.config` still says what a sampler feeds it."""
    convolution = _first_convolution(unet)
    convolution.in_channels = convolution.weight.shape[1]


def _first_convolution(unet: nn.Module) -> nn.Conv2d:
    """Return conv_in itself; under a user's LoRA it is wrapped, and only the wrapped one widens."""
    first = unet.get_submodule("conv_in")
    convolution = getattr(first, "base_layer", first)
    assert isinstance(convolution, nn.Conv2d)
    return convolution
