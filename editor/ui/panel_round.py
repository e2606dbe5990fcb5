"""Going from panel to panel by keys: a round of what is on the screen, the canvas among it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:  # the window owns its actions
    from editor.ui.window import Window


def next_panel(window: "Window") -> None:
    """Give the focus to the next panel."""
    _step(window, 1)


def last_panel(window: "Window") -> None:
    """Give the focus to the panel before."""
    _step(window, -1)


def panels(window: "Window") -> tuple[QWidget, ...]:
    """Return the panels of a window in the order of the round, hidden ones too."""
    found = (
        window.area.canvas or window.welcome,
        window.prompt,
        window.messages,
        window.tool_bar,
        window.options,
        window.tabs,
        window.layer_panel,
        window.recipe_panel,
        window.adjustment_panel,
        window.queue_panel,
        window.history_panel,
        window.status,
    )
    return tuple(panel for panel in found if panel is not None)


def first_reached(panel: QWidget) -> QWidget | None:
    """Return what the keyboard reaches first in a panel, None where it reaches nothing.

    Not by `nextInFocusChain`: PySide keeps what that returns alive as long as the widget before it
    lives, and so a closed document's canvas.
    """
    return next(filter(_is_reached, (panel, *panel.findChildren(QWidget))), None)


def _step(window: "Window", by: int) -> None:
    there = [panel for panel in panels(window) if first_reached(panel) is not None]
    focus = QApplication.focusWidget()
    at = next(
        (index for index, each in enumerate(there) if _holds(each, focus)), -1 if by > 0 else 0
    )
    target = first_reached(there[(at + by) % len(there)]) if there else None
    if target is not None:
        target.setFocus(Qt.FocusReason.TabFocusReason)


def _holds(panel: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (panel is widget or panel.isAncestorOf(widget))


def _is_reached(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
