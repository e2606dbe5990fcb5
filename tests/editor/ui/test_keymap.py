"""Keymaps as files: read whole or refused, written whole, conflicts found."""

import json
from pathlib import Path

import pytest

from editor.ui.action_table import ACTIONS
from editor.ui.keymap import (
    DEFAULT,
    SHIPPED,
    Keymap,
    KeymapError,
    find_keymap,
    key_text,
    keymap_names,
    own_copy,
    read_keymap,
    save_keymap,
)

IDS = {row.id for row in ACTIONS}


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.json")), ids=lambda file: file.stem)
def test_what_ships_is_whole_and_without_conflicts(qapp, file: Path) -> None:
    keymap = read_keymap(file)
    assert set(keymap.keys) <= IDS
    assert keymap.conflicts() == {}
    written = json.loads(file.read_text())
    for action, keys in written.items():
        assert keymap.of(action) == tuple(map(key_text, keys)), action


def test_a_keymap_comes_back_as_it_was(tmp_path: Path) -> None:
    keymap = own_copy(find_keymap(DEFAULT, tmp_path), tmp_path).with_keys(
        "edit.undo", ["Ctrl+Alt+U", "F9", "F9"]
    )
    save_keymap(keymap, tmp_path)
    assert find_keymap("my-keys", tmp_path) == keymap
    assert keymap.of("edit.undo") == ("Ctrl+Alt+U", "F9")
    assert keymap.of("no.such") == ()
    assert [each.name for each in tmp_path.iterdir()] == ["my-keys.json"]


def test_copies_take_no_others_name(tmp_path: Path) -> None:
    for name in ("my-keys", "my-keys-2", "my-keys-3"):
        copy = own_copy(find_keymap(DEFAULT, tmp_path), tmp_path)
        assert copy.name == name
        save_keymap(copy, tmp_path)
    assert keymap_names(tmp_path) == (DEFAULT, "my-keys", "my-keys-2", "my-keys-3")
    assert own_copy(copy, tmp_path, DEFAULT).name == f"{DEFAULT}-2"


def test_conflicts_name_all_who_have_the_key() -> None:
    keymap = Keymap("k", {"a": ("X", "Y"), "b": ("Y",), "c": ("Z", "Y")})
    assert keymap.conflicts() == {"Y": ("a", "b", "c")}
    assert keymap.without("Y").conflicts() == {}
    assert keymap.without("Y").of("c") == ("Z",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{", "damaged"),
        ("[]", "no keymap"),
        ('{"edit.undo": "Ctrl+Z"}', "edit.undo"),
        ('{"edit.undo": [3]}', "edit.undo"),
        ('{"edit.undo": ["Ctrl+Nonsense"]}', "Ctrl+Nonsense"),
        ('{"edit.undo": [""]}', "no key"),
    ],
)
def test_what_is_no_keymap_is_refused_whole(tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(KeymapError, match=r"bad\.json") as refused:
        find_keymap("bad", tmp_path)
    assert names in str(refused.value)


def test_a_missing_one_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeymapError, match=r"none\.json"):
        find_keymap("none", tmp_path)
    with pytest.raises(KeymapError, match="name"):
        find_keymap("../settings", tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "huge.json").write_text(" " * 1_000_001)
    with pytest.raises(KeymapError, match="too large"):
        read_keymap(tmp_path / "huge.json")


def test_keys_are_written_in_one_way() -> None:
    assert key_text("ctrl+shift+a") == "Ctrl+Shift+A"
    assert key_text("Nonsense") == ""
    assert key_text("") == ""
    assert key_text("Ctrl+K, Ctrl+S") == ""
