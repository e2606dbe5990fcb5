"""Painting and looking: what a dab, a frame and a step of history cost, against a copy of memory.

Prints CPU time of the whole process, the least and the median, beside its target, and the least as
a multiple of the quickest copy of the bytes that must be read, in the same run.
`python -m benchmarks.editing [--small]`; without a screen, QT_QPA_PLATFORM=offscreen.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from editor.document.document import Document
from editor.document.geometry import Size
from editor.document.layer import BlendMode, PixelLayer, new_layer_id
from editor.document.pixels import TILE, Pixels
from editor.render import native
from editor.render.painting import Paint
from editor.tools.stroke import Stroke, Tip
from editor.tools.surface import surface_of
from editor.ui.aids import Aids
from editor.ui.background import Background
from editor.ui.canvas import Canvas
from editor.ui.canvas_context import CanvasContext
from editor.ui.display import Display
from editor.ui.lasting import make_lasting
from editor.ui.theme import apply_theme, load_theme
from editor.ui.tool_box import ToolBox
from editor.workspace import Workspace

BRUSH = 256
STEP = 48.0  # pixels between two events
FRAME = (1920, 1080)
ZOOMS = (0.1, 0.25, 0.4, 0.67, 1.0, 1.5, 3.0, 8.0, 20.0)
TILE_BYTES = TILE * TILE * 4
MODES = [each for each in BlendMode if each is not BlendMode.PASS_THROUGH]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--layers", type=int, default=20)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--small", action="store_true", help="only see that it works")
    asked = parser.parse_args()
    if asked.small:
        asked.size, asked.layers, asked.events = 768, 3, 4
    make_lasting()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    apply_theme(app, load_theme("dark"))
    native.prepare().join()
    assert native.ready(), "the kernels could not be compiled"
    print(f"{asked.layers} layers of {asked.size} x {asked.size}, CPU time")
    print(f"{'':40}{'least ms':>9}{'median':>9}{'target':>9}{'x copy':>9}")
    for name, modes, target in (("normal", MODES[:1], 4.0), ("27 modes in turn", MODES, None)):
        desk = Bench(app, document(asked.size, asked.layers, modes))
        events = asked.events
        if modes == MODES[:1]:
            row("dab of 256 px stamped", desk.stamped(events), 0.55, 9 * TILE_BYTES)
        bytes_read = 9 * TILE_BYTES * asked.layers
        row(f"event to painted, {name}", desk.painted(events), target, bytes_read)
        if modes == MODES[:1]:
            for zoom in ZOOMS:
                frame = desk.frame(zoom, max(3, events // 4))
                row(
                    f"frame {FRAME[0]} x {FRAME[1]} at {zoom:.0%}",
                    frame,
                    5.0,
                    4 * FRAME[0] * FRAME[1],
                )
            kept = f"{desk.undo_bytes() / 1e6:9.3f}"
            print(f"{'undo memory of one dab':40}{kept}{'':9}{'0.6':>9}   MB")
        desk.close()


def row(name: str, times: list[float], target: float | None, copied: int) -> None:
    """Print one line; `copied` is how many bytes the copy to compare with has."""
    share = min(times) / min(copy_times(copied))
    aim = "" if target is None else f"{target:g}"
    print(f"{name:40}{min(times):9.3f}{statistics.median(times):9.3f}{aim:>9}{share:9.1f}")
    sys.stdout.flush()


def copy_times(count: int) -> list[float]:
    """Return the milliseconds that copies of so many bytes take, each from elsewhere in memory."""
    many = max(2, (256 << 20) // count)
    source = np.ones((many, count), np.uint8)
    target = source.copy()  # every page is there
    return [cpu_ms(lambda i=i: np.copyto(target[i], source[i])) for i in range(min(many, 32))]


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU time of all threads."""
    started = time.process_time_ns()
    work()
    return (time.process_time_ns() - started) / 1e6


def document(size: int, layers: int, modes: list[BlendMode]) -> Document:
    """Return a document of soft noise, each layer in memory of its own."""
    start = np.random.default_rng(0).integers(0, 256, (size, size, 4), np.uint8)

    def made() -> Iterator[PixelLayer]:
        for index in range(layers):
            pixels = Pixels.from_array(np.roll(start, 131 * index, axis=0))
            mode = modes[index % len(modes)]
            yield PixelLayer(id=new_layer_id(), name=str(index), pixels=pixels, blend_mode=mode)

    return Document(size=Size(size, size), layers=tuple(made()))


class Bench:
    """A canvas as large as a screen, with everything in sight composited."""

    def __init__(self, app: QApplication, document: Document) -> None:
        """Show a document and wait for it."""
        self._app = app
        self._background = Background(2)
        self.workspace = Workspace(document)
        self._tools = ToolBox()
        self._tools.choose("brush")
        self._tools.tools["brush"].options.numbers["size"].value = BRUSH
        self._tools.tools["brush"].options.numbers["hardness"].value = 0
        display = Display(document, self._background, self._background)
        self.canvas = Canvas(self.workspace, self._tools, display, Aids())
        self.canvas.resize(*FRAME)
        self.canvas.show()
        self.canvas.zoom_to(1.0)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is left to composite or to paint."""
        while self._background.is_busy:
            self._app.processEvents()
            time.sleep(0.001)
        self._app.processEvents()

    def stamped(self, events: int) -> list[float]:
        """Return the times of making a dab's edit and applying it, without anything shown."""
        context = CanvasContext(self.canvas, self._tools, None)  # type: ignore[arg-type]  # no text
        surface = surface_of(context, Paint((200, 40, 60), 1.0))
        stroke, document, times = Stroke(surface, Tip(BRUSH, 0.0, 1.0)), self.workspace.document, []
        for x, y in self._path(events):
            edit = None

            def dab(x: float = x, y: float = y) -> None:
                nonlocal edit, document
                edit = stroke.to(x, y, 1.0)
                if edit is not None:
                    document = edit.apply(document)

            spent = cpu_ms(dab)
            if edit is not None:
                times.append(spent)
        return times

    def painted(self, events: int) -> list[float]:
        """Return the times from a pointer's event to the painted widget."""
        times, is_first = [], True
        for x, y in self._path(events):
            kind = QEvent.Type.MouseButtonPress if is_first else QEvent.Type.MouseMove
            times.append(cpu_ms(lambda kind=kind, x=x, y=y: self._point(kind, x, y)))
            is_first = False
        self._point(QEvent.Type.MouseButtonRelease, x, y)
        self.settle()
        return times[1:]

    def frame(self, zoom: float, frames: int) -> list[float]:
        """Return the times of painting the whole widget."""
        self.canvas.zoom_to(zoom)
        self.settle()

        def paint() -> None:
            self.canvas.update()
            self._app.processEvents()

        paint()
        return [cpu_ms(paint) for _ in range(frames)]

    def undo_bytes(self) -> int:
        """Return what one dab in the middle of four tiles keeps in the history."""
        self.canvas.zoom_to(1.0)
        self.settle()
        x, y = self._middle()
        x, y = x - x % TILE + TILE / 2, y - y % TILE + TILE / 2
        self._point(QEvent.Type.MouseButtonPress, x, y)
        self._point(QEvent.Type.MouseButtonRelease, x, y)
        history = self.workspace.history
        return history.steps[history.cursor - 1].kept_bytes

    def close(self) -> None:
        """Let go of everything."""
        self.settle()
        self.canvas.deleteLater()
        self._app.processEvents()

    def _middle(self) -> tuple[float, float]:
        return self.canvas.view.to_document(self.canvas.free_area.center())

    def _path(self, events: int) -> Iterator[tuple[float, float]]:
        """Yield places round and round in the middle, each a step from the last."""
        x, y = self._middle()
        for index in range(events + 1):
            angle = index * STEP / 300
            yield x + 300 * np.cos(angle), y + 300 * np.sin(angle)

    def _point(self, kind: QEvent.Type, x: float, y: float) -> None:
        at, left = self.canvas.view.place(x, y), Qt.MouseButton.LeftButton
        moves = kind is QEvent.Type.MouseMove
        button = Qt.MouseButton.NoButton if moves else left
        place = QPointF(self.canvas.mapToGlobal(at))
        keys = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, place, button, left, keys))
        self._app.processEvents()


if __name__ == "__main__":
    main()
