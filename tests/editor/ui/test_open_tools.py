"""Tools whose work stays open, in the window: crop and free transform."""

import pytest
from PySide6.QtCore import QPoint, Qt


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a", side=100, at=(50, 50)), size=(300, 200))


def place(window, x: float, y: float) -> QPoint:
    return window.canvas.view.place(x, y).toPoint()


def drag(window, qtbot, start, end) -> None:
    canvas, left = window.canvas, Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=place(window, *start))
    qtbot.mouseMove(canvas, place(window, *end))
    qtbot.mouseRelease(canvas, left, pos=place(window, *end))


def rect(workspace):
    return workspace.document.layers[0].rect


def test_free_transform_begins_at_once_and_gives_the_tool_back(window, workspace, qtbot) -> None:
    window.tools.choose("brush")
    window.actions_by_id["tool.transform"].trigger()
    drag(window, qtbot, (100, 100), (120, 110))
    assert rect(workspace)[:2] == pytest.approx((70, 60), abs=1)
    assert len(workspace.history.steps) == 1
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    assert window.tools.current.id == "brush"
    assert workspace.history.steps[-1].label == "Free transform"


def test_escape_puts_all_back(window, workspace, qtbot) -> None:
    before = workspace.document
    window.actions_by_id["tool.transform"].trigger()
    drag(window, qtbot, (150, 150), (180, 180))
    window.actions_by_id["edit.cancel"].trigger()
    assert workspace.document is before
    assert window.tools.current.id == "move"
    assert not workspace.is_previewing


def test_numbers_in_the_option_bar_transform(window, workspace) -> None:
    window.actions_by_id["tool.transform"].trigger()
    window.tools.set_number("width", 50)
    window.tools.set_number("angle", 90)
    found = rect(workspace)
    assert (found.width, found.height) == (100, 50)
    window.tools.choose("move")
    assert workspace.history.steps[-1].label == "Free transform"


def test_an_empty_layer_says_that_there_is_nothing_to_transform(window, workspace) -> None:
    window.actions_by_id["layer.new"].trigger()
    window.actions_by_id["tool.transform"].trigger()
    assert "nothing to transform" in window.messages.text
    assert window.tools.current.id == "move"


def test_enter_crops_and_another_tool_does_not(window, workspace, qtbot) -> None:
    window.tools.choose("crop")
    drag(window, qtbot, (20, 20), (120, 100))
    window.tools.choose("move")
    assert workspace.document.size == (300, 200)
    window.tools.choose("crop")
    drag(window, qtbot, (20, 20), (120, 100))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    assert workspace.document.size == (100, 80)


def test_buttons_end_what_is_open(window, workspace, qtbot) -> None:
    work = window.options.work
    assert not work.isVisible()
    window.tools.choose("crop")
    assert work.isVisible()
    assert not work.apply.isEnabled()
    drag(window, qtbot, (20, 20), (120, 100))
    assert work.apply.isEnabled()
    work.cancel.click()
    assert not work.apply.isEnabled()
    drag(window, qtbot, (20, 20), (120, 100))
    work.apply.click()
    assert workspace.document.size == (100, 80)
    assert not work.apply.isEnabled()
    window.actions_by_id["tool.transform"].trigger()
    assert work.cancel.isEnabled()
    work.cancel.click()
    assert window.tools.current.id == "crop"


def test_another_document_ends_what_is_open(window, workspace, opened, build) -> None:
    window.actions_by_id["tool.transform"].trigger()
    window.tools.set_number("x", 200)
    other = opened(build.layer("b"))
    assert rect(workspace).x0 == 150
    assert not workspace.is_previewing
    assert window.desk.front is other


def test_a_cropped_document_lies_in_the_middle(window, workspace, qtbot) -> None:
    window.tools.choose("crop")
    drag(window, qtbot, (200, 120), (300, 200))
    zoom = window.canvas.view.zoom
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    box = window.canvas.view.to_widget(workspace.document.rect)
    assert window.canvas.view.zoom == zoom
    assert (box.center() - window.canvas.free_area.center()).manhattanLength() < 3


def test_a_narrow_window_is_not_widened_by_a_tool(window, workspace) -> None:
    window.resize(800, 600)
    for tool in window.tools.tools:
        window.tools.choose(tool)
        assert window.width() == 800
        assert window.options.minimumSizeHint().width() < 700


def test_moving_an_empty_layer_is_no_failure(window, workspace, qtbot) -> None:
    window.actions_by_id["layer.new"].trigger()
    window.actions_by_id["tool.move"].trigger()
    window.tools.set_switch("auto_select", False)
    drag(window, qtbot, (200, 120), (250, 150))
    assert workspace.document.layers[-1].offset.x == pytest.approx(50, abs=2)


def test_pasting_nothing_says_so(window, workspace, qapp) -> None:
    qapp.clipboard().clear()
    window.actions_by_id["edit.paste"].trigger()
    assert "no picture" in window.messages.text
