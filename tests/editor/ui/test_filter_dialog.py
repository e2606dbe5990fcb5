import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QDialogButtonBox

from editor.ui.dialogs.filter import FilterDialog, Ground


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a"), build.layer("b", at=(60, 60)))


def opened_dialog(window, name):
    window.actions_by_id[name].trigger()
    (dialog,) = window.findChildren(FilterDialog)
    return dialog


def button(dialog, kind):
    return dialog.findChild(QDialogButtonBox).button(kind)


def test_blur_is_seen_and_kept_as_one_step(window, workspace, qtbot) -> None:
    before = workspace.document
    dialog = opened_dialog(window, "filter.blur")
    qtbot.waitUntil(lambda: workspace.document is not before, timeout=10_000)
    dialog.fields[0].spin.setValue(8.0)
    button(dialog, QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: len(workspace.history.steps) == 2, timeout=10_000)
    assert workspace.history.steps[-1].label == "Gaussian blur"
    assert workspace.document.layers[0] is before.layers[0]
    assert workspace.document.layers[1].rect.width > 70  # of the last number


def test_cancel_goes_back(window, workspace, qtbot) -> None:
    before = workspace.document
    dialog = opened_dialog(window, "filter.sharpen")
    qtbot.waitUntil(lambda: workspace.is_previewing, timeout=10_000)
    button(dialog, QDialogButtonBox.StandardButton.Cancel).click()
    assert workspace.document is before
    assert len(workspace.history.steps) == 1


def test_cancel_while_it_is_worked_out_goes_back(window, workspace, qtbot) -> None:
    before = workspace.document
    dialog = opened_dialog(window, "filter.blur")
    assert window.background.is_busy
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not window.background.is_busy, timeout=10_000)
    assert workspace.document is before


def test_seen_on_black_the_real_picture_is_kept(window, workspace, qtbot) -> None:
    before = workspace.document
    dialog = opened_dialog(window, "filter.defringe")
    dialog.ground.setCurrentIndex(1)
    assert dialog.ground.currentData() is Ground.BLACK
    dialog.ground.activated.emit(1)
    display = window.canvas._display
    qtbot.waitUntil(lambda: display.colour_at(15, 15) == (0, 0, 0, 255), timeout=10_000)
    button(dialog, QDialogButtonBox.StandardButton.Ok).click()
    qtbot.waitUntil(lambda: not workspace.is_previewing, timeout=10_000)
    assert workspace.document.layers[0] is before.layers[0]
    qtbot.waitUntil(lambda: display.colour_at(15, 15) == (200, 30, 30, 255), timeout=10_000)


def test_a_group_is_refused_before_it_asks(window, opened, build) -> None:
    workspace = opened(build.group("g", build.layer("a")))
    workspace.select(build.ids("g", workspace))
    assert not window.actions_by_id["filter.blur"].isEnabled()
