import pytest
from PySide6.QtCore import Qt

from editor.ui.action_table import ACTIONS, CHECKABLE, LINE_BEFORE, MENUS, WHILE_TYPING
from editor.ui.icons import pixmap

# What asks something first; each has a test of its own where it does more than ask.
ASKS = {
    "app.about", "file.quit", "file.new", "file.open", "file.place", "file.save", "file.save_as",
    "file.export_as", "file.export_layers", "file.quick_export", "layer.export",
    "image.canvas_size", "help.keys", "help.log", "select.feather", "select.grow",
    "select.shrink", "select.border", "filter.blur", "filter.sharpen", "filter.defringe",
    "image.size", "image.rotate",
}  # fmt: skip


def test_ids_are_unique() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)


def test_the_sets_beside_the_table_name_actions() -> None:
    known = {row.id for row in ACTIONS}
    assert known | set(MENUS) >= LINE_BEFORE | CHECKABLE | WHILE_TYPING


@pytest.mark.parametrize("row", [row for row in ACTIONS if row.icon], ids=lambda row: row.id)
def test_every_icon_can_be_drawn(qapp, row) -> None:
    assert not pixmap(row.icon, 18, "#ff0000").toImage().allGray()


@pytest.mark.parametrize("name", [row.id for row in ACTIONS if row.id not in ASKS])
def test_every_action_does_its_work(window, opened, build, name) -> None:
    workspace = opened(build.layer("a"), build.group("g", build.layer("b")), build.layer("c"))
    workspace.select(build.ids("g", workspace))
    action = window.actions_by_id[name]
    if action.isEnabled():
        action.trigger()
    assert "did not work" not in window.messages.text


def test_tooltips_say_the_key(window) -> None:
    assert window.actions_by_id["tool.brush"].toolTip() == "Brush (B)"


def test_keys_choose_tools(window, opened, build, qtbot) -> None:
    opened(build.layer("a"))
    window.activateWindow()
    window.canvas.setFocus()
    for key, tool in (("B", "brush"), ("E", "eraser"), ("V", "move"), ("Z", "zoom")):
        qtbot.keyClick(window.canvas, key.lower())
        assert window.tools.current.id == tool


def test_keys_are_text_while_typing(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    window.activateWindow()
    field = window.prompt.field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    tool = window.tools.current.id
    qtbot.keyClicks(field, "be x5")
    qtbot.keyClick(field, "j", Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert field.text() == "be x5"
    assert window.tools.current.id == tool
    assert build.tree(workspace.document.layers) == ["a"]


def test_undo_and_redo_of_layer_actions(window, opened, build) -> None:
    workspace = opened(build.layer("a"), build.layer("b"))
    shown = workspace.document
    for name in ("layer.duplicate", "layer.group", "layer.delete", "layer.new"):
        window.actions_by_id[name].trigger()
    changed = workspace.document
    for _ in range(4):
        window.actions_by_id["edit.undo"].trigger()
    assert workspace.document is shown
    for _ in range(4):
        window.actions_by_id["edit.redo"].trigger()
    assert workspace.document is changed


def test_order_keys(window, opened, build) -> None:
    workspace = opened(build.layer("a"), build.layer("b"), build.layer("c"))
    workspace.select(build.ids("b", workspace))
    for name, order in (
        ("layer.up", ["b", "c", "a"]),
        ("layer.up", ["b", "c", "a"]),
        ("layer.bottom", ["c", "a", "b"]),
        ("layer.up", ["c", "b", "a"]),
        ("layer.top", ["b", "c", "a"]),
        ("layer.down", ["c", "b", "a"]),
    ):
        window.actions_by_id[name].trigger()
        assert build.tree(workspace.document.layers) == order


def test_canvas_fits_its_layers(window, opened, build) -> None:
    workspace = opened(build.layer("a", side=50, at=(-20, 30)), size=(300, 200))
    window.actions_by_id["image.fit_layers"].trigger()
    assert workspace.document.size == (50, 50)
    assert workspace.document.layers[0].rect == (0, 0, 50, 50)


@pytest.mark.parametrize("name", [row.id for row in ACTIONS if row.id not in ASKS])
def test_every_action_stands_an_adjustment(window, opened, build, name) -> None:
    workspace = opened(build.layer("a"), build.layer("b"))
    workspace.select(build.ids("b", workspace))
    for first in ("adjust.curves", "mask.hide_all"):
        window.actions_by_id[first].trigger()
    action = window.actions_by_id[name]
    if action.isEnabled():
        action.trigger()
    assert "did not work" not in window.messages.text
