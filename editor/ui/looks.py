"""How the canvas shows what is not there, and its pixels: the checkerboard and the pixel grid."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from editor.settings import Settings

COLOURS: Mapping[str, tuple[str, str]] = {
    "light": ("#ffffff", "#cfcfcf"),
    "grey": ("#a6a6a6", "#8a8a8a"),
    "dark": ("#4a4a4a", "#363636"),
}


@dataclass(frozen=True, slots=True)
class Looks:
    """Two colours as "#rrggbb", the side of a square in device-independent pixels, and a zoom."""

    first: str
    second: str
    side: int
    grid_from: float  # device pixels a document pixel, from where each is framed

    @property
    def colours(self) -> tuple[QColor, QColor]:
        """Both colours of the checkerboard as Qt's."""
        return QColor(self.first), QColor(self.second)


def looks_of(settings: Settings) -> Looks:
    """Return what settings ask for."""
    first, second = COLOURS[settings.checkers]
    return Looks(first, second, settings.checker_side, settings.grid_percent / 100)


def apply_looks(looks: Looks) -> None:
    """Have everything painted from now on look so."""
    app = QApplication.instance()
    if app is not None:
        app.setProperty("looks", looks)


def current_looks() -> Looks:
    """Return the looks last applied, or those of a first start."""
    app = QApplication.instance()
    looks = app.property("looks") if app is not None else None
    return looks if isinstance(looks, Looks) else looks_of(Settings())
