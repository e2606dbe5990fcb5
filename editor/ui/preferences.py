"""The user's settings while the program runs: read once, kept at each change, announced."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from editor.paths import settings_file
from editor.settings import MODELS_VARIABLE, Settings, load_settings, put_aside, save_settings

log = logging.getLogger(__name__)


class Preferences(QObject):
    """Lives in the window's thread. What they act on is somebody else's."""

    changed = Signal(object, object)  # before, after: Settings
    failed = Signal(str)  # one sentence: why they are not kept

    def __init__(self, file: Path | None = None) -> None:
        """Read the file, or have the defaults; `warning` says what was wrong with it."""
        super().__init__()
        self._file = file or settings_file()
        loaded = load_settings(self._file)
        self._settings = loaded.settings
        self._unknown: Mapping[str, object] = loaded.unknown
        self.warning = loaded.warning
        self.models_given = bool(
            os.environ.get(MODELS_VARIABLE)
        )  # then the folder here does not count
        if loaded.damaged:
            self._put_aside()

    @property
    def settings(self) -> Settings:
        """What is set now."""
        return self._settings

    @property
    def keymap_folder(self) -> Path:
        """Where the user's own keymaps lie, which may not be there yet."""
        return self._file.parent / "keymaps"

    def set(self, **values: object) -> None:
        """Set some of `Settings`, by their names; a wrong name raises TypeError."""
        before = self._settings
        # each widget that calls this gives its setting's own type
        self._settings = replace(before, **values)  # type: ignore[arg-type]
        if self._settings == before:
            return
        try:
            save_settings(self._file, self._settings, self._unknown)
        except OSError as error:
            log.warning("settings are not kept: %s", error)
            sentence = self.tr("The settings are as you wish now, but cannot be kept: {0}.")
            self.failed.emit(sentence.format(error.strerror or error))
        self.changed.emit(before, self._settings)

    def _put_aside(self) -> None:
        try:
            aside = put_aside(self._file)
        except OSError as error:
            log.warning("the damaged settings stay where they are: %s", error)
        else:
            self.warning += " " + self.tr("The old file is kept as {0}.").format(aside.name)
