"""What a stage lays on the network, whichever form its file has, and takes off again.

Two forms are published: attentions that stand in for the network's own, and differences of its
weights. Afterwards the network is bit for bit what it was: what is replaced is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from generator.layer_diffusion.attention_sharing import (
    AttentionSharing,
    SharingInputs,
    read_sharing,
    shared,
)
from generator.layer_diffusion.parts import Parts
from generator.layer_diffusion.weight_file import WeightFile, unusable
from generator.layer_diffusion.weight_patch import WeightPatch, applied, conditioned, read_patch
from generator.request import Role

SHARING_KEY = "hookers.layers.0.to_q_lora.0.down.weight"


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture that a stage sees: `latent` (1 | n, c, h', w') scaled, `picture` (1 | n, 3, h, w).

    The picture is over mid grey, 0..1; which of both is used is a matter of the weights' form.
    `layer` (1 | n, 4, h, w) is a given one with its alpha, premultiplied, alpha last.
    """

    latent: Tensor
    picture: Tensor
    layer: Tensor | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Dress:
    """What the worn weights are told beside the file.

    `prompts` has the text tokens (1, L, c) of each frame, or None where the common text stands;
    `conditional` says of each group of frames in the batch whether it is of the conditional half.
    `strength` scales differences of weights; shared attention has no such.
    """

    strength: float = 1.0
    seen: tuple[Seen, ...] = ()
    roles: tuple[Role, ...] = ()  # of what is seen, one each
    shape: tuple[int, int, int] = (0, 0, 0)  # of a latent: channels, height, width
    prompts: tuple[Tensor | None, ...] = ()
    conditional: tuple[bool, ...] = ()


class Worn:
    """What lies on the network now."""

    def __init__(self, taking_off: ExitStack, kept_bytes: Callable[[], int]) -> None:
        """Take over what is to be undone."""
        self._taking_off = taking_off
        self._kept_bytes = kept_bytes
        self.is_on = True

    @property
    def kept_bytes(self) -> int:
        """Return the memory held by what was replaced; 0 once it is off."""
        return self._kept_bytes() if self.is_on else 0

    def take_off(self) -> None:
        """Let the untouched network go on; a second call does nothing."""
        self._taking_off.close()
        self.is_on = False


class Wardrobe:
    """Lays files on one model's network, and keeps the last of those that must be loaded whole."""

    def __init__(self, parts: Parts) -> None:
        """Begin with nothing loaded."""
        self._parts = parts
        self._sharing: tuple[Path, AttentionSharing] | None = None

    @contextmanager
    def wearing(self, wears: str, dress: Dress) -> Iterator[Worn]:
        """Lay on what a stage wears, "" for nothing, for as long as the block runs or until off.

        `GenerationError` before anything is changed where a file does not fit.
        """
        with ExitStack() as stack:
            taking_off = stack.enter_context(ExitStack())
            if not wears:
                yield Worn(taking_off, lambda: 0)
                return
            path = self._parts.weights[wears]
            if SHARING_KEY in WeightFile(path).shapes:
                kept_bytes = self._share(path, dress, taking_off)
            else:
                kept_bytes = self._patch(read_patch(path), dress, taking_off)
            yield Worn(taking_off, kept_bytes)

    def forget(self) -> None:
        """Drop what is kept loaded."""
        self._sharing = None

    def _share(self, path: Path, dress: Dress, stack: ExitStack) -> Callable[[], int]:
        sharing = self._loaded_sharing(path)
        signals: dict[int, Tensor] = {}
        if sharing.has_control:
            if len(dress.seen) != 1:
                raise unusable(f"{path.name} sees one picture, and {len(dress.seen)} are given.")
            like = next(sharing.parameters())
            signals = sharing.kwargs_encoder(dress.seen[0].picture[:1].to(like))
        inputs = SharingInputs(dress.prompts, dress.conditional, signals)
        stack.enter_context(shared(self._parts.unet, sharing, inputs))
        return lambda: 0

    def _patch(self, patch: WeightPatch, dress: Dress, stack: ExitStack) -> Callable[[], int]:
        own = self._parts.latent_channels
        joined = _joined(patch, dress, self._parts.device)
        takes = max(0, patch.input_channels - own)
        if takes != own * len(joined):
            raise unusable(
                f"{patch.file.name} sees {takes // own} pictures, and {len(joined)} are given."
            )
        unet = self._parts.unet
        if joined:
            stack.enter_context(conditioned(unet, _side_by_side(joined)))
        handle = stack.enter_context(applied(unet, patch, dress.strength))
        return lambda: handle.kept_bytes

    def _loaded_sharing(self, path: Path) -> AttentionSharing:
        if self._sharing is None or self._sharing[0] != path:
            self._sharing = None  # never two in memory
            parts = self._parts
            self._sharing = (path, read_sharing(path, parts.unet, parts.device, parts.dtype))
        return self._sharing[1]


def _joined(patch: WeightPatch, dress: Dress, device: torch.device) -> tuple[Tensor, ...]:
    """Return the latents that a patch sees, in its order, with zeros in slots left empty."""
    if not patch.slots:
        return tuple(each.latent for each in dress.seen)
    there = {role.value: each.latent for role, each in zip(dress.roles, dress.seen, strict=True)}
    unseen = sorted(there.keys() - set(patch.slots))
    if unseen:
        raise unusable(f"{patch.file.name} does not see a {unseen[0]}.")
    empty = torch.zeros((1, *dress.shape), device=device)
    return tuple(there.get(slot, empty) for slot in patch.slots)


def _side_by_side(latents: tuple[Tensor, ...]) -> Tensor:
    """Join latents along their channels; one for all variants is repeated for each."""
    rows = max(len(latent) for latent in latents)
    return torch.cat([latent.expand(rows, -1, -1, -1) for latent in latents], dim=1)
