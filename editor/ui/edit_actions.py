"""Actions on the whole document: undo, clipboard, colours, canvas size."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from editor.document.geometry import Point, union
from editor.edits.canvas import ResizeCanvas
from editor.edits.edit import EditError
from editor.edits.fill import ClearPixels
from editor.render.fills import Plain
from editor.tools.surface import fill_edit
from editor.tools.tool import Target
from editor.ui import layer_actions
from editor.ui.arrivals import Arrival, arrival_of
from editor.ui.offer import Begun
from editor.workspace import Colour, Workspace

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("EditActions", text)


def undo(window: "Window") -> None:
    """Show the step before; an open gesture is taken back instead."""
    canvas, front = window.canvas, window.desk.front
    if front is not None and not (canvas is not None and canvas.cancel_gesture()):
        front.undo()


def redo(window: "Window") -> None:
    """Show the step after."""
    if window.desk.front is not None:
        window.desk.front.redo()


def copy(window: "Window") -> None:
    """Put what is selected of the layers on the clipboard, as a picture with alpha and as PNG."""
    front = window.desk.front
    if front is not None:
        document, layers = front.document, front.selected
        _put(front, tr("Copy"), lambda: window.pictures.copy_of_layers(document, layers))


def cut(window: "Window") -> None:
    """Put what is selected on the clipboard, and take it out of the layers."""
    copy(window)
    clear(window)


def clear(window: "Window") -> None:
    """Take what is selected out of the layers; without a selection, take the layers out."""
    front = window.desk.front
    if front is None:
        return
    if front.target is not Target.PIXELS:
        _fill(window, front.background, tr("Clear"))
    elif front.document.selection is None:
        layer_actions.delete(window)
    else:
        window.desk.do(ClearPixels(front.selected), tr("Clear"))


def fill_foreground(window: "Window") -> None:
    """Fill the selection, or all, with the foreground colour."""
    if window.desk.front is not None:
        _fill(window, window.desk.front.foreground, tr("Fill"))


def fill_background(window: "Window") -> None:
    """Fill the selection, or all, with the background colour."""
    if window.desk.front is not None:
        _fill(window, window.desk.front.background, tr("Fill"))


def _fill(window: "Window", colour: Colour, label: str) -> None:
    front = window.desk.front
    if front is not None:
        plain = Plain((*colour, 255))
        window.desk.do(fill_edit(front.document, front.active, front.target, plain, None), label)


def copy_merged(window: "Window") -> None:
    """Put what is seen within the selection, or of all, on the clipboard."""
    front = window.desk.front
    if front is not None:
        document = front.document
        _put(front, tr("Copy merged"), lambda: window.pictures.copy_of_document(document))


def _put(front: Workspace, label: str, offered: Callable[[], Begun | None]) -> None:
    """Put it on the clipboard when it is there; says so where there is nothing to put."""

    def work() -> Begun:
        begun = offered()
        if begun is None:
            raise EditError("There is nothing there to copy.")
        return begun

    def put(begun: Begun) -> None:
        QGuiApplication.clipboard().setMimeData(begun.offer())

    front.work_out(label, work, put)


def paste(window: "Window") -> None:
    """Make layers of what is on the clipboard, in the middle of the selection or the canvas."""
    _paste(window, as_they_were=False)


def paste_in_place(window: "Window") -> None:
    """Make layers of what is on the clipboard, where they were when they were copied."""
    _paste(window, as_they_were=True)


def _paste(window: "Window", *, as_they_were: bool) -> None:
    """Paste, after what is still being copied."""

    def arrive() -> None:
        try:
            arrival = _on_clipboard()
        except EditError as error:  # which has no action around it that would say so
            window.desk.refused.emit(str(error))
            return
        window.files.arrive(arrival, tr("Pasted"), as_they_were=as_they_were)

    front = window.desk.front
    if front is None:
        arrive()
    else:
        front.do_when_worked_out(arrive)


def _on_clipboard() -> Arrival:
    """Return what can become layers; raises `EditError` where nothing can."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None: another's, out of reach
    return arrival_of(QMimeData() if data is None else data)


def swap_colours(window: "Window") -> None:
    """Exchange the two colours."""
    front = window.desk.front
    if front is not None:
        front.set_colours(front.background, front.foreground)


def default_colours(window: "Window") -> None:
    """Black on white."""
    if window.desk.front is not None:
        window.desk.front.set_colours((0, 0, 0), (255, 255, 255))


def canvas_size(window: "Window") -> None:
    """Ask for another canvas size."""
    from editor.ui.dialogs.canvas_size import CanvasSizeDialog  # not before the first paint

    document = window.desk.document
    if document is None:
        return
    dialog = CanvasSizeDialog(document.size, window)
    if dialog.exec() == CanvasSizeDialog.DialogCode.Accepted:
        size, shift = dialog.answer()
        if size != document.size:
            window.desk.do(ResizeCanvas(size, shift), tr("Canvas size"))


def fit_canvas(window: "Window") -> None:
    """Make the canvas just hold every layer."""
    document = window.desk.document
    if document is None:
        return
    rect = union(layer.rect for layer in document.layers)
    if rect.is_empty:
        window.messages.say(tr("The layers are empty."))
    elif rect != document.rect:
        edit = ResizeCanvas(rect.size, Point(-rect.x0, -rect.y0))
        window.desk.do(edit, tr("Fit canvas to layers"))
