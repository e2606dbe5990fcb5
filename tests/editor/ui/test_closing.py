"""Nothing is left of a document that was closed, whatever was still being done to it."""

import gc
import weakref

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt

from editor.document.geometry import Rect
from editor.document.pixels import Coverage
from editor.edits.selection import SetSelection
from editor.formats import read
from editor.ui.action_finder import ActionFinder


def test_a_closed_document_is_kept_by_nothing(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    qtbot.waitUntil(lambda: not window.background.is_busy, timeout=20000)
    canvas = window.canvas
    refs = [weakref.ref(each) for each in (workspace, canvas, canvas._display)]
    refs.append(weakref.ref(workspace.document.layers[0].pixels))
    window.close_workspace(workspace)
    del workspace, canvas

    def is_gone() -> bool:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return all(ref() is None for ref in refs)

    qtbot.waitUntil(is_gone, timeout=10000)


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

    def is_gone() -> bool:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return ref() is None

    qtbot.waitUntil(is_gone, timeout=10000)
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

    def is_gone() -> bool:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return ref() is None

    qtbot.waitUntil(is_gone, timeout=20000)


def test_a_failure_that_is_still_read_keeps_nothing(studio, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a"))
    studio.prompt.field.setText("wrong leaf")
    studio.actions_by_id["generate.generate"].trigger()
    qtbot.waitUntil(lambda: "was not made" in studio.messages.text, timeout=30000)
    ref = weakref.ref(workspace)
    studio.desk.close(workspace)
    del workspace

    def is_gone() -> bool:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return ref() is None

    qtbot.waitUntil(is_gone, timeout=20000)


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
