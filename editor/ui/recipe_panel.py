"""The Recipe panel: how a generated layer was made, to read, to change and to run again."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from editor.document.layer import LayerId, PixelLayer
from editor.document.recipe import Recipe
from editor.ui.auto_number import AutoNumber
from editor.ui.desk import Desk
from editor.ui.models import Models
from editor.ui.prompt_settings import MAX_GUIDANCE, MAX_STEPS, WITH_STRENGTH, new_seed
from editor.ui.section import EDGE, Section, plain_label
from editor.ui.words import task_word
from generator.request import Task

SEED_LIMIT = 2**63
NUMBER_WIDTH = 52
FOREGROUND, BACKGROUND, NEGATIVE, STRENGTH = 2, 3, 4, 8  # rows of the grid


class RecipePanel(Section):
    """Visible while the active layer has a recipe."""

    asked = Signal(object)  # Asked
    refresh_asked = Signal()

    def __init__(self, desk: Desk, models: Models) -> None:
        """Follow the active layer; `models` are those that it can be made again with."""
        super().__init__("")
        self._head.setText(self.tr("Recipe"))
        self._desk = desk
        self._models = models
        self._shown: tuple[LayerId, Recipe] | None = None
        self._stale: frozenset[LayerId] = frozenset()
        self._task = _value()
        self._made_from = _value()
        self.prompt, self.foreground, self.background = QLineEdit(), QLineEdit(), QLineEdit()
        self.negative = QLineEdit()
        self.model = QComboBox()
        self.seed = QLineEdit()
        self.steps = AutoNumber(1, MAX_STEPS, step=1)
        self.guidance = AutoNumber(0, MAX_GUIDANCE, step=0.5)
        self.strength = AutoNumber(0, 1, step=0.05)
        self.regenerate = QPushButton(self.tr("Regenerate"))
        self.regenerate.setToolTip(self.tr("Make it again in its place, with what is written here"))
        self.vary = QPushButton(self.tr("Vary"))
        self.vary.setToolTip(self.tr("Make another variant with a new seed"))
        self.refresh = QPushButton(self.tr("Refresh"))
        self.refresh.setToolTip(self.tr("Make all layers again whose sources have changed"))
        self._grid = self._build()
        self._connect()
        self._follow()

    def show_stale(self, stale: frozenset[LayerId]) -> None:
        """Say which layers' sources have changed."""
        self._stale = stale
        self._show_staleness()

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
                (self.tr("Foreground"), self.foreground),
                (self.tr("Background"), self.background),
                (self.tr("Negative"), self.negative),
                (self.tr("Model"), self.model),
                (self.tr("Seed"), self.seed),
                (self.tr("Steps"), self._numbers()),
                (self.tr("Strength"), self.strength),
                (self.tr("Made from"), self._made_from),
            )
        ):
            grid.addWidget(plain_label(name, "quiet"), number, 0)
            widget.setAccessibleName(name)
            grid.addWidget(widget, number, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(EDGE, 8, EDGE, 12)
        buttons.setSpacing(8)
        for button in (self.regenerate, self.vary, self.refresh):
            button.setProperty("chip", True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.body.addLayout(grid)
        self.body.addLayout(buttons)
        return grid

    def _numbers(self) -> QWidget:
        """Steps and guidance in one row."""
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for number in (self.steps, self.guidance):
            number.setMinimumWidth(NUMBER_WIDTH)
        line.addWidget(self.steps, 1)
        line.addWidget(plain_label(self.tr("Guidance"), "quiet"))
        line.addWidget(self.guidance, 1)
        self.steps.setAccessibleName(self.tr("Steps"))
        self.guidance.setAccessibleName(self.tr("Guidance"))
        return both

    def _connect(self) -> None:
        self.regenerate.clicked.connect(self._on_regenerate)
        self.vary.clicked.connect(self._on_vary)
        self.refresh.clicked.connect(self.refresh_asked)
        for line in (self.prompt, self.foreground, self.background, self.negative, self.seed):
            line.returnPressed.connect(self._on_regenerate)
        for signal in (
            self._desk.switched,
            self._desk.active_changed,
            self._desk.document_changed,
        ):
            signal.connect(self._follow)
        self._models.changed.connect(self._show_models)

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
            self._show_staleness()
        self.show()

    def _show(self, layer: PixelLayer, recipe: Recipe) -> None:
        self.set_note(" ".join(layer.name.split())[:40])
        self._task.setText(task_word(recipe.task))
        for line, text in (
            (self.prompt, recipe.prompt),
            (self.foreground, recipe.foreground_prompt),
            (self.background, recipe.background_prompt),
            (self.negative, recipe.negative_prompt),
        ):
            line.setText(text)
            line.setCursorPosition(0)
        self._show_models()
        self.seed.setText(str(recipe.seed))
        self.steps.show_number(recipe.steps or None)
        self.guidance.show_number(recipe.guidance)
        self.strength.show_number(recipe.strength)
        self._made_from.setText(self._sources(recipe))
        self._show_row(FOREGROUND, shown=recipe.task == Task.TOGETHER)
        self._show_row(BACKGROUND, shown=recipe.task == Task.TOGETHER)
        self._show_row(NEGATIVE, shown=bool(recipe.negative_prompt))
        self._show_row(STRENGTH, shown=recipe.task in WITH_STRENGTH)
        for button in (self.regenerate, self.vary):
            button.setEnabled(recipe.task in set(Task))

    @Slot()
    def _show_models(self) -> None:
        """Offer the models that can do the recipe's task; its own is there though it be not."""
        if self._shown is None:
            return
        recipe = self._shown[1]
        self.model.clear()
        for known in self._models.known:
            if known.able is not None and recipe.task in known.able.tasks:
                self.model.addItem(known.title, known.name)
        if self.model.findData(recipe.model) < 0:
            self.model.insertItem(0, self._models.title_of(recipe.model), recipe.model)
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        self.model.setToolTip(recipe.model_hash)

    def _show_row(self, number: int, *, shown: bool) -> None:
        for column in (0, 1):
            item = self._grid.itemAtPosition(number, column)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.setVisible(shown)

    def _show_staleness(self) -> None:
        self.refresh.setVisible(self._shown is not None and self._shown[0] in self._stale)

    def _sources(self, recipe: Recipe) -> str:
        document = self._desk.document
        names = []
        for each in recipe.inputs:
            layer = None if document is None else document.find(LayerId(each.layer))
            if layer is not None:
                names.append(layer.name)
            elif each.layer:
                names.append(self.tr("a layer that is gone"))
            else:
                names.append(self.tr("the selection") if each.role == "mask" else self.tr("a file"))
        return ", ".join(dict.fromkeys(names)) or self.tr("the prompt alone")

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
        from generator.request import GenerationError

        document = self._desk.document
        if self._shown is None or document is None or not self.regenerate.isEnabled():
            return
        layer_id, recipe = self._shown
        try:
            asked = asked_again(document, layer_id, seed)
        except GenerationError as error:
            self._desk.refused.emit(str(error))
            return
        chosen = str(self.model.currentData())
        steps = self.steps.number
        self.asked.emit(
            replace(
                asked,
                prompt=self.prompt.text(),
                foreground_prompt=self.foreground.text(),
                background_prompt=self.background.text(),
                negative_prompt=self.negative.text(),
                model=asked.model if chosen == recipe.model else chosen,
                steps=None if steps is None else round(steps),
                guidance=self.guidance.number,
                strength=self.strength.number if recipe.task in WITH_STRENGTH else asked.strength,
            )
        )


def _value() -> QLabel:
    label = plain_label("")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setWordWrap(False)
    label.setMinimumWidth(10)
    return label
