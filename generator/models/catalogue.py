"""What a model says of itself: the record that `model.json` in its folder holds.

Nothing about a model is known elsewhere, so that a list of models cannot say what is not so.
"""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from generator.backend import Capabilities
from generator.request import Task

CARD_NAME = "model.json"


@dataclass(frozen=True, slots=True)
class Card:
    """The contents of a `model.json`. Sizes are width, height in pixels; `hash` is of the weights.

    `files` are the weight files by path inside the folder, with their SHA-256 where known.
    """

    name: str
    title: str
    family: str
    licence: str
    native_size: tuple[int, int]
    tasks: tuple[Task, ...]
    default_steps: int
    default_guidance: float
    hash: str
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model in a folder. Without a card it is known by name alone and is not installed."""

    name: str
    folder: Path
    card: Card | None
    is_installed: bool
    size_bytes: int

    def capabilities(self) -> Capabilities:
        """What can be done with it; the model must have a card."""
        assert self.card is not None
        return Capabilities(
            model=self.name,
            tasks=frozenset(self.card.tasks),
            native_size=self.card.native_size,
            default_steps=self.card.default_steps,
            default_guidance=self.card.default_guidance,
        )


def read_card(folder: Path) -> Card:
    """Read a folder's card; OSError when it has none, ValueError when it is damaged."""
    try:
        return msgspec.json.decode((folder / CARD_NAME).read_bytes(), type=Card)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{folder / CARD_NAME} is damaged: {error}") from error
