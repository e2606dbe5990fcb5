"""Rulers, guides and snapping, by the mouse."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from editor.document.document import Guide, Orientation, Place
from editor.document.geometry import Rect
from editor.edits.guides import SetGuides
from editor.edits.layers import AddLayers
from editor.formats import read, write
from editor.ui.ruler import Ruler, division

LEFT = Qt.MouseButton.LeftButton
ACROSS, DOWN = Orientation.HORIZONTAL, Orientation.VERTICAL


@pytest.fixture
def workspace(opened, build, window):
    made = opened(build.layer("a", side=50, at=(40, 30)), size=(300, 200))
    window.canvas.zoom_to(2.0)
    return made


@pytest.fixture
def at(window):
    """Where a place of the document is on the canvas."""
    return lambda x, y: window.canvas.view.place(x, y).toPoint()


@pytest.fixture
def drag(window, qtbot, at):
    def drag_(start, end, keys=Qt.KeyboardModifier.NoModifier) -> None:
        a, b = at(*start), at(*end)
        qtbot.mousePress(window.canvas, LEFT, keys, a)
        for step in (1, 2, 3, 4):
            place = QPointF(a + (b - a) * step / 4)
            there = window.canvas.mapToGlobal(place)
            move = QMouseEvent(QEvent.Type.MouseMove, place, there, LEFT, LEFT, keys)
            window.canvas.mouseMoveEvent(move)
        qtbot.mouseRelease(window.canvas, LEFT, keys, b)

    return drag_


def pull(window, qtbot, orientation: Orientation, to: QPoint) -> None:
    """Drag a guide out of a ruler."""
    ruler = next(
        each for each in window.canvas.findChildren(Ruler) if each._orientation is orientation
    )
    assert ruler.isVisible()
    there = ruler.mapFrom(window.canvas, to)
    qtbot.mousePress(ruler, LEFT, pos=QPoint(5, 5))
    qtbot.mouseMove(ruler, there)
    qtbot.mouseRelease(ruler, LEFT, pos=there)


def test_guides_are_pulled_out_of_rulers_moved_and_thrown_away(
    window, workspace, qtbot, at, drag, tmp_path
) -> None:
    window.actions_by_id["view.rulers"].trigger()
    pull(window, qtbot, ACROSS, at(100, 120))
    pull(window, qtbot, DOWN, at(210, 60))
    assert workspace.document.guides == (Guide(ACROSS, 120.0), Guide(DOWN, 210.0))
    drag((210, 150), (230, 150))
    assert workspace.document.guides[1] == Guide(DOWN, 230.0)
    for name in ("guided.acetate", "guided.psd"):
        write(workspace.document, tmp_path / name)
        assert read(tmp_path / name).document.guides == workspace.document.guides
    window.actions_by_id["view.lock_guides"].trigger()
    drag((230, 150), (260, 150))
    assert workspace.document.guides[1] == Guide(DOWN, 230.0)
    window.actions_by_id["view.lock_guides"].trigger()
    there = window.canvas.view.to_document(QPointF(4, 60))
    drag((230, 150), there)
    assert workspace.document.guides == (Guide(ACROSS, 120.0),)
    labels = [step.label for step in workspace.history.steps[1:]]
    assert labels == ["New guide", "New guide", "Move guide", "Move", "Delete guide"]
    window.actions_by_id["edit.undo"].trigger()
    assert len(workspace.document.guides) == 2
    window.actions_by_id["view.clear_guides"].trigger()
    assert workspace.document.guides == ()


def test_escape_puts_a_guide_back(window, workspace, qtbot, at) -> None:
    workspace.do(SetGuides((Guide(DOWN, 200.0),)), "Guides")
    before = workspace.document
    qtbot.mousePress(window.canvas, LEFT, pos=at(200, 150))
    qtbot.mouseMove(window.canvas, at(220, 150))
    assert workspace.document is not before
    window.actions_by_id["edit.cancel"].trigger()
    qtbot.mouseRelease(window.canvas, LEFT, pos=at(220, 150))
    assert workspace.document is before


def test_a_layer_snaps_to_a_guide_and_with_control_it_does_not(window, workspace, drag) -> None:
    workspace.do(SetGuides((Guide(DOWN, 200.0),)), "Guides")
    drag((60, 50), (60 + 112, 50))  # its right edge comes within 2 of the guide
    assert workspace.document.layers[0].rect == Rect(150, 30, 200, 80)
    drag((170, 50), (60, 50))
    drag((60, 50), (60 + 112, 50), Qt.KeyboardModifier.ControlModifier)
    assert workspace.document.layers[0].rect.x1 not in (200, 199)


def test_a_line_is_shown_while_it_is_met(window, workspace, qtbot, at) -> None:
    workspace.do(SetGuides((Guide(DOWN, 200.0),)), "Guides")
    canvas = window.canvas
    qtbot.mousePress(canvas, LEFT, pos=at(60, 50))
    qtbot.mouseMove(canvas, at(171, 50))
    image = canvas.grab().toImage()
    colour = image.pixelColor(at(200, -6))
    assert (colour.red(), colour.green(), colour.blue()) == (0x8F, 0xCE, 0x9B)
    qtbot.mouseRelease(canvas, LEFT, pos=at(171, 50))
    assert canvas._snapper.met == ()


def test_a_selection_and_a_crop_snap(window, workspace, drag) -> None:
    workspace.do(SetGuides((Guide(DOWN, 200.0), Guide(ACROSS, 111.0))), "Guides")
    window.tools.choose("select_rectangle")
    drag((42, 31), (198, 110))
    assert workspace.document.selection.content == Rect(40, 30, 200, 111)
    window.tools.choose("crop")
    drag((100, 20), (202, 113))
    window.canvas.apply_gesture()
    assert workspace.document.size == (100, 91)


def test_an_empty_group_is_moved_without_lines(window, workspace, build, drag) -> None:
    empty = build.group("empty")
    workspace.do(AddLayers((empty,), Place(None, 1)), "Add")
    workspace.select((empty.id,))
    window.tools.tools["move"].options.switches["auto_select"].value = False
    drag((10, 10), (60, 60))
    assert window.canvas._snapper.met == ()
    window.tools.tools["move"].options.switches["auto_select"].value = True


def test_nothing_snaps_where_snapping_is_off(window, workspace, drag) -> None:
    window.actions_by_id["view.snap"].trigger()
    window.tools.choose("select_rectangle")
    drag((42, 31), (198, 110))
    assert workspace.document.selection.content == Rect(42, 31, 198, 110)


@pytest.mark.parametrize(
    ("zoom", "expected"), [(1.0, (100, 10)), (2.0, (50, 5)), (16.0, (5, 5)), (64.0, (1, 1))]
)
def test_numbers_stand_neither_too_near_nor_on_fractions(zoom, expected) -> None:
    assert division(zoom) == expected
