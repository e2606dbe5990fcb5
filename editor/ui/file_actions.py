"""Actions on files: they ask where, `files` does the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from editor.ui.dialogs.questions import Answer, ask_lossy
from editor.ui.drag_drop import file_stem
from editor.ui.files import PROJECT_SUFFIX, Lossy
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("FileActions", text)


def new(window: "Window") -> None:
    """Ask for a size and open an empty document."""
    from editor.ui.dialogs.new_document import NewDocumentDialog  # not before the first paint

    dialog = NewDocumentDialog(window)
    if dialog.exec() == NewDocumentDialog.DialogCode.Accepted:
        window.desk.open(Workspace(dialog.document(), tr("New")))
    dialog.deleteLater()


def open_files(window: "Window") -> None:
    """Ask for files and open each as a document."""
    window.files.open(_asked_files(window, tr("Open")))


def place(window: "Window") -> None:
    """Ask for files and make each a layer."""
    window.files.place(_asked_files(window, tr("Place file as layer")))


def save(window: "Window") -> None:
    """Write the document to its file; one that has none is asked for."""
    front = window.desk.front
    if front is None:
        return
    if front.path is None:
        save_as(window)
    else:
        window.files.save(front, front.path)


def save_as(window: "Window") -> None:
    """Ask for a file and write the document there."""
    front = window.desk.front
    if front is not None:
        path = ask_path(window, front, tr("Save as"), PROJECT_SUFFIX)
        if path is not None:
            window.files.save(front, path)


def save_then(window: "Window", workspace: Workspace, then: Callable[[], object]) -> None:
    """Write a document that is about to be closed."""
    path = workspace.path or ask_path(window, workspace, tr("Save as"), PROJECT_SUFFIX)
    if path is not None:
        window.files.save(workspace, path, then)


def resolve_lossy(window: "Window", lossy: Lossy) -> None:
    """Ask what to do with a file that cannot hold the document."""
    match ask_lossy(window, lossy.path.name, lossy.losses):
        case Answer.YES:
            window.files.save(lossy.workspace, lossy.path, lossy.then, anyway=True)
        case Answer.NO:
            path = ask_path(window, lossy.workspace, tr("Save as"), PROJECT_SUFFIX)
            if path is not None:
                window.files.save(lossy.workspace, path, lossy.then)
        case Answer.CANCEL:
            pass


def export_as(window: "Window") -> None:
    """Ask for a file and write a copy."""
    front = window.desk.front
    if front is not None:
        path = ask_path(window, front, tr("Export as"), ".psd")
        if path is not None:
            window.files.export(front.document, path)


def quick_export(window: "Window") -> None:
    """Write a PNG beside the document's file; one that has none is asked for."""
    front = window.desk.front
    if front is None:
        return
    path = None if front.path is None else front.path.with_suffix(".png")
    if path is None or path == front.path:
        path = ask_path(window, front, tr("Quick export PNG"), ".png")
    if path is not None:
        window.files.export(front.document, path)


def export_layer(window: "Window") -> None:
    """Ask for a file and write the active layer as PNG."""
    front, active = window.desk.front, window.desk.active_layer
    if front is None or active is None:
        return
    start = _folder(window) / f"{file_stem(active.name)}.png"
    name, _ = _asked_target(window, tr("Export layer as PNG"), start, "PNG (*.png)")
    if name:
        path = Path(name)
        path = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
        window.files.export_layer(front.document, active.id, path)


def export_layers(window: "Window") -> None:
    """Ask for a folder and write the selected layers, or all that are shown, each as a PNG."""
    from PySide6.QtWidgets import QFileDialog  # not before the first paint

    front = window.desk.front
    if front is None:
        return
    shown = tuple(layer.id for layer in front.document.layers if layer.visible)
    layers = front.selected if len(front.selected) > 1 else shown
    name = QFileDialog.getExistingDirectory(
        window, tr("Export layers to files"), str(_folder(window))
    )
    if name:
        window.files.export_layers(front.document, layers, Path(name))


def close(window: "Window") -> None:
    """Close the document in front, after asking where it has changed."""
    if window.desk.front is not None:
        window.close_workspace(window.desk.front)


def quit_window(window: "Window") -> None:
    """Close the window."""
    window.close()


def ask_path(window: "Window", workspace: Workspace, title: str, suffix: str) -> Path | None:
    """Ask for a file to write; what is typed without a suffix gets the one of the filter."""
    from editor.formats import FORMATS

    writable = [each for each in FORMATS if each.writable]
    filters = [
        f"{each.title} ({' '.join(f'*{ending}' for ending in each.suffixes)})" for each in writable
    ]
    chosen = next((n for n, each in enumerate(writable) if suffix in each.suffixes), 0)
    own = workspace.path.stem if workspace.path is not None else window.name_of(workspace)
    start = _folder(window) / f"{file_stem(own)}{suffix}"
    name, used = _asked_target(window, title, start, ";;".join(filters), filters[chosen])
    if not name:
        return None
    path = Path(name)
    known = {ending for each in writable for ending in each.suffixes}
    if path.suffix.lower() not in known:
        kind = writable[filters.index(used)] if used in filters else writable[chosen]
        path = path.with_name(path.name + kind.suffixes[0])
    return path


def _asked_target(
    parent: QWidget, title: str, start: Path, filters: str, chosen: str = ""
) -> tuple[str, str]:
    from PySide6.QtWidgets import QFileDialog  # not before the first paint

    return QFileDialog.getSaveFileName(parent, title, str(start), filters, chosen)


def _asked_files(window: "Window", title: str) -> list[Path]:
    from PySide6.QtWidgets import QFileDialog  # not before the first paint

    from editor.formats import FORMATS

    endings = " ".join(f"*{ending}" for each in FORMATS for ending in each.suffixes)
    kinds = tr("Pictures and projects ({0})").format(endings)
    names, _ = QFileDialog.getOpenFileNames(
        window, title, str(_folder(window)), ";;".join((kinds, tr("All files (*)")))
    )
    return [Path(name) for name in names]


def _folder(window: "Window") -> Path:
    """Return where the person worked last."""
    front = window.desk.front
    if front is not None and front.path is not None:
        return front.path.parent
    recent = window.recent.paths
    return recent[0].parent if recent else Path.home()
