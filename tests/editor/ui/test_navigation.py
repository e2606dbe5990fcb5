"""The view of a canvas by wheel, keys and fingers; what is painted of a turned document."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QNativeGestureEvent, QPointingDevice, QWheelEvent

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import SetSelection
from editor.ui.qimage import rgba_from_image

RED = (200, 30, 30)


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a", side=300, at=(0, 0)), size=(300, 300))


def wheel(canvas, at: QPointF, notches: QPoint, keys=Qt.KeyboardModifier.NoModifier) -> None:
    canvas.wheelEvent(
        QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), notches * 120, Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )
    )  # fmt: skip


@pytest.fixture
def settle(window, qtbot):
    """Wait until all that is in sight has been composited."""
    return lambda: qtbot.waitUntil(lambda: not window.background.is_busy, timeout=10000)


def test_shift_and_the_wheel_turn_about_the_pointer(window, workspace) -> None:
    canvas = window.canvas
    at = QPointF(310, 240)
    before = canvas.view.to_document(at)
    wheel(canvas, at, QPoint(0, 3), Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view.angle == 15
    assert canvas.view.to_document(at) == pytest.approx(before)
    assert window.status._zoom.text().endswith("15°")
    window.actions_by_id["view.upright"].trigger()
    assert canvas.view.angle == 0


def test_r_and_a_drag_turn_the_view_and_nothing_else(window, workspace, qtbot) -> None:
    canvas, document = window.canvas, workspace.document
    middle = canvas.free_area.center().toPoint()
    qtbot.keyPress(canvas, Qt.Key.Key_R)
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=middle + QPoint(100, 0))
    qtbot.mouseMove(canvas, middle + QPoint(70, 70))
    qtbot.mouseMove(canvas, middle + QPoint(0, 100))
    qtbot.mouseRelease(canvas, left, pos=middle + QPoint(0, 100))
    qtbot.keyRelease(canvas, Qt.Key.Key_R)
    assert canvas.view.angle == pytest.approx(90, abs=1)
    assert workspace.document is document
    qtbot.mousePress(canvas, left, pos=middle)
    qtbot.mouseMove(canvas, middle + QPoint(20, 0))
    qtbot.mouseMove(canvas, middle + QPoint(40, 0))
    qtbot.mouseRelease(canvas, left, pos=middle + QPoint(40, 0))
    dx, dy = workspace.document.layers[0].offset
    assert dx == pytest.approx(0, abs=1)  # to the right on the screen is up in the document
    assert dy < -5


def test_steps_of_a_turn(window, workspace) -> None:
    canvas, trigger = window.canvas, window.actions_by_id
    canvas.show_view(canvas.view.turned(20, QPointF(100, 100)))
    trigger["view.turn_right"].trigger()
    assert canvas.view.angle == 30
    trigger["view.turn_left"].trigger()
    trigger["view.turn_left"].trigger()
    assert canvas.view.angle == 0


def test_a_touchpad_enlarges_and_turns(window, workspace) -> None:
    canvas, at = window.canvas, QPointF(200, 200)
    zoom = canvas.zoom
    for kind, value in (
        (Qt.NativeGestureType.ZoomNativeGesture, 0.5),
        (Qt.NativeGestureType.RotateNativeGesture, 12.0),
    ):
        event = QNativeGestureEvent(
            kind, QPointingDevice.primaryPointingDevice(), 2, at, at,
            QPointF(canvas.mapToGlobal(at)), value, QPointF(),
        )  # fmt: skip
        assert canvas.event(event)
    assert canvas.zoom == pytest.approx(zoom * 1.5)
    assert canvas.view.angle == pytest.approx(12)


@pytest.mark.parametrize("zoom", [0.4, 1.0, 2.5])
def test_a_turned_document_has_no_seams(window, workspace, settle, zoom) -> None:
    canvas = window.canvas
    canvas.zoom_to(zoom)
    canvas.show_view(canvas.view.turned(27, canvas.free_area.center()))
    settle()
    image = rgba_from_image(canvas.grab().toImage())[..., :3]
    ys, xs = np.mgrid[0 : image.shape[0], 0 : image.shape[1]]
    c, s = np.cos(np.radians(27)), np.sin(np.radians(27))
    dx, dy = (xs + 0.5 - canvas.view.x) / canvas.view.zoom, (ys + 0.5 - canvas.view.y) / zoom
    x, y = dx * c + dy * s, dy * c - dx * s
    inside = (x > 8) & (x < 292) & (y > 8) & (y < 292)
    inside[int(canvas.height() - 90) :] = False  # below lies the prompt bar's shadow
    assert inside.sum() > 5000
    frame = (np.abs(x - 150) > 140) | (np.abs(y - 150) > 140)
    assert (image[inside & ~frame] == RED).all()


def test_what_is_selected_walks_on_a_turned_document(window, workspace, settle) -> None:
    canvas = window.canvas
    canvas.zoom_to(1.0)
    canvas.show_view(canvas.view.turned(30, canvas.free_area.center()))
    settle()
    workspace.do(SetSelection(Coverage.of_rect(Rect(100, 100, 200, 200))), "Select")
    image = canvas.grab().toImage()

    def differs(x: float, y: float) -> bool:
        places = (canvas.view.place(x + dx, y).toPoint() for dx in (-1, 0, 1, 2))
        return any(QColor(image.pixel(each)).getRgb()[:3] != RED for each in places)

    assert all(differs(100, y) for y in range(110, 190, 5))
    assert not differs(150, 150)


def test_pixels_are_squares_with_a_grid_between_them_from_800_percent(
    window, workspace, settle
) -> None:
    canvas = window.canvas
    canvas.zoom_to(7.9)
    settle()
    image = rgba_from_image(canvas.grab().toImage())
    at = canvas.free_area.center().toPoint()
    around = image[at.y() - 20 : at.y() + 20, at.x() - 20 : at.x() + 20, :3]
    assert (around == RED).all()
    canvas.zoom_to(16.0)
    image = rgba_from_image(canvas.grab().toImage())
    around = image[at.y() - 32 : at.y() + 32, at.x() - 32 : at.x() + 32, :3]
    lines = ~(around == RED).all(axis=-1)
    assert lines.all(axis=0).sum() == 4
    assert lines.all(axis=1).sum() == 4
