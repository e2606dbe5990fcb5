"""The list of all actions with their menus and keys, as the Settings dialog shows it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from editor.ui.action_table import ACTIONS, label
from editor.ui.keymap import Keymap
from editor.ui.menus import place_of
from editor.ui.theme import current_theme

NAME, PLACE, KEYS = 0, 1, 2
ID = Qt.ItemDataRole.UserRole


class KeymapList(QTreeWidget):
    """One row an action, in the order of the menus; a key that several want is in amber."""

    def __init__(self) -> None:
        """List every action, without keys yet."""
        super().__init__()
        self.setObjectName("KeymapList")
        self.setAccessibleName(self.tr("Actions and their keys"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setHeaderLabels([self.tr("Action"), self.tr("Menu"), self.tr("Keys")])
        self.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (PLACE, KEYS):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for row in ACTIONS:
            item = QTreeWidgetItem([label(row).rstrip("…"), place_of(row), ""])
            item.setData(NAME, ID, row.id)
            self.addTopLevelItem(item)

    @property
    def action(self) -> str:
        """The id of the current action, "" where none is."""
        item = self.currentItem()
        return "" if item is None or item.isHidden() else str(item.data(NAME, ID))

    def show_keymap(self, keymap: Keymap) -> None:
        """Show the keys of every action."""
        wanted = keymap.conflicts()
        theme = current_theme()
        for item in self._items():
            keys = keymap.of(str(item.data(NAME, ID)))
            item.setText(KEYS, ", ".join(map(native, keys)))
            clash = any(key in wanted for key in keys)
            item.setForeground(KEYS, theme.color("stale_text" if clash else "text"))

    @Slot(str)
    def show_fitting(self, typed: str) -> None:
        """List only what has all typed words in its name, menu or keys."""
        parts = typed.casefold().split()
        for item in self._items():
            text = " ".join(item.text(column) for column in (NAME, PLACE, KEYS)).casefold()
            item.setHidden(not all(part in text for part in parts))
        self.currentItemChanged.emit(self.currentItem(), None)

    def _items(self) -> "list[QTreeWidgetItem]":
        found = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]


def native(key: str) -> str:
    """Return a key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
