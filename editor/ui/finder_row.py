"""The rows of the finder: what is kept of an action, and how it is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from editor.ui.theme import current_theme

Index = QModelIndex | QPersistentModelIndex

ROW = 30
EDGE = 12
GAP = 10

ID = Qt.ItemDataRole.UserRole
PLACE = Qt.ItemDataRole.UserRole + 1  # the menu it stands in
KEYS = Qt.ItemDataRole.UserRole + 2
WHY_NOT = Qt.ItemDataRole.UserRole + 3  # "" where it can be done


class FinderDelegate(QStyledItemDelegate):
    """Paints name, menu or why not, and at the right the keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Every row is as high; the width is the view's."""
        return QSize(120, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        theme = current_theme()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        why_not = str(index.data(WHY_NOT))
        font: QFont = option.font
        line: QRect = option.rect.adjusted(EDGE, 0, -EDGE, 0)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, theme.color("row_selected"))
        painter.setFont(font)
        metrics = QFontMetrics(font)
        keys = str(index.data(KEYS))
        quiet = "text" if chosen else "quiet"
        painter.setPen(theme.color(quiet))
        middle = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
        painter.drawText(line, middle | int(Qt.AlignmentFlag.AlignRight), keys)
        space = line.width() - metrics.horizontalAdvance(keys) - GAP
        name = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, space)
        painter.setPen(theme.color(quiet if why_not else "strong"))
        painter.drawText(line, middle, name)
        used = metrics.horizontalAdvance(name) + GAP
        more = why_not or str(index.data(PLACE))
        more = metrics.elidedText(more, Qt.TextElideMode.ElideRight, max(0, space - used))
        painter.setPen(theme.color("stale_text" if why_not else quiet))
        painter.drawText(line.adjusted(used, 0, 0, 0), middle, more)
        painter.restore()
