"""A window with drawn shapes instead of a model, and documents to put into it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from editor.document.document import Document
from editor.document.geometry import Point, Size
from editor.document.layer import Group, Layer, LayerId, PixelLayer, new_layer_id
from editor.document.pixels import Pixels
from editor.ui.dialogs import questions
from editor.ui.preferences import Preferences
from editor.ui.recent import Recent
from editor.ui.theme import apply_theme, load_theme
from editor.ui.whole_errors import keep_errors_whole
from editor.ui.window import Window
from editor.workspace import Workspace
from generator.client import GeneratorClient
from generator.models.store import models
from generator.thread import GeneratorThread

keep_errors_whole()  # as in the program, before the first widget


def layer(name: str, side: int = 40, at: tuple[int, int] = (10, 10)) -> PixelLayer:
    """A red square at a place."""
    pixels = np.full((side, side, 4), (200, 30, 30, 255), np.uint8)
    return PixelLayer(
        id=new_layer_id(), name=name, pixels=Pixels.from_array(pixels), offset=Point(*at)
    )


def group(name: str, *children: Layer) -> Group:
    return Group(id=new_layer_id(), name=name, children=children)


def document(*layers: Layer, size: tuple[int, int] = (300, 200)) -> Document:
    return Document(size=Size(*size), layers=layers)


def ids(names: str, workspace: Workspace) -> tuple[LayerId, ...]:
    """The ids of the layers of those names, which are separated by blanks."""
    found = {each.name: each.id for each in workspace.document.walk()}
    return tuple(found[name] for name in names.split())


def tree(layers: tuple[Layer, ...]) -> list[object]:
    """Names, top first; a group as (name, its tree)."""
    return [
        (each.name, tree(each.children)) if isinstance(each, Group) else each.name
        for each in reversed(layers)
    ]


@pytest.fixture
def build() -> SimpleNamespace:
    """What tests make documents with."""
    return SimpleNamespace(layer=layer, group=group, document=document, ids=ids, tree=tree)


@pytest.fixture(scope="session")
def dark(qapp: QApplication) -> Iterator[None]:
    """The theme, once: it styles every widget there is."""
    apply_theme(qapp, load_theme("dark"))
    yield
    # WORKAROUND PySide6 6.12: offscreen, Qt deletes what is on the clipboard when the process has
    # no interpreter any more, and the process dies of that.
    qapp.clipboard().clear()


@pytest.fixture
def window(
    qtbot: QtBot, dark: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    # Widgets are closed before fixtures end: nobody is there to answer.
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: questions.Answer.NO)
    client = GeneratorClient("fake", log_file=tmp_path / "generator.log")
    folder = tmp_path / "settings"
    made = Window(Recent(folder / "recent.json"), Preferences(folder / "settings.json"))
    made.start_generation(GeneratorThread(client))
    made.resize(1200, 800)
    qtbot.addWidget(made)
    made.area.setFocus()
    made.show()
    made.models.show(models())
    yield made
    made.close()


@pytest.fixture
def opened(window: Window) -> Callable[..., Workspace]:
    """Open a document of layers in the window."""

    def open_(*layers: Layer, size: tuple[int, int] = (300, 200)) -> Workspace:
        workspace = Workspace(document(*layers, size=size))
        window.desk.open(workspace)
        return workspace

    return open_
