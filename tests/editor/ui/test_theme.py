"""Both themes can be read, and are neutral."""

import re

import pytest
from PySide6.QtGui import QColor

from editor.ui.theme import RESOURCES, Theme, load_theme

THEMES = ("dark", "light")
GROUNDS = ("surround", "panel", "raised", "field", "hover", "row_selected")
TEXTS = ("text", "quiet", "strong")


def luminance(colour: QColor) -> float:
    """Relative luminance as the Web Content Accessibility Guidelines 2 define it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


def test_the_measure_is_right() -> None:
    assert contrast(QColor("#000"), QColor("#fff")) == pytest.approx(21)
    assert contrast(QColor("#777"), QColor("#fff")) == pytest.approx(4.48, abs=0.01)


PAIRS = [
    *((text, ground) for text in ("text", "strong") for ground in GROUNDS),
    *(("quiet", ground) for ground in ("panel", "raised", "field")),
    ("on_accent", "accent"),
    ("strong", "chip"),
    ("accent_text", "panel"),
    ("accent_text", "raised"),
    ("accent_text", "surround"),
    ("stale_text", "panel"),
    ("stale_text", "raised"),
    ("ready", "raised"),
    ("loss", "panel"),
]


@pytest.mark.parametrize(("text", "ground"), PAIRS, ids=lambda name: name)
def test_text_can_be_read(theme: Theme, text: str, ground: str) -> None:
    assert contrast(theme.color(text), theme.color(ground)) >= 4.5


@pytest.mark.parametrize("ground", ["panel", "raised", "surround", "field"])
def test_rings_and_signs_are_seen(theme: Theme, ground: str) -> None:
    assert contrast(theme.color("focus"), theme.color(ground)) >= 3


def test_grounds_have_no_tint(theme: Theme) -> None:
    for name in ("surround", "panel", "raised", "field", "line", "field_line", "hover", "text",
                 "quiet", "disabled", "strong"):  # fmt: skip
        assert theme.color(name).saturation() == 0, name


def test_the_style_sheet_names_tokens_and_no_colours() -> None:
    text = (RESOURCES / "themes" / "window.qss").read_text(encoding="utf-8")
    assert re.findall(r"(?:colou?r|background)[^;]*#[0-9a-fA-F]{3,8}", text) == []
    named = set(re.findall(r"\$(\w+)", text)) - {"down_arrow", "check"}
    assert named <= set(Theme.__dataclass_fields__)
