"""The longest time the window does not answer, for every action and tool, on a large document.

`python -m benchmarks.stalls [--small] [--only PART]` opens a document in a real window (offscreen
unless there is a screen), does each thing, undoes it, and measures every turn of the event loop
until all is quiet: the CPU time of the window's thread, and what passes by the clock, in ms.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QInputDialog

from editor.document.document import Document
from editor.document.geometry import Point, Rect, Size
from editor.document.layer import BlendMode, Group, Mask, PixelLayer, new_layer_id
from editor.document.pixels import Coverage, Pixels
from editor.edits.image import ResizeImage
from editor.render import native
from editor.render.outlines import ellipse
from editor.render.transforming import Interpolation
from editor.tools import TOOLS
from editor.ui.actions import ACTIONS
from editor.ui.dialogs.canvas_size import CanvasSizeDialog
from editor.ui.dialogs.filter import FilterDialog
from editor.ui.dialogs.image_size import ImageSizeDialog
from editor.ui.dialogs.number import NumberDialog
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
    "file.save_as", "file.export_as", "file.export_layers", "file.quick_export", "file.close",
    "layer.export", "layer.rename", "help.log", "help.keys", "help.find", "edit.undo", "edit.redo",
    "window.light",
}  # fmt: skip


class Watch:
    """The longest time that was spent at once; a turn of the event loop counts as one."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.longest = (0.0, 0.0, "")  # CPU ms of this thread, ms by the clock, what

    def did(self, work: Callable[[], object], what: str) -> None:
        """Measure a call."""
        spent, passed = time.thread_time(), time.perf_counter()
        work()
        spent, passed = time.thread_time() - spent, time.perf_counter() - passed
        self.longest = max(self.longest, (spent * 1e3, passed * 1e3, what))

    def reset(self) -> None:
        """Forget."""
        self.longest = (0.0, 0.0, "")


class Desk:
    """One window, and a document that is opened anew for each thing to do."""

    def __init__(self, app: QApplication, home: Path, document: Document) -> None:
        """Show it, and wait until it is composited."""
        self._app, self.document = app, document
        self.watch = Watch()
        self.window = Window(Recent(home / "recent"), Preferences(home / "settings"))
        self.window.resize(1600, 1000)
        self.window.show()
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
        self.watch.reset()

    def settle(self) -> None:
        """Go on until nothing has happened for a while."""
        ends, quiet = time.monotonic() + LONGEST_S, time.monotonic()
        while time.monotonic() < ends and time.monotonic() - quiet < QUIET_S:
            self.turn()
            if self.is_busy:
                quiet = time.monotonic()
            time.sleep(0.001)

    def turn(self) -> None:
        """Let the event loop turn once, and answer what asks."""
        self.watch.did(self._app.processEvents, "events")
        self.answer()

    @property
    def is_busy(self) -> bool:
        """Whether something is worked out in the background."""
        window = self.window
        return window.background.is_busy or window.files.is_busy or is_working(window)

    def answer(self) -> None:
        """Say yes to a filter, as soon as it has shown what it does."""
        for dialog in self.window.findChildren(FilterDialog):
            if dialog.isVisible() and not self.is_busy:
                self.watch.did(dialog.findChild(QDialogButtonBox).accepted.emit, "accepted")

    def act(self, name: str) -> None:
        """Trigger an action."""
        self.watch.did(self.window.actions_by_id[name].trigger, "triggered")

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
            self.watch.did(partial(QApplication.sendEvent, canvas, event), kind.name)
            self.turn()


def main() -> int:
    """Print the table, and return 1 where something is slower than the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--only", default="", help="a part of the names")
    parser.add_argument("--small", action="store_true", help="only see that it works")
    asked = parser.parse_args()
    make_lasting()
    answer_at_once()
    app = QApplication(sys.argv[:1])
    apply_theme(app, load_theme("dark"))
    native.prepare().join()
    with tempfile.TemporaryDirectory() as home:
        desk = Desk(app, Path(home), document(512 if asked.small else asked.size))
        gc.freeze()  # as `start_work` does
        found = {}
        for name, longest in measured(desk, asked.only):
            found[name] = longest
            print_row(name, longest)
        desk.window.desk.close(desk.window.desk.workspaces[0])
        desk.window.close()
    slow = report(found)
    return 0 if asked.small else slow


def answer_at_once() -> None:
    """Let dialogs that wait for an answer have one."""
    for kind in (ImageSizeDialog, CanvasSizeDialog, NumberDialog):
        kind.exec = lambda _: QDialog.DialogCode.Accepted
    NumberDialog.answer = lambda _: 12
    ImageSizeDialog.answer = lambda dialog: ResizeImage(
        Size(dialog.width_field.value() * 3 // 4, dialog.height_field.value() * 3 // 4),
        300,
        Interpolation.CUBIC,
    )
    CanvasSizeDialog.answer = lambda dialog: (
        Size(dialog._width.value() + 500, dialog._height.value() + 300),
        Point(250, 150),
    )
    QInputDialog.getDouble = lambda *_: (7.0, True)


def print_row(name: str, longest: tuple[float, float, str]) -> None:
    """Print one line at once."""
    spent, passed, what = longest
    mark = "  <" if spent > TARGET_MS else ""
    sys.stdout.write(f"{name:44}{spent:9.1f}{passed:9.1f}  {what}{mark}\n")
    sys.stdout.flush()


def report(found: dict[str, tuple[float, float, str]]) -> int:
    """Print how many were too slow."""
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
        yield name, desk.watch.longest
        if desk.window.desk.front is not None and desk.window.desk.front.history.can_undo:
            desk.watch.reset()
            desk.act("edit.undo")
            desk.settle()
            yield f"{name}, undone", desk.watch.longest


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
        desk.watch.did(canvas.apply_gesture, "applied")
    desk.settle()
    desk.window.tools.choose("hand")


def step(desk: Desk, zoom: float) -> None:
    """Show at another size."""
    desk.watch.did(lambda: desk.window.canvas.zoom_to(zoom), "zoomed")
    desk.settle()


def saved(desk: Desk) -> None:
    """Write it, and open what was written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saved.acetate"
        desk.watch.did(lambda: desk.window.files.save(desk.window.desk.front, path), "saving")
        desk.settle()
        desk.window.desk.close(desk.window.desk.front)
        desk.watch.did(lambda: desk.window.files.open([path]), "opening")
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
