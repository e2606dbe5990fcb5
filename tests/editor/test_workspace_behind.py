"""Edits of a large document, worked out elsewhere: what the workspace shows, and when."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from editor.document.adjustment import Invert
from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.adjustment import AdjustPixels
from editor.edits.edit import EditError
from editor.edits.image import FlipImage, RotateImage, TurnImage
from editor.edits.properties import SetName
from editor.edits.selection import FeatherSelection, SelectAll
from editor.edits.transform import Instead, TransformLayers
from editor.render.transforming import Interpolation
from editor.works import Done, Failed, Work
from editor.workspace import Workspace

RAMP = np.full((900, 700, 4), 255, np.uint8)
RAMP[..., 0] = np.arange(700, dtype=np.uint16) // 3
LAYER = PixelLayer(id=new_layer_id(), name="a", pixels=Pixels.from_array(RAMP))
DOCUMENT = Document(size=Size(700, 900), layers=(LAYER,))


class Slow:
    """Works when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []

    def run(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        def finish() -> None:
            try:
                result = work()
            except EditError as error:
                assert failed is not None
                failed(error)
            else:
                done(result)

        self.asked.append(finish)

    def finish(self) -> None:
        self.asked.pop(0)()


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def workspace(qtbot: QtBot, slow: Slow) -> Iterator[Workspace]:
    made = Workspace(DOCUMENT)
    made.work_behind(slow)
    yield made
    assert not slow.asked


def labels(workspace: Workspace) -> list[str]:
    return [step.label for step in workspace.history.steps]


def test_what_takes_long_is_one_step_when_it_is_there(workspace: Workspace, slow: Slow) -> None:
    done: list[str] = []
    workspace.do(TurnImage(1), "Turn", lambda: done.append("turned"))
    assert workspace.document is DOCUMENT
    assert (workspace.work, workspace.is_working, done) == ("Turn", True, [])
    slow.finish()
    assert workspace.document.size == (900, 700)
    assert (labels(workspace), done, workspace.is_working) == (["New", "Turn"], ["turned"], False)
    workspace.undo()
    assert workspace.document is DOCUMENT


def test_what_is_quick_is_done_meanwhile_and_kept(workspace: Workspace, slow: Slow) -> None:
    workspace.do(FlipImage(across=True), "Flip")
    workspace.do(SetName(LAYER.id, "b"), "Rename")
    assert workspace.document.layers[0].name == "b"
    slow.finish()  # of the document before
    slow.finish()
    assert labels(workspace) == ["New", "Rename", "Flip"]
    flipped = workspace.document.layers[0]
    assert isinstance(flipped, PixelLayer)
    assert flipped.name == "b"
    assert np.array_equal(flipped.pixels.read(DOCUMENT.rect), RAMP[:, ::-1])


def test_edits_that_take_long_come_in_order(workspace: Workspace, slow: Slow) -> None:
    workspace.do(TurnImage(1), "Turn")
    workspace.do(AdjustPixels(LAYER.id, Invert()), "Invert")
    workspace.do_when_worked_out(lambda: workspace.do(TurnImage(3), "Back"))
    for _ in range(3):
        slow.finish()
    assert labels(workspace) == ["New", "Turn", "Invert", "Back"]
    assert workspace.document.size == DOCUMENT.size


def test_a_gesture_ends_before_it_comes(workspace: Workspace, slow: Slow) -> None:
    workspace.do(TurnImage(1), "Turn")
    workspace.preview(SetName(LAYER.id, "b"))
    slow.finish()
    assert workspace.document.size == DOCUMENT.size
    workspace.commit("Rename")
    slow.finish()
    assert labels(workspace) == ["New", "Rename", "Turn"]


def test_undo_gives_up_what_is_worked_out(workspace: Workspace, slow: Slow) -> None:
    workspace.do(TurnImage(1), "Turn")
    workspace.do(TurnImage(2), "Turn more")
    workspace.undo()
    slow.finish()
    assert workspace.document is DOCUMENT
    assert not workspace.is_working


def test_what_cannot_be_done_is_said(workspace: Workspace, slow: Slow) -> None:
    said: list[str] = []
    workspace.refused.connect(said.append)
    workspace.do(FeatherSelection(5), "Feather")
    workspace.do(RotateImage(3), "Rotate")
    slow.finish()
    assert said == ["Nothing is selected."]
    slow.finish()
    assert labels(workspace) == ["New", "Rotate"]


def test_what_follows_the_pointer_is_shown_when_it_is_there(
    workspace: Workspace, slow: Slow
) -> None:
    for dx in (10, 20, 30):
        affine = (1.0, 0.0, float(dx), 0.0, 1.0, 0.0)
        edit = TransformLayers((LAYER.id,), affine, Interpolation.NEAREST)
        workspace.preview(Instead(DOCUMENT, edit))
    workspace.commit("Transform")
    assert (labels(workspace), workspace.is_ending) == (["New"], True)
    workspace.do(SelectAll(), "Select all")
    slow.finish()
    assert workspace.document.layers[0].rect.x0 == 10
    slow.finish()
    assert labels(workspace) == ["New", "Transform", "Select all"]
    moved = workspace.document.layers[0]
    assert isinstance(moved, PixelLayer)
    assert moved.pixels.content.x0 == 30


def test_escape_forgets_a_preview_on_its_way(workspace: Workspace, slow: Slow) -> None:
    edit = TransformLayers((LAYER.id,), (1.0, 0.0, 9.0, 0.0, 1.0, 0.0), Interpolation.NEAREST)
    workspace.preview(Instead(DOCUMENT, edit))
    workspace.cancel()
    slow.finish()
    assert workspace.document is DOCUMENT
    assert labels(workspace) == ["New"]


def test_a_small_document_waits_for_nothing(qtbot: QtBot, slow: Slow) -> None:
    small = Workspace(Document(size=Size(300, 200)))
    small.work_behind(slow)
    small.do(TurnImage(1), "Turn")
    assert small.document.size == (200, 300)
