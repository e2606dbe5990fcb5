"""The processes that train one model together, as `accelerate launch` or `torchrun` started them.

All draw the same batch, and each learns from its own rows of it; their gradients are averaged, so
that the weights are everywhere those that one process would get, but for the order of the sums.
One process on the CPU computes exactly as if this were not there. Several are tested on the CPU;
a graphics card takes the same road, on which it has not been run.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import timedelta

import torch
from accelerate import Accelerator
from accelerate.utils import InitProcessGroupKwargs
from torch import Tensor, nn

PATIENCE = timedelta(hours=12)  # while one process alone draws pictures, the others wait


class TooManyProcessesError(ValueError):
    """There are more processes than a batch has rows."""


class Workers:
    """Where this process stands among the others, and what they share."""

    def __init__(self) -> None:
        self._accelerator = Accelerator(
            cpu=not torch.cuda.is_available(),
            kwargs_handlers=[InitProcessGroupKwargs(timeout=PATIENCE)],
        )
        self.count: int = self._accelerator.num_processes
        self.rank: int = self._accelerator.process_index
        self.device: torch.device = self._accelerator.device
        self.is_first: bool = self._accelerator.is_main_process

    def place(self, module: nn.Module) -> None:
        """Bring a module to this process's device, with the weights that the first process has."""
        module.to(self.device)
        if self.count > 1:
            for value in module.state_dict().values():
                torch.distributed.broadcast(value, src=0)

    def rows(self, size: int) -> range:
        """Return which rows of a batch are this process's; every process has one at least."""
        if size < self.count:
            raise TooManyProcessesError(
                f"{self.count} processes cannot share a batch of {size}: start {size} at most."
            )
        return range(self.rank, size, self.count)

    def mine(self, *batch: Tensor) -> tuple[Tensor, ...]:
        """Return this process's rows of tensors (n, ...), on its device."""
        parts = [self.rows(len(each)) for each in batch]
        return tuple(
            each[part.start :: part.step].to(self.device)
            for each, part in zip(batch, parts, strict=True)
        )

    def learn(self, loss: Tensor, size: int, learned: Iterable[nn.Parameter]) -> float:
        """Leave the gradients of a whole batch's mean loss on the parameters; returns that loss.

        `loss` is the mean over this process's rows of a batch of `size`.
        """
        weight = len(self.rows(size)) * self.count / size  # parts may differ by one row
        weighed = loss * weight
        torch.autograd.backward(weighed)
        return float(self.average(learned, weighed.detach()))

    def average(self, learned: Iterable[nn.Parameter], told: Tensor) -> Tensor:
        """Make gradients the mean over all processes, and return that of `told`.

        A parameter that one process has no gradient for counts as nothing there; where none has,
        there is none in the end, as with one process.
        """
        if self.count == 1:
            return told
        parameters = [each for each in learned if each.requires_grad]
        slopes = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        there = torch.tensor([float(p.grad is not None) for p in parameters], device=self.device)
        parts = [*slopes, there, told.to(self.device)]
        whole: Tensor = self._accelerator.reduce(torch.cat([p.flatten() for p in parts]), "mean")
        flat = torch.split(whole, [part.numel() for part in parts])
        *means, shares, mean = (one.view_as(part) for one, part in zip(flat, parts, strict=True))
        for parameter, slope, share in zip(parameters, means, shares.tolist(), strict=True):
            parameter.grad = slope if share else None
        return mean.to(told.device)

    def first_says(self, value: float) -> float:
        """Return the first process's value, for what must not differ between them."""
        if self.count == 1:
            return value
        said = torch.tensor(value, dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(said, src=0)
        return float(said)

    def first_before_others(self) -> AbstractContextManager[None]:
        """Return a context that the first process leaves before the others enter."""
        context: AbstractContextManager[None] = self._accelerator.main_process_first()
        return context

    def wait(self) -> None:
        """Wait until all processes have come here."""
        self._accelerator.wait_for_everyone()

    def part(self) -> None:
        """End the connection between the processes."""
        self._accelerator.end_training()
