"""Makes settings act: at the start, and at once when one is changed."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget

from editor.settings import MODELS_VARIABLE, Settings
from editor.ui.keymap import DEFAULT, KeymapError, find_keymap
from editor.ui.looks import apply_looks, looks_of
from editor.ui.start import find_models
from editor.ui.theme import current_theme, preferred_theme, use_theme
from editor.workspace import Workspace

if TYPE_CHECKING:  # the window owns it
    from editor.ui.window import Window

MB = 1_000_000


class SettingsWatch(QObject):
    """Lives in the window's thread."""

    def __init__(self, window: "Window") -> None:
        """Make all of them act but the theme, which is there before the window."""
        super().__init__(window)
        self._window = window
        self._preferences = preferences = window.preferences
        self._acts: Mapping[str, Callable[[Settings], None]] = {
            "theme": self._use_theme,
            "checkers": self._use_looks,
            "checker_side": self._use_looks,
            "grid_percent": self._use_looks,
            "undo_mb": self._use_budget,
            "recent_files": self._use_recent,
            "keymap": self._use_keymap,
            "models_folder": self._use_models_folder,
            "device": self._use_device,
        }
        preferences.changed.connect(self._on_changed)
        preferences.failed.connect(window.messages.fail)
        window.desk.opened.connect(self._on_opened)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.styleHints().colorSchemeChanged.connect(self._on_system_theme)
        self._use_looks(preferences.settings)
        self._use_recent(preferences.settings)
        self._set_models_folder(preferences.settings)
        if preferences.settings.keymap != DEFAULT:
            self._use_keymap(preferences.settings)
        window.actions_by_id["window.light"].setChecked(current_theme().name == "light")
        if preferences.warning:
            window.messages.fail(preferences.warning)

    @Slot(object, object)
    def _on_changed(self, before: Settings, after: Settings) -> None:
        acts = [
            act for name, act in self._acts.items() if getattr(before, name) != getattr(after, name)
        ]
        for act in dict.fromkeys(acts):
            act(after)

    @Slot(object)
    def _on_opened(self, workspace: Workspace) -> None:
        workspace.set_undo_budget(self._preferences.settings.undo_mb * MB)

    @Slot(Qt.ColorScheme)
    def _on_system_theme(self) -> None:
        """Follow the system, where that is what was asked for."""
        app, settings = QApplication.instance(), self._preferences.settings
        if not isinstance(app, QApplication) or self._window.isHidden():
            return
        if settings.theme != "system":
            return
        if preferred_theme(app) != current_theme().name:
            self._use_theme(settings)

    def _use_theme(self, settings: Settings) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            use_theme(app, settings.theme)
            self._window.refresh_theme()

    def _use_looks(self, settings: Settings) -> None:
        apply_looks(looks_of(settings))
        for widget in self._window.findChildren(QWidget):
            widget.update()

    def _use_budget(self, settings: Settings) -> None:
        for workspace in self._window.desk.workspaces:
            workspace.set_undo_budget(settings.undo_mb * MB)

    def _use_recent(self, settings: Settings) -> None:
        self._window.recent.keep(settings.recent_files)
        self._window.welcome.show_recent()

    def _use_keymap(self, settings: Settings) -> None:
        folder = self._preferences.keymap_folder
        try:
            keymap = find_keymap(settings.keymap, folder)
        except KeymapError as error:
            keymap = find_keymap(DEFAULT, folder)
            words = self.tr("{0} Photoshop's keys are used.")
            self._window.messages.fail(words.format(error))
        self._window.use_keymap(keymap)

    def _use_models_folder(self, settings: Settings) -> None:
        self._set_models_folder(settings)
        self._window.background.run(find_models, self._window.models.show)
        self._use_device(settings)

    def _set_models_folder(self, settings: Settings) -> None:
        if self._preferences.models_given:
            return
        if settings.models_folder:
            os.environ[MODELS_VARIABLE] = settings.models_folder
        else:
            os.environ.pop(MODELS_VARIABLE, None)

    def _use_device(self, settings: Settings) -> None:
        if self._window.generator is not None:
            self._window.generator.renew(settings.device)
