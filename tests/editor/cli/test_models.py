"""`models list` and what is not possible yet."""

from pathlib import Path

import msgspec
import pytest

from generator.models.catalogue import CARD_NAME, Card

CARD = Card(
    name="tiny", native_size=(64, 48), steps=4, guidance=2.0, hash="abc",
    files={"a.safetensors": "00"}, title="Tiny", family="pocket", licence="Apache-2.0",
)  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of the user's own, of which a weight file is there."""
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / CARD_NAME).write_bytes(msgspec.json.encode(CARD))
    (folder / "a.safetensors").write_bytes(bytes(3_000_000))
    monkeypatch.setenv("ACETATE_MODELS", str(folder.parent))
    return folder


def test_models_are_listed_for_people(call, tiny: Path) -> None:
    lines = call("models", "list").out.splitlines()
    assert "tiny: Tiny, 64 x 48 px, layer, 3 MB" in lines


def test_models_are_listed_for_machines(call, tiny: Path) -> None:
    found = {each["name"]: each for each in call("models", "list", "--json").json["models"]}
    assert "pocket" in found
    model = found["tiny"]
    assert (model["installed"], model["native_size"], model["tasks"]) == (True, [64, 48], ["layer"])
    assert (model["folder"], model["hash"]) == (str(tiny), "abc")


def test_a_model_whose_weights_are_missing_is_said_to_be_not_installed(call, tiny: Path) -> None:
    (tiny / "a.safetensors").unlink()
    assert "tiny: not installed" in call("models", "list").out.splitlines()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["models", "get", "x"], 1),
        (["models", "verify"], 1),
        (["models", "dance"], 2),
        (["models"], 2),
    ],
)
def test_other_actions_are_refused_in_one_sentence(call, arguments: list[str], code: int) -> None:
    said = call(*arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("verb", ["regenerate", "refresh", "sheet", "train", "evaluate"])
def test_verbs_of_later_are_refused_in_one_sentence(call, verb: str) -> None:
    said = call(verb, "some.psd", "-o", "x.psd")
    assert said.code == 1
    assert said.err == f"{verb} is not possible yet in this version.\n"
