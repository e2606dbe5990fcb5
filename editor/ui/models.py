"""Which models there are, what each can do and how it is, in words; which one is used."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from editor.ui.words import TASK_WORDS, words
from generator.request import Task

if TYPE_CHECKING:  # slow to import
    from generator.backend import Capabilities
    from generator.models.catalogue import Model


DEFAULT = "pocket"
MODELLESS = frozenset({Task.SHADOW})  # needs no network, so every model has it


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model for the picker; `able` is None where it is not installed."""

    name: str
    title: str
    family: str
    state: str
    able: "Capabilities | None"


class Models(QObject):
    """What the folders of models hold; it is told after the first paint."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Know nothing yet but the default's name."""
        super().__init__(parent)
        self._chosen = DEFAULT
        self._known: dict[str, KnownModel] = {}
        self._could: dict[str, frozenset[Task]] = {}  # families by title: with all their weights
        self._families: frozenset[str] = frozenset()

    @property
    def known(self) -> tuple[KnownModel, ...]:
        """All models, those that can be used first."""
        return tuple(sorted(self._known.values(), key=lambda each: each.able is None))

    @property
    def chosen(self) -> str:
        """The chosen model's name."""
        return self._chosen

    @property
    def able(self) -> "Capabilities | None":
        """What the chosen model can do, None where it is not installed."""
        known = self._known.get(self._chosen)
        return None if known is None else known.able

    @property
    def family(self) -> str:
        """The chosen model's family, "" where that is not known."""
        known = self._known.get(self._chosen)
        return "" if known is None else known.family

    @property
    def is_layer_diffusion(self) -> bool:
        """Whether it wears the published weights, which have settings of their own."""
        return self.family in self._families

    @property
    def takes_adapters(self) -> bool:
        """Whether control models and style adapters act beside it."""
        return self.able is not None and self.able.takes_adapters

    def controls(self, task: Task) -> tuple[str, ...]:
        """Return the kinds of control picture that the chosen model can follow for a task."""
        return () if self.able is None else self.able.controls.get(task, ())

    @property
    def takes_loras(self) -> bool:
        """Whether a LoRA may take part: the model that ships takes those that one trains."""
        return self.is_layer_diffusion or self.family == DEFAULT

    @property
    def title(self) -> str:
        """The chosen model's name for people."""
        return self.title_of(self._chosen)

    def title_of(self, name: str) -> str:
        """Return a model's name for people."""
        known = self._known.get(name)
        return (known.title if known is not None else "") or name[:1].upper() + name[1:]

    @property
    def state(self) -> str:
        """How the chosen model is, in a word."""
        if not self._known:
            return ""
        return self.tr("not installed") if self.able is None else self.tr("ready")

    @property
    def role(self) -> str:
        """The style sheet's role for the state."""
        return "stale" if self._known and self.able is None else "ready"

    def refusal(self, task: Task) -> str:
        """Say why the chosen model cannot do a task and which can; "" where it can."""
        if task in MODELLESS or (not self._known and task is Task.LAYER):
            return ""
        if self.able is not None and task in self.able.tasks:
            return ""
        if self._known and self.able is None:
            return self.tr("{0} is not installed; Models… in the menu Generate gets it.").format(
                self.title
            )
        said = [self.tr("{0} cannot do this.").format(self.title)]
        here = [each.title for each in self.known if each.able and task in each.able.tasks]
        there = [title for title, tasks in self._could.items() if task in tasks]
        if here:
            said.append(self.tr("These models can: {0}.").format(", ".join(here)))
        elif there:
            said.append(self.tr("With all their weights these can: {0}.").format(", ".join(there)))
        return " ".join(said)

    def no_pictures(self, task: Task) -> str:
        """Say that the chosen model follows no control picture for a task; "" where it can."""
        if self.controls(task):
            return ""
        if self.able is None or not self.able.controls:
            return self.tr("{0} takes no control or style pictures.").format(self.title)
        can = [words(TASK_WORDS[each]) for each in TASK_WORDS if each in self.able.controls]
        text = self.tr("{0} follows a control picture only for: {1}.")
        return text.format(self.title, ", ".join(can))

    def show(self, models: "tuple[Model, ...]") -> None:
        """Take what `generator.models.store.models` found."""
        from generator.models.published import FAMILIES  # not before the first paint

        self._known = {model.name: self._described(model) for model in models}
        self._families = frozenset(FAMILIES)
        self._could = {each.title: frozenset(each.needs) for each in FAMILIES.values()}
        self.changed.emit()

    def choose(self, name: str) -> None:
        """Use another model."""
        self._chosen = name
        self.changed.emit()

    def _described(self, model: "Model") -> KnownModel:
        title = model.card.title if model.card is not None else ""
        family = model.card.family if model.card is not None else ""
        usable = model.card is not None and model.is_installed
        return KnownModel(
            name=model.name,
            title=title or model.name[:1].upper() + model.name[1:],
            family=family,
            state=self.tr("ready") if usable else self.tr("not installed"),
            able=model.capabilities(frozenset(Task)) if usable else None,
        )
