"""The keys of every action: choose a keymap, find an action, press its new key.

What ships is never changed: the first change goes into a copy, which is then the one in use.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui.action_table import ACTIONS, label
from editor.ui.dialogs.key_field import KeyField
from editor.ui.dialogs.keymap_list import KeymapList, native
from editor.ui.dialogs.questions import Answer, ask_reset_keys
from editor.ui.keymap import (
    DEFAULT,
    Keymap,
    KeymapError,
    find_keymap,
    keymap_names,
    own_copy,
    read_keymap,
    save_keymap,
)
from editor.ui.section import plain_label
from editor.ui.theme import set_role

if TYPE_CHECKING:  # the window owns its dialogs
    from editor.ui.window import Window

NAMES = {row.id: row for row in ACTIONS}


class KeymapPage(QWidget):
    """Everything acts at once and is written at once."""

    def __init__(self, window: "Window") -> None:
        """Show the keymap in use."""
        super().__init__()
        self._window = window
        self._folder = window.preferences.keymap_folder
        self._default = find_keymap(DEFAULT, self._folder)
        self._keymap = self._default
        self._build()
        self.choice.activated.connect(self._on_chosen)
        self.file.clicked.connect(self._on_file)
        self.search.textChanged.connect(self.list.show_fitting)
        self.list.currentItemChanged.connect(self._on_current)
        self.field.pressed.connect(self._show_conflict)
        self.replace.clicked.connect(self._on_replace)
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        self.reset.clicked.connect(self._on_reset)
        self.reset_all.clicked.connect(self._on_reset_all)
        window.preferences.changed.connect(self.show_keymap)
        self.show_keymap()

    def _build(self) -> None:
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Keymap"))
        self.file = _button(self.tr("Add a file…"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search actions and keys"))
        self.search.setAccessibleName(self.tr("Search actions and keys"))
        self.search.setClearButtonEnabled(True)
        self.list = KeymapList()
        self.field = KeyField(self.tr("Press the new key"))
        self.replace = _button(self.tr("Set"))
        self.add = _button(self.tr("Add"))
        self.remove = _button(self.tr("Remove"))
        self.reset = _button(self.tr("Reset"))
        self.reset_all = _button(self.tr("Reset all…"))
        self.note = plain_label("", "quiet")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(8)
        name = plain_label(self.tr("Keymap"), "quiet")
        for widgets in (
            (name, self.choice, self.file),
            (self.search,),
            (self.list,),
            (self.field, self.replace, self.add, self.remove, self.reset, self.reset_all),
            (self.note,),
        ):
            line = QHBoxLayout()
            line.setSpacing(8)
            for widget in widgets:
                line.addWidget(widget, 1 if widget in (self.choice, self.field) else 0)
            column.addLayout(line)
        column.setStretch(2, 1)

    @Slot()
    def show_keymap(self) -> None:
        """Show the keymap that is set; where it cannot be read, the default and why."""
        name, said = self._window.preferences.settings.keymap, ""
        try:
            self._keymap = find_keymap(name, self._folder)
        except KeymapError as error:
            self._keymap, said = self._default, str(error)
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for each in keymap_names(self._folder):
                self.choice.addItem("Photoshop" if each == DEFAULT else each, each)
            self.choice.setCurrentIndex(self.choice.findData(self._keymap.name))
        self._show()
        if said:
            self._say(said, "loss")

    def _show(self) -> None:
        self.list.show_keymap(self._keymap)
        conflicts = self._keymap.conflicts()
        unknown = [action for action in self._keymap.keys if action not in NAMES]
        if conflicts:
            keys = ", ".join(map(native, conflicts))
            self._say(self.tr("Several actions want: {0}. The first has it.").format(keys), "stale")
        elif unknown:
            self._say(self.tr("Not in this version: {0}").format(", ".join(unknown)), "quiet")
        else:
            self._say("", "quiet")
        self._on_current()

    def _say(self, text: str, role: str) -> None:
        self.note.setText(text)
        set_role(self.note, role)

    @Slot()
    def _on_current(self) -> None:
        action = self.list.action
        self.field.show_key("")
        self.field.setEnabled(bool(action))
        self.replace.setEnabled(False)
        self.add.setEnabled(False)
        self.remove.setEnabled(bool(self._keymap.of(action)))
        self.reset.setEnabled(bool(action) and self._keymap.of(action) != self._default.of(action))
        self.reset_all.setEnabled(self._keymap.is_own)

    @Slot(str)
    def _show_conflict(self, key: str) -> None:
        """Say who has the key that was pressed, before anything is taken."""
        action = self.list.action
        others = [NAMES[each] for each in self._others(key)]
        mine = key in self._keymap.of(action)
        self.replace.setEnabled(not mine or len(self._keymap.of(action)) > 1)
        self.add.setEnabled(not mine)
        if others:
            names = ", ".join(label(row).rstrip("…") for row in others)
            text = self.tr("{0} belongs to “{1}” now and would be taken from it.")
            self._say(text.format(native(key), names), "stale")
        else:
            self._say(self.tr("{0} is free.").format(native(key)) if not mine else "", "quiet")

    def _others(self, key: str) -> list[str]:
        holders = self._keymap.holders(key)
        return [each for each in holders if each != self.list.action and each in NAMES]

    @Slot()
    def _on_replace(self) -> None:
        self._set((self.field.key,))

    @Slot()
    def _on_add(self) -> None:
        self._set((*self._keymap.of(self.list.action), self.field.key))

    @Slot()
    def _on_remove(self) -> None:
        self._set(())

    @Slot()
    def _on_reset(self) -> None:
        self._set(self._default.of(self.list.action))

    @Slot()
    def _on_reset_all(self) -> None:
        if ask_reset_keys(self, self._keymap.name) is Answer.YES:
            self._keep(Keymap(self._keymap.name, self._default.keys, is_own=True))

    def _set(self, keys: tuple[str, ...]) -> None:
        """Give the current action keys, and take them from whoever has them."""
        keymap = self._keymap
        for key in keys:
            if self._others(key):
                keymap = keymap.without(key)
        self._keep(keymap.with_keys(self.list.action, keys))

    def _keep(self, keymap: Keymap) -> None:
        """Write the user's own file and use it; a shipped keymap becomes a copy first."""
        if not keymap.is_own:
            keymap = own_copy(keymap, self._folder)
        try:
            save_keymap(keymap, self._folder)
        except OSError as error:
            words = self.tr("The keys were not changed: {0}.")
            self._say(words.format(error.strerror or error), "loss")
            return
        if keymap.name == self._window.preferences.settings.keymap:
            self._keymap = keymap
            self._window.use_keymap(keymap)
            self._show()
        else:
            self._window.preferences.set(keymap=keymap.name)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self._window.preferences.set(keymap=self.choice.itemData(index))

    @Slot()
    def _on_file(self) -> None:
        words = self.tr("Keymaps (*.json)")
        chosen, _filter = QFileDialog.getOpenFileName(self, self.tr("Add a keymap"), "", words)
        if chosen:
            self.add_file(Path(chosen))

    def add_file(self, file: Path) -> None:
        """Take a copy of a file as a keymap of its own, and use it; a bad one is refused."""
        try:
            found = read_keymap(file)
            keymap = own_copy(found, self._folder, found.name)
            save_keymap(keymap, self._folder)
        except KeymapError as error:
            self._say(str(error), "loss")
        except OSError as error:
            words = self.tr("The file was not added: {0}.")
            self._say(words.format(error.strerror or error), "loss")
        else:
            self._window.preferences.set(keymap=keymap.name)


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
