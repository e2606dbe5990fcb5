"""The tasks of pairs: what each of them sees, what it makes, and how often it is trained.

The pocket model makes the layers first and the blended picture last. What it makes of two layers is
not the blended picture but, enlarged, its difference from the layers as they lie over one another:
shadow and light, and zero where there is none. So what is given is copied exactly. And as that
follows from the layers alone, it is computed in one step from nothing, not drawn from noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generator.request import Role

# The order in which the widened first convolution takes what is given; what is not given is zero.
SLOTS: Final = (Role.FOREGROUND, Role.BACKGROUND, Role.BLENDED, Role.CONTROL)


@dataclass(frozen=True, slots=True)
class PairTask:
    """One task of pairs. `says` are the words that tell it to the network, before the prompt.

    `over` says that it computes the difference from the seen layers. `lit` says whether a
    foreground that it sees has the place's light on it already; None where that may be or not.
    """

    name: str
    says: str
    sees: tuple[Role, ...]
    makes: Role
    share: float
    over: bool = False
    lit: bool | None = None


PAIR_TASKS: Final = (
    PairTask("place", "scenery", (), Role.BACKGROUND, 0.06),
    PairTask("background", "scenery", (Role.FOREGROUND,), Role.BACKGROUND, 0.12),
    PairTask("foreground", "staged", (Role.BACKGROUND,), Role.FOREGROUND, 0.26),
    PairTask(
        "blended", "shaded", (Role.FOREGROUND, Role.BACKGROUND), Role.BLENDED, 0.24, True, False
    ),
    PairTask("extract", "lifted", (Role.BACKGROUND, Role.BLENDED), Role.FOREGROUND, 0.10),
    PairTask("scribble", "traced", (Role.CONTROL,), Role.FOREGROUND, 0.12),
    # The same for a foreground that was made for its place: without a word of its own for that, the
    # network cannot know whether a thing is to be lit, and leaves a third of them as they are.
    PairTask(
        "settled",
        "shaded staged",
        (Role.FOREGROUND, Role.BACKGROUND),
        Role.BLENDED,
        0.10,
        True,
        True,
    ),
)


def task_named(name: str) -> PairTask:
    """The task of this name; ValueError if there is none."""
    for task in PAIR_TASKS:
        if task.name == name:
            return task
    raise ValueError(f"there is no pair task {name!r}")
