import pytest

from editor.document.geometry import Point, Size
from editor.ui.dialogs.canvas_size import CanvasSizeDialog
from editor.ui.dialogs.image_size import ImageSizeDialog


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a"))


def test_width_and_height_keep_proportions_unless_parted(qtbot, dark) -> None:
    dialog = ImageSizeDialog(Size(300, 200), 72.0, None)
    qtbot.addWidget(dialog)
    dialog.width_field.setValue(150)
    assert dialog.answer().size == Size(150, 100)
    dialog.height_field.setValue(400)
    assert dialog.answer().size == Size(600, 400)
    dialog.linked.setChecked(False)
    dialog.width_field.setValue(10)
    assert dialog.answer().size == Size(10, 400)


@pytest.mark.parametrize(("place", "shift"), [(0, (0, 0)), (4, (50, 25)), (8, (100, 50))])
def test_the_picture_stays_where_it_is_held(qtbot, dark, place, shift) -> None:
    dialog = CanvasSizeDialog(Size(300, 200), None)
    qtbot.addWidget(dialog)
    dialog._width.setValue(400)
    dialog._height.setValue(250)
    dialog.anchor.button(place).click()
    assert dialog.answer() == (Size(400, 250), Point(*shift))


def test_turned_and_undone(window, workspace) -> None:
    before = workspace.document
    window.actions_by_id["image.right"].trigger()
    assert workspace.document.size == (200, 300)
    workspace.undo()
    assert workspace.document is before


def test_a_duplicate_is_unsaved_and_its_own(window, workspace) -> None:
    window.actions_by_id["image.duplicate"].trigger()
    other = window.desk.front
    assert other is not workspace
    assert other.document is workspace.document
    assert other.is_modified
    assert not workspace.is_modified
    window.actions_by_id["image.flip_across"].trigger()
    assert other.document is not workspace.document
