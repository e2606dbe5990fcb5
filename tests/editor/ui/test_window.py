import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from editor.document.changes import same
from editor.edits.properties import SetName, SetOpacity
from editor.formats import read
from editor.ui.dialogs.questions import Answer
from editor.ui.drag_drop import LAYERS_MIME, file_stem

RICH = "<b>x</b><img src='a'>"


def test_a_dragged_layer_is_a_png_file_with_alpha(window, opened, build) -> None:
    workspace = opened(build.layer("leaf/green", side=30, at=(-5, 40)))
    workspace.do(SetOpacity(workspace.active, 0.5), "Opacity")
    data = window.pictures.mime_of_layers(workspace.selected)
    (url,) = data.urls()
    path = Path(url.toLocalFile())
    assert path.name == "leaf green.png"
    for source in (path, io.BytesIO(bytes(data.data("image/png").data()))):
        with Image.open(source) as image:
            assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (30, 30))
            assert image.getpixel((3, 3)) == (200, 30, 30, 128)
    picture = QImage(data.imageData())
    assert picture.hasAlphaChannel()
    assert picture.pixelColor(3, 3).alpha() == 128
    assert bytes(data.data(LAYERS_MIME).data()).decode() == workspace.active
    window.folder.close()
    assert not path.exists()


def test_names_of_files_are_harmless() -> None:
    assert file_stem("../../etc/passwd") == "etc passwd"
    assert file_stem("a:b*c?") == "a b c"
    assert file_stem(" \t") == "layer"
    assert len(file_stem("x" * 500)) <= 80


def test_foreign_text_is_shown_as_it_is(window, opened, build, tmp_path) -> None:
    workspace = opened(build.layer(RICH))
    workspace.path = tmp_path / "b.psd"
    window.messages.fail(RICH)
    window.recipe_panel.set_note(RICH)
    labels = window.findChildren(QLabel)
    assert len(labels) > 10
    for label in labels:
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text(), label.text()
    assert window.messages.label.text() == RICH
    index = window.layer_panel.model.index(0, 0)
    assert index.data() == RICH
    # A row with tags is painted as wide as its letters, tags and all.
    view = window.layer_panel.view
    with_tags = view.grab().toImage()
    workspace.do(SetName(workspace.active, "x"), "R")
    assert view.grab().toImage() != with_tags


def test_saving_and_opening_again(window, opened, build, tmp_path, qtbot) -> None:
    workspace = opened(build.layer("a"), build.group("g", build.layer("b")))
    path = tmp_path / "poster.acetate"
    with qtbot.waitSignal(window.files.saved, timeout=20000):
        window.files.save(workspace, path)
    assert not workspace.is_modified
    assert window.tabs.bar.tabText(0) == "poster.acetate"
    assert same(read(path).document, workspace.document)
    assert json.loads((tmp_path / "settings" / "recent.json").read_text()) == [str(path)]
    document = workspace.document
    window.close_workspace(workspace)
    with qtbot.waitSignal(window.files.opened, timeout=20000):
        window.files.open([path])
    assert same(window.desk.document, document)


def test_a_file_that_would_lose_layers_asks_first(
    window, opened, build, tmp_path, qtbot, monkeypatch
) -> None:
    workspace = opened(build.layer("a"), build.layer("b"))
    path = tmp_path / "flat.png"
    path.write_bytes(b"what was there")
    asked = []

    def answer(parent: object, name: str, losses: tuple[str, ...]) -> Answer:
        asked.append(losses)
        return Answer.CANCEL if len(asked) == 1 else Answer.YES

    monkeypatch.setattr("editor.ui.file_actions.ask_lossy", answer)
    window.files.save(workspace, path)
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=20000)
    assert path.read_bytes() == b"what was there"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".acetate")] == []
    with qtbot.waitSignal(window.files.saved, timeout=20000):
        window.files.save(workspace, path)
    with Image.open(path) as image:
        assert image.size == (300, 200)


def test_a_target_that_cannot_be_written_is_said(window, opened, build, tmp_path, qtbot) -> None:
    workspace = opened(build.layer("a"))
    window.files.save(workspace, tmp_path / "missing" / "a.acetate")
    qtbot.waitUntil(lambda: bool(window.messages.text), timeout=20000)
    assert workspace.is_modified is False or workspace.path is None


def test_export_psd(window, opened, build, tmp_path, qtbot) -> None:
    workspace = opened(build.layer("a"), build.group("g", build.layer("b")))
    path = tmp_path / "out.psd"
    window.files.export(workspace.document, path)
    qtbot.waitUntil(lambda: "Exported" in window.messages.text, timeout=20000)
    assert build.tree(read(path).document.layers) == [("g", ["b"]), "a"]
    assert workspace.path is None


@pytest.mark.parametrize(("answer", "stays"), [(Answer.CANCEL, True), (Answer.NO, False)])
def test_closing_asks_where_something_changed(
    window, opened, build, monkeypatch, answer, stays
) -> None:
    workspace = opened(build.layer("a"))
    window.actions_by_id["layer.new"].trigger()
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: answer)
    window.close_workspace(workspace)
    assert (workspace in window.desk.workspaces) is stays
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: Answer.NO)


def test_closing_with_save_writes_then_closes(
    window, opened, build, tmp_path, monkeypatch, qtbot
) -> None:
    workspace = opened(build.layer("a"))
    workspace.path = tmp_path / "a.acetate"
    window.actions_by_id["layer.new"].trigger()
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: Answer.YES)
    with qtbot.waitSignal(window.desk.closed, timeout=20000):
        window.close_workspace(workspace)
    assert build.tree(read(tmp_path / "a.acetate").document.layers) == ["Layer 1", "a"]


def test_tabs_switch_documents(window, opened, build) -> None:
    first, second = opened(build.layer("a")), opened(build.layer("b"))
    assert window.desk.front is second
    window.tabs.bar.setCurrentIndex(0)
    assert window.desk.front is first
    assert window.canvas is not None
    assert window.canvas.workspace is first
    assert window.layer_panel.model.index(0, 0).data() == "a"
    window.close_workspace(first)
    assert window.desk.front is second
    assert window.tabs.bar.count() == 1


def test_history_jumps(window, opened, build) -> None:
    workspace = opened(build.layer("a"))
    for _ in range(3):
        window.actions_by_id["layer.new"].trigger()
    listed = window.history_panel.list
    listed.clicked.emit(listed.model().index(1, 0))
    assert build.tree(workspace.document.layers) == ["Layer 1", "a"]
    assert workspace.history.can_redo


def test_copy_and_paste_keep_alpha(window, opened, build, qtbot) -> None:
    workspace = opened(build.layer("a", side=20))
    pixels = workspace.document.layers[0].pixels
    window.actions_by_id["edit.copy"].trigger()
    window.actions_by_id["edit.paste"].trigger()
    qtbot.waitUntil(lambda: len(workspace.document.layers) == 2, timeout=5000)
    pasted = workspace.document.layers[1].pixels
    assert np.array_equal(pasted.read(pasted.content), pixels.read(pixels.content))


def test_quitting_closes_nothing_until_all_may_go(window, opened, build, monkeypatch) -> None:
    first, second = opened(build.layer("a")), opened(build.layer("b"))
    for workspace in (first, second):
        window.desk.show(workspace)
        window.actions_by_id["layer.new"].trigger()
    answers = {first: Answer.NO, second: Answer.CANCEL}
    monkeypatch.setattr(
        "editor.ui.window.ask_unsaved", lambda parent, name: answers[window.desk.front]
    )
    assert not window.close()
    assert window.desk.workspaces == (first, second)
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: Answer.NO)


def test_quitting_with_save_quits_after_it(
    window, opened, build, tmp_path, monkeypatch, qtbot
) -> None:
    workspace = opened(build.layer("a"))
    workspace.path = tmp_path / "a.acetate"
    window.actions_by_id["layer.new"].trigger()
    monkeypatch.setattr("editor.ui.window.ask_unsaved", lambda parent, name: Answer.YES)
    assert not window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20000)
    assert build.tree(read(tmp_path / "a.acetate").document.layers) == ["Layer 1", "a"]
