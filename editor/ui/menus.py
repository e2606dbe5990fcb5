"""Menus built from the table of actions: the bar's, and that of a row of the layer list."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from editor.ui.action import Action
from editor.ui.action_table import ACTIONS, LINE_BEFORE, MENUS, words

TOOL = QT_TRANSLATE_NOOP("Menus", "Tool")
KEY = QT_TRANSLATE_NOOP("Menus", "Key")

GENERATING = (  # what the menu of a layer's row has beside the Layer menu
    "generate.again", "generate.vary", "generate.repaint", "generate.upscale_2",
    "generate.upscale_4", "generate.extract", "generate.shadow", "generate.refresh",
)  # fmt: skip


def fill_menu_bar(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """Add every menu in the table's order; a menu inside another stands where its rows do."""
    for name in MENUS:
        if "/" not in name:
            menu = bar.addMenu(words(MENUS[name]))
            menu.setObjectName(f"menu.{name}")
            fill_menu(menu, name, actions)


def add_recent(bar: QMenuBar, recent: QMenu, before: QAction) -> None:
    """Put the menu of recent files under Open, which stands before the line of another action."""
    menu = bar.findChild(QMenu, "menu.file")
    assert isinstance(menu, QMenu)
    rows = menu.actions()
    line = rows[rows.index(before) - 1]
    menu.insertMenu(line, recent)


def fill_menu(menu: QMenu, name: str, actions: Mapping[str, QAction]) -> None:
    """Add the rows of one menu of the table, and the menus in it."""
    inside: dict[str, QMenu] = {}
    for row in ACTIONS:
        if row.menu == name:
            if row.id in LINE_BEFORE:
                menu.addSeparator()
            menu.addAction(actions[row.id])
        elif row.menu.startswith(f"{name}/"):
            if row.menu not in inside:
                if row.menu in LINE_BEFORE:
                    menu.addSeparator()
                inside[row.menu] = menu.addMenu(words(MENUS[row.menu]))
                inside[row.menu].setObjectName(f"menu.{row.menu}")
            if row.id in LINE_BEFORE:
                inside[row.menu].addSeparator()
            inside[row.menu].addAction(actions[row.id])


def place_of(row: Action) -> str:
    """Return the menus an action stands in, the outer one first, or what else it is."""
    if not row.menu:
        text = TOOL if row.id.startswith("tool.") else KEY
        return QCoreApplication.translate("Menus", str(text))
    names = row.menu.split("/")
    paths = ("/".join(names[: depth + 1]) for depth in range(len(names)))
    return " > ".join(words(MENUS[path]) for path in paths)


def fill_layer_menu(menu: QMenu, actions: Mapping[str, QAction]) -> None:
    """Add everything that can be done with a layer."""
    fill_menu(menu, "layer", actions)
    menu.addSeparator()
    for name in GENERATING:
        menu.addAction(actions[name])
