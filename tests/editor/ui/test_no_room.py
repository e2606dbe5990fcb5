"""A full disk, a broken file: one sentence, the old file whole and the work still there."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

FULL = OSError(errno.ENOSPC, "No space left on device")


def fail(*_args: object, **_kwargs: object) -> object:
    raise FULL


@pytest.fixture
def workspace(opened, build):
    return opened(build.layer("leaf"))


@pytest.fixture
def save(window, workspace, qtbot) -> Callable[[Path], str]:
    """Save and return what is said."""

    def save_(path: Path) -> str:
        window.files.save(workspace, path)
        qtbot.waitUntil(lambda: not window.files.is_busy, timeout=20000)
        return window.messages.text

    return save_


@pytest.mark.parametrize("name", ["a.acetate", "a.psd", "a.png"])
def test_a_full_disk_is_one_sentence(save, workspace, tmp_path, monkeypatch, name) -> None:
    path = tmp_path / "folder" / name
    path.parent.mkdir()
    save(path)
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", fail)
    workspace.path = None
    said = save(path)
    assert said == f"The disk is full: {name} was not written."
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [name]
    assert workspace.path is None
    assert workspace.document.layers


def test_a_folder_that_is_gone_is_one_sentence(save, workspace, tmp_path) -> None:
    assert save(tmp_path / "gone" / "a.acetate") == f"There is no folder {tmp_path / 'gone'}."
    assert workspace.document.layers


def test_a_dropped_file_that_is_broken_is_one_sentence(window, qtbot, tmp_path) -> None:
    sentences = []
    for name, content in (
        ("empty.psd", b""),
        ("cut.psd", b"8BPS\0\1" + b"\0" * 6 + b"\0\4\0\0\1\0\0\0\1\0\0\10\0\3"),
        (
            "huge.psd",
            b"8BPS\0\1" + b"\0" * 6 + b"\0\4\0\4\x93\xe0\0\4\x93\xe0\0\10\0\3" + b"\0" * 400,
        ),
    ):
        (tmp_path / name).write_bytes(content)
        window.files.open([tmp_path / name])
        qtbot.waitUntil(lambda: not window.files.is_busy, timeout=20000)
        sentences.append(window.messages.text)
    assert sentences == [
        "empty.psd is empty.",
        "cut.psd is damaged or incomplete, so it was not opened.",
        "huge.psd is too large to open: 300000 x 300000 pixels.",
    ]
    assert window.desk.front is None


@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_drag_without_room_for_its_file_is_still_a_picture(
    window, workspace, monkeypatch, what
) -> None:
    if what == "folder":
        monkeypatch.setattr("editor.ui.drag_drop.TemporaryDirectory", fail)
    else:
        monkeypatch.setattr(Path, "write_bytes", fail)
    offer = window.pictures.mime_of_layers(workspace.selected)
    assert offer.urls() == []
    assert not offer.data("image/png").isEmpty()
    assert offer.hasFormat("application/x-acetate-layers")
