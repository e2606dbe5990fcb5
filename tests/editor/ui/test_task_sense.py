from dataclasses import replace

import pytest

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import SetSelection
from editor.ui.prompt_settings import Where
from editor.ui.task_sense import box_for, obstacle
from editor.workspace import Workspace
from generator.request import Task


def workspace_of(build, *layers) -> Workspace:
    return Workspace(build.document(*layers))


def test_an_empty_window_can_have_a_layer_and_layers_together(qapp) -> None:
    free = [task for task in Task if not obstacle(task, None)]
    assert free == [Task.LAYER, Task.TOGETHER]


@pytest.mark.parametrize(
    ("selected", "possible"),
    [
        ("a", {Task.BACKGROUND, Task.VARY, Task.UPSCALE, Task.SHADOW}),
        ("g", {Task.BACKGROUND, Task.SHADOW}),
        ("a b", {Task.BACKGROUND, Task.SHADOW, Task.EXTRACT}),
    ],
)
def test_what_is_selected_decides(qapp, build, selected, possible) -> None:
    workspace = workspace_of(
        build, build.layer("a"), build.layer("b"), build.group("g", build.layer("c"))
    )
    workspace.select(build.ids(selected, workspace))
    free = {task for task in Task if not obstacle(task, workspace)}
    assert free == possible | {Task.LAYER, Task.TOGETHER, Task.FOREGROUND}


def test_nothing_that_the_model_may_see_is_no_ground_to_stand_on(qapp, build) -> None:
    hidden = replace(build.layer("a"), model_visible=False)
    assert obstacle(Task.FOREGROUND, workspace_of(build, hidden))
    assert not obstacle(Task.FOREGROUND, workspace_of(build, build.layer("a")))


def test_a_selection_is_the_box_and_lets_a_region_be_repainted(qapp, build) -> None:
    workspace = workspace_of(build, build.layer("a"))
    assert obstacle(Task.REPAINT, workspace)
    assert box_for(Task.FOREGROUND, Where.AUTO, workspace) is None
    part = Rect(20, 30, 90, 70)
    workspace.do(SetSelection(Coverage.of_rect(part)), "Select")
    assert not obstacle(Task.REPAINT, workspace)
    assert box_for(Task.FOREGROUND, Where.AUTO, workspace) == part
    assert box_for(Task.REPAINT, Where.AUTO, workspace) is None  # the region decides
    assert box_for(Task.LAYER, Where.CANVAS, workspace) == Rect(0, 0, 300, 200)
    assert box_for(Task.LAYER, Where.SQUARE, workspace) == Rect(50, 0, 250, 200)
    assert box_for(Task.LAYER, Where.LAYER, workspace) == Rect(10, 10, 50, 50)
