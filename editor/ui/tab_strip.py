"""The tabs of open documents, with a star where something is not saved."""

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget

from editor.edits.edit import EditError
from editor.ui.arrivals import arrival_of, is_taken
from editor.ui.desk import Desk
from editor.ui.drag_drop import layer_ids_from
from editor.ui.icons import set_icon
from editor.workspace import Workspace

HEIGHT = 28
OPEN_AFTER_MS = 600  # that something dragged is held over a tab


class TabStrip(QWidget):
    """Follows the desk; hidden while nothing is open."""

    close_asked = Signal(object)  # Workspace
    dropped = Signal(object, object)  # Workspace, Arrival
    refused = Signal(str)

    def __init__(self, desk: Desk) -> None:
        """Show what is open."""
        super().__init__()
        self.setObjectName("TabRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._names: dict[int, str] = {}
        self._new = 0
        self.bar = QTabBar()
        self.bar.setObjectName("TabStrip")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.setFixedHeight(HEIGHT)
        self.setAcceptDrops(True)
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(OPEN_AFTER_MS)
        self._waiting.timeout.connect(self._on_waited)
        self._over = -1
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.bar)
        line.addStretch(1)
        self.bar.currentChanged.connect(self._on_current_changed)
        desk.opened.connect(self._on_opened)
        desk.closed.connect(self._on_closed)
        desk.switched.connect(self._on_switched)
        self.hide()

    def name_of(self, workspace: Workspace) -> str:
        """Return what a document is called: its file, or Untitled and a number."""
        if workspace.path is not None:
            return workspace.path.name
        return self._names.get(id(workspace), self.tr("Untitled"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what may become layers of one of the documents."""
        if is_taken(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Held over a tab, bring its document to the front, so that it can be dropped there."""
        over = self._tab_at(event.position())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.setAccepted(over >= 0)
        if over != self._over:
            self._over = over
            self._waiting.start()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Wait for nothing."""
        self._waiting.stop()
        self._over = -1

    def dropEvent(self, event: QDropEvent) -> None:
        """Say on which document something was dropped; a layer's own document has it already."""
        self._waiting.stop()
        workspace = self.bar.tabData(self._tab_at(event.position()))
        self._over = -1
        if not isinstance(workspace, Workspace):
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        data = event.mimeData()
        if any(workspace.document.find(each) is not None for each in layer_ids_from(data)):
            return
        try:
            self.dropped.emit(workspace, arrival_of(data))
        except EditError as error:
            self.refused.emit(str(error))

    def _tab_at(self, at: QPointF) -> int:
        return self.bar.tabAt(self.bar.mapFrom(self, at.toPoint()))

    @Slot()
    def _on_waited(self) -> None:
        if self._over >= 0:
            self.bar.setCurrentIndex(self._over)

    @Slot(object)
    def _on_opened(self, workspace: Workspace) -> None:
        if workspace.path is None:
            self._new += 1
            self._names[id(workspace)] = self.tr("Untitled {0}").format(self._new)
        index = self.bar.addTab("")
        self.bar.setTabData(index, workspace)
        close = QToolButton()
        set_icon(close, "close", 10)
        close.setIconSize(QSize(10, 10))
        close.setFixedSize(18, 18)
        close.setToolTip(self.tr("Close (Ctrl+W)"))
        close.setAccessibleName(self.tr("Close"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self._on_close_clicked)
        self.bar.setTabButton(index, QTabBar.ButtonPosition.RightSide, close)
        workspace.saved_changed.connect(self._show_names)
        workspace.document_changed.connect(self._show_names)
        self._show_names()
        self.show()

    @Slot(object)
    def _on_closed(self, workspace: Workspace) -> None:
        self.bar.removeTab(self._index_of(workspace))
        self._names.pop(id(workspace), None)
        self.setVisible(self.bar.count() > 0)

    @Slot()
    def _on_switched(self) -> None:
        if self._desk.front is not None:
            index = self._index_of(self._desk.front)
            if index >= 0:
                self.bar.setCurrentIndex(index)

    @Slot(int)
    def _on_current_changed(self, index: int) -> None:
        workspace = self.bar.tabData(index)
        if isinstance(workspace, Workspace) and workspace in self._desk.workspaces:
            self._desk.show(workspace)

    @Slot()
    def _on_close_clicked(self) -> None:
        for index in range(self.bar.count()):
            if self.bar.tabButton(index, QTabBar.ButtonPosition.RightSide) is self.sender():
                self.close_asked.emit(self.bar.tabData(index))
                return

    @Slot()
    def _show_names(self) -> None:
        for index in range(self.bar.count()):
            workspace = self.bar.tabData(index)
            star = " *" if workspace.is_modified else ""
            text = (self.name_of(workspace) + star).replace("&", "&&")
            if self.bar.tabText(index) != text:
                self.bar.setTabText(index, text)

    def _index_of(self, workspace: Workspace) -> int:
        for index in range(self.bar.count()):
            if self.bar.tabData(index) is workspace:
                return index
        return -1
