import pytest

from editor.ui.task_chips import ALWAYS, TASKS, TaskChips
from generator.request import Task


@pytest.fixture
def chips(qtbot, dark) -> TaskChips:
    made = TaskChips()
    qtbot.addWidget(made)
    made.show()
    return made


def show(chips: TaskChips, *possible: Task) -> None:
    chips.show_obstacles(dict.fromkeys(set(TASKS) - set(possible), "no"), frozenset(possible))


def order(chips: TaskChips) -> list[Task]:
    shown = {chip: task for task, chip in chips._chips.items() if not chip.isHidden()}
    found = [chips._line.itemAt(index).widget() for index in range(chips._line.count())]
    return [shown[chip] for chip in found if chip in shown]


def test_what_can_be_done_comes_first_and_the_rest_says_why_not(chips) -> None:
    assert order(chips) == list(ALWAYS)
    show(chips, Task.LAYER, Task.TOGETHER)
    assert order(chips) == [Task.LAYER, Task.TOGETHER, Task.FOREGROUND, Task.BACKGROUND]
    assert chips.why_not(Task.FOREGROUND) == "no"
    assert chips.why_not(Task.TOGETHER) == ""
    assert not chips.choose(Task.FOREGROUND)
    assert chips.task is Task.LAYER


def test_tasks_of_a_layer_are_shown_while_there_is_one(chips) -> None:
    show(chips, *TASKS)
    assert order(chips) == list(TASKS)
    show(chips, *ALWAYS)
    assert order(chips) == list(ALWAYS)


def test_what_was_chosen_comes_back_when_it_can_be_done_again(chips, qtbot) -> None:
    show(chips, *TASKS)
    assert chips.choose(Task.FOREGROUND)
    with qtbot.waitSignal(chips.changed):
        show(chips, Task.LAYER)
    assert chips.task is Task.LAYER
    show(chips, *TASKS)
    assert chips.task is Task.FOREGROUND
