import json
from pathlib import Path

import pytest

from generator.models.adapters import CONTROLS
from generator.models.catalogue import TRACED_WITH
from generator.models.store import SHIPPED, check_known, find, folders, models
from generator.request import ErrorKind, GenerationError, Task


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of models, empty."""
    monkeypatch.setenv("ACETATE_MODELS", str(tmp_path))
    return tmp_path


def _add(parent: Path, name: str, **entries: object) -> Path:
    folder = parent / name
    folder.mkdir()
    (folder / "weights.safetensors").write_bytes(b"12345678")
    card = {
        "name": name,
        "native_size": [512, 256],
        "steps": 20,
        "guidance": 7.5,
        "hash": "abc",
        "files": {"weights.safetensors": "def"},
        "any_size": True,
        **entries,
    }
    (folder / "model.json").write_text(json.dumps(card))
    return folder


def test_models_of_the_users_folder_are_found_with_their_cards(own: Path) -> None:
    folder = _add(own, "mine", title="My own", licence="MIT", tasks=["layer", "together"])
    model = find("mine")
    assert model.folder == folder
    assert model.size_bytes == 8 + (folder / "model.json").stat().st_size
    able = model.capabilities(frozenset({Task.LAYER}))
    assert able.tasks == {Task.LAYER}
    assert (able.native_size, able.default_steps, able.default_guidance) == ((512, 256), 20, 7.5)
    assert model.card is not None
    assert (model.card.title, model.card.licence) == ("My own", "MIT")


def test_card_that_says_little_claims_little(own: Path) -> None:
    _add(own, "quiet")
    card = find("quiet").card
    assert card is not None
    assert (card.title, card.family, card.licence) == ("quiet", "", "not stated")
    assert card.tasks == (Task.LAYER,)


def test_users_model_goes_before_one_of_the_same_name(own: Path) -> None:
    folder = _add(own, "pocket")
    assert find("pocket").folder == folder


def test_model_with_a_file_missing_is_listed_and_not_found(own: Path) -> None:
    (_add(own, "part") / "weights.safetensors").unlink()
    assert [model.is_installed for model in models() if model.name == "part"] == [False]
    check_known("part")
    with pytest.raises(GenerationError, match="missing") as caught:
        find("part")
    assert caught.value.kind is ErrorKind.WEIGHTS_MISSING


def test_unknown_name_is_refused_with_the_names_there_are(own: Path) -> None:
    _add(own, "mine")
    with pytest.raises(GenerationError, match=r"mine, pocket") as caught:
        find("no such")
    assert caught.value.kind is ErrorKind.BAD_REQUEST


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 5}'])
def test_damaged_card_hides_one_model_and_no_other(own: Path, text: str) -> None:
    _add(own, "good")
    (_add(own, "bad") / "model.json").write_text(text)
    names = [model.name for model in models()]
    assert "good" in names
    assert "bad" not in names


def test_model_that_ships_is_known_by_name_in_any_case(own: Path) -> None:
    assert own in folders()
    assert set(SHIPPED) <= {model.name for model in models()}


def test_what_follows_control_pictures_is_said_by_the_cards(own: Path) -> None:
    (_add(own, "traced") / "pairs").mkdir()
    _add(own, "plain", tasks=["layer", "foreground"])
    card = json.loads((own / "traced" / "model.json").read_text())
    (own / "traced" / TRACED_WITH).write_bytes(b"123")
    card |= {"files": {TRACED_WITH: "abc"}, "tasks": ["layer", "background", "foreground"]}
    (own / "traced" / "model.json").write_text(json.dumps(card))
    _add(own, "large", family="sdxl", tasks=["layer", "extract"])
    every = frozenset(Task)
    assert find("plain").capabilities(every).controls == {}
    traced = find("traced").capabilities(every - {Task.FOREGROUND})
    assert traced.controls == {Task.LAYER: ("scribble", "canny")}
    assert not traced.takes_adapters
    large = find("large").capabilities(every)
    assert large.takes_adapters
    assert large.controls == dict.fromkeys(large.tasks, CONTROLS)
