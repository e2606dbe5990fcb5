"""A quiet line at the right that says less where there is no space for all of it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme import current_theme


class ElidedLabel(QWidget):
    """Plain text; the longest is in the tooltip."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__()
        self._texts: tuple[str, ...] = ("",)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def text(self) -> str:
        """The longest of what may be shown."""
        return self._texts[0]

    def show_texts(self, *texts: str) -> None:
        """Show the first of these that fits, else what there is space for of the last."""
        self._texts = texts
        self.setToolTip(texts[0])
        self.setAccessibleName(texts[0])
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a line's height; the width is what is left."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much as there is space for."""
        painter = QPainter(self)
        painter.setPen(current_theme().color("quiet"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        metrics, width = self.fontMetrics(), self.width()
        fitting = (text for text in self._texts if metrics.horizontalAdvance(text) <= width)
        line = metrics.elidedText(next(fitting, self._texts[-1]), elide, width)
        painter.drawText(self.rect(), int(right) | int(Qt.TextFlag.TextSingleLine), line)
        painter.end()
