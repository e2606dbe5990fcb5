"""Fields that show one setting, set it, and follow it when it is set elsewhere."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox

from editor.settings import LIMITS, Settings
from editor.ui.preferences import Preferences
from editor.ui.section import plain_label

HINT_WIDTH = 380


class ChoiceBox(QComboBox):
    """One of several values."""

    def __init__(
        self, preferences: Preferences, setting: str, name: str, values: Mapping[str, str]
    ) -> None:
        """Offer values with their words; `name` is what the field is called."""
        super().__init__()
        self._preferences = preferences
        self._setting = setting
        self.setAccessibleName(name)
        for value, words in values.items():
            self.addItem(words, value)
        self.activated.connect(self._on_activated)
        preferences.changed.connect(self._show)
        self._show(preferences.settings, preferences.settings)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self._preferences.set(**{self._setting: self.itemData(index)})

    @Slot(object, object)
    def _show(self, before: Settings, after: Settings) -> None:
        self.setCurrentIndex(self.findData(getattr(after, self._setting)))


class NumberBox(QSpinBox):
    """A number within the setting's limits; set when it is entered, not at each digit."""

    def __init__(self, preferences: Preferences, setting: str, name: str, unit: str = "") -> None:
        """Begin with what is set; `name` is what the field is called."""
        super().__init__()
        self._preferences = preferences
        self._setting = setting
        self.setAccessibleName(name)
        self.setRange(*LIMITS[setting])
        self.setKeyboardTracking(False)
        self.setSuffix(f" {unit}" if unit else "")
        self.setMinimumWidth(120)
        self._show(preferences.settings, preferences.settings)
        self.valueChanged.connect(self._on_value)
        preferences.changed.connect(self._show)

    @Slot(int)
    def _on_value(self, value: int) -> None:
        self._preferences.set(**{self._setting: value})

    @Slot(object, object)
    def _show(self, before: Settings, after: Settings) -> None:
        self.setValue(getattr(after, self._setting))


def hint(text: str) -> QLabel:
    """Return a small line under a field that may wrap."""
    label = plain_label(text, "small")
    label.setWordWrap(True)
    label.setMinimumWidth(HINT_WIDTH)  # else it wraps at the width of its longest word
    return label
