"""The Recipe panel: how a generated layer was made, to read, to change and to run again."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton

from editor.document.layer import LayerId, PixelLayer
from editor.document.recipe import Recipe
from editor.ui.desk import Desk
from editor.ui.prompt_bar import new_seed
from editor.ui.section import EDGE, Section, plain_label
from editor.ui.words import model_word, task_word
from generator.request import Task

RUNNABLE = (Task.LAYER.value,)  # tasks that can be run again from the recipe alone
SEED_LIMIT = 2**63


class RecipePanel(Section):
    """Visible while the active layer has a recipe."""

    asked = Signal(object)  # Asked

    def __init__(self, desk: Desk) -> None:
        """Follow the active layer."""
        super().__init__("")
        self._head.setText(self.tr("Recipe"))
        self._desk = desk
        self._shown: tuple[LayerId, Recipe] | None = None
        self._task = _value()
        self._model = _value()
        self._made_from = _value()
        self.prompt = QLineEdit()
        self.seed = QLineEdit()
        self.regenerate = QPushButton(self.tr("Regenerate"))
        self.regenerate.setToolTip(self.tr("Make it again, with what is written here"))
        self.vary = QPushButton(self.tr("Vary"))
        self.vary.setToolTip(self.tr("Make another variant with a new seed"))
        self._rows = self._build()
        self.regenerate.clicked.connect(self._on_regenerate)
        self.vary.clicked.connect(self._on_vary)
        self.prompt.returnPressed.connect(self._on_regenerate)
        self.seed.returnPressed.connect(self._on_regenerate)
        desk.switched.connect(self._follow)
        desk.active_changed.connect(self._follow)
        desk.document_changed.connect(self._follow)
        self._follow()

    def _build(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(EDGE, 0, EDGE, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(7)
        grid.setColumnMinimumWidth(0, 80)
        grid.setColumnStretch(1, 1)
        for number, (name, widget) in enumerate(
            (
                (self.tr("Task"), self._task),
                (self.tr("Prompt"), self.prompt),
                (self.tr("Model"), self._model),
                (self.tr("Seed"), self.seed),
                (self.tr("Made from"), self._made_from),
            )
        ):
            grid.addWidget(plain_label(name, "quiet"), number, 0)
            widget.setAccessibleName(name)
            grid.addWidget(widget, number, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(EDGE, 8, EDGE, 12)
        buttons.setSpacing(8)
        for button in (self.regenerate, self.vary):
            button.setProperty("chip", True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(grid)
        self.body.addLayout(buttons)
        return grid

    @Slot()
    def _follow(self) -> None:
        layer = self._desk.active_layer
        if not isinstance(layer, PixelLayer) or layer.recipe is None:
            self._shown = None
            self.hide()
            return
        if self._shown != (layer.id, layer.recipe):
            self._shown = (layer.id, layer.recipe)
            self._show(layer, layer.recipe)
        self.show()

    def _show(self, layer: PixelLayer, recipe: Recipe) -> None:
        self.set_note(" ".join(layer.name.split())[:40])
        self._task.setText(task_word(recipe.task))
        self.prompt.setText(recipe.prompt)
        self.prompt.setCursorPosition(0)
        short_hash = f" {recipe.model_hash[:4]}…" if recipe.model_hash else ""
        self._model.setText(model_word(recipe) + short_hash)
        self._model.setToolTip(recipe.model_hash)
        self.seed.setText(str(recipe.seed))
        self._made_from.setText(self._sources(recipe))
        runnable = recipe.task in RUNNABLE
        for button in (self.regenerate, self.vary):
            button.setEnabled(runnable)

    def _sources(self, recipe: Recipe) -> str:
        document = self._desk.document
        names = []
        for each in recipe.inputs:
            layer = None if document is None else document.find(LayerId(each.layer))
            names.append(self.tr("a layer that is gone") if layer is None else layer.name)
        return ", ".join(names) or self.tr("the prompt alone")

    @Slot()
    def _on_regenerate(self) -> None:
        seed = self.seed.text().strip()
        if not (seed.isascii() and seed.isdigit() and int(seed) < SEED_LIMIT):
            self._desk.refused.emit(self.tr("The seed must be a whole number, not below 0."))
            return
        self._ask(int(seed))

    @Slot()
    def _on_vary(self) -> None:
        self._ask(new_seed())

    def _ask(self, seed: int) -> None:
        from editor.generation import asked_again  # not before the first paint

        if self._shown is not None and self.regenerate.isEnabled():
            layer_id, recipe = self._shown
            asked = asked_again(recipe, layer_id, seed)
            self.asked.emit(replace(asked, prompt=self.prompt.text()))


def _value() -> QLabel:
    label = plain_label("")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(False)
    label.setMinimumWidth(10)
    return label
