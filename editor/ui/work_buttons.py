"""Apply and cancel, in the option bar of a tool whose work stays open: crop, transform, text."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from editor.ui.icons import set_icon

SIDE = 24


class WorkButtons(QWidget):
    """What Enter and Escape do, for the pointer; dark while nothing is open."""

    applied = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        """Begin with nothing open."""
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        self.cancel = _button("close", self.tr("Cancel"), self.tr("Cancel (Esc)"))
        self.apply = _button("check", self.tr("Apply"), self.tr("Apply (Enter)"))
        self.cancel.clicked.connect(self.cancelled)
        self.apply.clicked.connect(self.applied)
        for button in (self.cancel, self.apply):
            line.addWidget(button)
        self.show_open(is_open=False)

    def show_open(self, *, is_open: bool) -> None:
        """Offer to end what is open, or nothing."""
        self.setEnabled(is_open)


def _button(icon: str, name: str, tip: str) -> QToolButton:
    button = QToolButton()
    set_icon(button, icon)
    button.setIconSize(QSize(16, 16))
    button.setFixedSize(SIDE, SIDE)
    button.setToolTip(tip)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
