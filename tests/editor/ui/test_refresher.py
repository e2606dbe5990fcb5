import numpy as np
import pytest

from editor.document.geometry import Point
from editor.document.layer import Locks, PixelLayer
from editor.edits.pixels import PaintPixels
from editor.edits.properties import SetLocks
from generator.request import Task

LONG = 30_000


@pytest.fixture
def grown(studio, opened, build, qtbot):
    """A document with a ground of one's own, and two layers made one upon the other."""
    workspace = opened(build.layer("ground", side=200, at=(0, 0)), size=(200, 200))
    for words in ("red ball", "blue ball"):
        make(studio, qtbot, Task.FOREGROUND, words)
    return workspace


def make(window, qtbot, task: Task, words: str) -> None:
    assert window.prompt.chips.choose(task), window.prompt.chips.why_not(task)
    window.prompt.field.setText(words)
    window.asking.ask()
    qtbot.waitUntil(lambda: not window.generation.jobs.jobs, timeout=LONG)


def named(workspace, name: str) -> PixelLayer:
    return next(layer for layer in workspace.document.walk() if layer.name == name)


def paint_ground(workspace) -> None:
    spot = np.full((60, 60, 4), (0, 0, 255, 255), np.uint8)
    workspace.do(PaintPixels(named(workspace, "ground").id, Point(0, 0), spot), "Paint")


def stale(window, workspace) -> set[str]:
    return {workspace.document.find(each).name for each in window.staleness.stale}


def test_a_changed_source_is_an_amber_dot_and_goes_with_undo(studio, grown, qtbot) -> None:
    panel = studio.recipe_panel
    qtbot.wait(600)
    assert stale(studio, grown) == set()
    assert not panel.refresh.isVisible()
    paint_ground(grown)
    qtbot.waitUntil(lambda: stale(studio, grown) == {"red ball", "blue ball"}, timeout=LONG)
    assert panel.refresh.isVisible()
    index = studio.layer_panel.model.index_of(named(grown, "red ball").id)
    said = studio.layer_panel.model.data(index, role=11)  # AccessibleTextRole
    assert said == "red ball, its background has changed"
    grown.undo()
    qtbot.waitUntil(lambda: stale(studio, grown) == set(), timeout=LONG)


def test_refresh_makes_all_of_them_again_in_one_step(studio, grown, qtbot) -> None:
    paint_ground(grown)
    qtbot.waitUntil(lambda: len(studio.staleness.stale) == 2, timeout=LONG)
    before, steps = grown.document, len(grown.history.steps)
    ground = named(grown, "ground")
    studio.actions_by_id["generate.refresh"].trigger()
    qtbot.waitUntil(lambda: grown.document is not before, timeout=LONG)
    assert [step.label for step in grown.history.steps][steps:] == ["Refresh"]
    assert named(grown, "ground") is ground
    assert len(named(grown, "red ball").variants) == 2
    assert len(named(grown, "blue ball").variants) == 2
    qtbot.waitUntil(lambda: studio.staleness.stale == frozenset(), timeout=LONG)
    grown.undo()
    assert grown.document is before


def test_a_locked_layer_is_never_touched(studio, grown, qtbot) -> None:
    lower = named(grown, "red ball")
    grown.do(SetLocks(lower.id, Locks(pixels=True)), "Lock")
    locked = named(grown, "red ball")
    paint_ground(grown)
    before = grown.document
    studio.actions_by_id["generate.refresh"].trigger()
    qtbot.waitUntil(lambda: grown.document is not before, timeout=LONG)
    assert named(grown, "red ball") is locked
    assert len(named(grown, "blue ball").variants) == 2


def test_nothing_stale_is_said_and_changes_nothing(studio, grown, qtbot) -> None:
    before = grown.document
    studio.actions_by_id["generate.refresh"].trigger()
    qtbot.waitUntil(lambda: "Nothing was refreshed" in studio.messages.text, timeout=LONG)
    assert grown.document is before


def test_cancel_keeps_what_was_made_so_far(studio, opened, build, qtbot) -> None:
    workspace = opened(build.layer("ground", side=200, at=(0, 0)), size=(200, 200))
    make(studio, qtbot, Task.FOREGROUND, "red ball")
    make(studio, qtbot, Task.FOREGROUND, "slow blue ball")
    paint_ground(workspace)
    studio.actions_by_id["generate.refresh"].trigger()
    title = "slow blue ball"
    qtbot.waitUntil(
        lambda: any(job.title == title and job.progress for job in studio.generation.jobs.jobs),
        timeout=LONG,
    )
    studio.actions_by_id["edit.cancel"].trigger()
    qtbot.waitUntil(lambda: workspace.history.steps[-1].label == "Refresh", timeout=LONG)
    assert len(named(workspace, "red ball").variants) == 2
    assert len(named(workspace, title).variants) == 1
