"""The pages of the Settings dialog but the keys: each field shows a setting and sets it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from editor.settings import MODELS_VARIABLE
from editor.ui.dialogs.setting_fields import ChoiceBox, NumberBox, hint
from editor.ui.section import plain_label
from editor.ui.shelf import size_words

if TYPE_CHECKING:  # the window owns its dialogs
    from editor.ui.window import Window

THEME_WORDS = {
    "system": QT_TRANSLATE_NOOP("Settings", "As the system"),
    "dark": QT_TRANSLATE_NOOP("Settings", "Dark"),
    "light": QT_TRANSLATE_NOOP("Settings", "Light"),
}
CHECKER_WORDS = {
    "light": QT_TRANSLATE_NOOP("Settings", "Light"),
    "grey": QT_TRANSLATE_NOOP("Settings", "Grey"),
    "dark": QT_TRANSLATE_NOOP("Settings", "Dark"),
}
DEVICE_WORDS = {
    "auto": QT_TRANSLATE_NOOP("Settings", "The fastest there is"),
    "cuda": QT_TRANSLATE_NOOP("Settings", "NVIDIA or AMD graphics"),
    "xpu": QT_TRANSLATE_NOOP("Settings", "Intel graphics"),
    "mps": QT_TRANSLATE_NOOP("Settings", "Apple graphics"),
    "cpu": QT_TRANSLATE_NOOP("Settings", "The processor alone"),
}


class GeneralPage(QWidget):
    """Recent files."""

    def __init__(self, window: "Window") -> None:
        """Show what is set."""
        super().__init__()
        self._window = window
        form = _form(self)
        count = NumberBox(window.preferences, "recent_files", self.tr("Recent files"))
        form.addRow(plain_label(self.tr("Recent files"), "quiet"), count)
        form.addRow("", hint(self.tr("So many are listed in an empty window and in File.")))
        self.forget = QPushButton(self.tr("Clear the list"))
        self.forget.setAutoDefault(False)
        self.forget.setEnabled(bool(window.recent.paths))
        self.forget.clicked.connect(self._on_forget)
        form.addRow("", _at_left(self.forget))

    @Slot()
    def _on_forget(self) -> None:
        self._window.recent.clear()
        self._window.welcome.show_recent()
        self.forget.setEnabled(False)


class AppearancePage(QWidget):
    """Dark or light."""

    def __init__(self, window: "Window") -> None:
        """Show what is set."""
        super().__init__()
        form = _form(self)
        theme = ChoiceBox(window.preferences, "theme", self.tr("Theme"), _words(THEME_WORDS))
        form.addRow(plain_label(self.tr("Theme"), "quiet"), theme)


class CanvasPage(QWidget):
    """Checkerboard and pixel grid."""

    def __init__(self, window: "Window") -> None:
        """Show what is set."""
        super().__init__()
        form, kept = _form(self), window.preferences
        colours = ChoiceBox(kept, "checkers", self.tr("Checkerboard"), _words(CHECKER_WORDS))
        side = NumberBox(kept, "checker_side", self.tr("Size of its squares"), self.tr("px"))
        grid = NumberBox(kept, "grid_percent", self.tr("Pixel grid from"), "%")
        grid.setSingleStep(100)
        form.addRow(plain_label(self.tr("Checkerboard"), "quiet"), colours)
        form.addRow(plain_label(self.tr("Size of its squares"), "quiet"), side)
        form.addRow(plain_label(self.tr("Pixel grid from"), "quiet"), grid)
        form.addRow("", hint(self.tr("Zoomed in this far, each pixel has a frame.")))


class MemoryPage(QWidget):
    """What undo may hold."""

    def __init__(self, window: "Window") -> None:
        """Show what is set, and what is held now."""
        super().__init__()
        self._desk = window.desk
        form = _form(self)
        budget = NumberBox(window.preferences, "undo_mb", self.tr("Memory for undo"), self.tr("MB"))
        budget.setSingleStep(100)
        form.addRow(plain_label(self.tr("Memory for undo"), "quiet"), budget)
        form.addRow(
            "",
            hint(self.tr("For each document. The oldest steps are forgotten when it is full.")),
        )
        self._used = hint("")
        form.addRow("", self._used)
        window.desk.history_changed.connect(self._show_used)
        window.desk.switched.connect(self._show_used)
        self._show_used()

    @Slot()
    def _show_used(self) -> None:
        used = sum(each.history.kept_bytes for each in self._desk.workspaces)
        self._used.setText(self.tr("Now in use: {0}").format(size_words(used)))


class ModelsPage(QWidget):
    """Where models lie, what they run on, and whether anything may be fetched."""

    def __init__(self, window: "Window") -> None:
        """Show what is set."""
        super().__init__()
        self._preferences = window.preferences
        form = _form(self)
        device = ChoiceBox(
            window.preferences, "device", self.tr("Layers are made on"), _words(DEVICE_WORDS)
        )
        form.addRow(plain_label(self.tr("Layers are made on"), "quiet"), device)
        form.addRow("", hint(self.tr("From the next job on; a running one ends where it is.")))
        self._folder = hint("")
        self.choose = QPushButton(self.tr("Choose…"))
        self.own = QPushButton(self.tr("Use the usual one"))
        for button in (self.choose, self.own):
            button.setAutoDefault(False)
        self.choose.clicked.connect(self._on_choose)
        self.own.clicked.connect(self._on_own)
        form.addRow(plain_label(self.tr("Models folder"), "quiet"), self._folder)
        form.addRow("", _at_left(self.choose, self.own))
        self._given = window.preferences.models_given
        form.addRow("", OfflineBox(window))
        window.preferences.changed.connect(self._show_folder)
        self._show_folder()

    @Slot()
    def _show_folder(self) -> None:
        from generator.models.places import own_folder  # not before the first paint

        words = str(own_folder())
        if self._given:
            words = self.tr("{0} (set by {1})").format(words, MODELS_VARIABLE)
        self._folder.setText(words)
        self.choose.setEnabled(not self._given)
        self.own.setEnabled(not self._given and bool(self._preferences.settings.models_folder))

    @Slot()
    def _on_choose(self) -> None:
        now = self._preferences.settings.models_folder or str(Path.home())
        folder = QFileDialog.getExistingDirectory(self, self.tr("Models folder"), now)
        if folder:
            self._preferences.set(models_folder=folder)

    @Slot()
    def _on_own(self) -> None:
        self._preferences.set(models_folder="")


class OfflineBox(QCheckBox):
    """Whether every connection is forbidden; kept beside the models, for the terminal too."""

    def __init__(self, window: "Window") -> None:
        """Show what is so."""
        super().__init__()
        from generator.models.fetch import is_offline  # not before the first paint
        from generator.models.places import is_offline_by_environment

        self._window = window
        self.setText(self.tr("Work offline: fetch nothing"))
        self.setChecked(is_offline())
        if is_offline_by_environment():
            self.setEnabled(False)
            self.setToolTip(self.tr("Set by {0}").format("HF_HUB_OFFLINE"))
        self.clicked.connect(self._on_clicked)

    @Slot(bool)
    def _on_clicked(self, checked: bool) -> None:
        from generator.models.registry import change_registry
        from generator.request import GenerationError

        try:
            change_registry(lambda registry: replace(registry, is_offline=checked))
        except GenerationError as error:
            self.setChecked(not checked)
            self._window.messages.fail(str(error))


def _form(page: QWidget) -> QFormLayout:
    form = QFormLayout(page)
    form.setContentsMargins(4, 4, 4, 4)
    form.setHorizontalSpacing(14)
    form.setVerticalSpacing(8)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    return form


def _at_left(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def _words(table: Mapping[str, object]) -> dict[str, str]:
    """Return a table of this file in the user's language."""
    return {
        value: QCoreApplication.translate("Settings", str(text)) for value, text in table.items()
    }
