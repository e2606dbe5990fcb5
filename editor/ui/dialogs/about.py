"""What this program is, and which keys it knows."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from editor.ui.section import plain_label


class AboutDialog(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None) -> None:
        """Make it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Acetate"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(8)
        column.addWidget(plain_label("Acetate", "title"))
        column.addWidget(plain_label(self.tr("Version {0}").format(own_version()), "quiet"))
        column.addWidget(plain_label(self.tr("Pictures from transparent sheets.")))
        column.addWidget(plain_label(self.tr("Apache License 2.0"), "quiet"))
        column.addSpacing(8)
        column.addWidget(_close_button(self))


class KeysDialog(QDialog):
    """Every action with its keys."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None) -> None:
        """List what has a key now."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(420, 560)
        with_keys = [each for each in actions.values() if each.shortcuts()]
        table = QTableWidget(len(with_keys), 2)
        table.setAccessibleName(self.tr("Keyboard shortcuts"))
        table.setTabKeyNavigation(False)
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        native = QKeySequence.SequenceFormat.NativeText
        for row, action in enumerate(with_keys):
            keys = ", ".join(key.toString(native) for key in action.shortcuts())
            table.setItem(row, 0, QTableWidgetItem(action.text().rstrip("…")))
            table.setItem(row, 1, QTableWidgetItem(keys))
        table.resizeColumnToContents(1)
        column = QVBoxLayout(self)
        column.addWidget(table)
        column.addWidget(_close_button(self))


def own_version() -> str:
    """Return the version that set-up installed, or a dash."""
    from importlib.metadata import PackageNotFoundError, version  # slow to import

    try:
        return version("acetate")
    except PackageNotFoundError:
        return "-"


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    return buttons
