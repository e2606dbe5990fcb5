"""The documents that are open and the one in front; panels connect here once, not per document."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from editor.document.document import Document
from editor.document.layer import Layer
from editor.edits.edit import Edit, EditError
from editor.workspace import Workspace


class Desk(QObject):
    """Relays the signals of the workspace in front; lives in the window's thread."""

    opened = Signal(object)  # Workspace
    closed = Signal(object)  # Workspace
    switched = Signal()
    document_changed = Signal(object, object)  # before, after: Document
    active_changed = Signal()
    history_changed = Signal()
    saved_changed = Signal()
    colours_changed = Signal()
    target_changed = Signal()
    working_changed = Signal(str)  # what is being worked out in front, "" when nothing is
    refused = Signal(str)  # one sentence: why an edit could not be done

    def __init__(self, parent: QObject | None = None) -> None:
        """Start with nothing open."""
        super().__init__(parent)
        self._workspaces: list[Workspace] = []
        self._front: Workspace | None = None

    @property
    def workspaces(self) -> tuple[Workspace, ...]:
        """All that is open, in the order of the tabs."""
        return tuple(self._workspaces)

    @property
    def front(self) -> Workspace | None:
        """The workspace in front, None when nothing is open."""
        return self._front

    @property
    def document(self) -> Document | None:
        """The document in front."""
        return None if self._front is None else self._front.document

    @property
    def active_layer(self) -> Layer | None:
        """The layer that tools and panels work on."""
        front = self._front
        if front is None or front.active is None:
            return None
        return front.document.find(front.active)

    def open(self, workspace: Workspace) -> None:
        """Add a workspace and bring it to the front."""
        workspace.setParent(self)
        workspace.refused.connect(self.refused)
        self._workspaces.append(workspace)
        self.opened.emit(workspace)
        self.show(workspace)

    def show(self, workspace: Workspace | None) -> None:
        """Bring a workspace to the front."""
        if workspace is self._front:
            return
        previous, self._front = self._front, workspace
        if previous is not None:
            self._disconnect(previous)
        if workspace is not None:
            if previous is not None:
                workspace.set_colours(previous.foreground, previous.background)
            self._connect(workspace)
        self.switched.emit()

    def step(self, by: int) -> None:
        """Bring the document that is so many tabs further to the front, round and round."""
        if self._front is not None:
            index = self._workspaces.index(self._front) + by
            self.show(self._workspaces[index % len(self._workspaces)])

    def close(self, workspace: Workspace) -> None:
        """Forget a workspace; its neighbour comes to the front."""
        workspace.give_up_work()
        index = self._workspaces.index(workspace)
        self._workspaces.remove(workspace)
        if workspace is self._front:
            rest = self._workspaces
            self.show(rest[min(index, len(rest) - 1)] if rest else None)
        self.closed.emit(workspace)
        workspace.deleteLater()

    def do(self, edit: Edit, label: str, then: Callable[[], None] = lambda: None) -> bool:
        """Apply an edit to the document in front as one step; False where it was refused.

        `then` is called when the step is there, which may be later: see `Workspace.do`.
        """
        if self._front is None:
            return False
        try:
            self._front.do(edit, label, then)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        return True

    def preview(self, edit: Edit) -> bool:
        """Show an edit without a step; False where it was refused."""
        if self._front is None:
            return False
        try:
            self._front.preview(edit)
        except EditError as error:
            self.refused.emit(str(error))
            return False
        return True

    def commit(self, label: str) -> None:
        """Keep what is previewed in the document in front, if anything is."""
        if self._front is not None and self._front.is_previewing:
            self._front.commit(label)

    def _connect(self, workspace: Workspace) -> None:
        workspace.document_changed.connect(self.document_changed)
        workspace.active_changed.connect(self.active_changed)
        workspace.history_changed.connect(self.history_changed)
        workspace.saved_changed.connect(self.saved_changed)
        workspace.colours_changed.connect(self.colours_changed)
        workspace.target_changed.connect(self.target_changed)
        workspace.working_changed.connect(self.working_changed)

    def _disconnect(self, workspace: Workspace) -> None:
        workspace.document_changed.disconnect(self.document_changed)
        workspace.active_changed.disconnect(self.active_changed)
        workspace.history_changed.disconnect(self.history_changed)
        workspace.saved_changed.disconnect(self.saved_changed)
        workspace.colours_changed.disconnect(self.colours_changed)
        workspace.target_changed.disconnect(self.target_changed)
        workspace.working_changed.disconnect(self.working_changed)
