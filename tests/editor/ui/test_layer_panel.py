import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu

from editor.document.layer import BlendMode, Label
from editor.tools.tool import Target
from editor.ui.action_table import ACTIONS
from editor.ui.layer_delegate import row_parts
from editor.ui.layer_solo import solo


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


def test_a_fast_drag_down_the_eyes_leaves_none_out(window, workspace, build, qtbot) -> None:
    view = window.layer_panel.view.viewport()
    _, first, rect = row(window, workspace, build, "d")
    _, last, below = row(window, workspace, build, "a")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=row_parts(rect, first).eye.center())
    qtbot.mouseMove(view, row_parts(below, last).eye.center())
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton)
    assert not any(layer.visible for layer in workspace.document.walk())


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


def test_rename_while_renaming_goes_on(window, workspace) -> None:
    window.actions_by_id["layer.rename"].trigger()
    window.actions_by_id["layer.rename"].trigger()  # Qt would warn
    assert window.layer_panel.view.findChild(QLineEdit).isVisible()


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


def test_alt_click_between_rows_clips_and_releases(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "d")
    for clipped in (True, False):
        at = QPoint(rect.left() + 150, rect.bottom() - 1)
        click(window, qtbot, at, Qt.KeyboardModifier.AltModifier)
        assert workspace.document.find(layer.id).clipped is clipped
    _, lowest, rect = row(window, workspace, build, "a")
    click(window, qtbot, QPoint(150, rect.bottom() - 1), Qt.KeyboardModifier.AltModifier)
    assert not workspace.document.find(lowest.id).clipped


def test_clicks_on_a_mask(window, workspace, build, qtbot) -> None:
    workspace.select(build.ids("d", workspace))
    window.actions_by_id["layer.mask"].trigger()
    assert workspace.target is Target.MASK

    def press(part, modifiers=Qt.KeyboardModifier.NoModifier):
        _, layer, rect = row(window, workspace, build, "d")
        click(window, qtbot, getattr(row_parts(rect, layer), part).center(), modifiers)
        return workspace.document.find(layer.id).mask

    assert not press("mask", Qt.KeyboardModifier.ShiftModifier).enabled
    assert press("mask", Qt.KeyboardModifier.ShiftModifier).enabled
    assert not press("link").linked
    press("mask", Qt.KeyboardModifier.AltModifier)
    assert workspace.shows_mask
    press("mask", Qt.KeyboardModifier.AltModifier)
    assert not workspace.shows_mask
    assert workspace.target is Target.MASK
    press("thumbnail")
    assert workspace.target is Target.PIXELS


def test_the_mask_is_looked_at_on_the_canvas(window, workspace, build, qtbot) -> None:
    workspace.select(build.ids("d", workspace))
    window.actions_by_id["mask.hide_all"].trigger()
    display = window.canvas._display
    window.actions_by_id["mask.view"].trigger()
    qtbot.waitUntil(lambda: display.colour_at(15, 15) == (0, 0, 0, 255), timeout=10_000)
    window.actions_by_id["mask.invert"].trigger()
    qtbot.waitUntil(lambda: display.colour_at(15, 15) == (255, 255, 255, 255), timeout=10_000)
    workspace.select(build.ids("a", workspace))
    assert not workspace.shows_mask
    qtbot.waitUntil(lambda: display.colour_at(15, 15) == (200, 30, 30, 255), timeout=10_000)


def test_solo_of_the_model_eye(window, workspace, build, qtbot) -> None:
    _, layer, rect = row(window, workspace, build, "d")
    at = row_parts(rect, layer).model_eye.center()
    for seen in ({"d"}, {"a", "g", "b", "c", "d"}):
        click(window, qtbot, at, Qt.KeyboardModifier.AltModifier)
        shown = {each.name for each in workspace.document.walk() if each.model_visible}
        assert shown == seen


def test_search_shows_matches_and_the_groups_around_them(window, workspace, build) -> None:
    view, model = window.layer_panel.view, window.layer_panel.model

    def shown() -> set[str]:
        names = set()
        for layer in workspace.document.walk():
            index = model.index_of(layer.id)
            if not view.isRowHidden(index.row(), index.parent()):
                names.add(layer.name)
        return names

    window.layer_panel.search.setText("B")
    assert shown() == {"g", "b"}
    window.layer_panel.search.clear()
    assert shown() == {"a", "g", "b", "c", "d"}


def test_layers_dropped_on_buttons(window, workspace, build) -> None:
    buttons = {each.defaultAction().objectName(): each for each in window.layer_panel.buttons}
    chosen = build.ids("d", workspace)
    buttons["layer.new"].dropped.emit("layer.duplicate", chosen)
    assert build.tree(workspace.document.layers)[:2] == ["d copy", "d"]
    buttons["layer.delete"].dropped.emit("layer.delete", build.ids("g", workspace))
    assert build.tree(workspace.document.layers) == ["d copy", "d", "a"]


def test_labels_and_locks_of_several(window, workspace, build) -> None:
    workspace.select(build.ids("a d", workspace))
    window.actions_by_id["label.red"].trigger()
    window.actions_by_id["layer.lock_all"].trigger()
    for name in ("a", "d"):
        layer = workspace.document.find(build.ids(name, workspace)[0])
        assert layer.label is Label.RED
        assert layer.locks.alpha
        assert layer.locks.position
    window.actions_by_id["layer.lock_all"].trigger()
    assert not workspace.document.find(layer.id).locks.any


def test_the_menu_of_a_row_has_everything(window, workspace, qtbot) -> None:
    window.layer_panel._on_menu_asked(QPoint(50, 50))
    menu = window.layer_panel.findChild(QMenu)
    names = {action.objectName() for action in menu.actions()}
    for inside in menu.findChildren(QMenu):
        names |= {action.objectName() for action in inside.actions()}
    assert {row.id for row in ACTIONS if row.menu.startswith("layer")} <= names
    menu.close()


def test_without_a_document_it_shows_what_a_new_layer_has(window) -> None:
    panel = window.layer_panel
    assert (panel.mode.currentText(), panel.opacity.value) == ("Normal", 100)
    assert not panel.mode.isEnabled()
