"""What must be so whatever was done before: every tile fresh, undo and redo exact, nothing kept."""

import gc
import hashlib
import json
import os
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import CellType, FrameType, ModuleType

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from editor.document.changes import same
from editor.document.document import Document
from editor.document.geometry import cells
from editor.document.layer import PixelLayer
from editor.document.pixels import TILE
from editor.render import native
from editor.render.cache import TileCache
from editor.render.mips import LEVELS
from editor.ui.canvas import Canvas
from editor.ui.preferences import Preferences
from editor.ui.recent import Recent
from editor.ui.theme import apply_theme, load_theme
from editor.ui.window import Window
from editor.workspace import Workspace
from generator.client import GeneratorClient
from generator.models.store import models
from generator.thread import GeneratorThread

STUDIO = {
    "name": "studio", "title": "Studio", "family": "sdxl", "native_size": [256, 256], "steps": 8,
    "guidance": 7.0, "hash": "studio", "files": {},
    "tasks": [
        "layer", "together", "background", "foreground", "vary", "repaint", "extract", "upscale",
    ],
}  # fmt: skip
PATIENCE_S = 120.0
OWN_THREADS = ("MainThread", "hang", "kernels")
MAY_STAY = (  # Python's own, and what compiles kernels for the next start
    "multiprocessing.resource_tracker", "editor.render.warm_up", "editor.formats.psd.machine",
)  # fmt: skip
NO_OWNERS = (FrameType, ModuleType, CellType, list, type)  # lists here are of this search
WRONG_BYTE = 2  # a composite made by kernels and one by the reference differ by so much at most
MOST_GROWTH_MB = 400  # of the process between two checks with nothing open, after the first one


def prepared(app: QApplication, folder: Path) -> Window:
    """A window with a model that can do every task; drawn shapes stand in for it."""
    apply_theme(app, load_theme("dark"))
    place = folder / "models" / "studio"
    place.mkdir(parents=True)
    (place / "model.json").write_text(json.dumps(STUDIO))
    client = GeneratorClient("fake", log_file=folder / "generator.log")
    settings = folder / "settings"
    window = Window(Recent(settings / "recent.json"), Preferences(settings / "settings.json"))
    window.start_generation(GeneratorThread(client))
    window.resize(1200, 800)
    window.show()
    window.models.show(models())
    window.models.choose("studio")
    window.area.setFocus()
    return window


def resident_mb() -> int:
    """What this process holds of the machine's memory, in MiB."""
    fields = Path("/proc/self/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def children() -> list[str]:
    """The processes that this one has started and that have not ended, but for those that may."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            try:
                found.append(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip())
            except OSError:  # it ended meanwhile
                continue
    return [each for each in found if not any(name in each for name in MAY_STAY)]


class Checks:
    """Looks at a window every so often; the documents that closed are remembered weakly."""

    def __init__(self, window: Window, watch) -> None:
        self.count = 0
        self._window, self._watch = window, watch
        self._gone: list[tuple[str, weakref.ref]] = []
        self._first_mb = 0
        self.wrong_byte = 0 if native.ready() else WRONG_BYTE
        window.desk.opened.connect(self._on_opened)

    def run(self, hands) -> None:
        """Check the documents that are open, then close them all and see that they are gone."""
        self.count += 1
        put_away()
        if not self._settled("work", self._is_quiet):
            return
        self._see_all()
        hands.forget()
        self._close_all()
        if not self._watch.wrong:
            self._see_gone()
            self._see_memory(len(hands.done))

    def _see_memory(self, events: int) -> None:
        mb = resident_mb()
        self._first_mb = self._first_mb or mb
        print(f"after {events} events, all closed: {mb} MB", flush=True)  # noqa: T201 - a script
        if mb > self._first_mb + MOST_GROWTH_MB:
            self._watch.report(f"memory grew from {self._first_mb} to {mb} MB with nothing open")

    def _see_all(self) -> None:
        for workspace in self._window.desk.workspaces:
            if workspace in self._window.desk.workspaces:  # one may close as soon as it is saved
                self._window.desk.show(workspace)
                self._undo_and_redo(workspace)
                self._see_tiles(workspace)

    def _is_quiet(self) -> bool:
        window = self._window
        if QApplication.activeModalWidget() is not None or window.background.is_busy:
            return False
        return not (window.files.is_busy or any(each.is_working for each in window.desk.workspaces))

    def close(self) -> None:
        """End the window and its worker."""
        put_away()
        for workspace in self._window.desk.workspaces:
            self._window.desk.close(workspace)
        type(self._window).close(self._window)
        threads = [each.name for each in threading.enumerate() if each.name not in OWN_THREADS]
        if not self._settled("", lambda: not children()):
            self._watch.report(f"processes are left: {children()}")
        if any(not each.startswith("Dummy") for each in threads):
            self._watch.report(f"threads are left: {threads}")

    def _on_opened(self, workspace: Workspace) -> None:
        self._gone.append(("workspace", weakref.ref(workspace)))
        self._gone.append(("canvas", weakref.ref(self._window._canvases[workspace])))
        self._gone.append(("display", weakref.ref(self._window._canvases[workspace]._display)))

    def _undo_and_redo(self, workspace: Workspace) -> None:
        if workspace.is_previewing:
            workspace.cancel()
        before, cursor = workspace.document, workspace.history.cursor
        prints = [digest(step.document) for step in workspace.history.steps]
        while workspace.history.can_undo:
            workspace.undo()
        while workspace.history.can_redo:
            workspace.redo()
        if [digest(step.document) for step in workspace.history.steps] != prints:
            self._watch.report("undo and redo changed a document of the history")
        workspace.go_to(cursor)
        if not same(before, workspace.document):
            self._watch.report("undone and redone, the document is another one")

    def _see_tiles(self, workspace: Workspace) -> None:
        canvas: Canvas = self._window._canvases[workspace]
        canvas.workspace.set_shows_mask(shown=False)
        self._settled("tiles", self._is_quiet)
        if workspace not in self._window.desk.workspaces:
            return
        canvas.grab()
        document, display = workspace.document, canvas._display
        fresh = TileCache(document)
        fresh.composite_now(cells(document.rect, TILE))
        for level in range(LEVELS + 1):
            for key in cells(document.rect, TILE << level):
                shown, anew = display._cache.tile(level, *key), fresh.tile(level, *key)
                if shown is None or anew is None:
                    continue
                if abs(shown.astype(int) - anew.astype(int)).max() > self.wrong_byte:
                    text = f"tile {key} of level {level} is stale"
                    self._watch.report(f"{text}: {document!r:.2000}")

    def _close_all(self) -> None:
        window = self._window
        for workspace in window.desk.workspaces:
            pixels = {
                id(layer.pixels): layer.pixels
                for step in workspace.history.steps
                for layer in step.document.walk()
                if isinstance(layer, PixelLayer)
            }
            self._gone += [("pixels", weakref.ref(each)) for each in pixels.values()]
            window.desk.close(workspace)
            pixels.clear()
        QApplication.clipboard().clear()

    def _see_gone(self) -> None:
        """A document that is still being worked on for a moment may stay so long."""
        if self._window.desk.workspaces:
            return

        def are_gone() -> bool:
            gc.collect()
            self._gone = [each for each in self._gone if each[1]() is not None]
            return not self._gone

        if not self._settled("", are_gone):
            for name, ref in self._gone[:3]:
                self._watch.report(f"a closed document's {name} is kept by {keepers(ref())}")

    def _settled(self, what: str, is_so: Callable[[], bool]) -> bool:
        until = time.monotonic() + (PATIENCE_S if what else 60.0)
        while not is_so():
            if time.monotonic() > until:
                if what:
                    self._watch.report(f"{what} did not end in {PATIENCE_S} s")
                return False
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            time.sleep(0.005)
        return True


def put_away() -> None:
    """Close menus and dialogs."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.reject()
            each.hide()


def digest(document: Document) -> str:
    """A document's pixels, by value."""
    found = hashlib.sha256()
    for layer in document.walk():
        found.update(layer.id.encode())
        planes = [layer.mask.coverage] if layer.mask is not None else []
        if isinstance(layer, PixelLayer):
            planes.append(layer.pixels)
        for plane in planes:
            for key, tile in sorted(plane.tiles.items(), key=lambda each: each[0]):
                found.update(repr(key).encode())
                found.update(tile.tobytes())
    return found.hexdigest()


def keepers(thing: object, depth: int = 6, known: frozenset[int] = frozenset()) -> str:
    """Who refers to a thing, and who to those, by type; what only C++ holds is not seen."""
    found = []
    known |= {id(thing)}
    for owner in gc.get_referrers(thing) if depth else ():
        if id(owner) not in known and not isinstance(owner, NO_OWNERS):
            keys = (
                f" of {[key for key in owner if owner[key] is thing]}"
                if type(owner) is dict
                else ""
            )
            more = keepers(owner, depth - 1, known)
            found.append(f"{type(owner).__name__}{keys} <- ({more})")
    return ", ".join(found)
