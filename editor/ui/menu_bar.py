"""The menu bar, with the program's own menu in semibold as on other desktops."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenuBar

from editor.ui.theme import current_theme


class MenuBar(QMenuBar):
    """The style sheet cannot tell one menu's name from another's, so the first is drawn here."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar, then the first name again, where it is not open."""
        super().paintEvent(event)
        first = self.actions()[0] if self.actions() else None
        if first is None or first is self.activeAction():
            return
        theme = current_theme()
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        rect = self.actionGeometry(first)
        painter = QPainter(self)
        painter.fillRect(rect.adjusted(0, 0, 0, -1), theme.color("panel"))
        painter.setFont(font)
        painter.setPen(theme.color("strong"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, first.text().replace("&", ""))
        painter.end()
