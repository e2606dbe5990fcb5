"""The Settings dialog: pages at the left, what can be set at the right; all acts at once."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from editor.settings import Settings
from editor.ui.dialogs.keymap_page import KeymapPage
from editor.ui.dialogs.questions import Answer, ask_default_settings
from editor.ui.dialogs.settings_pages import (
    AppearancePage,
    CanvasPage,
    GeneralPage,
    MemoryPage,
    ModelsPage,
)

if TYPE_CHECKING:  # the window owns its dialogs
    from editor.ui.window import Window


class SettingsDialog(QDialog):
    """Stays open beside the work."""

    def __init__(self, window: "Window") -> None:
        """Show what is set now."""
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        self.resize(760, 560)
        self._preferences = window.preferences
        self.pages = QListWidget()
        self.pages.setObjectName("SettingsPages")
        self.pages.setAccessibleName(self.tr("Pages"))
        self.stack = QStackedWidget()
        self.keymap = KeymapPage(window)
        for title, page in (
            (self.tr("General"), GeneralPage(window)),
            (self.tr("Appearance"), AppearancePage(window)),
            (self.tr("Canvas"), CanvasPage(window)),
            (self.tr("Memory"), MemoryPage(window)),
            (self.tr("Models"), ModelsPage(window)),
            (self.tr("Keyboard"), self.keymap),
        ):
            self.pages.addItem(title)
            self.stack.addWidget(page if page is self.keymap else _scrolled(page))
        self.pages.setFixedWidth(max(140, self.pages.sizeHintForColumn(0) + 40))
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.pages.setCurrentRow(0)
        defaults = QPushButton(self.tr("Restore defaults…"))
        defaults.setAutoDefault(False)
        defaults.clicked.connect(self._on_defaults)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(defaults, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.rejected.connect(self.reject)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.pages)
        across.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(across, 1)
        column.addWidget(buttons)

    @Slot()
    def _on_defaults(self) -> None:
        """Set everything as on a first start; keymaps of the user's own stay as files."""
        if ask_default_settings(self) is Answer.YES:
            self._preferences.set(**asdict(Settings()))


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
