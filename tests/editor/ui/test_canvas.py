import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage, QWheelEvent

from editor.document.geometry import Rect
from editor.edits.properties import SetVisible


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("a", side=100, at=(50, 50)), size=(300, 200))


def place(window, x: float, y: float) -> QPoint:
    """Where a place of the document is on the canvas."""
    corner = window.canvas.view.to_widget(Rect(0, 0, 1, 1)).topLeft()
    zoom = window.canvas.view.zoom
    return QPointF(corner.x() + x * zoom, corner.y() + y * zoom).toPoint()


def shown(window, x: float, y: float) -> tuple[int, int, int]:
    """The colour that the canvas paints at a place of the document."""
    image = window.canvas.grab().toImage()
    colour = QColor(image.pixel(place(window, x, y)))
    return colour.red(), colour.green(), colour.blue()


def drag(window, qtbot, start, end, steps=8) -> None:
    canvas = window.canvas
    a, b = place(window, *start), place(window, *end)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=a)
    for step in range(1, steps + 1):
        qtbot.mouseMove(canvas, a + (b - a) * step / steps)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=b)


def test_it_shows_the_composite(window, workspace, qtbot) -> None:
    qtbot.waitUntil(lambda: shown(window, 100, 100) == (200, 30, 30), timeout=5000)
    assert shown(window, 250, 150) in {(255, 255, 255), (207, 207, 207)}
    workspace.do(SetVisible(workspace.active, False), "Hide")
    qtbot.waitUntil(lambda: shown(window, 100, 100) != (200, 30, 30), timeout=5000)


def test_a_stroke_is_one_step_and_undone(window, workspace, qtbot) -> None:
    before = workspace.document
    workspace.set_colours((0, 0, 255), (255, 255, 255))
    window.tools.choose("brush")
    drag(window, qtbot, (200, 100), (260, 100))
    layer = workspace.document.layers[0]
    painted = layer.pixels.read(Rect(230, 100, 231, 101).moved(-layer.offset.x, -layer.offset.y))
    assert tuple(painted[0, 0]) == (0, 0, 255, 255)
    assert [step.label for step in workspace.history.steps] == ["New", "Brush"]
    window.tools.choose("hand")  # whose cursor is no ring over what is looked at
    window.tools.choose("move")  # the brush's ring may lie anywhere
    qtbot.waitUntil(lambda: shown(window, 230, 100) == (0, 0, 255), timeout=5000)
    window.actions_by_id["edit.undo"].trigger()
    assert workspace.document is before
    qtbot.waitUntil(lambda: shown(window, 230, 100) != (0, 0, 255), timeout=5000)


def test_escape_takes_a_stroke_back(window, workspace, qtbot) -> None:
    before = workspace.document
    window.tools.choose("brush")
    canvas = window.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=place(window, 20, 20))
    qtbot.mouseMove(canvas, place(window, 60, 60))
    assert workspace.document is not before
    window.actions_by_id["edit.cancel"].trigger()
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place(window, 60, 60))
    assert workspace.document is before
    assert not workspace.is_previewing


def test_the_move_tool_moves(window, workspace, qtbot) -> None:
    drag(window, qtbot, (100, 100), (130, 80))
    assert workspace.document.layers[0].rect.x0 == pytest.approx(80, abs=1)
    assert workspace.history.steps[-1].label == "Move"


def test_a_locked_layer_says_so(window, workspace, qtbot) -> None:
    window.actions_by_id["layer.lock_pixels"].trigger()
    window.tools.choose("brush")
    drag(window, qtbot, (100, 100), (130, 80))
    assert "locked" in window.messages.text


def test_the_wheel_zooms_about_the_pointer(window, workspace) -> None:
    canvas = window.canvas
    at = QPointF(place(window, 100, 60))
    before = canvas.view.to_document(at)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    zoom = canvas.zoom
    canvas.wheelEvent(event)
    assert canvas.zoom == pytest.approx(zoom * 1.25**2)
    assert canvas.view.to_document(at) == pytest.approx(before)


def test_zoom_actions(window, workspace) -> None:
    trigger = window.actions_by_id
    trigger["view.fit"].trigger()
    fitted = window.canvas.zoom
    assert window.canvas.view.to_widget(workspace.document.rect).width() <= window.canvas.width()
    trigger["view.actual"].trigger()
    assert window.canvas.zoom == 1.0
    trigger["view.zoom_in"].trigger()
    assert window.canvas.zoom == 1.5
    trigger["view.fit"].trigger()
    assert window.canvas.zoom == fitted


def test_space_borrows_the_hand(window, workspace, qtbot) -> None:
    window.canvas.setFocus()
    view = window.canvas.view
    qtbot.keyPress(window.canvas, Qt.Key.Key_Space)
    assert window.tools.current.id == "hand"
    drag(window, qtbot, (100, 100), (120, 100))
    qtbot.keyRelease(window.canvas, Qt.Key.Key_Space)
    assert window.tools.current.id == "move"
    assert window.canvas.view.x - view.x == pytest.approx(20 * view.zoom, abs=1.5)
    assert len(workspace.history.steps) == 1


def test_the_eyedropper_takes_what_is_seen(window, workspace, qtbot) -> None:
    window.tools.choose("eyedropper")
    qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 100, 100))
    assert workspace.foreground == (200, 30, 30)


def dropped(window, data: QMimeData, at: QPoint) -> None:
    event = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.canvas.dropEvent(event)


def png(path, size=(40, 20)) -> QUrl:
    image = QImage(*size, QImage.Format.Format_RGBA8888)
    image.fill(QColor(10, 200, 30, 128))
    assert image.save(str(path))
    return QUrl.fromLocalFile(str(path))


def test_dropped_files_become_layers_where_they_fell(window, workspace, tmp_path, qtbot) -> None:
    data = QMimeData()
    data.setUrls([png(tmp_path / "leaf.png"), png(tmp_path / "wide.png", (900, 300))])
    dropped(window, data, place(window, 150, 120))
    qtbot.waitUntil(lambda: len(workspace.document.layers) == 3, timeout=10000)
    leaf, wide = workspace.document.layers[1:]
    assert (leaf.name, wide.name) == ("leaf", "wide")
    assert leaf.rect.moved(-leaf.rect.x0, -leaf.rect.y0) == (0, 0, 40, 20)
    assert abs(leaf.rect.x0 - 130) <= 1
    assert wide.rect.width == 300
    alpha = np.unique(leaf.pixels.read(leaf.pixels.content)[..., 3])
    assert list(alpha) == [128]


def test_a_file_that_is_no_picture_is_said(window, workspace, tmp_path, qtbot) -> None:
    path = tmp_path / "notes.psd"
    path.write_text("not a picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    dropped(window, data, place(window, 150, 120))
    qtbot.waitUntil(lambda: "notes.psd" in window.messages.text, timeout=10000)
    assert len(workspace.document.layers) == 1


def test_a_dropped_picture_keeps_its_alpha(window, workspace, qtbot) -> None:
    image = QImage(30, 30, QImage.Format.Format_RGBA8888)
    image.fill(QColor(10, 20, 30, 77))
    data = QMimeData()
    data.setImageData(image)
    dropped(window, data, place(window, 100, 100))
    qtbot.waitUntil(lambda: len(workspace.document.layers) == 2, timeout=5000)
    pixels = workspace.document.layers[1].pixels
    assert tuple(pixels.read(pixels.content)[0, 0]) == (10, 20, 30, 77)
