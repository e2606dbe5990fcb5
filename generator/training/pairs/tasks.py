"""The tasks of pairs: what each of them sees, what it makes, and how often it is trained.

The pocket model makes the layers first and the blended picture last. What it makes of two layers is
not the blended picture but, `gain` times enlarged, its difference from the layers as they lie over
one another: shadow and light, and zero where there is none. So what is given is copied exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.request import Role

# The order in which the widened first convolution takes what is given; what is not given is zero.
SLOTS: Final = (Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED, Role.CONTROL)


@dataclass(frozen=True, slots=True)
class PairTask:
    """One task of pairs. `says` is the word that tells it to the network, before the prompt.

    `over` says that it makes the difference from the seen layers.
    """

    name: str
    says: str
    sees: tuple[Role, ...]
    makes: Role
    share: float
    over: bool = False


PAIR_TASKS: Final = (
    PairTask("place", "scenery", (), Role.BACKGROUND, 0.06),
    PairTask("background", "scenery", (Role.FOREGROUND,), Role.BACKGROUND, 0.14),
    PairTask("foreground", "staged", (Role.BACKGROUND,), Role.FOREGROUND, 0.30),
    PairTask("blended", "shaded", (Role.FOREGROUND, Role.BACKGROUND), Role.BLENDED, 0.28, True),
    PairTask("extract", "lifted", (Role.BACKGROUND, Role.BLENDED), Role.FOREGROUND, 0.10),
    PairTask("scribble", "traced", (Role.CONTROL,), Role.FOREGROUND, 0.12),
)


def task_named(name: str) -> PairTask:
    """The task of this name; ValueError if there is none."""
    for task in PAIR_TASKS:
        if task.name == name:
            return task
    raise ValueError(f"there is no pair task {name!r}")
