import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from editor.document.changes import same
from editor.document.document import Document, Place
from editor.document.geometry import Point, Size
from editor.document.layer import PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.edits.edit import EditError
from editor.edits.layers import AddLayers, OffsetLayers, RemoveLayers
from editor.edits.pixels import PaintPixels
from editor.workspace import Workspace

LAYER = PixelLayer(id=new_layer_id(), name="a", pixels=Pixels.empty())
OTHER = PixelLayer(id=new_layer_id(), name="b", pixels=Pixels.empty())
DOCUMENT = Document(size=Size(64, 64), layers=(LAYER,))
DAB = np.full((3, 3, 4), 200, np.uint8)


@pytest.fixture
def workspace(qtbot: QtBot) -> Workspace:
    return Workspace(DOCUMENT)


def labels(workspace: Workspace) -> list[str]:
    return [step.label for step in workspace.history.steps]


def test_a_gesture_is_many_previews_and_one_step(workspace: Workspace) -> None:
    pairs: list[tuple[Document, Document]] = []
    workspace.document_changed.connect(lambda before, after: pairs.append((before, after)))
    for x in range(5):
        workspace.preview(PaintPixels(LAYER.id, Point(x, 0), DAB))
    workspace.commit("Brush")
    assert labels(workspace) == ["New", "Brush"]
    assert len(pairs) == 5
    assert all(before is not after for before, after in pairs)
    workspace.undo()
    assert workspace.document is DOCUMENT
    workspace.redo()
    assert same(workspace.document, pairs[-1][1])


def test_cancel_takes_the_gesture_back(workspace: Workspace) -> None:
    workspace.preview(OffsetLayers((LAYER.id,), 5, 5))
    workspace.cancel()
    assert workspace.document is DOCUMENT
    assert labels(workspace) == ["New"]


def test_an_edit_that_cannot_be_done_changes_nothing(workspace: Workspace) -> None:
    with pytest.raises(EditError):
        workspace.preview(PaintPixels(new_layer_id(), Point(0, 0), DAB))
    assert workspace.document is DOCUMENT
    assert not workspace.is_previewing


def test_what_arrives_during_a_gesture_waits_for_its_end(workspace: Workspace) -> None:
    workspace.preview(PaintPixels(LAYER.id, Point(0, 0), DAB))
    add = AddLayers((OTHER,), Place(None, 1))
    workspace.do_when_idle(lambda: workspace.do(add, "Generate"))
    assert labels(workspace) == ["New"]
    workspace.commit("Brush")
    assert labels(workspace) == ["New", "Brush", "Generate"]


def test_the_active_layer_is_always_one_that_exists(workspace: Workspace) -> None:
    assert workspace.active == LAYER.id
    workspace.do(AddLayers((OTHER,), Place(None, 1)), "Add")
    workspace.select((OTHER.id,))
    workspace.do(RemoveLayers((OTHER.id,)), "Delete")
    assert workspace.active == LAYER.id
    workspace.do(RemoveLayers((LAYER.id,)), "Delete")
    assert workspace.active is None
    workspace.undo()
    assert workspace.active == LAYER.id


def test_modified_means_other_than_saved(workspace: Workspace, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert not workspace.is_modified
    workspace.do(OffsetLayers((LAYER.id,), 1, 0), "Move")
    assert workspace.is_modified
    workspace.mark_saved(workspace.document, tmp_path / "a.acetate")
    assert not workspace.is_modified
    workspace.undo()
    assert workspace.is_modified
