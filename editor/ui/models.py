"""Which models there are and which one is used, in words for the option bar."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from generator.request import Task

if TYPE_CHECKING:  # slow to import
    from generator.backend import Capabilities
    from generator.models.catalogue import Model


DEFAULT = "pocket"
ASKED = frozenset({Task.LAYER})  # what the editor can ask for so far, of all that models can do


class Models(QObject):
    """What the folders of models hold; it is told after the first paint."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Know nothing yet but the default's name."""
        super().__init__(parent)
        self._chosen = DEFAULT
        self._able: dict[str, Capabilities | None] = {}
        self._titles: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All models by name."""
        return tuple(self._able) or (DEFAULT,)

    @property
    def able(self) -> "Capabilities | None":
        """What the chosen model can do, None where it is not installed."""
        return self._able.get(self._chosen)

    @property
    def title(self) -> str:
        """The chosen model's name for people."""
        return self._titles.get(self._chosen) or self._chosen[:1].upper() + self._chosen[1:]

    @property
    def state(self) -> str:
        """How the chosen model is, in a word."""
        if not self._able:
            return ""
        return self.tr("not installed") if self.able is None else self.tr("ready")

    @property
    def role(self) -> str:
        """The style sheet's role for the state."""
        return "stale" if self._able and self.able is None else "ready"

    def show(self, models: "tuple[Model, ...]") -> None:
        """Take what `generator.models.store.models` found."""
        self._able, self._titles = {}, {}
        for model in models:
            usable = model.card is not None and model.is_installed
            self._able[model.name] = model.capabilities(ASKED) if usable else None
            if model.card is not None:
                self._titles[model.name] = model.card.title
        self.changed.emit()

    def choose(self, name: str) -> None:
        """Use another model."""
        self._chosen = name
        self.changed.emit()
