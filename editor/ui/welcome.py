"""What an empty window shows: New, Open, recent files, and a place to drop things on."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor.edits.edit import EditError
from editor.ui.arrivals import arrival_of, is_taken
from editor.ui.icons import set_icon
from editor.ui.recent import Recent
from editor.ui.section import plain_label
from editor.ui.theme import current_theme


class Welcome(QWidget):
    """Takes files as documents."""

    dropped = Signal(object)  # Arrival
    refused = Signal(str)
    recent_chosen = Signal(object)  # Path

    def __init__(self, new: QAction, open_files: QAction, recent: Recent) -> None:
        """Offer the two actions and what was opened last."""
        super().__init__()
        self._recent = recent
        self._is_over = False
        self.setAcceptDrops(True)
        across = QHBoxLayout(self)
        across.setContentsMargins(40, 40, 40, 150)
        column = QVBoxLayout()
        across.addStretch(1)
        across.addLayout(column)
        across.addStretch(1)
        column.setSpacing(10)
        column.addStretch(2)
        column.addWidget(plain_label(self.tr("Pictures from transparent sheets"), "title"))
        words = self.tr(
            "Describe a layer below, open a picture, or drop one here. "
            "Every layer that is made has true transparency."
        )
        column.addWidget(plain_label(words))
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for action, name in ((new, "new"), (open_files, "open")):
            button = QPushButton(action.text())
            set_icon(button, name)
            button.setIconSize(QSize(16, 16))
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addSpacing(14)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column.addLayout(self._list)
        column.addStretch(3)
        self.show_recent()

    def show_recent(self) -> None:
        """List the files that were opened last and are still there."""
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        paths = [path for path in self._recent.paths if path.exists()]
        if paths:
            self._list.addWidget(plain_label(self.tr("Recent"), "head"))
        for path in paths:
            self._list.addWidget(self._link(path))

    def _link(self, path: Path) -> QPushButton:
        button = QPushButton(path.name.replace("&", "&&"))
        button.setProperty("link", True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setProperty("path", str(path))
        button.clicked.connect(self._on_link)
        return button

    @Slot()
    def _on_link(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.recent_chosen.emit(Path(str(sender.property("path"))))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surround, and a frame while something is held over it."""
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surround"))
        if self._is_over:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(12, 12, -12, -12), 12, 12)
        painter.end()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if is_taken(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the frame away."""
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say what was dropped."""
        self._set_over(False)
        try:
            self.dropped.emit(arrival_of(event.mimeData()))
        except EditError as error:
            self.refused.emit(str(error))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _set_over(self, is_over: bool) -> None:
        self._is_over = is_over
        self.update()
