"""One line of plain words above the canvas: what happened, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from editor.ui.icons import pixmap, set_icon
from editor.ui.section import plain_label
from editor.ui.theme import current_theme
from editor.ui.words import spoken

FADES_MS = 8000  # a note goes by itself, an error stays until it is closed


class MessageBar(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self) -> None:
        """Say nothing."""
        super().__init__()
        self.setObjectName("MessageBar")
        self._sign = QLabel()
        self.label = plain_label("")
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.setProperty("link", True)
        self._act: Callable[[], None] | None = None
        self._close = QToolButton()
        set_icon(self._close, "close", 14)
        self._close.setIconSize(QSize(14, 14))
        self._close.setFixedSize(24, 24)
        self._close.setToolTip(self.tr("Close"))
        self._close.setAccessibleName(self.tr("Close"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 8, 6)
        line.setSpacing(8)
        line.addWidget(self._sign)
        line.addWidget(self.label, 1)
        line.addWidget(self.action)
        line.addWidget(self._close)
        self.action.clicked.connect(self._on_action)
        self._close.clicked.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show a note that goes by itself."""
        self._show(text, "check", current_theme().ready)
        self._timer.start(FADES_MS)

    def fail(self, text: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Show what was not done, with one thing to do about it."""
        self._show(text, "warning", current_theme().stale)
        self._act = act
        self.action.setText(action)
        self.action.setVisible(act is not None)
        self._timer.stop()

    def refuse(self, sentence: str) -> None:
        """Show why an edit was not done, a sentence of the rooms below, in the user's language."""
        self.fail(spoken(sentence))

    @property
    def text(self) -> str:
        """What is said now, empty where nothing is."""
        return "" if self.isHidden() else self.label.text()

    def _show(self, text: str, sign: str, colour: str) -> None:
        self._sign.setPixmap(pixmap(sign, 16, colour, self.devicePixelRatioF()))
        self.label.setText(text)
        self.action.hide()
        self._act = None
        self.show()

    @Slot()
    def _on_action(self) -> None:
        act = self._act
        self.hide()
        if act is not None:
            act()
