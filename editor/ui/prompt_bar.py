"""The prompt bar at the canvas's lower edge: what to make, which task, and the one button."""

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.ui.floating_bar import SHADOW, FloatingBar
from editor.ui.icons import set_icon
from editor.ui.prompt_settings import MAX_SEED, PromptSettings
from editor.ui.section import plain_label
from editor.ui.words import DOT, progress_line, task_word
from generator.request import Progress, Task

if TYPE_CHECKING:  # slow to import
    from generator.backend import Capabilities


TASKS = (Task.LAYER, Task.FOREGROUND, Task.BACKGROUND, Task.TOGETHER)
WIDTH = 860  # without the shadow


class PromptField(QLineEdit):
    """One line for the prompt; Enter generates, with Ctrl too, Escape leaves."""

    submitted = Signal()
    queued = Signal()
    left = Signal()
    entered = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that somebody is about to write."""
        super().focusInEvent(event)
        self.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Escape are the bar's, all else is typing."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            (self.queued if event.modifiers() & both == both else self.submitted).emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class PromptBar(FloatingBar):
    """Says what was asked; submitting it is the window's."""

    asked = Signal(object)  # Asked
    cancel_asked = Signal()
    left = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        """Make the bar with the task of a transparent layer."""
        super().__init__(parent)
        self.field = PromptField()
        self.field.setObjectName("PromptField")
        self.field.setPlaceholderText(self.tr("Describe a layer"))
        self.field.setAccessibleName(self.tr("Prompt"))
        self.field.setMaxLength(2000)
        self.button = QPushButton(self.tr("Generate"))
        self.button.setObjectName("GenerateButton")
        self.button.setProperty("primary", True)
        self.button.setMinimumWidth(90)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.settings = PromptSettings()
        self.settings.hide()
        self._is_running = False
        self._chips: dict[Task, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._summary = plain_label("", "quiet")
        self._more = QToolButton()
        self._build()
        self.field.submitted.connect(self.submit)
        self.field.queued.connect(self.submit)
        self.field.left.connect(self.left)
        self.button.clicked.connect(self._on_clicked)
        self.settings.changed.connect(self._summarise)
        self._more.toggled.connect(self._on_more)
        self._summarise()

    @property
    def task(self) -> Task:
        """The task of the chip that is chosen."""
        return TASKS[self._group.checkedId()]

    @property
    def collapsed_height(self) -> int:
        """How much of the canvas's lower edge the bar covers while it discloses nothing."""
        return 118

    def fit_width(self, space: int) -> None:
        """Be as wide as designed, or as there is space for."""
        self.setFixedWidth(max(360, min(WIDTH + 2 * SHADOW, space)))

    def ask_focus(self) -> None:
        """Put the cursor into the prompt, with all of it selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_capabilities(self, able: "Capabilities | None", model: str) -> None:
        """Grey the tasks that the model cannot do, and say why."""
        for task, chip in self._chips.items():
            can = task in able.tasks if able is not None else task is Task.LAYER
            chip.setEnabled(can)
            chip.setToolTip(
                "" if can else self.tr("The {0} model cannot do this yet").format(model)
            )
        self.settings.show_capabilities(able)
        self._summarise()

    def show_models(self, names: Sequence[str]) -> None:
        """Offer models by name."""
        self.settings.show_models(names)

    def show_running(self, running: bool, progress: Progress | None) -> None:
        """Turn the button into Cancel with progress while a job of this document runs."""
        self._is_running = running
        self.button.setText(self._cancel_words(progress) if running else self.tr("Generate"))
        self.button.setToolTip(progress_line(progress) if running else self.tr("Generate (Enter)"))

    @Slot()
    def submit(self) -> None:
        """Say what is asked, also while a job runs: it waits in the queue."""
        from editor.generation import Asked  # not before the first paint

        settings = self.settings
        self.asked.emit(
            Asked(
                prompt=self.field.text(),
                seed=settings.seed,
                task=self.task,
                model=settings.model,
                negative_prompt=settings.negative_prompt,
                steps=settings.steps,
                guidance=settings.guidance,
                count=settings.count,
            )
        )

    def take_new_seed(self) -> None:
        """Choose the next seed, unless the user holds on to one."""
        if not self.settings.keeps_seed:
            self.settings.show_seed(new_seed())
            self._summarise()

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.field, 1)
        first.addWidget(self.button)
        second = QHBoxLayout()
        second.setSpacing(8)
        for number, task in enumerate(TASKS):
            chip = QPushButton(task_word(task))
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(chip, number)
            self._chips[task] = chip
            second.addWidget(chip)
        self._chips[Task.LAYER].setChecked(True)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._summary.setAlignment(right)
        second.addStretch(1)
        second.addWidget(self._summary)
        set_icon(self._more, "more", 18)
        self._more.setIconSize(QSize(18, 18))
        self._more.setFixedSize(24, 22)
        self._more.setCheckable(True)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.setToolTip(self.tr("More: negative prompt, variants, seed, steps, guidance"))
        self._more.setAccessibleName(self.tr("More"))
        second.addWidget(self._more)
        self.body.addLayout(first)
        self.body.addLayout(second)
        self.body.addWidget(self.settings)

    def _cancel_words(self, progress: Progress | None) -> str:
        if progress is None or progress.steps == 0:
            return self.tr("Cancel")
        share = round(100 * progress.step / progress.steps)
        return self.tr("Cancel {0} %").format(share)

    @Slot()
    def _on_clicked(self) -> None:
        if self._is_running:
            self.cancel_asked.emit()
        else:
            self.submit()

    @Slot(bool)
    def _on_more(self, opened: bool) -> None:
        self.settings.setVisible(opened)
        self.adjustSize()
        self.resized.emit()

    @Slot()
    def _summarise(self) -> None:
        settings = self.settings
        variants = self.tr("{0} variants") if settings.count > 1 else self.tr("{0} variant")
        parts = [variants.format(settings.count), self.tr("seed {0}").format(settings.seed)]
        width, height = settings.native_size
        if width:
            parts.append(f"{width}²" if width == height else f"{width} × {height}")
        self._summary.setText(DOT.join(parts))


def new_seed() -> int:
    """Return a seed by chance."""
    return random.randint(0, MAX_SEED)
