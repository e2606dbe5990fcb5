"""Work shared out to processes on the CPU: drawing, which is the same however it is shared out."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

import torch

FEW = 40  # pictures that one process draws in less time than others take to start


def processes_for(pictures: int, most: int) -> int:
    """Return how many processes are worth their start."""
    return 1 if pictures <= FEW else most


def shared_out(
    work: Callable[..., None], arguments: tuple[Any, ...], count: int, processes: int
) -> None:
    """Call `work(*arguments, share)` with shares of range(count), each in a process of its own.

    For one process that is this one. `work` is a function of a module, and its arguments, whatever
    they are (so Any), can be pickled.
    """
    if min(processes, count) <= 1:
        work(*arguments, range(count))
        return
    jobs = [(*arguments, range(part, count, processes)) for part in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes, _give_way) as pool:
        pool.starmap(work, jobs, chunksize=1)


def _give_way() -> None:
    """Let others go first, and leave the other processes their cores."""
    if hasattr(os, "nice"):
        os.nice(5)
    torch.set_num_threads(1)
