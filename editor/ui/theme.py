"""Colours, fonts and the style sheet; every colour on screen comes from a palette here.

The values stand in `resources/themes/`, one file a theme and one style sheet for all.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FONT_SIZE = 12
FONTS = ("Inter", "Inter Variable")  # the system's own font where neither is there


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens of one theme, each a colour as "#rrggbb"."""

    name: str
    surround: str
    panel: str
    raised: str
    field: str
    field_line: str
    line: str
    text: str
    quiet: str
    disabled: str
    strong: str
    accent: str
    on_accent: str
    accent_text: str
    row_selected: str
    chip: str
    hover: str
    focus: str
    stale: str
    stale_text: str  # the same where it is read
    ready: str
    loss: str

    def color(self, token: str) -> QColor:
        """Return a token as Qt's colour; a wrong name raises AttributeError."""
        return QColor(getattr(self, token))


def load_theme(name: str) -> Theme:
    """Read "dark" or "light"."""
    text = (RESOURCES / "themes" / f"{name}.json").read_text(encoding="utf-8")
    return Theme(name=name, **json.loads(text))


def preferred_theme(app: QApplication) -> str:
    """Return what the system asks for; dark where it asks for nothing."""
    light = app.styleHints().colorScheme() is Qt.ColorScheme.Light
    return "light" if light else "dark"


def use_theme(app: QApplication, choice: str) -> None:
    """Apply "dark" or "light", or for "system" what the system asks for now."""
    if choice != "system":
        apply_theme(app, load_theme(choice))
        return
    app.styleHints().unsetColorScheme()  # else it says what we told it
    _dress(app, load_theme(preferred_theme(app)))


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application the theme's palette, font and style sheet."""
    _dress(app, theme)
    dark = theme.name == "dark"
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)


def _dress(app: QApplication, theme: Theme) -> None:
    app.setProperty("theme", theme)  # first: what follows tells widgets to look at it
    app.setStyle("Fusion")
    app.setFont(_font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))


def current_theme() -> Theme:
    """Return the theme last applied, or the dark one before that."""
    app = QApplication.instance()
    theme = app.property("theme") if app is not None else None
    return theme if isinstance(theme, Theme) else load_theme("dark")


def set_role(widget: QWidget, role: str) -> None:
    """Give a label one of the style sheet's roles, also after it has been shown."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _font() -> QFont:
    families = set(QFontDatabase.families())
    font = QFont(next((name for name in FONTS if name in families), QApplication.font().family()))
    font.setPixelSize(FONT_SIZE)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette(theme.color("raised"), theme.color("panel"))
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    colours = {
        role.Window: "panel",
        role.Base: "field",
        role.AlternateBase: "panel",
        role.Button: "raised",
        role.WindowText: "text",
        role.Text: "text",
        role.ButtonText: "text",
        role.PlaceholderText: "quiet",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Link: "accent_text",
    }
    for each, token in colours.items():
        palette.setColor(each, theme.color(token))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, each, theme.color("disabled"))
    return palette


def _style_sheet(theme: Theme) -> str:
    tokens = {name: getattr(theme, name) for name in Theme.__dataclass_fields__}
    icons = RESOURCES / "icons"
    tokens["down_arrow"] = (icons / f"down_{theme.name}.svg").as_posix()
    tokens["check"] = (icons / "check_on_accent.svg").as_posix()
    text = (RESOURCES / "themes" / "window.qss").read_text(encoding="utf-8")
    return Template(text).substitute(tokens)
