"""The table of actions as QActions of one window: enabled, checked, with keys, and dispatched."""

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction, QKeySequence

from editor.edits.edit import EditError
from editor.ui import layer_actions as layer
from editor.ui import mask_actions as mask
from editor.ui import select_actions as select
from editor.ui import view_actions as view
from editor.ui.action_table import ACTIONS, CHECKABLE, WHILE_TYPING, label
from editor.ui.icons import icon
from editor.ui.keymap import DEFAULT, SHIPPED, Keymap, read_keymap

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.action import Action
    from editor.ui.window import Window

log = logging.getLogger(__name__)

GESTURE_MS = 100  # between two looks at a document that a gesture changes


class Actions(QObject):
    """The table as QActions of one window, by id."""

    def __init__(self, window: "Window") -> None:
        """Make them all; the window gets them, so that their keys work."""
        super().__init__(window)
        self._window = window
        self._rows = {row.id: row for row in ACTIONS}
        self.by_id: dict[str, QAction] = {row.id: self._made(row) for row in ACTIONS}
        self.use_keymap(read_keymap(SHIPPED / f"{DEFAULT}.json"))
        desk = window.desk
        for signal in (desk.switched, desk.active_changed, desk.history_changed):
            signal.connect(self.refresh)
        desk.document_changed.connect(self._on_document_changed)
        window.aids.changed.connect(self.refresh)
        desk.target_changed.connect(self.refresh)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(GESTURE_MS)
        self._later.timeout.connect(self.refresh)
        self.refresh()

    def _on_document_changed(self) -> None:
        """Look at once, but during a gesture only now and then."""
        front = self._window.desk.front
        if front is None or not front.is_previewing:
            self.refresh()
        elif not self._later.isActive():
            self._later.start()

    def refresh(self) -> None:
        """Enable what can be done now, and check what is so."""
        self._later.stop()
        desk = self._window.desk
        for row in ACTIONS:
            self.by_id[row.id].setEnabled(row.condition(desk))
        states = layer.states(desk) | select.states(desk) | mask.states(desk)
        states |= view.states(self._window.aids)
        for name, state in states.items():
            self.by_id[name].setChecked(state)

    def refresh_icons(self) -> None:
        """Paint the icons in the colours of the theme of now."""
        for row in ACTIONS:
            if row.icon:
                self.by_id[row.id].setIcon(icon(row.icon))

    def use_keymap(self, keymap: Keymap) -> None:
        """Give each action its keys; one that several want is the first one's in the table."""
        taken: set[str] = set()
        for row in ACTIONS:
            keys = [key for key in keymap.of(row.id) if key not in taken]
            taken.update(keys)
            action = self.by_id[row.id]
            action.setShortcuts([QKeySequence(key) for key in keys])
            name = action.text().rstrip("…")
            native = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{name} ({native})" if native else name)

    def works_while_typing(self, keys: QKeySequence) -> bool:
        """Whether a key belongs to an action that a text field lets through."""
        return any(
            name in WHILE_TYPING and keys in action.shortcuts()
            for name, action in self.by_id.items()
        )

    def _made(self, row: "Action") -> QAction:
        action = QAction(label(row), self._window)
        action.setObjectName(row.id)
        action.setCheckable(row.id in CHECKABLE)
        if row.icon:
            action.setIcon(icon(row.icon))
        action.setIconVisibleInMenu(False)
        action.triggered.connect(self._on_triggered)
        self._window.addAction(action)
        return action

    def _on_triggered(self) -> None:
        """The dispatcher: an action that fails says so and leaves the window running."""
        sender = self.sender()
        assert sender is not None
        row = self._rows[sender.objectName()]
        try:
            row.handler(self._window)
        except EditError as error:
            self._window.messages.refuse(str(error))
        except Exception:
            log.exception("action %s failed", row.id)
            self._window.messages.fail(
                self.tr("{0} did not work; nothing was lost. The log has the details.").format(
                    label(row)
                )
            )
        self.refresh()
