"""The History panel: every step by its label, and what they hold; a click or Enter goes there."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from editor.ui.desk import Desk
from editor.ui.section import EDGE, Section
from editor.ui.shelf import size_words
from editor.ui.theme import current_theme

SHOWN_STEPS = 200
ITEM = 3  # padding of an item, by the style sheet
FRAME = 5  # the line that shows the focus, and what Qt leaves before a text


class HistoryPanel(Section):
    """Shows the last steps, the one that is shown in bright."""

    def __init__(self, desk: Desk) -> None:
        """Follow the workspace in front."""
        super().__init__("")
        self._head.setText(self.tr("History"))
        self._desk = desk
        self._first = 0
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setObjectName("HistoryList")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setSpacing(0)
        self.list.setViewportMargins(EDGE - ITEM - FRAME, 0, EDGE - ITEM, 0)
        self.list.setAccessibleName(self.tr("History"))
        self.body.addWidget(self.list, 1)
        self.list.clicked.connect(self._on_clicked)
        self.list.activated.connect(self._on_clicked)
        desk.history_changed.connect(self._follow)
        desk.switched.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self._model.clear()
        front = self._desk.front
        self._show_memory()
        if front is None:
            return
        history, theme = front.history, current_theme()
        self._first = max(0, len(history.steps) - SHOWN_STEPS)
        for index in range(self._first, len(history.steps)):
            item = QStandardItem(" ".join(history.steps[index].label.split()))
            tokens = {-1: "text", 0: "strong", 1: "disabled"}
            place = (index > history.cursor) - (index < history.cursor)
            item.setForeground(theme.color(tokens[place]))
            self._model.appendRow(item)
        self._scroll()

    def _show_memory(self) -> None:
        """Say how much the steps hold of what they may."""
        front = self._desk.front
        if front is None:
            self.set_note("")
            return
        words = self.tr("{0} of {1}")
        held, budget = front.history.kept_bytes, front.history.budget_bytes
        self.set_note(words.format(size_words(held), size_words(budget)))
        self._note.setToolTip(self.tr("Memory that undo holds, and what it may hold (Settings)"))

    @Slot()
    def _scroll(self) -> None:
        """Keep the step that is shown in sight."""
        if self._desk.front is not None:
            cursor = self._desk.front.history.cursor - self._first
            self.list.doItemsLayout()  # else it scrolls to where the row was
            self.list.scrollTo(self._model.index(cursor, 0))
            self.list.setCurrentIndex(self._model.index(cursor, 0))

    def changeEvent(self, event: QEvent) -> None:
        """The rows hold colours of the theme, so that another theme asks for other rows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A panel above may have grown: the list is laid out after this."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._scroll)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        front = self._desk.front
        if front is not None and index.row() + self._first != front.history.cursor:
            front.go_to(index.row() + self._first)
