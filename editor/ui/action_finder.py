"""Find any command: every action by a few letters of its name, with its menu and its keys.

It does what a menu does and nothing more; what cannot be done now is listed and says why.
"""

from collections.abc import Mapping
from weakref import ref

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    Qt,
    Slot,
)
from PySide6.QtGui import QAction, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QListView, QWidget
from shiboken6 import isValid

from editor.ui.action import Action
from editor.ui.action_table import ACTIONS, label
from editor.ui.desk import Desk
from editor.ui.finder_field import FinderField
from editor.ui.finder_row import ID, KEYS, PLACE, ROW, WHY_NOT, FinderDelegate
from editor.ui.floating_bar import SHADOW, FloatingBar
from editor.ui.matching import rank
from editor.ui.menus import place_of
from editor.ui.reasons import reason
from editor.ui.section import plain_label

WIDTH = 580
ROWS = 11
TOP = 64  # below the menus, where the eyes are
SELF = "help.find"  # not to be found in itself


class ActionFinder(FloatingBar):
    """A field over a list. The arrows choose, Enter does it, Escape goes back to the work."""

    def __init__(self, window: QWidget, actions: Mapping[str, QAction]) -> None:
        """Make it for a window with actions by id, hidden."""
        super().__init__(window)
        self._window = window
        self._desk: Desk | None = None
        self._actions = actions
        self._before: ref[QWidget] | None = None  # a canvas may be closed meanwhile
        self.field = FinderField()
        self.field.setObjectName("PromptField")
        self.field.setPlaceholderText(self.tr("Find any command"))
        self.field.setAccessibleName(self.tr("Find any command"))
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setObjectName("FinderList")
        self.list.setItemDelegate(FinderDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = plain_label(self.tr("No command has these letters."), "quiet")
        for widget in (self.field, self._none, self.list):
            self.body.addWidget(widget)
        self.field.textChanged.connect(self._show_fitting)
        self.field.stepped.connect(self._step)
        self.field.entered.connect(self._do_current)
        self.field.escaped.connect(self._leave)
        self.field.left.connect(self.hide)
        self.list.clicked.connect(self._do)
        window.installEventFilter(self)
        self.hide()

    def open(self, desk: Desk) -> None:
        """Show every action, with the cursor in the field; the desk says which can be done."""
        self._desk = desk
        if self.isHidden():
            before = QApplication.focusWidget()
            self._before = None if before is None else ref(before)
        self.field.clear()
        self._show_fitting()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place in the window."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @Slot()
    def _show_fitting(self) -> None:
        """List what fits what is typed, the nearest first."""
        if self._desk is None:
            return
        typed = self.field.text()
        found: list[tuple[int, bool, int, str]] = []
        for at, row in enumerate(ACTIONS):
            near = rank(typed, label(row), place_of(row))
            if near is not None and row.id != SELF:
                why_not = reason(row.condition, self._desk)
                found.append((near, bool(typed and why_not), at, why_not))
        self._model.clear()
        for _near, _later, at, why_not in sorted(found):
            self._model.appendRow(self._item(ACTIONS[at], why_not))
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(min(ROWS, max(1, len(found))) * ROW)
        self.list.setCurrentIndex(self._model.index(0, 0))
        self._place()

    def _item(self, row: Action, why_not: str) -> QStandardItem:
        action = self._actions[row.id]
        native = QKeySequence.SequenceFormat.NativeText
        keys = ", ".join(key.toString(native) for key in action.shortcuts())
        item = QStandardItem(action.text().rstrip("…"))
        for role, value in ((ID, row.id), (PLACE, place_of(row)), (KEYS, keys), (WHY_NOT, why_not)):
            item.setData(value, role)
        spoken = ", ".join(filter(None, (item.text(), place_of(row), keys, why_not)))
        item.setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
        return item

    @Slot(int)
    def _step(self, by: int) -> None:
        last = self._model.rowCount() - 1
        row = min(last, max(0, self.list.currentIndex().row() + by))
        self.list.setCurrentIndex(self._model.index(row, 0))

    @Slot()
    def _do_current(self) -> None:
        self._do(self.list.currentIndex())

    @Slot(QModelIndex)
    def _do(self, index: QModelIndex) -> None:
        """Go back to the work and do what was chosen, where that is possible."""
        if index.isValid() and not index.data(WHY_NOT):
            name = str(index.data(ID))
            self._leave()
            self._actions[name].trigger()

    @Slot()
    def _leave(self) -> None:
        self.hide()
        before = None if self._before is None else self._before()
        if before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self) -> None:
        width = min(self._window.width(), WIDTH + 2 * SHADOW)
        left = (self._window.width() - width) // 2
        self.setGeometry(left, TOP - SHADOW, width, self.sizeHint().height())
