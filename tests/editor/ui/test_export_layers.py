"""Layers as files of their own: one each, none replaced, empty ones left out."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot


def test_each_layer_that_is_shown_is_a_file(
    window, opened, build, qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    (tmp_path / "a.png").write_bytes(b"mine")
    workspace = opened(build.layer("a"), build.layer("a/b"), build.group("g", build.layer("c")))
    window.actions_by_id["layer.new"].trigger()
    window.actions_by_id["file.export_layers"].trigger()
    qtbot.waitUntil(lambda: "Exported 3 layers" in window.messages.text)
    assert {each.name for each in tmp_path.glob("*.png")} == {
        "a.png", "a 2.png", "a b.png", "g.png",
    }  # fmt: skip
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    with Image.open(tmp_path / "g.png") as image:
        assert image.size == (40, 40)
        assert np.all(np.asarray(image) == (200, 30, 30, 255))
    workspace.select(build.ids("a/b c", workspace))
    window.actions_by_id["file.export_layers"].trigger()
    qtbot.waitUntil(lambda: "Exported 2 layers" in window.messages.text)
    assert (tmp_path / "c.png").exists()


def test_nothing_to_write_says_so(
    window, opened, build, qtbot: QtBot, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    workspace = opened(build.layer("a"))
    window.actions_by_id["select.all"].trigger()
    window.actions_by_id["edit.clear"].trigger()
    assert workspace.document.layers[0].rect.is_empty
    window.actions_by_id["file.export_layers"].trigger()
    qtbot.waitUntil(lambda: "empty" in window.messages.text)
    assert list(tmp_path.glob("*.png")) == []
