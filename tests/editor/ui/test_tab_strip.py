"""Several documents: their own views, one after another by keys, and layers dragged onto tabs."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from editor.document.geometry import Rect


@pytest.fixture
def two(opened, build):
    return (
        opened(build.layer("leaf", at=(30, 20))),
        opened(build.layer("ground", side=90, at=(0, 0)), size=(400, 300)),
    )


def at(window, index: int) -> QPointF:
    bar = window.tabs.bar
    return QPointF(bar.mapTo(window.tabs, bar.tabRect(index).center()))


def drop(window, data: QMimeData, index: int) -> None:
    copy, left, none = (
        Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.tabs.dropEvent(QDropEvent(at(window, index), copy, data, left, none))


def test_each_document_keeps_its_view_and_keys_go_round(window, two) -> None:
    first, second = two
    window.canvas.zoom_to(3.0)
    window.canvas.show_view(window.canvas.view.turned(40, QPointF(100, 100)))
    view = window.canvas.view
    window.actions_by_id["window.next"].trigger()
    assert window.desk.front is first
    assert window.canvas.view != view
    window.actions_by_id["window.last"].trigger()
    assert window.desk.front is second
    assert window.canvas.view == view


def test_a_layer_is_dragged_onto_the_tab_of_another_document(window, two, qtbot) -> None:
    first, second = two
    window.desk.show(first)
    leaf = first.document.layers[0]
    drop(window, window.pictures.mime_of_layers((leaf.id,)), 1)
    qtbot.waitUntil(lambda: len(second.document.layers) == 2, timeout=5000)
    copy = second.document.layers[1]
    assert window.desk.front is second
    assert (copy.name, copy.rect) == ("leaf", Rect(30, 20, 70, 60))
    assert copy.id != leaf.id
    assert np.array_equal(
        copy.pixels.read(copy.pixels.content), leaf.pixels.read(leaf.pixels.content)
    )
    assert len(first.document.layers) == 1


def test_a_layer_dropped_on_its_own_tab_stays_where_it_is(window, two, qtbot) -> None:
    _, second = two
    drop(window, window.pictures.mime_of_layers(second.selected), 1)
    qtbot.wait(50)
    assert len(second.document.layers) == 1


@pytest.mark.filterwarnings("ignore:Function")  # Qt offers no other way to make this event
def test_a_tab_opens_when_something_is_held_over_it(window, two, qtbot) -> None:
    first, _ = two
    data = window.pictures.mime_of_layers(window.desk.front.selected)
    event = QDragMoveEvent(
        at(window, 0).toPoint(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.tabs.dragMoveEvent(event)
    qtbot.waitUntil(lambda: window.desk.front is first, timeout=3000)
