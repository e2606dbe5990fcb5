"""What every training stage shares: budget, learning rate, moving average, checkpoints and log.

The learning rate follows the spent fraction of the budget, so that any budget ends annealed. A
limit in seconds only brings the end forward: the fraction is the larger of steps and seconds spent.
"""

from __future__ import annotations

import csv
import errno
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generator.training.workers import Workers

DECAY_FROM = 0.65  # of the budget; then linear down to FLOOR
FLOOR = 0.02
WARM_UP_STEPS = 100


@dataclass(frozen=True, slots=True)
class Budget:
    """When a stage ends. With `seconds` None it depends on steps alone and is repeatable."""

    steps: int
    seconds: float | None = None
    seed: int = 1
    checkpoint_seconds: float = 150.0


@dataclass(slots=True)
class Clock:
    """Steps and seconds spent, across restarts."""

    budget: Budget
    step: int = 0
    spent_before: float = 0.0
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0  # seconds at the last tick, by the first process's clock

    @property
    def seconds(self) -> float:
        return self.spent_before + time.monotonic() - self.started

    @property
    def fraction(self) -> float:
        by_steps = self.step / self.budget.steps
        if self.budget.seconds is None:
            return by_steps
        return max(by_steps, max(self.told, self.spent_before) / self.budget.seconds)

    def tick(self, workers: Workers) -> None:
        """Count a step; processes must end together, so that they go by one clock."""
        self.step += 1
        if self.budget.seconds is not None:
            self.told = workers.first_says(self.seconds)

    def rate(self) -> float:
        """The factor on the learning rate now."""
        warm = min(1.0, (self.step + 1) / WARM_UP_STEPS)
        left = max(0.0, 1 - self.fraction) / (1 - DECAY_FROM)
        return warm * max(FLOOR, min(1.0, left))


class Average:
    """The exponential moving average of a module's weights: what is kept in the end."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.weights = {name: value.detach().clone() for name, value in module.state_dict().items()}

    def take_over(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from those of a checkpoint, on the module's device."""
        self.weights = {
            name: value.to(self.weights[name].device) for name, value in weights.items()
        }

    @torch.no_grad()
    def follow(self, module: nn.Module, step: int) -> None:
        """Early on it follows closely, so that a short run is not held back by its beginning."""
        decay = min(self.decay, (1 + step) / (10 + step))
        mine, theirs = [], []
        for name, value in module.state_dict().items():
            if value.is_floating_point():
                mine.append(self.weights[name])
                theirs.append(value.detach())
        torch._foreach_lerp_(mine, theirs, 1 - decay)


def save_checkpoint(path: Path, state: Mapping[str, Any]) -> None:  # Any: what torch.save takes
    """Written beside its place and renamed, so that a crash leaves the last whole one."""
    part = path.with_suffix(".part")
    torch.save(dict(state), part)
    part.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any] | None:  # Any: what torch.load gives
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def needed_checkpoint(path: Path) -> dict[str, Any]:  # Any: what torch.load gives
    """Return the checkpoint that an earlier stage left; FileNotFoundError where there is none."""
    state = load_checkpoint(path)
    if state is None:
        raise FileNotFoundError(errno.ENOENT, "not trained yet", str(path))
    return state


def log_line(path: Path, **values: float | int | str | None) -> None:
    """Append one line of CSV, None as an empty field; the first line makes the header.

    A log with other columns is not mixed with it, nor lost: it is moved to `NAME-1.csv` and on.
    """
    if path.exists() and _columns(path) != list(values):
        path.rename(_free_name(path))
    is_new = not path.exists()
    rounded = [round(v, 5) if isinstance(v, float) else v for v in values.values()]
    with path.open("a", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        if is_new:
            table.writerow(values)
        table.writerow(rounded)


def _columns(path: Path) -> list[str]:
    with path.open(newline="") as lines:
        return next(csv.reader(lines), [])


def _free_name(path: Path) -> Path:
    names = (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


def gradient_loss(found: Tensor, wanted: Tensor) -> Tensor:
    """Mean absolute difference of the horizontal and vertical slopes: keeps edges sharp."""
    across = (found.diff(dim=3) - wanted.diff(dim=3)).abs().mean()
    along = (found.diff(dim=2) - wanted.diff(dim=2)).abs().mean()
    return across + along
