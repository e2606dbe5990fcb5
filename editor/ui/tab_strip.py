"""The tabs of open documents, with a star where something is not saved."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget

from editor.ui.desk import Desk
from editor.ui.icons import set_icon
from editor.workspace import Workspace

HEIGHT = 28


class TabStrip(QWidget):
    """Follows the desk; hidden while nothing is open."""

    close_asked = Signal(object)  # Workspace

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
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.setFixedHeight(HEIGHT)
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
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
