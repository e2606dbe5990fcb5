"""Every dialog there is, found in the tree, each made with what it needs: none can be forgotten."""

import pkgutil
from collections.abc import Callable
from importlib import import_module

from PySide6.QtWidgets import QDialog

import editor.ui.dialogs as room
from editor.document.layer import PixelLayer
from editor.tools.tool import Target
from editor.ui.action_table import ACTIONS
from editor.ui.dialogs.about import AboutDialog, KeysDialog
from editor.ui.dialogs.canvas_size import CanvasSizeDialog
from editor.ui.dialogs.filter import FilterDialog
from editor.ui.dialogs.image_size import ImageSizeDialog
from editor.ui.dialogs.models import ModelsDialog
from editor.ui.dialogs.new_document import NewDocumentDialog
from editor.ui.dialogs.number import NumberDialog
from editor.ui.dialogs.settings import SettingsDialog
from editor.ui.window import Window


def filtering(window: Window, action: str) -> QDialog:
    """The dialog that a filter of the menu opens."""
    front = window.desk.front
    pixels = next(each for each in front.document.walk() if isinstance(each, PixelLayer))
    front.select((pixels.id,))
    front.set_target(Target.PIXELS)
    next(row for row in ACTIONS if row.id == action).handler(window)
    return window.findChildren(FilterDialog)[-1]


MADE: dict[str, tuple[type[QDialog], Callable[[Window], QDialog]]] = {
    "about": (AboutDialog, AboutDialog),
    "keys": (KeysDialog, lambda window: KeysDialog(window.actions_by_id, window)),
    "canvas size": (
        CanvasSizeDialog,
        lambda window: CanvasSizeDialog(window.desk.document.size, window),
    ),
    "image size": (
        ImageSizeDialog,
        lambda window: ImageSizeDialog(window.desk.document.size, 300.0, window),
    ),
    "models": (ModelsDialog, lambda window: ModelsDialog(window.fetcher, window)),
    "new": (NewDocumentDialog, NewDocumentDialog),
    "number": (NumberDialog, lambda window: NumberDialog("", window.tr("Pixels"), 4, window)),
    "settings": (SettingsDialog, SettingsDialog),
    **{
        action: (FilterDialog, lambda window, action=action: filtering(window, action))
        for action in ("filter.blur", "filter.sharpen", "filter.defringe")
    },
}


def classes() -> set[type[QDialog]]:
    """Every kind of dialog in the room of dialogs."""
    modules = [
        import_module(f"{room.__name__}.{found.name}")
        for found in pkgutil.iter_modules(room.__path__)
    ]
    return {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, QDialog)
        and each.__module__ == module.__name__
    }
