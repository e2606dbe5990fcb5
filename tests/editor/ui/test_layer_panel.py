import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit

from editor.document.layer import BlendMode
from editor.ui.layer_delegate import row_parts
from editor.ui.layer_panel import solo


@pytest.fixture
def workspace(opened, build):
    return opened(
        build.layer("a"), build.group("g", build.layer("b"), build.layer("c")), build.layer("d")
    )


def row(window, workspace, build, name):
    """Index, layer and rect of a row."""
    layer_id = build.ids(name, workspace)[0]
    view = window.layer_panel.view
    index = window.layer_panel.model.index_of(layer_id)
    return index, workspace.document.find(layer_id), view.row_rect(index)


def click(window, qtbot, at: QPoint, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.mouseClick(window.layer_panel.view.viewport(), Qt.MouseButton.LeftButton, modifiers, at)


def test_the_eye_hides_and_is_one_step(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "d")
    click(window, qtbot, row_parts(rect, layer).eye.center())
    assert not workspace.document.find(layer.id).visible
    assert [step.label for step in workspace.history.steps] == ["New", "Visibility"]


def test_a_drag_down_the_eyes_sets_many_in_one_step(window, workspace, build, qtbot) -> None:
    view = window.layer_panel.view.viewport()
    _, first, rect = row(window, workspace, build, "d")
    _, second, below = row(window, workspace, build, "g")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=row_parts(rect, first).eye.center())
    qtbot.mouseMove(view, row_parts(below, second).eye.center())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    hidden = {layer.name for layer in workspace.document.walk() if not layer.visible}
    assert hidden == {"d", "g"}
    assert len(workspace.history.steps) == 2


def test_alt_click_shows_alone_and_back(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "b")
    for shown in ({"g", "b"}, {"a", "g", "b", "c", "d"}):
        click(window, qtbot, row_parts(rect, layer).eye.center(), Qt.KeyboardModifier.AltModifier)
        assert {each.name for each in workspace.document.walk() if each.visible} == shown


def test_solo_is_an_edit(workspace, build) -> None:
    document = workspace.document
    after = solo(document, build.ids("a", workspace)[0]).apply(document)
    assert [each.name for each in after.walk() if each.visible] == ["a"]


def test_the_model_eye(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "a")
    click(window, qtbot, row_parts(rect, layer).model_eye.center())
    assert not workspace.document.find(layer.id).model_visible


def test_a_group_folds(window, workspace, build, qtbot) -> None:
    index, layer, rect = row(window, workspace, build, "g")
    assert window.layer_panel.view.isExpanded(index)
    click(window, qtbot, row_parts(rect, layer).thumbnail.center())
    assert not workspace.document.find(layer.id).open
    assert not window.layer_panel.view.isExpanded(window.layer_panel.model.index_of(layer.id))


def test_a_double_click_renames(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "a")
    view = window.layer_panel.view
    at = row_parts(rect, layer).text.center()
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    editor = view.findChild(QLineEdit, "LayerNameEditor")
    editor.setText("  red <i>square</i> ")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: workspace.document.find(layer.id).name == "red <i>square</i>", timeout=2000
    )
    assert workspace.history.steps[-1].label == "Rename"


def test_clicks_select_and_control_adds(window, workspace, build, qtbot) -> None:
    for name, modifiers in (
        ("a", Qt.KeyboardModifier.NoModifier),
        ("d", Qt.KeyboardModifier.ControlModifier),
    ):
        _, layer, rect = row(window, workspace, build, name)
        click(window, qtbot, row_parts(rect, layer).text.center(), modifiers)
    assert set(workspace.selected) == set(build.ids("a d", workspace))
    assert workspace.active == build.ids("d", workspace)[0]


def test_the_list_follows_the_workspace(window, workspace, build) -> None:
    workspace.select(build.ids("b c", workspace))
    indexes = window.layer_panel.view.selectedIndexes()
    assert {index.data() for index in indexes} == {"b", "c"}


def test_opacity_and_blend_mode_of_the_selection(window, workspace, build) -> None:
    workspace.select(build.ids("a d", workspace))
    panel = window.layer_panel
    panel.opacity.spin.setValue(40)
    panel.mode.setCurrentIndex(panel.mode.findData("multiply"))
    panel.mode.activated.emit(panel.mode.currentIndex())
    for layer_id in build.ids("a d", workspace):
        layer = workspace.document.find(layer_id)
        assert (round(layer.opacity * 100), layer.blend_mode) == (40, BlendMode.MULTIPLY)
    assert [step.label for step in workspace.history.steps] == ["New", "Opacity", "Blend mode"]


def test_dragging_the_word_opacity_is_one_step(window, workspace, build, qtbot) -> None:
    label = window.layer_panel.opacity._label
    middle = QPoint(20, 8)
    qtbot.mousePress(label, Qt.MouseButton.LeftButton, pos=middle)
    for x in range(18, -30, -4):
        qtbot.mouseMove(label, QPoint(x, 8))
    qtbot.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(-30, 8))
    assert workspace.document.find(workspace.active).opacity < 1
    assert len(workspace.history.steps) == 2
    assert not workspace.is_previewing


def test_a_drop_reorders_and_nests(window, workspace, build) -> None:
    model = window.layer_panel.model
    a, g = (model.index_of(each) for each in build.ids("a g", workspace))
    copy = Qt.DropAction.CopyAction
    assert model.dropMimeData(model.mimeData([a]), copy, 1, 0, g)
    assert build.tree(workspace.document.layers) == ["d", ("g", ["c", "a", "b"])]
    c = model.index_of(build.ids("c", workspace)[0])
    assert model.dropMimeData(model.mimeData([c]), copy, 0, 0, g.parent())
    assert build.tree(workspace.document.layers) == ["c", "d", ("g", ["a", "b"])]
    workspace.undo()
    workspace.undo()
    assert build.tree(workspace.document.layers) == ["d", ("g", ["c", "b"]), "a"]


def test_an_edit_that_is_refused_says_why(window, workspace, build) -> None:
    workspace.select(build.ids("a", workspace))
    panel = window.layer_panel
    panel.mode.activated.emit(panel.mode.findData("pass_through"))
    assert "not a group" in window.messages.text
    assert panel.mode.currentData() == "normal"
