"""The tasks as chips: one is chosen, those that make sense come first, the others say why not."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from editor.ui.words import task_word
from generator.request import Task

ALWAYS = (Task.LAYER, Task.FOREGROUND, Task.BACKGROUND, Task.TOGETHER)
WITH_A_LAYER = (Task.VARY, Task.REPAINT)  # shown only while they can be done
TASKS = ALWAYS + WITH_A_LAYER


class TaskChips(QWidget):
    """What is chosen stays chosen while it cannot be done for a moment; a layer stands in for it.

    That is so because what can be done changes with every layer that is selected.
    """

    changed = Signal()

    def __init__(self) -> None:
        """Begin with a transparent layer chosen, which alone can be done."""
        super().__init__()
        self._chosen = Task.LAYER
        self._order: tuple[Task, ...] = ()
        self._group = QButtonGroup(self)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        self._chips = {task: self._made(task, number) for number, task in enumerate(TASKS)}
        self._group.idClicked.connect(self._on_clicked)
        self.show_obstacles(dict.fromkeys(TASKS[1:], ""), frozenset({Task.LAYER}))

    @property
    def task(self) -> Task:
        """The task that would be done now."""
        return TASKS[self._group.checkedId()]

    def choose(self, task: Task) -> bool:
        """Choose a task; False where it cannot be done now."""
        if task not in self._chips or not self._chips[task].isEnabled():
            return False
        self._chosen = task
        self._chips[task].setChecked(True)
        self.changed.emit()
        return True

    def why_not(self, task: Task) -> str:
        """Return what a greyed chip says, "" for one that can be chosen."""
        return "" if self._chips[task].isEnabled() else self._chips[task].toolTip()

    def show_obstacles(self, obstacles: Mapping[Task, str], possible: frozenset[Task]) -> None:
        """Grey what is not possible, with the reason as its tooltip.

        What is said of a possible one is no obstacle but is shown in the same way.
        """
        before = self.task
        for task, chip in self._chips.items():
            chip.setEnabled(task in possible)
            chip.setToolTip(obstacles.get(task, ""))
            chip.setVisible(task in ALWAYS or task in possible)
        order = tuple(sorted(TASKS, key=lambda task: (task not in possible, TASKS.index(task))))
        if order != self._order:
            self._order = order
            for task in order:
                self._line.removeWidget(self._chips[task])
                self._line.addWidget(self._chips[task])
        self._chips[self._chosen if self._chosen in possible else Task.LAYER].setChecked(True)
        if self.task is not before:
            self.changed.emit()

    def _made(self, task: Task, number: int) -> QPushButton:
        chip = QPushButton(self.tr("Repaint") if task is Task.REPAINT else task_word(task), self)
        chip.setProperty("chip", True)
        chip.setCheckable(True)
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._group.addButton(chip, number)
        chip.setChecked(task is Task.LAYER)
        return chip

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self._chosen = TASKS[number]
        self.changed.emit()
