"""Nothing is left of a document that was closed, whatever was still being done to it."""

import gc
import weakref

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import SetSelection
from editor.formats import read
from editor.ui.action_finder import ActionFinder


def see_gone(qtbot: QtBot, refs: list[weakref.ref]) -> None:
    """Wait until nothing keeps what was closed; a thread may hold it for a moment."""

    def are_gone() -> bool:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return all(ref() is None for ref in refs)

    qtbot.waitUntil(are_gone, timeout=20000)


def test_a_closed_document_is_kept_by_nothing(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    qtbot.waitUntil(lambda: not window.background.is_busy, timeout=20000)
    canvas = window.canvas
    refs = [weakref.ref(each) for each in (workspace, canvas, canvas._display)]
    refs.append(weakref.ref(workspace.document.layers[0].pixels))
    window.close_workspace(workspace)
    del workspace, canvas
    see_gone(qtbot, refs)


def test_tools_keep_nothing_of_a_closed_document(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a", side=100, at=(50, 50)), size=(300, 200))
    canvas, at = window.canvas, window.canvas.view.place(100, 100).toPoint()
    workspace.do(SetSelection(Coverage.of_rect(Rect(60, 60, 120, 120))), "Selection")
    for tool in ("move", "transform", "text"):
        window.tools.choose(tool)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseMove(canvas, at + QPoint(9, 9))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at + QPoint(9, 9))
        canvas.apply_gesture()
    window.actions_by_id["help.find"].trigger()
    ref = weakref.ref(workspace.history.steps[0].document.layers[0].pixels)
    window.close_workspace(workspace)
    del workspace, canvas
    see_gone(qtbot, [ref])
    finder = window.findChild(ActionFinder)
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.isHidden()


def test_a_job_keeps_nothing_of_a_closed_document(studio, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    studio.prompt.field.setText("slow leaf")
    studio.actions_by_id["generate.generate"].trigger()
    queue = studio.queue_panel
    qtbot.waitUntil(lambda: any(each.is_running for each in queue._rows.values()), timeout=30000)
    ref = weakref.ref(workspace)
    studio.desk.close(workspace)
    del workspace
    see_gone(qtbot, [ref])


def test_a_failure_that_is_still_read_keeps_nothing(studio, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    studio.prompt.field.setText("wrong leaf")
    studio.actions_by_id["generate.generate"].trigger()
    qtbot.waitUntil(lambda: "was not made" in studio.messages.text, timeout=30000)
    ref = weakref.ref(workspace)
    studio.desk.close(workspace)
    del workspace
    see_gone(qtbot, [ref])


def test_an_offer_of_another_seed_keeps_nothing(studio, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    studio.prompt.field.setText("doubtful leaf")
    studio.actions_by_id["generate.generate"].trigger()
    qtbot.waitUntil(lambda: studio.messages.action.text() == "Try another seed", timeout=30000)
    ref = weakref.ref(workspace)
    studio.desk.close(workspace)
    del workspace
    see_gone(qtbot, [ref])
    studio.messages.action.click()  # there is nothing to try it on any more
    assert studio.desk.front is None


def test_going_round_the_panels_asks_no_widget_for_its_next(
    window, opened, build, monkeypatch
) -> None:
    """What PySide gives for it is counted where the collector does not see it: now and then for
    ever, as thousands of random events have shown."""
    opened(build.layer("a"))
    asked = []

    def ask(widget: QWidget) -> None:
        asked.append(widget)

    monkeypatch.setattr(QWidget, "nextInFocusChain", ask)
    focus = QApplication.focusWidget()
    window.actions_by_id["window.last_panel"].trigger()
    assert QApplication.focusWidget() is not focus
    assert not asked


def test_an_edge_that_is_still_being_found_asks_nothing_of_a_closed_canvas(
    window, opened, build, monkeypatch
) -> None:
    """It did, where a frame had no time for the whole edge; the process ended of that."""
    monkeypatch.setattr("editor.ui.ants.BUDGET_S", -1.0)
    workspace = opened(build.layer("a"))
    workspace.do(SetSelection(Coverage.of_rect(Rect(60, 60, 120, 120))), "Selection")
    window.canvas.grab()  # leaves an update for later
    window.close_workspace(workspace)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    assert not window.grab().isNull()


def test_tiles_that_come_after_closing_are_not_taken(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a", side=1500), size=(1500, 1500))
    assert window.background.is_busy
    window.close_workspace(workspace)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not window.background.is_busy, timeout=20000)


def test_a_document_closed_while_it_is_saved_is_written(
    window, opened, build, tmp_path, qtbot
) -> None:
    workspace = opened(build.layer("a"))
    window.files.save(workspace, tmp_path / "a.acetate")
    window.close_workspace(workspace)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not window.files.is_busy, timeout=20000)
    assert build.tree(read(tmp_path / "a.acetate").document.layers) == ["a"]
