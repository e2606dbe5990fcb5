"""Puts a loaded model's networks where a plan wants them, and runs a job so that it fits.

Networks are brought to the device by their calls and sent away by the next one's; a pipeline does
not notice. What is moved is each weight's memory, so patches and LoRAs may lie on it, and may be
laid on and taken off at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from generator.device import name_of, release_cached
from generator.layer_diffusion.memory import (
    PIECES,
    TILE_SIDE,
    Plan,
    Tactic,
    bytes_of,
    networks_of,
)
from generator.layer_diffusion.parts import Parts
from generator.request import ErrorKind, GenerationError

log = logging.getLogger(__name__)

CPU = torch.device("cpu")

Made = TypeVar("Made")


class Arrangement:
    """Lays a plan on a loaded model, and the next one in its place."""

    def __init__(self, parts: Parts) -> None:
        """Begin with the model where it was loaded, which may be the CPU for any device."""
        self.parts = parts
        self.plan = Plan(Tactic.FULL)
        self._lies: Tactic | None = None
        self._laid = ExitStack()

    def arrange(self, plan: Plan) -> None:
        """Change to another plan; nothing is moved where it is the same."""
        self.plan = plan
        if plan.tactic is not self._lies:
            self._lies = None
            self._laid.close()
            self._lay(plan.tactic)
            self._lies = plan.tactic
        _tile(self.parts.vae, plan.tiles_vae)

    def describe(self) -> str:
        """Say in words where the model is."""
        return self.plan.describe(name_of(self.parts.device.type))

    def _lay(self, tactic: Tactic) -> None:
        device = self.parts.device
        if tactic is Tactic.FULL:
            for network in networks_of(self.parts):
                move(network, device)
            return
        turns = _Turns(device)
        for network in networks_of(self.parts):
            move(network, CPU)
        for network in networks_of(self.parts):
            if network is self.parts.unet and tactic is Tactic.PIECES:
                for piece in pieces(network, bytes_of(network) // PIECES):
                    self._laid.enter_context(_visiting(piece, device, turns))
            else:
                self._laid.enter_context(turns.taken_by(network))
        release_cached(device.type)


class _Turns:
    """One network on the device at a time: each call brings its own and sends the last one away."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._there: nn.Module | None = None

    @contextmanager
    def taken_by(self, network: nn.Module) -> Iterator[None]:
        with ExitStack() as stack:
            for door in (network, *network.children()):  # a VAE is entered by its parts

                def bring(_: nn.Module, args: Any, kwargs: Any) -> Any:
                    self.give_to(network)
                    return _sent((args, kwargs), self._device)

                handle = door.register_forward_pre_hook(bring, with_kwargs=True, prepend=True)
                stack.callback(handle.remove)
            yield

    def give_to(self, network: nn.Module | None) -> None:
        if self._there is network:
            return
        if self._there is not None:
            move(self._there, CPU)
        self._there = network
        if network is not None:
            move(network, self._device)


@contextmanager
def _visiting(piece: nn.Module, device: torch.device, turns: _Turns) -> Iterator[None]:
    """Let a piece of a network be on the device for as long as each of its calls takes."""

    def bring(_: nn.Module, args: Any, kwargs: Any) -> Any:
        turns.give_to(None)
        move(piece, device)
        return _sent((args, kwargs), device)

    def send_away(_module: nn.Module, _args: Any, _output: Any) -> None:
        move(piece, CPU)

    before = piece.register_forward_pre_hook(bring, with_kwargs=True, prepend=True)
    after = piece.register_forward_hook(send_away)
    try:
        yield
    finally:
        before.remove()
        after.remove()


def pieces(network: nn.Module, most: int) -> Iterator[nn.Module]:
    """Cut a network into the largest modules of at most so many bytes, or that have no parts.

    Lists are not called themselves, so they are always cut. A module's own weights beside its
    parts, which no published network has, would belong to no piece.
    """
    for module in network.children():
        is_called = not isinstance(module, (nn.ModuleList, nn.ModuleDict))
        if is_called and (bytes_of(module) <= most or not list(module.children())):
            if bytes_of(module):
                yield module
        else:
            yield from pieces(module, most)


def _tile(vae: Any, is_tiled: bool) -> None:  # Any: diffusers' class is not typed
    """Let a published VAE work in tiles or not; a small model's does not know how."""
    if not hasattr(vae, "use_tiling"):
        return
    vae.use_tiling = is_tiled
    vae.tile_sample_min_size = TILE_SIDE  # diffusers' own would be the model's whole native size
    vae.tile_latent_min_size = TILE_SIDE // 2 ** (len(vae.config.block_out_channels) - 1)


def _sent(value: Any, device: torch.device) -> Any:
    """Bring the tensors in a call's arguments to a device."""
    match value:
        case Tensor():
            return value.to(device)
        case dict():
            return type(value)({name: _sent(one, device) for name, one in value.items()})
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*(_sent(one, device) for one in value))
        case tuple() | list():
            return type(value)(_sent(one, device) for one in value)
        case _:
            return value


@torch.inference_mode(False)  # weights are used and changed outside the job's inference mode, too
def move(network: nn.Module, device: torch.device) -> None:
    """Bring a network's weights to a device, in place."""
    network.to(device)


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error is about memory; only CUDA's has a class of its own."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    words = str(error).lower()
    return isinstance(error, RuntimeError) and any(
        sign in words
        for sign in (
            "out of memory",
            "can't allocate memory",
            "out_of_device_memory",
            "out_of_host",
        )
    )


def tried(
    run: Callable[[], Made], arrangement: Arrangement, plan: Plan, on_change: Callable[[str], None]
) -> Made:
    """Run a job by a plan; when memory runs out, run it once more with the next tactic.

    `on_change` hears in words where the model is, unless all of it is on the device. Raises
    `GenerationError` of kind OUT_OF_MEMORY when that is not enough either, or nothing is left.
    """
    for attempt in (plan, plan.slower()):
        if attempt is None or (attempt is not plan and arrangement.parts.device.type == "cpu"):
            break
        try:
            arrangement.arrange(attempt)
            if attempt.tactic is not Tactic.FULL:
                on_change(arrangement.describe())
            return run()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            log.warning("out of memory with %s: %s", attempt, error)
        # Outside of the handler, for the error holds on to every tensor of the failed run.
        release_cached(arrangement.parts.device.type)
    raise _too_large(arrangement)


def _too_large(arrangement: Arrangement) -> GenerationError:
    device = name_of(arrangement.parts.device.type)
    return GenerationError(
        ErrorKind.OUT_OF_MEMORY,
        f"There is not enough memory on the {device} for this job, whichever way the model was "
        "laid out; a smaller size or fewer variants may fit.",
    )
