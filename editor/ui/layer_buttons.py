"""The buttons below the layer list, and those of the locks above it; layers can be dropped on some.

A layer dropped on "new" is duplicated, on the group's it is grouped, on the bin it is deleted.
"""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from editor.document.adjustment import AdjustmentKind
from editor.ui.drag_drop import layer_ids_from
from editor.ui.icons import set_icon
from editor.ui.section import EDGE

BELOW = ("layer.new", "layer.mask", "layer.group", "layer.duplicate", "layer.delete")
DROPS = {
    "layer.new": "layer.duplicate",
    "layer.group": "layer.group",
    "layer.delete": "layer.delete",
}
LOCKS = ("layer.lock_alpha", "layer.lock_pixels", "layer.lock_position", "layer.lock_all")


class LayerButton(QToolButton):
    """An action's icon; takes layers of our own list where `drops` names what to do with them."""

    dropped = Signal(str, object)  # the action's id, tuple[LayerId, ...]

    def __init__(self, action: QAction, side: int, drops: str = "") -> None:
        """Show an action; `drops` is the id of the one for layers that are dropped here."""
        super().__init__()
        self._drops = drops
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(side, side)
        self.setAccessibleName(action.text())
        self.setAcceptDrops(bool(drops))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up for layers."""
        if layer_ids_from(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.setDown(True)

    def dragLeaveEvent(self, event: object) -> None:
        """Be dark again."""
        self.setDown(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Say which layers were dropped."""
        self.setDown(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(self._drops, layer_ids_from(event.mimeData()))


def buttons_below(actions: Mapping[str, QAction]) -> tuple[QHBoxLayout, list[LayerButton]]:
    """Return the line of buttons below the list, and the buttons."""
    line = QHBoxLayout()
    line.setContentsMargins(EDGE, 2, EDGE - 4, 2)
    line.setSpacing(2)
    line.addStretch(1)
    made = [LayerButton(actions[name], 26, DROPS.get(name, "")) for name in BELOW]
    made.insert(2, _adjusting(actions))
    for button in made:
        line.addWidget(button)
    return line, made


def _adjusting(actions: Mapping[str, QAction]) -> LayerButton:
    """Return the button that offers the kinds of adjustment layers."""
    own = QAction(QCoreApplication.translate("LayerPanel", "New adjustment layer"))
    button = LayerButton(own, 26)
    own.setParent(button)
    set_icon(button, "adjust")
    menu = QMenu(button)
    menu.addActions([actions[f"adjust.{kind}"] for kind in AdjustmentKind])
    button.setMenu(menu)
    button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def lock_buttons(actions: Mapping[str, QAction]) -> list[LayerButton]:
    """Return the buttons of the four locks."""
    return [LayerButton(actions[name], 23) for name in LOCKS]
