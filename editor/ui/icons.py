"""Our SVG icons in a colour of the theme, drawn sharp at the device's pixel ratio."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from editor.ui.theme import RESOURCES, Theme, current_theme


def icon(name: str, size: int = 18) -> QIcon:
    """Return an icon for a button: text colour, greyed when disabled, white when checked."""
    ratios = frozenset(screen.devicePixelRatio() for screen in QGuiApplication.screens())
    return _icon(name, size, current_theme(), ratios)


def set_icon(button: QAbstractButton, name: str, size: int = 18) -> None:
    """Give a button an icon that `refresh_icons` paints again in another theme's colours."""
    button.setProperty("icon_name", name)
    button.setProperty("icon_size", size)
    button.setIcon(icon(name, size))


def refresh_icons(window: QWidget) -> None:
    """Paint the icons of all buttons in the colours of the theme of now."""
    for button in window.findChildren(QAbstractButton):
        name = button.property("icon_name")
        if name:
            button.setIcon(icon(name, int(button.property("icon_size"))))


def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """Draw an icon of `size` device-independent pixels; an unknown name raises OSError."""
    return _pixmap(name, size, colour, ratio)


@cache
def _icon(name: str, size: int, theme: Theme, ratios: frozenset[float]) -> QIcon:
    """Draw an icon for the screens there are; another one gets the nearest of these scaled."""
    result = QIcon()
    for ratio in ratios:
        for mode, state, colour in (
            (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
            (QIcon.Mode.Normal, QIcon.State.On, theme.on_accent),
            (QIcon.Mode.Disabled, QIcon.State.Off, theme.disabled),
        ):
            result.addPixmap(_pixmap(name, size, colour, ratio), mode, state)
    return result


@cache
def _pixmap(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
    result = QPixmap(round(size * ratio), round(size * ratio))
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return result


@cache
def _svg(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")
