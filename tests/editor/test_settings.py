"""What a user has set, whatever is in the file; and what the program is told from outside."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from editor.settings import (
    CHOICES,
    LIMITS,
    Settings,
    backend_name,
    keep_text,
    load_settings,
    put_aside,
    save_settings,
)
from generator.backend import BACKENDS
from generator.device import KINDS

OTHER = Settings("light", "dark", 16, 1600, 256, 3, "my-keys", "/models", "cpu")


def test_the_real_engine_makes_layers_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ACETATE_BACKEND", raising=False)
    assert backend_name() == "layer_diffusion"
    assert backend_name() in BACKENDS
    monkeypatch.setenv("ACETATE_BACKEND", "fake")
    assert backend_name() == "fake"


def test_devices_are_those_the_generator_knows() -> None:
    assert set(CHOICES["device"]) == {"auto", *KINDS}


def test_defaults_are_within_their_limits(tmp_path: Path) -> None:
    save_settings(tmp_path / "s.json", Settings(), {})
    assert load_settings(tmp_path / "s.json").warning == ""


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "s.json"
    assert all(
        getattr(OTHER, each.name) != getattr(Settings(), each.name) for each in fields(Settings)
    )
    save_settings(file, OTHER, {"of a later version": [1]})
    loaded = load_settings(file)
    assert (loaded.settings, loaded.warning, loaded.damaged) == (OTHER, "", False)
    assert loaded.unknown == {"of a later version": [1]}
    assert [each.name for each in file.parent.iterdir()] == ["s.json"]


def test_a_first_start_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "s.json").settings == Settings()
    assert load_settings(tmp_path / "s.json").warning == ""


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "\x00\x01", "null"])
def test_a_damaged_file_is_said_in_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "s.json"
    file.write_text(text)
    loaded = load_settings(file)
    assert loaded.settings == Settings()
    assert loaded.damaged
    assert loaded.warning.endswith("the defaults are used.")
    aside = put_aside(file)
    assert aside.read_text() == text
    assert not file.exists()


@pytest.mark.parametrize("file", [b"\xff\xfe\x00", b'{"theme": "\xff"}'])
def test_bytes_that_are_no_text_are_damage(tmp_path: Path, file: bytes) -> None:
    (tmp_path / "s.json").write_bytes(file)
    assert load_settings(tmp_path / "s.json").damaged


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "something else") for name in CHOICES),
        *((name, least - 1) for name, (least, _) in LIMITS.items()),
        *((name, most + 1) for name, (_, most) in LIMITS.items()),
        *((name, bad) for name in LIMITS for bad in (True, "12", 12.5, None, [])),
        *((name, bad) for name in CHOICES for bad in (None, [], {}, 3)),
        ("keymap", 3),
        ("models_folder", ["/"]),
    ],
)
def test_a_wrong_value_has_its_default_and_the_rest_is_kept(
    tmp_path: Path, name: str, value: object
) -> None:
    file = tmp_path / "s.json"
    good = {each.name: getattr(OTHER, each.name) for each in fields(Settings)}
    file.write_text(json.dumps({**good, name: value}))
    loaded = load_settings(file)
    assert name in loaded.warning
    assert not loaded.damaged
    for each in fields(Settings):
        wanted = Settings() if each.name == name else OTHER
        assert getattr(loaded.settings, each.name) == getattr(wanted, each.name)


def test_a_file_that_cannot_be_replaced_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "s.json").mkdir()
    with pytest.raises(OSError, match=r"s\.json"):
        keep_text(tmp_path / "s.json", "text")
    assert [each.name for each in tmp_path.iterdir()] == ["s.json"]
