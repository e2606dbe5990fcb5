"""The window as `main.py` opens it, and a timer that writes where its parts are and what is so.

`python tests/journeys/probe.py STATE [FILE ...]` runs `main.py [FILE ...]` in this process; nothing
else of the program is touched. STATE is JSON, places are middles on the screen.
"""

import hashlib
import json
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, QPoint, QRect, QTimer  # noqa: E402  # the project must be found first
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from editor.document.document import Document  # noqa: E402
from editor.document.layer import Layer  # noqa: E402
from editor.render import native  # noqa: E402
from editor.ui.action_finder import ActionFinder  # noqa: E402
from editor.ui.finder_row import ID  # noqa: E402
from editor.ui.layer_delegate import row_parts  # noqa: E402
from editor.ui.window import Window  # noqa: E402

EVERY_MS = 60
LAYERS_OF_LAYOUT = 4  # each asks the one around it
Place = list[int]


def main() -> None:
    """Run `main.py`; its window gets a timer when it is shown."""
    state, files = Path(sys.argv[1]), sys.argv[2:]
    shown = Window.show

    def show(window: Window) -> None:
        shown(window)
        QTimer.singleShot(200, lambda: window.move(0, 0))  # once the window manager has placed it
        Probe(window, state)

    Window.show = show
    sys.argv = ["main.py", *files]
    runpy.run_path(str(PROJECT / "main.py"), run_name="__main__")


class Probe(QObject):
    """Looks at one window, which owns it."""

    def __init__(self, window: Window, state: Path) -> None:
        """Write to a file."""
        super().__init__(window)
        timer = QTimer(self)
        timer.timeout.connect(self.write)
        timer.start(EVERY_MS)
        self._window = window
        self._state = state
        self._written = ""
        self._digest: tuple[Document | None, str] = (None, "")

    def write(self) -> None:
        """Write what is so, where it is not so already; nothing is still to be laid out then."""
        for _ in range(LAYERS_OF_LAYOUT):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        text = json.dumps(self._found())
        if text != self._written:
            part = self._state.with_suffix(".part")
            part.write_text(text)
            part.replace(self._state)
            self._written = text

    def _found(self) -> dict[str, object]:
        window = self._window
        front = window.desk.front
        found: dict[str, object] = {
            "frame": [*place(window, QPoint(0, 0)), window.width(), window.height()],
            "model": f"{window.models.title}: {window.models.state}",
            "stale": sorted(window.staleness.stale),
            "jobs": 0 if window.generation is None else len(window.generation.jobs.jobs),
            "tool": window.tools.current.id,
            "message": window.messages.text if window.messages.isVisible() else "",
            "parts": self._parts(),
            "buttons": self._buttons(),
            "dialog": self._dialog(),
            "finder": self._finder(),
            "layers": [], "tree": [], "rows": {}, "of": {}, "history": [""], "cursor": 0,
            "digest": "", "view": [0, 0, 0], "selected": [], "selection": None, "modified": False,
        }  # fmt: skip
        if front is not None:
            document = front.document
            named = {layer.id: layer.name for layer in document.walk()}
            found |= {
                "layers": [layer.name for layer in reversed(document.layers)],
                "tree": tree(document.layers),
                "rows": self._rows(),
                "of": {layer.name: of(layer) for layer in document.walk()},
                "history": [step.label for step in front.history.steps],
                "cursor": front.history.cursor,
                "digest": self._digest_of(front.history.document),
                "view": self._view(),
                "selected": [named[each] for each in front.selected],
                "selection": document.selection and list(document.selection.content),
                "shows_mask": front.shows_mask,
                "target": front.target.value,
                "colours": [front.foreground, front.background],
                "guides": [guide.position for guide in document.guides],
                "modified": front.is_modified,
            }
        return found

    def _parts(self) -> dict[str, Place]:
        window = self._window
        chips = window.prompt.chips._chips.values()
        parts: dict[str, QWidget] = {
            "prompt": window.prompt.field,
            "canvas": window.area,
            "model": window.options.model,
            "foreground": next(each for each in chips if "Foreground" in each.text()),
            "refresh": window.recipe_panel.refresh,
            "mode": window.layer_panel.mode,
            "opacity": window.layer_panel.opacity.spin,
            "search": window.layer_panel.search,
            "panel": window.adjustment_panel,
            "history": window.history_panel.list,
        }
        found = {name: place(each, each.rect().center()) for name, each in parts.items()}
        found["ruler"] = place(window.area, QPoint(window.area.width() // 2, 9))
        found["side_ruler"] = place(window.area, QPoint(9, window.area.height() // 2))
        return found

    def _finder(self) -> str:
        """The command that Enter would do, while one is looked for."""
        finder = self._window.findChild(ActionFinder)
        return "" if finder is None or finder.isHidden() else finder.list.currentIndex().data(ID)

    def _buttons(self) -> dict[str, Place]:
        """The buttons of actions, by the action's id, or by their own words."""
        found = {}
        for button in self._window.findChildren(QToolButton):
            action = button.defaultAction()
            name = button.accessibleName() if action is None else action.objectName()
            if button.isVisible() and name:
                found[name] = place(button, button.rect().center())
        return found

    def _dialog(self) -> dict[str, object] | None:
        """What is in front of the window: its title, and its fields and buttons by their names."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is None:
            top = QApplication.activeWindow()
        if top is None or top is self._window:
            return None
        parts: dict[str, Place] = {}
        for view in top.findChildren(QAbstractItemView):
            if view.isVisible() and not isinstance(view.parent(), QComboBox):
                parts |= dict(items(view))
        for each in top.findChildren(QWidget):
            kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)
            if each.isVisible() and isinstance(each, kinds):
                name = each.accessibleName()
                name = name or (each.text() if isinstance(each, QAbstractButton) else "")
                parts[name.replace("&", "")] = place(each, each.rect().center())
        notes = [each.text() for each in top.findChildren(QLabel) if each.isVisible()]
        return {"title": top.windowTitle(), "parts": parts, "notes": notes}

    def _rows(self) -> dict[str, dict[str, Place]]:
        panel = self._window.layer_panel
        view, model = panel.view, panel.model
        port, found = view.viewport(), {}
        document = self._window.desk.document
        assert document is not None
        for layer in document.walk():
            rect = view.row_rect(model.index_of(layer.id))
            if rect.isEmpty() or not port.rect().contains(rect.center()):
                continue
            parts = row_parts(rect, layer)
            spots: dict[str, QRect | None] = {
                "eye": parts.eye, "model_eye": parts.model_eye, "thumbnail": parts.thumbnail,
                "mask": parts.mask, "link": parts.link, "name": parts.text,
            }  # fmt: skip
            there = {name: each for name, each in spots.items() if each is not None}
            found[layer.name] = {
                name: place(port, each.center()) for name, each in there.items()
            } | {
                "top": place(port, QPoint(parts.text.left() + 40, rect.top() + 2)),
                "bottom": place(port, QPoint(parts.text.left() + 40, rect.bottom() - 2)),
            }
        return found

    def _view(self) -> list[float]:
        """Zoom, and where the document's corner is on the screen."""
        canvas = self._window.canvas
        if canvas is None:
            return [0, 0, 0]
        x, y = place(canvas, QPoint(0, 0))
        return [canvas.view.zoom, x + canvas.view.x, y + canvas.view.y]

    def _digest_of(self, document: Document) -> str:
        """What a document shows and has selected, in a few letters; none while kernels load."""
        if not native.ready():
            return ""
        if self._digest[0] is not document:
            from editor.render.composite import composite

            digest = hashlib.sha256(composite(document, document.rect).tobytes())
            if document.selection is not None:
                digest.update(document.selection.read(document.rect).tobytes())
            self._digest = (document, digest.hexdigest()[:12])
        return self._digest[1]


def items(view: QAbstractItemView) -> Iterator[tuple[str, Place]]:
    """The rows of a list that are on the screen, and of what is in them, by their words."""
    model, todo = view.model(), [QModelIndex()]
    while todo:
        parent = todo.pop()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            rect = view.visualRect(index)
            if rect.isValid() and view.viewport().rect().contains(rect.center()):
                yield str(index.data()), place(view.viewport(), rect.center())
            todo.append(index)


def place(widget: QWidget, at: QPoint) -> Place:
    """A place of a widget on the screen."""
    point = widget.mapToGlobal(at)
    return [point.x(), point.y()]


def tree(layers: tuple[Layer, ...]) -> list[object]:
    """Names, top first; a group as [name, its tree]."""
    return [
        [each.name, tree(each.children)] if hasattr(each, "children") else each.name
        for each in reversed(layers)
    ]


def of(layer: Layer) -> dict[str, object]:
    """What a row shows of a layer."""
    mask = layer.mask
    return {
        "visible": layer.visible,
        "model_visible": layer.model_visible,
        "opacity": round(layer.opacity * 100),
        "mode": layer.blend_mode.value,
        "clipped": layer.clipped,
        "locked": layer.locks.any,
        "label": layer.label.value,
        "rect": list(layer.rect),
        "open": getattr(layer, "open", None),
        "mask": mask and {"enabled": mask.enabled, "linked": mask.linked},
        "variants": len(getattr(layer, "variants", ())),
    }


if __name__ == "__main__":
    main()
