"""The longest time the window does not answer, for every action and tool, on a large document.

`python -m benchmarks.stalls [--small] [--only PART]` opens a document in a real window (offscreen
unless there is a screen), does each thing, undoes it, and measures every event that the window's
thread handles until all is quiet: its CPU time, and what passes by the clock. Target: 16 ms of CPU.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QThread, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox
from shiboken6 import isValid

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import BlendMode, Group, Mask, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.render import native
from editor.render.outlines import ellipse
from editor.tools import TOOLS
from editor.ui.actions import ACTIONS
from editor.ui.lasting import make_lasting
from editor.ui.preferences import Preferences
from editor.ui.recent import Recent
from editor.ui.theme import apply_theme, load_theme
from editor.ui.window import Window
from editor.workspace import Workspace

TARGET_MS = 16.0
QUIET_S = 0.08
LONGEST_S = 120.0
OPEN = ("crop", "transform", "polygon", "text")  # tools whose work goes on until it is applied
ELSEWHERE = {  # ask the system, another program or a person; or end the window
    "app.about", "app.settings", "file.quit", "file.new", "file.open", "file.place", "file.save",
    "file.save_as", "file.export_as", "file.quick_export", "file.close", "layer.export",
    "layer.rename", "help.log", "help.keys", "help.find", "edit.undo", "edit.redo",
    "window.light",
}  # fmt: skip


class Watched(QApplication):
    """Measures each event that comes from an event loop, not what is sent within one."""

    def __init__(self, arguments: list[str]) -> None:
        """Measure nothing yet."""
        super().__init__(arguments)
        self.longest = (0.0, 0.0, "")  # CPU ms, ms by the clock, what
        self._level = -1  # of the event loop whose event is being handled
        self._began = (0.0, 0.0)

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Deliver an event."""
        if not isValid(receiver):
            return False  # it is being deleted
        level = QThread.currentThread().loopLevel()
        if level == self._level:
            return super().notify(receiver, event)
        before, what = self._level, f"{type(receiver).__name__} {event.type().name}"
        if before >= 0:
            self._end("before a dialog")
        self._begin(level)
        try:
            return super().notify(receiver, event)
        finally:
            self._end(what)
            self._level = before
            self._began = (time.thread_time(), time.perf_counter())

    def did(self, work: Callable[[], object], what: str) -> None:
        """Measure a call as if it were an event's."""
        self._begin(QThread.currentThread().loopLevel())
        work()
        self._end(what)
        self._level = -1

    def _begin(self, level: int) -> None:
        self._level, self._began = level, (time.thread_time(), time.perf_counter())

    def _end(self, what: str) -> None:
        spent = (time.thread_time() - self._began[0]) * 1e3
        passed = (time.perf_counter() - self._began[1]) * 1e3
        self.longest = max(self.longest, (spent, passed, what))


class Desk:
    """One window, and a document that is opened anew for each thing to do."""

    def __init__(self, app: Watched, home: Path, document: Document) -> None:
        """Show it, and wait until it is composited."""
        self.app, self.document = app, document
        self.window = Window(Recent(home / "recent"), Preferences(home / "settings"))
        self.window.resize(1600, 1000)
        self.window.show()
        self._answers = QTimer(self.window, interval=20)  # a dialog has an event loop of its own
        self._answers.timeout.connect(self.answer)
        self._answers.start()
        self.open()

    def open(self, *, selected: bool = True) -> None:
        """Begin with the document as it was."""
        window = self.window
        for workspace in window.desk.workspaces:
            window.desk.close(workspace)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no loop runs to do it
        document = self.document if selected else replace(self.document, selection=None)
        workspace = Workspace(document)
        window.desk.open(workspace)
        workspace.select((document.layers[1].id,))
        self.settle()
        self.app.longest = (0.0, 0.0, "")

    def settle(self) -> None:
        """Go on until nothing has happened for a while."""
        ends, quiet = time.monotonic() + LONGEST_S, time.monotonic()
        while time.monotonic() < ends and time.monotonic() - quiet < QUIET_S:
            self.app.processEvents()
            if self.is_busy:
                quiet = time.monotonic()
            time.sleep(0.001)

    @property
    def is_busy(self) -> bool:
        """Whether something is worked out in the background."""
        window = self.window
        return window.background.is_busy or window.files.is_busy or is_working(window)

    def answer(self) -> None:
        """Say yes to whatever asks, as soon as it has shown what it does."""
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog) and not self.is_busy:
            box = dialog.findChild(QDialogButtonBox)
            button = None if box is None else box.button(QDialogButtonBox.StandardButton.Ok)
            if button is None:
                dialog.reject()
            else:
                button.click()

    def act(self, name: str) -> None:
        """Trigger an action."""
        self.app.did(self.window.actions_by_id[name].trigger, "triggered")

    def drag(self, *places: tuple[float, float]) -> None:
        """Press at the first place, given as shares of the document; let go at the last."""
        size = self.document.size
        kinds = [QEvent.Type.MouseMove] * (len(places) + 1)
        kinds[0] = QEvent.Type.MouseButtonPress
        kinds[-1] = QEvent.Type.MouseButtonRelease
        for kind, (x, y) in zip(kinds, (*places, places[-1]), strict=True):
            canvas = self.window.canvas
            if canvas is None:
                return
            at = canvas.view.place(x * size.width, y * size.height)
            moves = kind is QEvent.Type.MouseMove
            left = Qt.MouseButton.LeftButton
            event = QMouseEvent(
                kind, at, QPointF(canvas.mapToGlobal(at)),
                Qt.MouseButton.NoButton if moves else left, left, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.postEvent(canvas, event)
            self.app.processEvents()


def main() -> int:
    """Print the table, slowest first, and return 1 where something is slower than the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--only", default="", help="a part of the names")
    parser.add_argument("--small", action="store_true", help="only see that it works")
    asked = parser.parse_args()
    make_lasting()
    app = Watched(sys.argv[:1])
    apply_theme(app, load_theme("dark"))
    native.prepare().join()
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(app, Path(home), document(512 if asked.small else asked.size))
        found = dict(measured(desk, asked.only))
        desk.window.desk.close(desk.window.desk.workspaces[0])
        desk.window.close()
    return report(found)


def report(found: dict[str, tuple[float, float, str]]) -> int:
    """Print what was found."""
    for name, (spent, passed, what) in sorted(found.items(), key=lambda each: -each[1][0]):
        sys.stdout.write(f"{name:36}{spent:9.1f}{passed:9.1f}  {what}\n")
    slow = sum(1 for spent, _, _ in found.values() if spent > TARGET_MS)
    sys.stdout.write(f"{len(found)} things done; {slow} stalls over {TARGET_MS:g} ms of CPU\n")
    return int(slow > 0)


def measured(desk: Desk, only: str):
    """Yield each thing's name and its longest event."""
    for name, work in things(desk):
        if only not in name:
            continue
        desk.open(selected=not name.endswith("without a selection"))
        work()
        desk.settle()
        yield name, desk.app.longest
        if desk.window.desk.front is not None and desk.window.desk.front.history.can_undo:
            desk.app.longest = (0.0, 0.0, "")
            desk.act("edit.undo")
            desk.settle()
            yield f"{name}, undone", desk.app.longest


def things(desk: Desk):
    """Yield everything there is to do."""
    for row in ACTIONS:
        if row.id not in ELSEWHERE and not row.id.startswith(("generate.", "opacity.", "tool.")):
            yield row.id, lambda row=row: desk.act(row.id)
            if row.id.startswith(("edit.", "layer.", "mask.")):
                yield f"{row.id} without a selection", lambda row=row: desk.act(row.id)
    yield "opacity.50", lambda: desk.act("opacity.50")
    for name in (tool.id for tool in TOOLS):
        for ending in ("", " without a selection"):
            yield f"tool {name}{ending}", lambda name=name: use(desk, name)
    yield "zoom steps", lambda: [step(desk, zoom) for zoom in (0.1, 0.33, 0.67, 1, 3, 8, 0.2)]
    yield "saved", lambda: saved(desk)


def use(desk: Desk, name: str) -> None:
    """Do with a tool what it is for."""
    desk.window.tools.choose(name)
    desk.settle()
    desk.drag((0.25, 0.3), (0.4, 0.35), (0.6, 0.7), (0.35, 0.6))
    if desk.window.canvas is not None and name in OPEN:
        canvas = desk.window.canvas
        desk.app.did(canvas.apply_gesture, "applied")
    desk.settle()
    desk.window.tools.choose("hand")


def step(desk: Desk, zoom: float) -> None:
    """Show at another size."""
    desk.app.did(lambda: desk.window.canvas.zoom_to(zoom), "zoomed")
    desk.settle()


def saved(desk: Desk) -> None:
    """Write it, and open what was written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.acetate"
        desk.app.did(lambda: desk.window.files.save(desk.window.desk.front, path), "saving")
        desk.settle()
        desk.window.desk.close(desk.window.desk.front)
        desk.app.did(lambda: desk.window.files.open([path]), "opening")
        desk.settle()


def document(size: int) -> Document:
    """Return noise, soft layers, a group, a mask and a selection."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (size, size, 4), np.uint8)
    ramp = (np.arange(size) * 255 // size).astype(np.uint8)
    soft = np.empty((size, size, 4), np.uint8)
    soft[..., 0], soft[..., 1], soft[..., 2] = ramp, ramp[:, None], 90
    soft[..., 3] = np.maximum(ramp, ramp[:, None])
    small = np.roll(noise, 5, axis=0)[: size // 2, : size // 2]
    mask = Mask(Coverage.from_array(np.ascontiguousarray(soft[..., 3])), Point(0, 0))

    def made(name: str, array: np.ndarray, at: int = 0, **more) -> PixelLayer:
        pixels = Pixels.from_array(array)
        return PixelLayer(id=new_layer_id(), name=name, pixels=pixels, offset=Point(at, at), **more)

    layers = (
        made("ground", noise),
        made("soft", soft, 13, mask=mask, blend_mode=BlendMode.MULTIPLY),
        Group(id=new_layer_id(), name="group", children=(made("in", small, size // 4),)),
        made("top", small, size // 3, opacity=0.6),
    )
    whole = Rect(0, 0, size, size)
    region = ellipse(Rect(size // 5, size // 6, size * 4 // 5, size * 5 // 6), whole)
    return Document(size=Size(size, size), layers=layers, selection=region)


def is_working(window: Window) -> bool:
    """Whether an edit is worked out in the background."""
    return any(each.is_working for each in window.desk.workspaces)


if __name__ == "__main__":
    sys.exit(main())
