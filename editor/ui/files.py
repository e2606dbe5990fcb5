"""Files in and out of the window, in the background: open, place, save, export.

Nothing here writes or reads in the window's thread, and every failure is said in one sentence.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from editor.document.document import Document, Place
from editor.document.layer import Layer, LayerId
from editor.edits.layers import AddLayers, place_above
from editor.ui.background import Background
from editor.ui.desk import Desk
from editor.ui.pictures import Pictures
from editor.workspace import Workspace

if TYPE_CHECKING:  # formats are imported in the background, after the first paint
    from editor.formats import Loaded
    from editor.ui.arrivals import Arrival

log = logging.getLogger(__name__)

PROJECT_SUFFIX = ".acetate"


@dataclass(frozen=True, slots=True, eq=False)
class Lossy:
    """A file that was not written, because it would lose what the sentences say."""

    workspace: Workspace
    document: Document
    path: Path
    losses: tuple[str, ...]
    then: Callable[[], object]


class Files(QObject):
    """Reads and writes for the desk."""

    opened = Signal(object)  # Path
    saved = Signal(object, object)  # Workspace, Path
    said = Signal(str)
    failed = Signal(str)
    lossy = Signal(object)  # Lossy: ask, then call `save` with `anyway`
    busy_changed = Signal()

    def __init__(self, desk: Desk, pictures: Pictures, parent: QObject | None = None) -> None:
        """Work for a desk."""
        super().__init__(parent)
        self._desk = desk
        self._pictures = pictures
        self._background = Background(1, self)  # one file at a time, in order

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._background.is_busy

    def wait(self) -> None:
        """Block until every file has been written."""
        self._background.wait()

    def open(self, paths: Sequence[Path]) -> None:
        """Open files as documents; one that is open already comes to the front."""
        for path in paths:
            there = [each for each in self._desk.workspaces if _is_at(each, path)]
            if there:
                self._desk.show(there[0])
            else:
                self._run(partial(_read, path), partial(self._on_opened, path))

    def place(
        self,
        paths: Sequence[Path],
        at: tuple[float, float] | None = None,
        place: Place | None = None,
    ) -> None:
        """Make layers of files, in order, bottom first; `at` is the middle in the document."""
        front = self._desk.front
        if front is None:
            self.open(paths)
            return
        self.arrive(tuple(paths), "", at, place)

    def arrive(
        self,
        arrival: "Arrival",
        name: str,
        at: tuple[float, float] | None = None,
        place: Place | None = None,
        *,
        as_they_were: bool = False,
    ) -> None:
        """Make layers of what was dropped or pasted; documents where nothing is open.

        `name` is for what has none; `as_they_were` puts our own layers where they came from.
        """
        front = self._desk.front
        if front is not None:
            work = partial(_layers_of, arrival, name, front.document, at, as_they_were)
            self._run(work, partial(self._on_placed, front, place))
        elif all(isinstance(each, Path) for each in arrival):
            self.open([each for each in arrival if isinstance(each, Path)])
        else:
            self._run(partial(_document_of, arrival, name), partial(self._on_made, name))

    def save(
        self,
        workspace: Workspace,
        path: Path,
        then: Callable[[], object] = lambda: None,
        *,
        anyway: bool = False,
    ) -> None:
        """Write the document of now, then call `then`; ask first where it would lose something."""
        if workspace.is_working:
            again = partial(self.save, workspace, path, then, anyway=anyway)
            workspace.do_when_worked_out(again)
            return
        document = workspace.document if not workspace.is_previewing else workspace.history.document
        lossless_only = not anyway and path.suffix.lower() != PROJECT_SUFFIX

        def on_written(losses: tuple[str, ...] | None) -> None:
            if workspace not in self._desk.workspaces:
                return  # closed meanwhile, by one who did not wait
            if losses:
                self.lossy.emit(Lossy(workspace, document, path, losses, then))
                return
            workspace.mark_saved(document, path)
            self.saved.emit(workspace, path)
            then()

        self._run(partial(_write, document, path, lossless_only), on_written)

    def export(self, document: Document, path: Path) -> None:
        """Write a copy, and say what the format could not hold."""

        def on_written(losses: tuple[str, ...]) -> None:
            text = self.tr("Exported {0}.").format(path.name)
            self.said.emit(" ".join((text, *losses)))

        self._run(partial(_export, document, path), on_written)

    def export_layer(self, document: Document, layer: LayerId, path: Path) -> None:
        """Write one layer as PNG."""
        work = partial(self._pictures.write_layer, document, layer, path)
        self._run(work, lambda _: self.said.emit(self.tr("Exported {0}.").format(path.name)))

    def export_layers(self, document: Document, layers: tuple[LayerId, ...], folder: Path) -> None:
        """Write each layer that shows something as a PNG of its name; no file is replaced."""

        def on_written(paths: list[Path]) -> None:
            words = self.tr("Exported {0} layers to {1}.").format(len(paths), folder.name)
            self.said.emit(words if paths else self.tr("The layers are empty."))

        self._run(partial(self._pictures.write_layers, document, layers, folder), on_written)

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(work, partial(self._on_done, done), self._on_failed)
        self.busy_changed.emit()

    def _on_done(self, done: Callable[..., None], result: object) -> None:
        self.busy_changed.emit()
        done(result)

    def _on_failed(self, error: Exception) -> None:
        from editor.formats import FormatError

        self.busy_changed.emit()
        if isinstance(error, FormatError):
            self.failed.emit(str(error))
            return
        log.error("a file was not read or written", exc_info=error)
        text = self.tr("Something went wrong with that file ({0}); nothing was lost.")
        self.failed.emit(text.format(error))

    def _on_opened(self, path: Path, loaded: "Loaded") -> None:
        self._desk.open(Workspace(loaded.document, self.tr("Open"), path))
        self.opened.emit(path)
        if loaded.warnings:
            self.said.emit(" ".join(loaded.warnings))

    def _on_made(self, name: str, made: tuple[Document | None, tuple[str, ...]]) -> None:
        document, warnings = made
        if warnings:
            self.failed.emit(" ".join(warnings))
        if document is not None:
            self._desk.open(Workspace(document, name))

    def _on_placed(
        self,
        workspace: Workspace,
        place: Place | None,
        arrived: tuple[tuple[Layer, ...], tuple[str, ...]],
    ) -> None:
        layers, warnings = arrived
        if warnings:
            self.failed.emit(" ".join(warnings))
        if not layers or workspace not in self._desk.workspaces:
            return
        label = self.tr("Place {0}").format(layers[0].name)
        at = place or place_above(workspace.document, workspace.active)
        workspace.do_when_idle(lambda: workspace.do(AddLayers(layers, at), label))
        workspace.select(tuple(layer.id for layer in layers))


def _read(path: Path) -> "Loaded":
    from editor.formats import read

    return read(path)


def _layers_of(
    arrival: "Arrival",
    name: str,
    document: Document,
    at: tuple[float, float] | None,
    as_they_were: bool,
) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    from editor.ui.arriving import Spot, layers_of

    return layers_of(arrival, name, document, Spot(at, as_they_were))


def _document_of(arrival: "Arrival", name: str) -> tuple[Document | None, tuple[str, ...]]:
    from editor.ui.arriving import document_of

    return document_of(arrival, name)


def _write(document: Document, path: Path, lossless_only: bool) -> tuple[str, ...]:
    """Write; with `lossless_only` a file that would lose something stays as it was.

    Returns what would be lost in that case, nothing once it is written.
    """
    from editor.formats import FormatError, write

    if not lossless_only:
        write(document, path)
        return ()
    try:
        with TemporaryDirectory(prefix=".acetate-", dir=path.parent) as folder:
            trial = Path(folder) / path.name
            losses = write(document, trial)
            if not losses:
                trial.replace(path)
            return losses
    except OSError as error:
        reason = error.strerror or str(error)
        raise FormatError(f"{path.name} was not written: {reason}.") from error


def _export(document: Document, path: Path) -> tuple[str, ...]:
    from editor.formats import write

    return write(document, path)


def _is_at(workspace: Workspace, path: Path) -> bool:
    return workspace.path is not None and workspace.path.absolute() == path.absolute()
