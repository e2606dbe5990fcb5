from pathlib import Path

import pytest

from generator.models.places import endpoint, hub_cache, hub_token, is_offline_by_environment

VARIABLES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ({}, "home/.cache/huggingface/hub"),
        ({"XDG_CACHE_HOME": "x"}, "x/huggingface/hub"),
        ({"HF_HOME": "h", "XDG_CACHE_HOME": "x"}, "h/hub"),
        ({"HF_HUB_CACHE": "c", "HF_HOME": "h"}, "c"),
    ],
)
def test_hub_cache_is_where_the_hubs_library_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], place: str
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert hub_cache() == tmp_path / place


def test_hub_is_the_public_one_unless_a_mirror_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert endpoint() == "https://huggingface.co"
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/hub/")
    assert endpoint() == "https://mirror.example/hub"


@pytest.mark.parametrize(("value", "is_offline"), [("1", True), ("on", True), ("0", False)])
def test_offline_is_read_as_the_hubs_library_does(
    monkeypatch: pytest.MonkeyPatch, value: str, is_offline: bool
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert is_offline_by_environment() is is_offline


def test_empty_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", " ")
    assert hub_token() is None
