"""What a model says of itself: the record that `model.json` in its folder holds.

Nothing about a model is known elsewhere, so that a list of models cannot say what is not so.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from generator.backend import Capabilities
from generator.models.adapters import CONTROLS
from generator.models.published import FAMILIES
from generator.request import Task

CARD_NAME = "model.json"
FROM_A_LAYER = frozenset({Task.VARY, Task.REPAINT, Task.UPSCALE})  # alpha goes into latents, too
TRACED_TASKS = frozenset({Task.LAYER, Task.FOREGROUND, Task.TOGETHER})  # by a small model itself
TRACED_KINDS = ("scribble", "canny")
TRACED_WITH = "pairs/model.safetensors"  # what a small model wears to follow a control picture


@dataclass(frozen=True, slots=True)
class Card:
    """The contents of a `model.json`; the pipeline reads more of it for itself.

    What a card need not say: every model makes a layer from text, and no licence is not a free one.
    """

    name: str
    native_size: tuple[int, int]  # width, height in pixels
    steps: int
    guidance: float
    hash: str  # of all weights together
    files: dict[str, str]  # path inside the folder: SHA-256
    version: str = ""
    title: str = ""
    family: str = ""
    licence: str = "not stated"
    tasks: tuple[Task, ...] = (Task.LAYER,)
    preview: tuple[Task, ...] = ()  # those of the tasks that work below what one may expect
    parts: dict[str, str] = field(default_factory=dict)  # catalogue entry: path inside the folder


@dataclass(frozen=True, slots=True)
class Model:
    """A model in a folder. Without a card it is known by name alone and is not installed.

    Models of a published family have `parts`: where each entry of `published.catalogue()` lies; a
    folder whose card names them holds a family of its own. A user's own checkpoint is one file,
    `checkpoint`, that takes the place of the family's base.
    """

    name: str
    folder: Path
    card: Card | None
    is_installed: bool
    size_bytes: int
    parts: dict[str, Path] = field(default_factory=dict)
    checkpoint: Path | None = None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What its weights can do; a small model that makes layers can begin with one, too.

        A small model brings its encoder along, so that its card need not say so.
        """
        assert self.card is not None
        stated = set(self.card.tasks)
        if not self.parts and Task.LAYER in stated:
            stated |= FROM_A_LAYER
        return tuple(task for task in Task if task in stated)

    def capabilities(self, possible: frozenset[Task]) -> Capabilities:
        """What can be done with it by an engine that can do so much; it must have a card."""
        assert self.card is not None
        return Capabilities(
            model=self.name,
            tasks=frozenset(self.tasks) & possible,
            native_size=self.card.native_size,
            default_steps=self.card.steps,
            default_guidance=self.card.guidance,
            previews=frozenset(self.card.preview),
            controls={task: kinds for task, kinds in self._controls.items() if task in possible},
            takes_adapters=self._takes_adapters,
        )

    @property
    def _takes_adapters(self) -> bool:
        return self.card is not None and self.card.family in FAMILIES

    @property
    def _controls(self) -> dict[Task, tuple[str, ...]]:
        """The kinds of control picture that each task can follow."""
        assert self.card is not None
        if self._takes_adapters:
            return dict.fromkeys(self.tasks, CONTROLS)
        if TRACED_WITH not in self.card.files:
            return {}
        return {task: TRACED_KINDS for task in self.tasks if task in TRACED_TASKS}


def read_card(folder: Path) -> Card:
    """Read a folder's card; OSError when it has none, ValueError when it is damaged."""
    try:
        card = msgspec.json.decode((folder / CARD_NAME).read_bytes(), type=Card)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{folder / CARD_NAME} is damaged: {error}") from error
    for path in card.parts.values():
        if not (folder / path).resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{folder / CARD_NAME} names {path}, which is outside its folder")
    return card if card.title else replace(card, title=card.name)


def model_in(folder: Path) -> Model:
    """Read a folder's model; OSError when it has no card, ValueError when that is damaged."""
    card = read_card(folder)
    size_bytes = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    parts = {name: folder / path for name, path in card.parts.items()}
    named = (*(folder / name for name in card.files), *parts.values())
    is_installed = all(path.exists() for path in named)
    return Model(folder.name, folder, card, is_installed, size_bytes, parts)
