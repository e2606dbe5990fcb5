"""A language that brackets every text and makes it 40 % longer shows what is not translated."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QFontComboBox,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTabBar,
    QTableView,
    QToolButton,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.editor.ui.every_dialog import MADE

BEGIN, END = "⟦", "⟧"
LONGER = 0.4
BEARING = 2  # what letters may stand over their advance
# What is not words of a language: names, units, numbers, what the user or a file says
NOT_WORDS = re.compile(
    r"Acetate|Photoshop|Pocket|Stable Diffusion|SDXL|XL|SD"
    r"|/\S+|Ctrl|Shift|Alt|Return|Enter|Ins|Del|Backspace|Esc|Tab|F\d+"
    r"|sRGB|RGB|RGBA|ppi|px|pt|MB|GB|PNG|LoRA|MiB|Apache License|Inter"
    r"|Layer 1|New\b|Beach|Up|Down|Left|Right|[XYWHRGBA]\b"
)


class Pseudo(QTranslator):
    """Brackets and lengthens whatever it is asked for."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return f"{BEGIN}{text}{'~' * max(1, round(len(text) * LONGER) - 2)}{END}"

    def isEmpty(self) -> bool:  # noqa: N802  # Qt's name
        return False


@pytest.fixture(scope="module", autouse=True)
def _pseudo(qapp: QApplication) -> Iterator[None]:
    translator = Pseudo()
    assert qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def untranslated(text: str) -> str:
    """What of a text stands outside the brackets and is words."""
    depth, rest = 0, []
    for letter in text:
        depth += letter == BEGIN
        if depth == 0:
            rest.append(letter)
        depth -= letter == END
    return " ".join(re.findall(r"[^\W\d_]{2,}", NOT_WORDS.sub(" ", "".join(rest))))


def texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a widget shows or says, with what it is."""
    yield "window title", widget.windowTitle()
    yield "tooltip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield "text", widget.text()
    if isinstance(widget, QLineEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QSpinBox):
        yield "suffix", widget.suffix()
        yield "special value", widget.specialValueText()
    if isinstance(widget, QComboBox) and not isinstance(widget, QFontComboBox):
        yield from (("item", widget.itemText(at)) for at in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(at)) for at in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and not isinstance(widget.parent(), QComboBox):
        yield from (("row", text) for text in rows(widget))


def rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if isinstance(view, QTableView):
        for row in range(model.rowCount()):
            yield from (str(model.index(row, column).data() or "") for column in (0, 1))
        return
    if isinstance(view.parent().parent(), QFontComboBox):
        return
    if model is None or type(view).__name__ in ("LayerView", "QComboBoxListView"):
        return
    for row in range(model.rowCount(QModelIndex())):
        for column in range(view.header().count() if isinstance(view, QTreeView) else 1):
            yield str(model.index(row, column).data() or "")


def found_in(top: QWidget) -> set[tuple[str, str, str]]:
    """What is not translated in a window, as (widget, what, text)."""
    found = set()
    for widget in (top, *top.findChildren(QWidget)):
        if type(widget).__name__ in FOREIGN:
            continue
        for what, text in texts(widget):
            if untranslated(text):
                found.add((type(widget).__name__, what, text))
    for action in top.findChildren(QAction):
        if untranslated(action.text()) and not isinstance(action.parent(), QLineEdit):
            found.add(("QAction", "text", action.text()))
    return found


FOREIGN = {"QComboBoxPrivateContainer", "QComboBoxListView", "QFontComboBox", "QColorDialog"}


def clipped(top: QWidget) -> set[tuple[str, str, int, int]]:
    """Visible texts that are wider than the widget they are in."""
    found = set()
    for widget in top.findChildren(QWidget):
        if not widget.isVisible() or type(widget).__name__ in FOREIGN:
            continue
        needs = needed_width(widget)
        if needs > widget.width() + BEARING and widget.width() > 0:
            found.add((type(widget).__name__, widget.text(), needs, widget.width()))
    return found


def needed_width(widget: QWidget) -> int:
    """How wide a widget must be for its text; 0 for what wraps, is elided or has none."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel) and not widget.wordWrap():
        lines = widget.text().splitlines() or [""]
        return max(metrics.tightBoundingRect(line).width() for line in lines)
    if isinstance(widget, QCheckBox) and widget.text():
        return metrics.horizontalAdvance(widget.text()) + 20
    if isinstance(widget, QToolButton):
        icon_only = widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        if icon_only and not widget.icon().isNull():
            return 0
    if isinstance(widget, QAbstractButton):
        return metrics.horizontalAdvance(widget.text().replace("&", ""))
    return 0


@pytest.fixture
def full(window, opened, build, qtbot: QtBot):
    """A window with a document, everything unfolded."""
    opened(build.layer("Beach"))
    window.resize(1600, 1000)
    for name in ("layer.new", "select.all", "layer.mask"):
        window.actions_by_id[name].trigger()
    window.prompt._more.click()
    window.status.show_colour((1, 2, 3, 4))
    window.status.show_progress(True, None)
    qtbot.wait(20)
    return window


def test_the_pseudo_language_is_spoken() -> None:
    said = QCoreApplication.translate("Any", "Words here")
    assert said.startswith(BEGIN)
    assert len(said) >= 1.4 * len("Words here")
    assert untranslated(f"{said} px, Ctrl+A") == ""
    assert untranslated(f"{said} more") == "more"


def test_all_texts_of_the_window_are_translated(full) -> None:
    assert found_in(full) == set()


def test_options_of_every_tool_are_translated_and_fit(full, qtbot: QtBot) -> None:
    for tool in full.tools.tools:
        full.tools.choose(tool)
        qtbot.wait(5)
        assert found_in(full.options) == set(), tool


def test_no_text_of_the_window_is_clipped(full) -> None:
    assert clipped(full) == set()


def test_menus_are_translated(full) -> None:
    menus = [action.menu() for action in full.menuBar().actions()]
    while menus:
        menu = menus.pop()
        for action in menu.actions():
            assert not untranslated(action.text()), action.text()
            if action.menu() is not None:
                menus.append(action.menu())


def test_steps_of_history_are_translated(full, build) -> None:
    for name in ASKLESS:
        action = full.actions_by_id[name]
        if action.isEnabled():
            action.trigger()
    for step in full.desk.front.history.steps[1:]:
        assert not untranslated(step.label), step.label


ASKLESS = (
    "layer.duplicate", "layer.lock_alpha", "layer.lock_alpha", "layer.up", "layer.down",
    "layer.group",
    "layer.ungroup", "layer.clip", "edit.fill_foreground", "edit.clear", "select.invert",
    "select.none", "select.again", "image.invert", "layer.stamp", "layer.merge_down", "mask.invert",
    "mask.apply", "image.fit_layers", "opacity.40", "layer.flatten", "layer.delete", "edit.paste",
)  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_dialogs_are_translated_and_not_clipped(full, qtbot: QtBot, name: str) -> None:
    dialog = MADE[name][1](full)
    dialog.show()
    pages = dialog.stack.count() if hasattr(dialog, "stack") else 1
    for page in range(pages):
        if pages > 1:
            dialog.pages.setCurrentRow(page)
        qtbot.wait(30)
        assert found_in(dialog) == set()
        assert clipped(dialog) == set()
    dialog.close()


def test_questions_are_translated(full, monkeypatch) -> None:
    from PySide6.QtWidgets import QMessageBox

    from editor.ui.dialogs import questions

    seen = []

    def look(box: QMessageBox) -> None:
        seen.append(found_in(box))
        box.done(0)

    monkeypatch.setattr(QMessageBox, "exec", look)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: None)
    questions.ask_unsaved(full, "Beach")
    questions.ask_lossy(full, "Beach", ())
    questions.ask_default_settings(full)
    questions.ask_reset_keys(full, "Beach")
    assert seen == [set()] * 4


def test_the_finder_is_translated(full, qtbot: QtBot) -> None:
    from editor.ui.action_finder import ActionFinder
    from editor.ui.finder_row import PLACE, WHY_NOT

    finder = ActionFinder(full, full.actions_by_id)
    finder.open(full.desk)
    model = finder.list.model()
    for row in range(model.rowCount()):
        for role in (Qt.ItemDataRole.DisplayRole, PLACE, WHY_NOT):
            text = str(model.index(row, 0).data(role))
            assert not untranslated(text), text


def test_sentences_of_the_core_are_translated(full) -> None:
    from editor.document.layer import BlendMode
    from editor.edits.properties import SetBlendMode

    assert not full.desk.do(SetBlendMode(full.desk.front.active, BlendMode.PASS_THROUGH), "Mode")
    assert full.messages.text.startswith(BEGIN)
    assert not untranslated(full.messages.text)
    assert "{" not in full.messages.text


def test_names_and_numbers_in_a_sentence_stay() -> None:
    from editor.ui.words import spoken

    for sentence in ("“A {0} b” has 12 pixels of 1.5.", "50 % of {x} is “”.", "Plain."):
        said = spoken(sentence)
        assert said.strip(f"{BEGIN}{END}~") == sentence


def test_lines_of_layers_are_translated(full) -> None:
    from editor.ui.words import layer_line

    for layer in full.desk.document.walk():
        line = layer_line(layer)
        assert not untranslated(line), line
