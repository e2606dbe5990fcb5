"""When a task makes sense for what is open and selected, and one plain sentence where it does not.

What a model can do is not known here.
"""

from PySide6.QtCore import QCoreApplication

from editor.document.document import Document
from editor.document.geometry import Rect
from editor.document.layer import LayerId, PixelLayer
from editor.ui.prompt_settings import Where
from editor.workspace import Workspace
from generator.request import Task

FREE = frozenset({Task.LAYER, Task.TOGETHER})  # make sense in an empty window
IN_A_SELECTION = frozenset({Task.LAYER, Task.TOGETHER, Task.FOREGROUND, Task.BACKGROUND})


def tr(text: str) -> str:
    """Return a text of this file in the user's language."""
    return QCoreApplication.translate("TaskSense", text)


def obstacle(task: Task, front: Workspace | None) -> str:
    """Return why a task cannot be done on the document in front, "" where it can."""
    if task in FREE:
        return ""
    if front is None:
        return tr("This needs an open document.")
    document, selected = front.document, front.selected
    match task:
        case Task.FOREGROUND:
            return "" if _is_seen(document) else tr("There is no layer yet that it could stand on.")
        case Task.BACKGROUND:
            return "" if _have_pixels(document, selected) else tr("Select what it is for.")
        case Task.EXTRACT:
            words = tr("Select two layers: the background, and the same with the subject in it.")
            return "" if len(selected) == 2 else words
        case Task.SHADOW:
            return "" if _have_pixels(document, selected) else tr("Select what casts the shadow.")
    return _layer_obstacle(task, front)


def selected_box(document: Document) -> Rect | None:
    """Return what the selection spans, None where nothing or everything is selected."""
    selection = document.selection
    if selection is None or selection.outside:
        return None
    box = selection.content.met(document.rect)
    return None if box.is_empty or box == document.rect else box


def box_for(task: Task, where: Where, front: Workspace | None) -> Rect | None:
    """Return where a result goes, as far as the user has said so; None leaves it to the task."""
    if front is None or task not in IN_A_SELECTION:
        return None
    document = front.document
    if where is Where.CANVAS:
        return document.rect
    if where is Where.SQUARE:
        side = min(document.size)
        x, y = (document.size.width - side) // 2, (document.size.height - side) // 2
        return Rect(x, y, x + side, y + side)
    if where is Where.LAYER:
        active = None if front.active is None else document.find(front.active)
        rect = Rect(0, 0, 0, 0) if active is None else active.rect.met(document.rect)
        return None if rect.is_empty else rect
    return selected_box(document)


def _layer_obstacle(task: Task, front: Workspace) -> str:
    """Tasks about one layer's own pixels."""
    layer = None if front.active is None else front.document.find(front.active)
    if not isinstance(layer, PixelLayer) or len(front.selected) != 1:
        return tr("Select one layer with pixels.")
    if layer.rect.is_empty:
        return tr("The layer is empty.")
    if task is Task.REPAINT and front.document.selection is None:
        return tr("Select the region to repaint first.")
    return ""


def _is_seen(document: Document) -> bool:
    return any(
        isinstance(layer, PixelLayer) and layer.visible and layer.model_visible
        for layer in document.walk()
    )


def _have_pixels(document: Document, ids: tuple[LayerId, ...]) -> bool:
    layers = [document.find(each) for each in ids]
    return any(layer is not None and not layer.rect.is_empty for layer in layers)
