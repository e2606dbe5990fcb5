"""Selections in the window: tools on the canvas, actions, thumbnails, and how they are shown."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import GrowSelection, SetSelection
from editor.tools.tool import Target
from editor.ui.dialogs.number import NumberDialog
from editor.ui.layer_delegate import row_parts


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a", side=100, at=(50, 50)), size=(300, 200))


def place(window, x: float, y: float) -> QPoint:
    return window.canvas.view.place(x, y).toPoint()


def drag(window, qtbot, start, end, keys=Qt.KeyboardModifier.NoModifier) -> None:
    canvas, left = window.canvas, Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, keys, pos=place(window, *start))
    qtbot.mouseMove(canvas, place(window, *end))
    qtbot.mouseRelease(canvas, left, keys, pos=place(window, *end))


def selected(workspace) -> Rect | None:
    region = workspace.document.selection
    return None if region is None else region.content


def trigger(window, *names: str) -> None:
    for name in names:
        window.actions_by_id[name].trigger()


def test_a_rectangle_is_pulled_up_and_added_to(window, workspace, qtbot) -> None:
    window.tools.choose("select_rectangle")
    drag(window, qtbot, (20, 20), (120, 90))
    assert selected(workspace) == (20, 20, 120, 90)
    drag(window, qtbot, (100, 80), (160, 120), Qt.KeyboardModifier.ShiftModifier)
    assert selected(workspace) == (20, 20, 160, 120)
    assert [step.label for step in workspace.history.steps] == ["New", "Select", "Select"]


def test_actions_on_the_selection(window, workspace) -> None:
    trigger(window, "select.all")
    assert selected(workspace) == (0, 0, 300, 200)
    trigger(window, "select.none")
    assert selected(workspace) is None
    assert not window.actions_by_id["select.grow"].isEnabled()
    trigger(window, "select.again")
    assert selected(workspace) == (0, 0, 300, 200)
    trigger(window, "select.layer")
    assert selected(workspace) == (50, 50, 150, 150)
    trigger(window, "select.invert")
    assert selected(workspace) == (0, 0, 300, 200)
    trigger(window, "select.invert", "layer.mask")
    assert selected(workspace) is None
    layer = workspace.document.layers[0]
    assert layer.mask is not None
    assert layer.mask.rect == (50, 50, 150, 150)
    trigger(window, "select.mask")
    assert selected(workspace) == (50, 50, 150, 150)
    for _ in range(len(workspace.history.steps) - 1):
        trigger(window, "edit.undo")
    assert selected(workspace) is None
    assert workspace.document.layers[0].mask is None


def test_growing_asks_by_how_much(window, workspace, monkeypatch) -> None:
    monkeypatch.setattr(NumberDialog, "exec", lambda self: NumberDialog.DialogCode.Accepted)
    monkeypatch.setattr(NumberDialog, "answer", lambda self: 10)
    workspace.do(SetSelection(Coverage.of_rect(Rect(50, 50, 100, 100))), "Select")
    trigger(window, "select.grow")
    assert selected(workspace) == (40, 40, 110, 110)
    trigger(window, "select.shrink")
    trigger(window, "select.border")
    assert selected(workspace).width > 50
    trigger(window, "select.feather")
    assert len(np.unique(workspace.document.selection.read(Rect(0, 70, 300, 71)))) > 20


@pytest.mark.parametrize(
    ("keys", "rect"),
    [
        (Qt.KeyboardModifier.ControlModifier, (50, 50, 150, 150)),
        (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
            (0, 0, 150, 150),
        ),
        (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier, (0, 0, 60, 60)),
        (
            Qt.KeyboardModifier.ControlModifier
            | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.ShiftModifier,
            (50, 50, 60, 60),
        ),
    ],
)
def test_control_click_on_a_thumbnail(window, workspace, keys, rect) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(0, 0, 60, 60))), "Select")
    view, model = window.layer_panel.view, window.layer_panel.model
    layer = workspace.document.layers[0]
    at = QPointF(row_parts(view.row_rect(model.index_of(layer.id)), layer).thumbnail.center())
    event = QMouseEvent(
        QEvent.Type.MouseButtonPress, at, view.viewport().mapToGlobal(at),
        Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, keys,
    )  # fmt: skip
    view.mousePressEvent(event)
    assert selected(workspace) == rect


def painted(window) -> np.ndarray:
    image = (
        window.canvas.grab()
        .toImage()
        .convertToFormat(window.canvas.grab().toImage().Format.Format_RGB32)
    )
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), image.bytesPerLine() // 4, 4)[..., :3].copy()


def _colours(window) -> set[int]:
    image = window.canvas.grab().toImage()
    return {image.pixel(place(window, 100, 100))}


def test_the_edge_walks_and_goes(window, workspace, qtbot) -> None:
    window.tools.choose("hand")
    trigger(window, "view.actual")
    qtbot.waitUntil(lambda: QColor(0xC81E1E).rgb() in _colours(window), timeout=5000)
    qtbot.wait(50)
    before = painted(window)
    workspace.do(SetSelection(Coverage.of_rect(Rect(180, 20, 280, 180))), "Select")

    def is_drawn() -> bool:
        return 380 <= (painted(window) != before).any(axis=2).sum() <= 520

    qtbot.waitUntil(is_drawn, timeout=3000)
    first = painted(window)

    def has_walked() -> bool:
        return bool((painted(window) != first).any())

    qtbot.waitUntil(has_walked, timeout=3000)
    trigger(window, "select.none")
    np.testing.assert_array_equal(painted(window), before)


def test_the_quick_mask_veils_what_is_not_selected(window, workspace) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(180, 20, 280, 180))), "Select")
    trigger(window, "select.quick_mask")
    assert workspace.target is Target.SELECTION
    assert window.actions_by_id["select.quick_mask"].isChecked()
    image = window.canvas.grab().toImage()
    veiled = QColor(image.pixel(place(window, 20, 20)))
    clear = QColor(image.pixel(place(window, 230, 100)))
    assert veiled.red() > veiled.green() + 40
    assert clear.red() == clear.green()
    trigger(window, "select.quick_mask")
    assert workspace.target is Target.PIXELS


def test_a_polygon_ends_by_enter_escape_or_another_tool(window, workspace, qtbot) -> None:
    window.tools.choose("polygon")
    left, canvas = Qt.MouseButton.LeftButton, window.canvas
    for end in ("enter", "escape", "tool"):
        for corner in ((20, 20), (120, 20), (120, 120)):
            qtbot.mouseClick(canvas, left, pos=place(window, *corner))
        if end == "enter":
            qtbot.keyClick(canvas, Qt.Key.Key_Return)
            assert selected(workspace) == (20, 20, 120, 120)
            trigger(window, "select.none")
        elif end == "escape":
            trigger(window, "edit.cancel")
        else:
            window.tools.choose("hand")
        assert not window.tools.tools["polygon"].is_open
    assert selected(workspace) is None


def test_arrows_move_the_selection_with_a_tool_that_selects(window, workspace, qtbot) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(50, 50, 100, 100))), "Select")
    window.tools.choose("lasso")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert selected(workspace) == (51, 40, 101, 90)


def test_a_selection_is_kept_in_the_project_file(tmp_path, workspace) -> None:
    from editor import formats
    from editor.document.changes import same

    workspace.do(SetSelection(Coverage.of_rect(Rect(50, 50, 100, 100))), "Select")
    formats.write(workspace.document, tmp_path / "a.acetate")
    assert same(formats.read(tmp_path / "a.acetate").document, workspace.document)


def test_delete_clears_what_is_selected_and_else_the_layer(window, workspace) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(0, 0, 100, 100))), "Select")
    trigger(window, "edit.clear")
    assert len(workspace.document.layers) == 1
    pixels = workspace.document.layers[0].pixels
    assert pixels.read(Rect(20, 20, 21, 21))[0, 0, 3] == 0
    assert pixels.read(Rect(70, 70, 71, 71))[0, 0, 3] == 255
    trigger(window, "select.none", "edit.clear")
    assert workspace.document.layers == ()


def test_fill_keys_fill_what_is_selected(window, workspace) -> None:
    workspace.set_colours((1, 2, 3), (4, 5, 6))
    workspace.do(SetSelection(Coverage.of_rect(Rect(0, 0, 100, 100))), "Select")
    trigger(window, "edit.fill_foreground")
    layer = workspace.document.layers[0]
    assert layer.rect == (0, 0, 150, 150)
    assert tuple(layer.pixels.read(Rect(-10, -10, -9, -9))[0, 0]) == (1, 2, 3, 255)
    trigger(window, "edit.fill_background")
    layer = workspace.document.layers[0]
    assert tuple(layer.pixels.read(Rect(-10, -10, -9, -9))[0, 0]) == (4, 5, 6, 255)


def test_a_layer_is_made_of_what_is_selected(window, workspace) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(0, 0, 100, 100))), "Select")
    trigger(window, "layer.duplicate")
    first, second = workspace.document.layers
    assert (first.rect, second.rect) == ((50, 50, 150, 150), (50, 50, 100, 100))
    assert workspace.active == second.id


def test_what_is_selected_is_cut_to_the_clipboard(window, workspace, qapp) -> None:
    workspace.do(SetSelection(Coverage.of_rect(Rect(60, 70, 100, 90))), "Select")
    trigger(window, "edit.cut")
    image = qapp.clipboard().image()
    assert (image.width(), image.height()) == (40, 20)
    assert workspace.document.layers[0].pixels.read(Rect(20, 25, 21, 26))[0, 0, 3] == 0
    trigger(window, "edit.copy_merged")
    assert qapp.clipboard().image().width() == 40


def test_control_and_arrows_move_with_any_tool(window, workspace, qtbot) -> None:
    window.tools.choose("brush")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert workspace.document.layers[0].rect == (49, 50, 149, 150)


def test_backspace_takes_a_corner_back_and_deletes_no_layer(window, workspace, qtbot) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)
    window.tools.choose("polygon")
    for corner in ((20, 20), (120, 20)):
        qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, *corner))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Backspace)
    assert len(workspace.document.layers) == 1
    sketch = window.tools.tools["polygon"].sketch
    assert sketch is not None
    assert len(sketch.lines[0]) == 2


def test_the_veil_follows_the_brush_and_is_as_if_made_anew(window, workspace, qtbot) -> None:
    trigger(window, "view.actual", "select.quick_mask")
    workspace.set_colours((0, 0, 0), (255, 255, 255))
    window.tools.choose("brush")
    drag(window, qtbot, (100, 100), (220, 120))
    window.tools.choose("hand")
    qtbot.wait(200)
    followed = painted(window)
    assert followed[place(window, 100, 100).y(), place(window, 100, 100).x(), 2] > 120
    window.canvas._ants.show(None, as_veil=True)
    window.canvas._on_target_changed()
    qtbot.wait(200)
    np.testing.assert_array_equal(painted(window), followed)


def test_a_selection_changed_at_the_largest_zoom_costs_what_is_seen(window, workspace) -> None:
    window.canvas.zoom_to(64.0)
    box = SetSelection(Coverage.of_rect(Rect(100, 60, 200, 140)))
    workspace.do(box, "Select")
    painted(window)
    workspace.do(GrowSelection(20), "Grow")
    assert len(window.canvas._ants._stale) < 200
    followed = painted(window)
    window.canvas._ants.show(None, as_veil=False)
    window.canvas._on_target_changed()
    np.testing.assert_array_equal(painted(window), followed)
