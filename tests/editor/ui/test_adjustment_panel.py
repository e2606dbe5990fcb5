import pytest
from PySide6.QtCore import QPoint, Qt

from editor.document.adjustment import (
    BrightnessContrast,
    ColorBalance,
    Curves,
    HueSaturation,
    LevelRange,
    Levels,
)


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a"))


def adjustment(window):
    return window.desk.active_layer.adjustment


def test_a_slider_previews_and_sets_in_one_step(window, workspace) -> None:
    window.actions_by_id["adjust.brightness"].trigger()
    panel = window.adjustment_panel
    assert panel.isVisible()
    field = panel.page.fields[0]
    field.slider.setSliderDown(True)
    for value in (5, 20, 40):
        field.slider.setValue(value)
        assert adjustment(window) == BrightnessContrast(value)
    assert workspace.is_previewing
    field.slider.setSliderDown(False)
    assert [step.label for step in workspace.history.steps] == ["New", *["Brightness/contrast"] * 2]
    workspace.undo()
    assert adjustment(window) == BrightnessContrast()
    assert field.spin.value() == 0


def test_black_pushes_white_along(window, workspace) -> None:
    window.actions_by_id["adjust.levels"].trigger()
    page = window.adjustment_panel.page
    page.fields[2].spin.setValue(100)
    page.fields[0].spin.setValue(120)
    assert adjustment(window) == Levels(rgb=LevelRange(120, 122))
    page.part.setCurrentIndex(3)
    page.part.activated.emit(3)
    page.fields[1].spin.setValue(1.5)
    assert adjustment(window).blue == LevelRange(gamma=1.5)


def test_switches_and_tones(window, workspace) -> None:
    window.actions_by_id["adjust.hue"].trigger()
    window.adjustment_panel.page.switches[0].click()
    assert adjustment(window) == HueSaturation(colorize=True)
    window.actions_by_id["adjust.balance"].trigger()
    window.adjustment_panel.page.fields[2].spin.setValue(-30)
    assert adjustment(window) == ColorBalance(midtones=(0, 0, -30))


def test_a_point_is_added_dragged_and_dragged_out(window, workspace, qtbot) -> None:
    window.actions_by_id["adjust.curves"].trigger()
    editor = window.adjustment_panel.page.editor
    start = editor._place((100, 180)).toPoint()
    qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=start)
    (_, point, _) = adjustment(window).rgb
    assert abs(point[0] - 100) <= 2
    assert abs(point[1] - 180) <= 2
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert adjustment(window).rgb[1] == (point[0], point[1] + 1)
    qtbot.mousePress(editor, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(editor, start + QPoint(0, 400))
    qtbot.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 400))
    assert adjustment(window) == Curves()


def test_inverted_is_what_is_painted_on(window, workspace, build) -> None:
    workspace.select(build.ids("a", workspace))
    window.actions_by_id["mask.hide_all"].trigger()
    window.actions_by_id["image.invert"].trigger()
    assert window.desk.active_layer.mask.coverage.outside == 255
    window.actions_by_id["mask.paint"].trigger()
    window.actions_by_id["image.invert"].trigger()
    tile = window.desk.active_layer.pixels.tiles[0, 0]
    assert tuple(tile[0, 0]) == (55, 225, 225, 255)
