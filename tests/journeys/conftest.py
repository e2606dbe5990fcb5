"""A window with drawn shapes instead of a model."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from editor.ui.dialogs import questions
from editor.ui.preferences import Preferences
from editor.ui.recent import Recent
from editor.ui.theme import apply_theme, load_theme
from editor.ui.window import Window
from generator.client import GeneratorClient
from generator.models.store import models
from generator.thread import GeneratorThread


@pytest.fixture(scope="session")
def dark(qapp: QApplication) -> None:
    """The theme, once: it styles every widget there is."""
    apply_theme(qapp, load_theme("dark"))


@pytest.fixture
def window(
    qtbot: QtBot, dark: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    # Widgets are closed before fixtures end: nobody is there to answer.
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: questions.Answer.NO)
    client = GeneratorClient("fake", log_file=tmp_path / "generator.log")
    made = Window(Recent(tmp_path / "recent.json"), Preferences(tmp_path / "settings.json"))
    made.start_generation(GeneratorThread(client))
    made.resize(1200, 800)
    qtbot.addWidget(made)
    made.area.setFocus()
    made.show()
    made.models.show(models())
    yield made
    made.close()
