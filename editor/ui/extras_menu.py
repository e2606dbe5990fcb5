"""The button that adds a control picture, a style or a LoRA, from a layer, a file or the store."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton

from editor.ui.extras import LORA, STYLE
from editor.ui.words import CONTROL_WORDS, words

if TYPE_CHECKING:  # the picker knows more than this menu
    from editor.ui.models import Models
    from generator.request import Task


class ExtrasMenu(QPushButton):
    """Greyed, with the reason, for a model that takes none."""

    layer_wanted = Signal(str)  # a kind: the active layer is to be it
    file_wanted = Signal(str)  # a kind: a file is to be chosen
    lora_wanted = Signal(str)  # a LoRA's name
    models_wanted = Signal()

    def __init__(self) -> None:
        """Make the menu; LoRAs are listed when it opens."""
        super().__init__(self.tr("Guide…"))
        self._family = ""
        self._pictures: tuple[tuple[str, str], ...] = ()  # what can be added, and as which kind
        self.setProperty("chip", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)

    def show_models(self, models: "Models", task: "Task") -> None:
        """Follow the chosen model and the task: what it can follow there can be added."""
        self._family = models.family
        kinds = models.controls(task)
        control = ((self.tr("Control picture"), kinds[0]),) if kinds else ()
        style = ((self.tr("Style picture"), STYLE),) if models.takes_adapters else ()
        self._pictures = (*control, *style)
        self.setEnabled(models.takes_loras or bool(self._pictures))
        self.setToolTip(self._about(models, task))

    def _about(self, models: "Models", task: "Task") -> str:
        if models.takes_adapters:
            return self.tr("Add a control picture, a style picture or a LoRA")
        kinds = ", ".join(words(CONTROL_WORDS.get(each, each)) for each in models.controls(task))
        if kinds:
            text = self.tr("Add a LoRA or a control picture that {0} follows: {1}")
            return text.format(models.title, kinds)
        if models.takes_loras:
            return self.tr("Add a LoRA. {0}").format(models.no_pictures(task))
        return self.tr("{0} takes no control or style pictures and no LoRAs").format(models.title)

    def menu_of_now(self) -> QMenu:
        """Return the menu with the LoRAs that the user has for the model's family."""
        menu = QMenu(self)
        if self._pictures:
            self._add_pictures(menu)
            menu.addSeparator()
        for name, about in self._loras():
            action = menu.addAction(self.tr("LoRA {0}").format(name))
            action.setToolTip(about)
            action.setData((LORA, name))
            action.triggered.connect(self._on_chosen)
        more = menu.addAction(self.tr("Add a LoRA of your own…"))
        more.triggered.connect(self.models_wanted)
        return menu

    def _add_pictures(self, menu: QMenu) -> None:
        for text, kind in self._pictures:
            for source, from_text in (
                ("layer", self.tr("{0} from the active layer")),
                ("file", self.tr("{0} from a file…")),
            ):
                action = menu.addAction(from_text.format(text))
                action.setData((source, kind))
                action.triggered.connect(self._on_chosen)

    def _loras(self) -> list[tuple[str, str]]:
        from generator.models.store import loras  # not before the first paint

        return [(each.name, words(each.words)) for each in loras() if each.family == self._family]

    @Slot()
    def _on_clicked(self) -> None:
        menu = self.menu_of_now()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().topLeft()) - menu.rect().bottomLeft())

    @Slot()
    def _on_chosen(self) -> None:
        sender = self.sender()
        source, what = sender.data()  # type: ignore[attr-defined]  # one of the actions above
        signals = {"layer": self.layer_wanted, "file": self.file_wanted, LORA: self.lora_wanted}
        signals[source].emit(what)
