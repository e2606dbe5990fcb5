"""The button that adds a control picture, a style or a LoRA, from a layer, a file or the store."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QPushButton

from editor.ui.extras import LORA
from editor.ui.words import CONTROL_WORDS, words

if TYPE_CHECKING:  # the picker knows more than this menu
    from editor.ui.models import Models

CONTROL = next(iter(CONTROL_WORDS))


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
        self._takes_pictures = False
        self.setProperty("chip", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)

    def show_models(self, models: "Models") -> None:
        """Follow the chosen model."""
        self._family = models.family
        self._takes_pictures = models.is_layer_diffusion
        self.setEnabled(models.takes_loras)
        if models.is_layer_diffusion:
            self.setToolTip(self.tr("Add a control picture, a style picture or a LoRA"))
        elif models.takes_loras:
            self.setToolTip(self.tr("Add a LoRA; {0} takes no pictures here").format(models.title))
        else:
            text = self.tr("{0} takes no control or style pictures and no LoRAs")
            self.setToolTip(text.format(models.title))

    def menu_of_now(self) -> QMenu:
        """Return the menu with the LoRAs that the user has for the model's family."""
        menu = QMenu(self)
        if self._takes_pictures:
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
        for text, kind in (
            (self.tr("Control picture"), CONTROL),
            (self.tr("Style picture"), "style"),
        ):
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
